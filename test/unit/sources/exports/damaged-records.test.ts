/** Damage within the one record that a file has, or its first: there is no other to tell by what belongs to it. */
import { serialize } from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonPrefix } from '../../../../src/sources/exports/json-prefix.js';
import { readExport } from '../../../support/read-export.js';

type Read = Awaited<ReturnType<typeof readExport>>;

const texts = ({ records }: Read): string =>
  records.flatMap((r) => r.texts.map(({ text }) => text)).join('\n');

/** Where the text with a word stands: type and id of its record. */
const home = ({ records }: Read, word: string): string | undefined => {
  const record = records.find((one) => one.texts.some(({ text }) => text.includes(word)));
  return record && `${record.type} ${record.id}`;
};

describe('a text of JSON', () => {
  it('that is cut off anywhere is the beginning of one', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), fc.boolean(), (value, at, isIndented) => {
        const bytes = Buffer.from(JSON.stringify([value], null, isIndented ? 2 : undefined));
        expect(isJsonPrefix(bytes, 0, at % (bytes.length + 1))).toBe(true);
      }),
    );
  });

  it.each([
    '{"a":1,,',
    '{"a" 1',
    '[1 2',
    '{"a":tru,',
    '{1',
    '[}',
    '{"a":"b\nc"',
    '[1]]',
    '{"a":[1],]',
    '["a":1',
  ])('that is damaged before its end is not: %j', (text) => {
    expect(isJsonPrefix(Buffer.from(text), 0, text.length)).toBe(false);
  });
});

describe('one issue of Jira', () => {
  const mention = (name: string) => ({ type: 'mention', attrs: { id: '1', text: `@${name}` } });
  const self = 'https://acme.atlassian.net/rest/api/3/issue/1';
  const comment = (id: string, body: string) => ({
    self: `${self}/comment/${id}`,
    id,
    body,
    created: '2024-03-01T10:00:00.000+0000',
  });
  const issue = {
    expand: 'names',
    id: '1',
    self,
    key: 'API-1',
    fields: {
      summary: 'Login fails',
      project: { id: '1', key: 'API', name: 'Api' },
      description: {
        type: 'doc',
        version: 1,
        content: [
          {
            type: 'paragraph',
            content: [mention('ana'), mention('ben'), { type: 'text', text: 'wordsInIssue' }],
          },
        ],
      },
      comment: { comments: [comment('7', 'wordsOfSeven'), comment('8', 'wordsOfEight')], total: 2 },
      labels: ['wordsBehind'],
    },
  };
  const whole = JSON.stringify({ expand: 'names', startAt: 0, maxResults: 1, total: 1, issues: [issue] });

  it('that is cut off keeps all before the cut where it stood', async () => {
    for (const stop of ['wordsBehind', 'wordsOfEight']) {
      const read = await readExport({ 'x.json': whole.slice(0, whole.indexOf(stop)) }, 'x.json');
      expect(read.damage).toHaveLength(1);
      expect(home(read, 'Login fails')).toBe('issue API-1');
      expect(home(read, 'wordsInIssue')).toBe('issue API-1');
      expect(home(read, 'wordsOfSeven')).toBe('comment 7');
      expect(home(read, 'wordsOfEight')).toBe(stop === 'wordsOfEight' ? undefined : 'comment 8');
    }
  });

  it('that is damaged keeps what stands behind the damage where it stood', async () => {
    const at = whole.indexOf('"Login fails"');
    const noise = `${whole.slice(0, at)}${'\0'.repeat(10)}${whole.slice(at + 10)}`;
    const read = await readExport({ 'x.json': noise }, 'x.json');
    expect(read.damage.length).toBeGreaterThan(0);
    expect(home(read, 'wordsInIssue')).toBe('issue API-1');
    expect(home(read, 'wordsOfEight')).toBe('comment 8');
    expect(home(read, 'wordsBehind')).toBe('issue API-1');
  });
});

it('the only message of a chat is no entry of another list', async () => {
  const message = {
    id: 3,
    type: 'message',
    date: '2019-07-12T16:55:32',
    date_unixtime: '1562943332',
    from: 'Ana',
    from_id: 'user3',
    text: [{ type: 'text_link', text: 'wordsOfLink', href: 'https://x.example/wordsOfAddress' }],
    text_entities: [{ type: 'text_link', text: 'wordsOfLink', href: 'https://x.example/wordsOfAddress' }],
    forwarded_from: 'wordsBehind',
  };
  const whole = JSON.stringify({ name: 'Ops', type: 'private_group', id: 12, messages: [message] });
  // A comma that became a full stop.
  const read = await readExport(
    { 'r.json': whole.replace('"text_link","text"', '"text_link"."text"') },
    'r.json',
  );
  for (const word of ['wordsOfLink', 'wordsOfAddress', 'wordsBehind'])
    expect(home(read, word)).toBe('message 3');
  expect(read.damage).toHaveLength(1);
});

it('a page of Confluence that lost its links by a cut is a page', async () => {
  const page = (id: string, word: string) => ({
    id,
    type: 'page',
    status: 'current',
    title: `T${id}`,
    space: { id: 3, key: 'OPS', name: 'Operations', type: 'global', _links: { webui: '/spaces/OPS' } },
    body: { storage: { value: `<p>${word}</p>`, representation: 'storage' } },
    _links: {
      webui: `/spaces/OPS/pages/${id}`,
      self: `https://acme.atlassian.net/wiki/rest/api/content/${id}`,
    },
  });
  const whole = JSON.stringify({
    _links: { base: 'https://acme.atlassian.net/wiki' },
    results: [page('77', 'wordsOfFirst'), page('78', 'wordsOfSecond')],
  });
  const cut = whole.slice(0, whole.lastIndexOf('"representation"'));
  const read = await readExport({ 'x.json': cut }, 'x.json');
  expect(home(read, 'wordsOfFirst')).toBe('page 77');
  expect(home(read, 'wordsOfSecond')).toBe('page 78');
});

it('elements behind one whose end tag is lost stand beside it', async () => {
  const rss = `<!-- RSS generated by JIRA (9.4) at now --><rss version="0.92"><channel><title>Jira</title><item>
    <title>[OPS-7] Login fails</title><link>https://j.example.org/browse/OPS-7</link>
    <project id="1" key="OPS">Operations</project><description>wordsOfIssue</description><key id="5">OPS-7</key>
    <summary>Login fails</summary>
    <comments><comment id="55" author="a" created="Fri, 24 Sep 2021 14:30:00 -0700">wordsOfComment</comment></comments>
    <component>wordsBehind</component></item></channel></rss>`;
  const read = await readExport({ 'x.xml': rss.replace('</description>', '              ') }, 'x.xml');
  expect(read.damage.length).toBeGreaterThan(0);
  expect(home(read, 'wordsOfIssue')).toBe('issue OPS-7');
  expect(home(read, 'wordsOfComment')).toBe('comment 55');
  expect(home(read, 'wordsBehind')).toBe('issue OPS-7');

  const row = (id: string, body: string) =>
    `<incident><sys_id>${id}</sys_id><number>INC${id}</number><short_description>${body}</short_description><sys_created_on>2024-01-01 10:00:00</sys_created_on><work_notes>notes ${body}</work_notes></incident>`;
  const rows = `<?xml version="1.0" encoding="UTF-8"?><unload unload_date="2024-01-01 10:00:00">${row('0001001', 'wordsOfOne')}${row('0001002', 'wordsOfTwo')}</unload>`;
  const both = await readExport(
    { 'x.xml': rows.replace('wordsOfOne</short_description>', 'wordsOfOne') },
    'x.xml',
  );
  expect(both.reader).toBe('servicenow-xml');
  expect(texts(both)).toContain('notes wordsOfOne');
  expect(texts(both)).toContain('notes wordsOfTwo');
});

it('a table that ends within its only row says so', async () => {
  const csv =
    'Summary,Issue key,Issue id,Project name,Creator,Created,Description\nLogin fails,OPS-7,10100,Operations,Ana,';
  const read = await readExport({ 'x.csv': csv }, 'x.csv');
  expect([read.reader, read.damage]).toEqual(['jira-csv', ['ends within the row of line 2']]);
});

it('a document of BSON that is cut off says what stood before the cut', async () => {
  const message = {
    _id: 'm1',
    rid: 'GENERAL',
    msg: 'wordsOfFirst',
    ts: new Date(1e12),
    u: { _id: 'u', username: 'ana' },
  };
  const last = {
    ...message,
    _id: 'm2',
    msg: 'wordsOfLast and more',
    attachments: [{ text: 'wordsOfAttachment' }],
    after: 'wordsBehind',
  };
  const bytes = Buffer.concat([serialize(message), serialize(last)]);
  for (const [word, known] of [
    ['wordsBehind', ['wordsOfLast and more', 'wordsOfAttachment']],
    ['wordsOfAttachment', ['wordsOfLast and more']],
    ['more', ['wordsOfLast and']],
  ] as const)
    for (const piece of [7, 65536]) {
      const read = await readExport({ x: bytes.subarray(0, bytes.indexOf(word) + 2) }, 'x', { piece });
      expect(home(read, 'wordsOfFirst')).toBe('message m1');
      for (const text of known) expect(home(read, text)).toBe('message m2');
      expect(texts(read).endsWith(' mo')).toBe(false);
      expect(read.damage).toHaveLength(1);
    }
  // Of a message without its room nobody knows whether it is direct.
  const nowhere = Buffer.concat([
    serialize(message),
    serialize({ _id: 'm3', msg: 'wordsOfNobody', rid: 'GENERAL' }),
  ]);
  const alone = await readExport({ x: nowhere.subarray(0, nowhere.lastIndexOf('rid') + 2) }, 'x', {
    includeDirect: false,
  });
  expect(texts(alone)).not.toContain('wordsOfNobody');
});

it('a part of a mail whose boundary is lost is read within the encoded part before it', async () => {
  const mail = [
    'From: ana@acme.example',
    'To: ben@acme.example',
    'Subject: parts',
    'Date: Mon, 4 Mar 2024 10:00:00 +0000',
    'Content-Type: multipart/mixed; boundary=bbb',
    '',
    '--bbb',
    'Content-Type: image/png; name=a.png',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('\x89PNG\r\n\x1a\n picture of nothing').toString('base64'),
    '--bbx',
    'Content-Type: text/plain',
    '',
    'the key is words_Of7Nothing, really',
    'and words alone',
    '--bbb--',
    '',
  ].join('\r\n');
  const read = await readExport({ 'x.eml': mail }, 'x.eml');
  expect(texts(read)).toContain('the key is words_Of7Nothing, really\nand words alone');
  expect(read.notes.malformed).toBe(1);
  const whole = await readExport({ 'x.eml': mail.replace('--bbx', '--bbb') }, 'x.eml');
  expect(whole.notes.malformed).toBeUndefined();
});

it('a page of Confluence that was cut behind its text says so', async () => {
  const page = `<html><head><title>Ops : Keys</title><link href="styles/site.css"></head><body><div id="main-header"><h1 id="title-heading"><span id="title-text">Ops : Keys</span></h1></div><div id="main-content"><p>words</p></div><div class="pageSection">more</div></body></html>`;
  const read = (text: string) => readExport({ 'K_12345.html': text }, 'K_12345.html');
  expect((await read(page)).damage).toEqual([]);
  expect((await read(page.slice(0, page.indexOf('more')))).damage).toHaveLength(1);
});

it('blocks of a damaged message, which begin with its first key, are no messages', async () => {
  const block = (word: string) => ({ type: 'section', block_id: 'b', text: { type: 'mrkdwn', text: word } });
  const message = {
    type: 'message',
    text: 'wordsOfText',
    user: 'U01ANA',
    ts: '1700000000.000100',
    blocks: [block('wordsOfOne'), block('wordsOfTwo'), block('wordsOfThree')],
    topic: 'wordsBehind',
  };
  const second = {
    type: 'message',
    subtype: 'me_message',
    text: 'wordsOfNext',
    user: 'U01ANA',
    ts: '1700000000.000200',
  };
  const whole = JSON.stringify([message, second]);
  const damaged = whole.replace('"topic":', '"topic";');
  const read = await readExport({ 'ops/2024-01-01.json': damaged }, 'ops/2024-01-01.json');
  for (const word of ['wordsOfText', 'wordsOfTwo', 'wordsOfThree', 'wordsBehind'])
    expect(home(read, word)).toBe('message 1700000000.000100');
  expect(home(read, 'wordsOfNext')).toBe('message 1700000000.000200');
});

it('messages are read though the first of them lacks a key that its replies have', async () => {
  const message = (id: string, content: string) => ({
    id,
    messageType: 'message',
    createdDateTime: '2024-03-01T10:02:00.5Z',
    channelIdentity: { teamId: 't', channelId: '19:a@thread.tacv2' },
    from: { user: { id: 'u1', displayName: 'Ana' } },
    body: { contentType: 'text', content },
  });
  const { createdDateTime: _, ...first } = message('1', 'wordsOfFirst');
  const all = [{ ...first, replies: [message('2', 'wordsOfReply')] }, message('3', 'wordsOfThird')];
  const read = await readExport({ 'x.json': JSON.stringify(all) }, 'x.json');
  expect(read.reader).toBe('teams-messages');
  for (const word of ['wordsOfFirst', 'wordsOfReply', 'wordsOfThird']) expect(texts(read)).toContain(word);
});
