import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';

function revision(id: number, text: string, more = ''): string {
  return `<revision><id>${id}</id><parentid>1</parentid><timestamp>2024-03-0${id}T10:00:00Z</timestamp>
    <contributor><username>Ana</username><id>7</id></contributor><comment>why ${id}</comment>
    <model>wikitext</model><format>text/x-wiki</format><text xml:space="preserve" bytes="3">${text}</text>${more}</revision>`;
}

function dump(...pages: readonly string[]): string {
  return `<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/" version="0.10" xml:lang="en">
  <siteinfo><sitename>Ops wiki</sitename><dbname>opswiki</dbname>
  <base>https://wiki.example.org/wiki/Main_Page</base><namespaces><namespace key="1">Talk</namespace></namespaces></siteinfo>
  ${pages.join('\n')}</mediawiki>`;
}

function page(...inner: readonly string[]): string {
  return `<page><title>Keys &amp; more?</title><ns>0</ns><id>12</id>${inner.join('')}</page>`;
}

describe('a MediaWiki dump', () => {
  it.each([
    ['oldest first', [1, 2, 3]],
    ['newest first', [3, 2, 1]],
  ])('gives each revision, %s', async (_, order) => {
    const source = dump(page(...order.map((id) => revision(id, `text &lt;nowiki&gt;${id}`))));
    const result = await readExport({ 'a/b': source }, 'a/b', { piece: 100 });
    expect(result.reader).toBe('mediawiki-xml');
    expect(result.damage).toEqual([]);
    expect(result.unknownKeys).toEqual([]);
    const states = result.records.map((record) => [record.revision.id, record.revision.state]);
    expect(states.sort()).toEqual([
      ['1', 'previous'],
      ['2', 'previous'],
      ['3', 'current'],
    ]);
    const current = result.records.find((record) => record.revision.state === 'current');
    expect(current).toMatchObject({
      place: { kind: 'space', tenant: 'wiki.example.org', id: 'opswiki', name: 'Ops wiki' },
      type: 'page',
      id: '12',
      title: 'Keys & more?',
      actor: { id: '7', name: 'Ana' },
      time: { created: '2024-03-03T10:00:00Z' },
      permalink: { url: 'https://wiki.example.org/wiki/Keys_%26_more%3F?oldid=3' },
    });
    expect(current?.texts).toEqual([
      { text: 'Keys & more?', dialect: 'plain', field: { path: 'title', role: 'title' } },
      { text: 'why 3', dialect: 'wikitext', field: { path: 'comment', role: 'comment' } },
      { text: 'text <nowiki>3', dialect: 'wikitext', field: { path: 'text', role: 'body' } },
    ]);
    const raw = result.records[0]?.raw;
    expect(raw && source.slice(raw.start, raw.end)).toMatch(/^<revision>[\s\S]*<\/revision>$/);
  });

  it('keeps pages apart, and counts what was hidden', async () => {
    const hidden = '<revision><id>9</id><comment deleted="deleted" /><text deleted="deleted" /></revision>';
    const result = await readExport({ x: dump(page(revision(1, 'one')), page(hidden)) }, 'x');
    expect(result.records.map((record) => [record.revision.id, record.revision.state])).toEqual([
      ['1', 'current'],
      ['9', 'current'],
    ]);
    expect(result.notes).toEqual({ redacted: 2 });
  });

  it('holds code, uploads, log entries and elements that no one knows', async () => {
    const upload = `<upload><timestamp>2024-01-01T00:00:00Z</timestamp><contributor><ip>10.0.0.1</ip></contributor>
      <comment>the file</comment><filename>a.env</filename><src>https://wiki.example.org/a.env</src><size>3</size>
      <contents encoding="base64">${Buffer.from('KEY=value').toString('base64')}</contents></upload>`;
    const log = `<logitem><id>5</id><timestamp>2024-01-02T00:00:00Z</timestamp><comment>moved it</comment><type>move</type>
      <action>move</action><logtitle>Old</logtitle><params>New name</params></logitem>`;
    const code = revision(1, '{"a": 1}', '<vendor>new text</vendor>').replace('wikitext', 'json');
    const result = await readExport({ x: dump(page(code, upload), log) }, 'x');
    const [file, current, event] = result.records;
    expect(current?.texts.find((text) => text.field.path === 'text')?.dialect).toBe('code');
    expect(current?.texts.map((text) => text.text)).toContain('new text');
    expect(result.unknownKeys).toEqual(['vendor']);
    expect(file).toMatchObject({
      type: 'attachment',
      id: 'a.env',
      thread: '12',
      actor: { name: '10.0.0.1' },
    });
    expect(file?.texts).toContainEqual({
      text: 'KEY=value',
      dialect: 'code',
      field: { path: 'contents', role: 'attachment-text' },
      chain: ['a.env'],
    });
    expect(event).toMatchObject({ type: 'event', id: '5', title: 'Old' });
    expect(event?.texts.map((text) => text.text)).toEqual(['moved it', 'Old', 'New name']);
  });

  it('holds what a page says behind its revisions, and pages without any', async () => {
    const more =
      '<discussionthreadinginfo><ThreadSubject>a subject</ThreadSubject></discussionthreadinginfo>';
    const { records } = await readExport({ x: dump(page(revision(1, 'one'), more), page()) }, 'x');
    expect(records.map((record) => [record.revision.state, record.texts.map((text) => text.text)])).toEqual([
      ['current', ['Keys & more?', 'a subject', 'why 1', 'one']],
      ['unknown', ['Keys & more?']],
    ]);
  });

  it('yields what stands before and in a cut', async () => {
    const source = dump(page(revision(1, 'one'), revision(2, 'two is cut here')));
    const result = await readExport({ x: source.slice(0, source.indexOf('is cut')) }, 'x');
    expect(result.records.map((record) => record.texts.at(-1)?.text.trim())).toEqual(['one', 'two']);
    expect(result.damage.length).toBeGreaterThan(0);
  });
});
