/** Exports that were cut, joined or overwritten: what is left is read, and what is lost is told. */
import { describe, expect, it } from 'vitest';
import { readExport } from '../../../support/read-export.js';

const texts = (records: Awaited<ReturnType<typeof readExport>>['records']): string[] =>
  records.flatMap((record) => record.texts.map(({ text }) => text));

describe('JSON', () => {
  const messages = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      type: 'message',
      user: 'U01ANA',
      text: `text ${i}`,
      ts: `1700000000.00000${i}`,
    }));

  it('is told by what stands before damage in its first record', async () => {
    const whole = JSON.stringify(messages(3), null, 2);
    const at = whole.indexOf('"ts"') + 4;
    const bytes = Buffer.from(whole);
    bytes.fill(0, at, at + 6);
    const read = await readExport({ 'ops/2024-01-01.json': bytes }, 'ops/2024-01-01.json');
    expect(read.reader).toBe('slack-messages');
    expect(texts(read.records)).toEqual(expect.arrayContaining(['text 0', 'text 1', 'text 2']));
    expect(read.damage.length).toBeGreaterThan(0);
  });

  it('goes on behind damage at records whose keys come in another order', async () => {
    const [first, second, third, ...rest] = messages(6);
    const turned = rest.map(({ text, type, ts, user }) => ({ ts, text, user, type }));
    const whole = JSON.stringify([first, second, third, ...turned], null, 2);
    // A quote that is lost turns all strings behind it inside out.
    const at = whole.indexOf('"user"', whole.indexOf('text 1'));
    const read = await readExport(
      { 'ops/2024-01-01.json': `${whole.slice(0, at)}    ${whole.slice(at + 4)}` },
      'ops/2024-01-01.json',
    );
    expect(texts(read.records)).toEqual(expect.arrayContaining(['text 3', 'text 4', 'text 5']));
    expect(read.damage).toHaveLength(1);
  });

  it('gives all words of two records that ran into each other', async () => {
    const whole = JSON.stringify(messages(4), null, 2).replaceAll('text ', 'text_no_');
    // What is left is JSON, in which the members of the second message stand behind those of the first.
    const from = whole.indexOf('text_no_1') + 'text_no_1",'.length;
    const to = whole.indexOf('"user"', from);
    const read = await readExport(
      { 'ops/2024-01-01.json': whole.slice(0, from) + whole.slice(to) },
      'ops/2024-01-01.json',
    );
    expect(() => JSON.parse(whole.slice(0, from) + whole.slice(to))).not.toThrow();
    const all = texts(read.records).join('\n');
    for (const i of [0, 1, 2, 3]) expect(all).toContain(`text_no_${i}`);
    expect(read.damage).toHaveLength(1);
    expect(read.notes.malformed).toBe(1);
  });

  it('gives the words of a damaged record that belong to no member any more, with its author', async () => {
    const [first, second, third] = messages(3);
    const broken = JSON.stringify({ ...second, text: 'before pass_Words9 behind' }).replace(
      'before',
      'before",,"',
    );
    const text = `[${JSON.stringify(first)},${broken},${JSON.stringify(third)}]`;
    const { records } = await readExport({ 'ops/2024-01-01.json': text }, 'ops/2024-01-01.json');
    const damaged = records.find((record) => texts([record]).join('\n').includes('pass_Words9'));
    expect(damaged?.actor?.id).toBe('U01ANA');
    expect(texts(records)).toEqual(expect.arrayContaining(['text 0', 'text 2']));
  });

  it('gives what stands between two records', async () => {
    const [first, second] = messages(2).map((message) => JSON.stringify(message));
    const text = `[${first} lost_Words12 here,\n${second}]`;
    const { records } = await readExport({ 'ops/2024-01-01.json': text }, 'ops/2024-01-01.json');
    expect(texts(records).join('\n')).toContain('lost_Words12');
    expect(texts(records)).toEqual(expect.arrayContaining(['text 0', 'text 1']));
  });

  it('gives no half of a word that a cut went through', async () => {
    const text = JSON.stringify(messages(2)).replace('text 1', 'one two_Words12345');
    const { records } = await readExport(
      { 'ops/2024-01-01.json': text.slice(0, text.indexOf('345')) },
      'ops/2024-01-01.json',
    );
    expect(texts(records).join('\n')).toContain('one');
    expect(texts(records).join('\n')).not.toContain('two_');
  });

  it('in UTF-16 tells the workspace as well', async () => {
    const file = {
      id: 'F01',
      name: 'a.txt',
      permalink: 'https://acme.slack.com/files/U01ANA/F01/a.txt',
    };
    const text = JSON.stringify(messages(1).map((message) => ({ ...message, files: [file] })));
    for (const content of [Buffer.from(text), Buffer.from(`\ufeff${text}`, 'utf16le')]) {
      const { records } = await readExport(
        { 'C01ABCDEF/2024-01-01.json': content },
        'C01ABCDEF/2024-01-01.json',
      );
      expect(records[0]?.permalink?.url).toMatch(/^https:\/\/acme\.slack\.com\/archives\//);
    }
  });
});

describe('Confluence', () => {
  const page = (id: string, title: string): string =>
    `<object class="Page" package="p">\n<id name="id">${id}</id>\n<property name="title"><![CDATA[${title}]]></property>\n` +
    `<property name="versionComment"><![CDATA[comment of ${title}]]></property>\n</object>`;
  const entities = (...objects: string[]): string =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<hibernate-generic datetime="2025-02-10 10:23:10">\n${objects.join('\n')}\n</hibernate-generic>\n`;
  const read = (xml: string) => readExport({ 'entities.xml': xml }, 'entities.xml');

  it('gives both of two pages with one id', async () => {
    const { records } = await read(entities(page('7', 'first'), page('7', 'second')));
    expect(texts(records)).toEqual(expect.arrayContaining(['comment of first', 'comment of second']));
  });

  it('gives all of two pages whose border is lost', async () => {
    const whole = entities(page('7', 'first'), page('8', 'second'));
    const at = whole.indexOf('</object>') + 3;
    const { records, damage } = await read(`${whole.slice(0, at)}${'\0'.repeat(16)}${whole.slice(at + 16)}`);
    const all = texts(records).join('\n');
    for (const text of ['first', 'comment of first', 'second', 'comment of second'])
      expect(all).toContain(text);
    expect(damage.length).toBeGreaterThan(0);
  });

  it('gives the text of a tag that lost its end, and says so', async () => {
    const whole = entities(page('7', 'words before damage and behind it'));
    const at = whole.indexOf('><![CDATA[words');
    const { records, damage } = await read(`${whole.slice(0, at)}${'\0'.repeat(16)}${whole.slice(at + 16)}`);
    expect(texts(records).join('\n')).toContain('before damage and behind it');
    expect(damage[0]).toMatch(/^a tag that is not ended, at byte \d+$/);
  });
});
