import { serialize } from 'bson';
import { describe, expect, it } from 'vitest';
import { lostMarkers, plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';

const rid = 'GENERALroom123456';
const rooms = [
  {
    _id: rid,
    t: 'p',
    name: 'ops',
    fname: 'Ops',
    msgs: 3,
    usersCount: 2,
    topic: 'keys here',
    description: 'd',
  },
  { _id: 'aaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbb', t: 'd', usernames: ['ana', 'bob'], msgs: 1 },
];
const message = {
  _id: 'msgid000000000001',
  rid,
  msg: 'pw is *x*',
  ts: new Date('2021-03-01T10:02:03.123Z'),
  u: { _id: 'aaaaaaaaaaaaaaaaa', username: 'ana', name: 'Ana' },
  editedAt: new Date('2021-03-01T11:00:00.000Z'),
  _updatedAt: new Date('2021-03-01T11:00:00.000Z'),
};
const bson = (...documents: readonly object[]): Buffer => Buffer.concat(documents.map((d) => serialize(d)));
const dump = (...messages: readonly object[]): Record<string, Buffer> => ({
  'rc/rocketchat_message.bson': bson(...messages),
  'rc/rocketchat_room.bson': bson(...rooms),
  'rc/rocketchat_settings.bson': bson({
    _id: 'Site_Url',
    value: 'https://rc.example.org/',
    packageValue: '',
  }),
});
const read = async (
  messages: readonly object[],
  options: Parameters<typeof readExport>[2] = {},
): ReturnType<typeof readExport> =>
  await readExport(dump(...messages), 'rc/rocketchat_message.bson', options);

describe('Rocket.Chat messages of a mongodump', () => {
  it('have place, author, time and link from the collections beside them', async () => {
    const { reader, records } = await read([{ ...message, tmid: 'root0000000000001' }]);
    expect(reader).toBe('rocketchat-messages');
    expect(records[0]).toMatchObject({
      place: { kind: 'channel', tenant: 'rc.example.org', id: rid, name: '#Ops', audience: 'restricted' },
      id: 'msgid000000000001',
      thread: 'root0000000000001',
      actor: { id: 'aaaaaaaaaaaaaaaaa', name: 'Ana', kind: 'user' },
      time: { created: '2021-03-01T10:02:03.123Z', edited: '2021-03-01T11:00:00.000Z' },
      permalink: { url: 'https://rc.example.org/group/ops?msg=msgid000000000001' },
      raw: { start: 0 },
    });
    expect(records[0]?.texts).toMatchObject([
      { text: 'pw is *x*', dialect: 'markdown', field: { path: 'msg' } },
    ]);
  });

  it('are known by their keys under any name, and read in small pieces', async () => {
    const many = Array.from({ length: 50 }, (_, i) => ({ ...message, _id: `m${i}`, msg: `text ${i}` }));
    const files = { 'a.bin': bson(...many) };
    const { reader, records } = await readExport(files, 'a.bin', { piece: 7 });
    expect(reader).toBe('rocketchat-messages');
    expect(records.map((r) => r.texts[0]?.text)).toEqual(many.map((m) => m.msg));
    expect(records[49]?.raw?.end).toBe(files['a.bin'].length);
  });

  it('are given before and after damage', async () => {
    const [one, two, three] = ['one', 'two', 'three'].map((msg, i) =>
      bson({ ...message, _id: `m${i}`, msg }),
    );
    const broken = Buffer.from(two!);
    broken.fill(0xff, 0, 30);
    for (const piece of [11, 65536]) {
      const { records, damage, notes } = await readExport({ x: Buffer.concat([one!, broken, three!]) }, 'x', {
        piece,
      });
      expect(records.map((r) => r.texts[0]?.text)).toEqual(['one', 'three']);
      expect(damage).toEqual([`no BSON document at byte ${one!.length}`]);
      expect(notes.malformed).toBe(1);
    }
    const cut = await readExport({ x: Buffer.concat([one!, two!.subarray(0, 40)]) }, 'x');
    expect(cut.records).toHaveLength(1);
    expect(cut.damage).toHaveLength(1);
  });

  it('that are encrypted are counted and not read', async () => {
    const { records, notes } = await read([
      { ...message, t: 'e2e', msg: 'c1pher', content: { ciphertext: 'c1pher' } },
    ]);
    expect(notes.encrypted).toBe(1);
    expect(JSON.stringify(records)).not.toContain('c1pher');
  });

  it('that are direct are counted, by their room or by the form of its id', async () => {
    const direct = { ...message, rid: rooms[1]?._id };
    expect((await read([direct], { includeDirect: false })).notes['direct-message']).toBe(1);
    const alone = await readExport({ x: bson(direct) }, 'x', { includeDirect: false });
    expect(alone.notes['direct-message']).toBe(1);
  });

  it('keep old wordings as earlier versions', async () => {
    const { records } = await read([
      { ...message, _id: 'old1', _hidden: true, parent: message._id, msg: 'before' },
    ]);
    expect(records[0]).toMatchObject({ id: message._id, revision: { state: 'previous', id: 'old1' } });
  });

  it('show quoted messages and pages as records of their own', async () => {
    const { records } = await read([
      {
        ...message,
        attachments: [
          { text: 'quoted', author_name: 'bob', message_link: 'https://rc.example.org/group/ops?msg=other1' },
        ],
        urls: [
          {
            url: 'https://w.example.org',
            meta: { pageTitle: 'Title' },
            parsedUrl: { host: 'w.example.org' },
          },
        ],
      },
    ]);
    expect(records.map((r) => r.revision)).toMatchObject([
      { state: 'current' },
      { state: 'quoted-copy', of: 'other1' },
      { state: 'preview', of: 'https://w.example.org' },
    ]);
    expect(records[2]?.texts.map((t) => t.text)).toContain('Title');
  });

  it('join the leaves of the drawn tree, and leave it out when it says the same', async () => {
    const md = [
      {
        type: 'PARAGRAPH',
        value: [
          { type: 'PLAIN_TEXT', value: 'key-' },
          { type: 'BOLD', value: [{ type: 'PLAIN_TEXT', value: '12' }] },
          {
            type: 'LINK',
            value: {
              src: { type: 'PLAIN_TEXT', value: 'https://x.example.org' },
              label: [{ type: 'PLAIN_TEXT', value: 'here' }],
            },
          },
        ],
      },
    ];
    const { records } = await read([{ ...message, md }]);
    expect(records[0]?.texts.find((t) => t.field.path === 'md')?.text).toBe('key-12here');
    const same = [{ type: 'PARAGRAPH', value: [{ type: 'PLAIN_TEXT', value: 'pw is *x*' }] }];
    expect((await read([{ ...message, md: same }])).records[0]?.texts).toHaveLength(1);
  });

  it('lose no text', async () => {
    const full = {
      ...message,
      alias: 'al',
      customFields: { ticket: 'T' },
      attachments: [
        {
          title: 'ti',
          text: 'te',
          description: 'de',
          fields: [{ title: 'ft', value: 'fv' }],
          title_link: 'l',
        },
      ],
      files: [{ _id: 'f1', name: 'env.txt', type: 'text/plain' }],
      file: { _id: 'f1', name: 'env.txt' },
      some_day: { words: 'later' },
    };
    const { ts, editedAt, _updatedAt, ...json } = full;
    const isLeftAlone = (path: string): boolean =>
      /(?:^|\.)(?:_id|rid|username|type)$/.test(path) || path === 'u.name';
    const { value, markers } = plantMarkers(json, isLeftAlone);
    const { records, unknownKeys } = await read([{ ...value, ts, editedAt, _updatedAt }]);
    expect(
      lostMarkers(
        markers,
        records.flatMap((r) => r.texts.map((t) => t.text)),
      ),
    ).toEqual([]);
    expect(unknownKeys).toContain('words');
  });
});

describe('Rocket.Chat, other collections', () => {
  it('has topics and descriptions of rooms', async () => {
    const { reader, records } = await readExport(dump(message), 'rc/rocketchat_room.bson');
    expect(reader).toBe('rocketchat-rooms');
    expect(records[0]).toMatchObject({ type: 'setting', id: rid, place: { id: rid } });
    expect(records[0]?.texts.map((t) => t.text)).toEqual(expect.arrayContaining(['keys here', 'd', 'ops']));
  });

  it('tells the hashes and tokens of users apart', async () => {
    const user = {
      _id: 'aaaaaaaaaaaaaaaaa',
      username: 'ana',
      emails: [{ address: 'ana@example.org', verified: true }],
      bio: 'words',
      services: { password: { bcrypt: 'hash-of-it' }, resume: { loginTokens: [{ hashedToken: 'tok' }] } },
    };
    const { reader, records } = await readExport({ 'users.bson': bson(user) }, 'users.bson');
    expect(reader).toBe('rocketchat-users');
    const artifacts = records[0]?.texts.filter((t) => t.artifact).map((t) => [t.label, t.text]);
    expect(artifacts).toEqual([
      ['bcrypt', 'hash-of-it'],
      ['hashedToken', 'tok'],
    ]);
    expect(records[0]?.texts.filter((t) => !t.artifact).map((t) => t.text)).toEqual([
      'ana',
      'ana@example.org',
      'words',
    ]);
  });

  it('labels the values of settings', async () => {
    const setting = { _id: 'SMTP_Password', value: 'hunter2', packageValue: '', type: 'password' };
    const { records } = await readExport({ 's.bson': bson(setting) }, 's.bson');
    expect(records[0]?.texts).toMatchObject([{ text: 'hunter2', label: 'SMTP_Password' }]);
  });

  it('reads the text of uploads, and any other collection', async () => {
    const chunk = { _id: 'c1', files_id: 'f1', n: 0, data: Buffer.from('A=1\nB=2') };
    const { reader, records } = await readExport({ c: bson(chunk) }, 'c');
    expect(reader).toBe('rocketchat-upload-chunks');
    expect(records[0]).toMatchObject({ type: 'attachment', id: 'f1/0', texts: [{ text: 'A=1\nB=2' }] });
    const other = await readExport(
      { 'orders.bson': bson({ _id: 'o1', note: 'leave the key' }) },
      'orders.bson',
    );
    expect(other.reader).toBe('bson-documents');
    expect(other.records[0]?.texts.map((t) => t.text)).toEqual(['leave the key']);
  });

  it('does not take logs for room exports', async () => {
    const line = {
      msg: 'started',
      level: 'info',
      username: 'root',
      ts: '2021-03-01T10:02:03Z',
      attachments: [],
    };
    expect((await readExport({ x: JSON.stringify([line]) }, 'x')).reader).not.toBe('rocketchat-room-export');
  });

  it('knows a room export by messages without attachments', async () => {
    const line = { msg: 'hello', username: 'ana', ts: '2021-03-01T10:02:03.123Z' };
    const files = { 'ops/messages.json': `${JSON.stringify(line)}\n${JSON.stringify(line)}` };
    const { reader, records } = await readExport(files, 'ops/messages.json');
    expect(reader).toBe('rocketchat-room-export');
    expect(records).toHaveLength(2);
  });

  it('reads the JSON form of a room export', async () => {
    const line = { msg: 'hello', username: 'ana', ts: '2021-03-01T10:02:03.123Z', attachments: [] };
    const { reader, records } = await readExport(
      { 'ops/messages.json': JSON.stringify([line]) },
      'ops/messages.json',
    );
    expect(reader).toBe('rocketchat-room-export');
    expect(records[0]).toMatchObject({
      place: { id: 'ops' },
      actor: { id: 'ana' },
      time: { created: '2021-03-01T10:02:03.123Z' },
    });
  });
});
