import { describe, expect, it } from 'vitest';
import { lostMarkers, plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';

const id = '1c12c2bbbca88023ba9af8fafab74e48';
const dashed = '1c12c2bb-bca8-8023-ba9a-f8fafab74e48';
const link = `https://www.notion.so/${id}`;

describe('a page of Notion', () => {
  it('is known by the id at the end of its name, as Markdown', async () => {
    const name = `Export-x/Home/Deploy keys ${id}.md`;
    const source =
      '# Deploy keys\n\nStatus: Live\nPassword: hunter2\\_Blue\n\nSome *text*\n\nNote: the end\n';
    const result = await readExport({ [name]: source }, name);
    expect(result.reader).toBe('notion-markdown');
    expect(result.records).toMatchObject([
      { place: { kind: 'workspace' }, type: 'page', id, title: 'Deploy keys', permalink: { url: link } },
    ]);
    expect(result.records[0]?.texts).toEqual([
      { text: 'Deploy keys', dialect: 'markdown', field: { path: 'title', role: 'title' } },
      {
        text: 'Live',
        dialect: 'markdown',
        field: { path: 'properties.Status', role: 'custom-field' },
        label: 'Status',
      },
      {
        text: 'hunter2\\_Blue',
        dialect: 'markdown',
        field: { path: 'properties.Password', role: 'custom-field' },
        label: 'Password',
      },
      { text: 'Some *text*\n\nNote: the end\n', dialect: 'markdown', field: { path: 'body', role: 'body' } },
    ]);
  });

  it('has no properties where a paragraph stands', async () => {
    const name = `a ${id}.md`;
    const { records } = await readExport({ [name]: '# T\r\n\r\nfirst line\r\nNote: x\r\n\r\nmore' }, name);
    expect(records[0]?.texts.map((text) => text.text)).toEqual([
      'T',
      '\r\nfirst line\r\nNote: x\r\n\r\nmore',
    ]);
  });

  it('is known by its article, as HTML', async () => {
    const source = `<html><head><style>body{}</style></head><body><article id="${dashed}" class="page sans"><header>
      <h1 class="page-title">Keys &amp; <b>more</b></h1><table class="properties">
      <tr class="property-row property-row-created_time"><td><time>@March 25, 2025 7:49 PM</time></td></tr></table></header>
      <p>pw is x</p></article></body></html>`;
    const result = await readExport({ 'renamed.html': source }, 'renamed.html');
    expect(result.reader).toBe('notion-html');
    expect(result.records).toMatchObject([
      {
        id,
        title: 'Keys & more',
        time: { created: '2025-03-25T19:49:00', precision: 'min' },
        permalink: { url: link },
      },
    ]);
    expect(result.records[0]?.texts).toHaveLength(1);
    expect(result.records[0]?.texts[0]?.text).toContain('<p>pw is x</p>');
    expect(result.records[0]?.texts[0]?.text).not.toContain('body{}');
  });
});

describe('a database of Notion', () => {
  const row = '2c12c2bbbca88023ba9af8fafab74e48';
  const csv =
    '\ufeffName,Password,Created\nProd / db: main,hunter2,"March 25, 2025 7:49 AM"\nOther,x,\nOther,y,\n';
  const files = {
    [`e/Hosts ${id}.csv`]: csv,
    [`e/Hosts ${id}_all.csv`]: csv,
    [`e/Hosts ${id}/Prod db main ${row}.md`]: '# Prod / db: main\n',
  };

  it('tells the same rows in both files, and meets the pages of the rows', async () => {
    const all = await Promise.all(Object.keys(files).map((name) => readExport(files, name)));
    const ids = all.map((result) => result.records.map((record) => [record.type, record.id]));
    expect(all.map((result) => result.reader)).toEqual([
      'notion-database',
      'notion-database',
      'notion-markdown',
    ]);
    expect(ids[0]).toEqual([
      ['page', row],
      ['row', `${id}/Other`],
      ['row', `${id}/Other/2`],
    ]);
    expect(ids[1]).toEqual(ids[0]);
    expect(ids[2]).toEqual([['page', row]]);
    expect(all[0]?.records[0]).toMatchObject({
      title: 'Prod / db: main',
      time: { created: '2025-03-25T07:49:00' },
      permalink: { url: `https://www.notion.so/${row}` },
    });
    expect(all[0]?.records[0]?.texts).toContainEqual({
      text: 'hunter2',
      dialect: 'plain',
      field: { path: 'properties.Password', role: 'custom-field' },
      label: 'Password',
    });
  });
});

describe("objects of Notion's interface", () => {
  function piece(text: string, href: string | null = null): Record<string, unknown> {
    return { type: 'text', text: { content: text, link: href && { url: href } }, plain_text: text, href };
  }

  function block(
    type: string,
    content: unknown,
    over: Readonly<Record<string, unknown>> = {},
  ): Record<string, unknown> {
    return {
      object: 'block',
      id: '3c12c2bb-bca8-8023-ba9a-f8fafab74e48',
      parent: { type: 'page_id', page_id: dashed },
      created_time: '2025-03-25T07:49:00.000Z',
      last_edited_time: '2025-03-25T07:50:00.000Z',
      created_by: { object: 'user', id: 'u1' },
      archived: false,
      type,
      [type]: content,
      ...over,
    };
  }

  it.each([
    ['a list', (value: unknown) => [value]],
    ['an answer', (value: unknown) => ({ object: 'list', results: [value], next_cursor: null })],
    ['answers', (value: unknown) => [{ object: 'list', results: [value] }]],
    ['an object', (value: unknown) => value],
  ])('are known as %s', async (_, wrap) => {
    const rich = [piece('gh'), piece('p_ab', 'https://example.org/?k=v'), piece('c')];
    const result = await readExport(
      { x: JSON.stringify(wrap(block('paragraph', { rich_text: rich }))) },
      'x',
    );
    expect(result.reader).toBe('notion-api');
    expect(result.records).toMatchObject([
      {
        type: 'page',
        id: '3c12c2bbbca88023ba9af8fafab74e48',
        thread: id,
        actor: { id: 'u1' },
        time: { edited: '2025-03-25T07:50:00.000Z' },
        permalink: { url: `${link}#3c12c2bbbca88023ba9af8fafab74e48` },
      },
    ]);
    expect(result.records[0]?.texts.map((text) => [text.text, text.field.role])).toEqual([
      ['ghp_abc', 'body'],
      ['https://example.org/?k=v', 'link'],
    ]);
  });

  it('have properties, comments, files and children', async () => {
    const page = {
      ...block('x', undefined),
      object: 'page',
      id: dashed,
      in_trash: true,
      url: `${link}-with-title`,
      properties: {
        Name: { id: 'title', type: 'title', title: [piece('The page')] },
        Password: { id: 'a', type: 'rich_text', rich_text: [piece('hunter2')] },
        Site: { id: 'b', type: 'url', url: 'https://u:p@example.org' },
      },
    };
    const file = {
      type: 'file',
      file: { url: 'https://s3.example.org/a?sig=x', expiry_time: 'y' },
      caption: [],
    };
    const child = block(
      'code',
      { rich_text: [piece('KEY=1')], caption: [] },
      { id: 'c1', parent: { type: 'block_id', block_id: 'b1' } },
    );
    const source = [
      page,
      block('pdf', file),
      block('toggle', { rich_text: [piece('t')], children: [child] }),
    ];
    const { records, unknownKeys } = await readExport({ x: JSON.stringify(source) }, 'x');
    expect(unknownKeys).toEqual([]);
    expect(records[0]).toMatchObject({
      id,
      title: 'The page',
      revision: { state: 'deleted' },
      permalink: { url: `${link}-with-title` },
    });
    const texts = records[0]?.texts.map((text) => [text.text, text.label]);
    expect(texts).toContainEqual(['hunter2', 'Password']);
    expect(texts).toContainEqual(['https://u:p@example.org', undefined]);
    expect(records[1]?.texts[0]).toMatchObject({ artifact: true, field: { role: 'link' } });
    expect(records[3]).toMatchObject({ id: 'c1', thread: id, texts: [{ text: 'KEY=1', dialect: 'code' }] });
    const comment = {
      ...block('x', undefined),
      object: 'comment',
      discussion_id: 'd',
      rich_text: [piece('see pw')],
    };
    const comments = await readExport({ x: JSON.stringify([comment]) }, 'x');
    expect(comments.records[0]).toMatchObject({ type: 'comment', thread: id });
  });

  it('lose no text', async () => {
    const rich = [
      piece('a', 'https://a'),
      { type: 'mention', plain_text: 'b', mention: { link_preview: { url: 'c' } } },
    ];
    const source = block('callout', {
      rich_text: rich,
      icon: { type: 'external', external: { url: 'd' } },
      vendor: { x: 'e' },
    });
    const kept = /(?:^|\.)(?:id|\w+_id|object|type|\w+_time|content)$/;
    const planted = plantMarkers(source, (path) => kept.test(path));
    const { records } = await readExport({ x: JSON.stringify([planted.value]) }, 'x');
    expect(
      lostMarkers(
        planted.markers,
        records.flatMap((record) => record.texts.map((text) => text.text)),
      ),
    ).toEqual([]);
  });
});
