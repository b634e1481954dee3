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

describe('a file that was cut off', () => {
  const whatsApp = Array.from({ length: 8 }, (_, i) => `1/2${i}/24, 10:0${i} - Ana: words of ${i}\n`).join(
    '',
  );
  const irc = Array.from({ length: 8 }, (_, i) => `[10:0${i}] <ana> words of ${i}\n`).join('');
  const mbox = Array.from(
    { length: 3 },
    (_, i) =>
      `From ana@acme.example Sun Dec 25 21:33:3${i} 2011\nFrom: ana@acme.example\nSubject: s${i}\n\nwords of ${i}\n\n`,
  ).join('');
  const multipart = [
    'From: ana@acme.example',
    'To: ben@acme.example',
    'Subject: parts',
    'Date: Mon, 4 Mar 2024 10:00:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=bbb',
    '',
    '--bbb',
    '',
    'the first part',
    '--bbb',
    '',
    'the second part',
    '--bbb--',
    '',
  ].join('\r\n');
  const base64 = [
    'From: ana@acme.example',
    'To: ben@acme.example',
    'Subject: one part',
    'Date: Mon, 4 Mar 2024 10:00:00 +0000',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('words that are encoded, and some more of them.').toString('base64'),
    '',
  ].join('\r\n');
  const canvas = `<div class="quip-canvas-content"><h1>Title</h1><p class="line">words of a canvas</p></div>`;
  const page = `<html><head></head><body><article id="0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f" class="page sans"><h1 class="page-title">T</h1><p>words</p></article></body></html>`;

  it.each([
    ['an IRC log', '#ops.log', irc, 'irc-log', 3],
    ['a mailbox', 'x.mbox', mbox, 'mail-mbox', 4],
    ['a mail of several parts', 'x.eml', multipart, 'mail-message', 9],
    ['a mail of one part in base64', 'x.eml', base64, 'mail-message', 12],
    ['a canvas', 'F0123456789.html', canvas, 'slack-canvas', 9],
    ['a page of Notion', 'T.html', page, 'notion-html', 9],
  ])('%s says so', async (_, name, text, reader, cut) => {
    const whole = await readExport({ [name]: text }, name);
    expect([whole.reader, whole.damage, whole.notes]).toEqual([reader, [], {}]);
    const read = await readExport({ [name]: text.slice(0, -cut) }, name);
    expect(read.reader).toBe(reader);
    expect(read.damage).toHaveLength(1);
    expect(read.notes.incomplete).toBe(1);
    expect(read.records.length).toBeGreaterThan(0);
  });

  it('within a character says so, whatever else its format tells', async () => {
    const text = Buffer.from(`${whatsApp}1/29/24, 10:09 - Ana: caf\u00e9`);
    const read = await readExport({ '_chat.txt': text.subarray(0, text.length - 1) }, '_chat.txt');
    expect(read.damage).toEqual([`ends too early, at byte ${text.length - 1}`]);
  });

  it('is no more than noted where whole files of the format may end so', async () => {
    const read = await readExport({ '_chat.txt': whatsApp.slice(0, -1) }, '_chat.txt');
    expect([read.damage, read.notes]).toEqual([[], { incomplete: 1 }]);
  });

  it('is told in UTF-16 too, without a mark', async () => {
    const wide = Buffer.from(mbox, 'utf16le');
    const whole = await readExport({ 'x.mbox': wide }, 'x.mbox', { piece: 101 });
    expect([whole.reader, whole.damage, whole.notes]).toEqual(['mail-mbox', [], {}]);
    expect(whole.records.map(({ title }) => title)).toEqual(['s0', 's1', 's2']);
    const cut = await readExport({ 'x.mbox': wide.subarray(0, -8) }, 'x.mbox');
    expect(cut.damage).toEqual([`ends too early, at byte ${wide.length - 8}`]);
  });

  it('does not make an open message in the middle of a mailbox a cut one', async () => {
    const text = `From ana@acme.example Sun Dec 25 21:33:37 2011\n${multipart.replace('--bbb--\r\n', '\r\n').replaceAll('\r', '')}\n${mbox}`;
    const read = await readExport({ 'x.mbox': text }, 'x.mbox');
    expect([read.damage, read.records.length]).toEqual([[], 4]);
  });
});
