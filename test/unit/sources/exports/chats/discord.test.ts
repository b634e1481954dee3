import { describe, expect, it } from 'vitest';
import type { ExportRecord } from '../../../../../src/sources/exports/contract.js';
import { lostMarkers, plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';

const guildId = '748545324524575035';
const channelId = '1012224565567721552';
const author = { id: '521486476985155645', name: 'adam', discriminator: '0', nickname: 'Adam', isBot: false };
const message = {
  id: '1045178587575242772',
  type: 'Default',
  timestamp: '2023-01-06T14:03:03.853+00:00',
  timestampEdited: '2023-01-06T15:00:00+00:00',
  content: 'the **key** is here',
  author,
  attachments: [],
  embeds: [],
  stickers: [],
  reactions: [{ emoji: { name: 'x' }, count: 1 }],
  mentions: [{ id: '1', name: 'someone' }],
};
const channelExport = (messages: readonly unknown[], over: object = {}): object => ({
  guild: { id: guildId, name: 'Example', iconUrl: 'https://cdn.example.org/i.png' },
  channel: {
    id: channelId,
    type: 'GuildTextChat',
    categoryId: '1',
    category: 'Text',
    name: 'general',
    topic: 'pw',
  },
  dateRange: { after: null, before: null },
  messages,
  messageCount: messages.length,
  ...over,
});
const read = async (
  value: unknown,
  options: Parameters<typeof readExport>[2] = {},
): ReturnType<typeof readExport> => await readExport({ 'x.json': JSON.stringify(value) }, 'x.json', options);
const messagesOf = (records: readonly ExportRecord[]): readonly ExportRecord[] =>
  records.filter((record) => record.type === 'message');

describe('DiscordChatExporter, JSON', () => {
  it('has place, author, times and link', async () => {
    const { reader, records } = await read(channelExport([message]));
    expect(reader).toBe('discord-chat-exporter-json');
    expect(messagesOf(records)[0]).toMatchObject({
      place: { kind: 'channel', tenant: guildId, id: channelId, name: '#general' },
      id: message.id,
      actor: { id: author.id, name: 'Adam', kind: 'user' },
      time: { created: '2023-01-06T14:03:03.853Z', edited: '2023-01-06T15:00:00Z' },
      permalink: { url: `https://discord.com/channels/${guildId}/${channelId}/${message.id}` },
    });
    expect(messagesOf(records)[0]?.texts).toMatchObject([
      { text: 'the **key** is here', dialect: 'markdown' },
    ]);
    const setting = records.find((r) => r.type === 'setting');
    expect(setting?.texts.find((t) => t.field.role === 'topic')?.text).toBe('pw');
  });

  it('tells the channel of an export without messages too', async () => {
    expect((await read(channelExport([]))).records).toMatchObject([
      { type: 'setting', place: { id: channelId } },
    ]);
  });

  it('leaves direct messages out, and links those that are read to the reader', async () => {
    const direct = channelExport([message], {
      guild: { id: '0', name: 'Direct Messages' },
      channel: { id: channelId, type: 'DirectTextChat', name: 'Someone' },
    });
    const without = await read(direct, { includeDirect: false });
    expect(without.records).toEqual([]);
    expect(without.notes['direct-message']).toBe(1);
    const [record] = messagesOf((await read(direct)).records);
    expect(record?.place).toMatchObject({ kind: 'dm', audience: 'restricted' });
    expect(record?.place.name).not.toContain('Someone');
    expect(record?.permalink?.url).toContain('/@me/');
  });

  it('tells previews and forwarded messages from what was written', async () => {
    const embed = { title: 'Page', url: 'https://w.example.org', description: 'shown' };
    const forwardedMessage = { content: 'from elsewhere', timestamp: '2023-01-01T00:00:00+00:00' };
    const { records } = await read(
      channelExport([
        { ...message, embeds: [embed], forwardedMessage, reference: { messageId: '42', channelId: '7' } },
        { ...message, id: '2', author: { ...author, isBot: true }, embeds: [embed] },
      ]),
    );
    expect(messagesOf(records).map((r) => r.revision)).toEqual([
      { state: 'current' },
      { state: 'preview', id: 'embeds.0', of: 'https://w.example.org' },
      { state: 'quoted-copy', id: 'forwardedMessage', of: '42' },
      { state: 'current' },
    ]);
    expect(messagesOf(records)[3]?.texts.map((t) => t.text)).toContain('shown');
  });

  it('tells signed addresses of files apart', async () => {
    const url = `https://cdn.discordapp.com/attachments/1/2/env.txt?ex=66&is=66&hm=${'ab'.repeat(16)}`;
    const { records, notes } = await read(
      channelExport([{ ...message, attachments: [{ id: '1', url, fileName: 'env.txt' }] }]),
    );
    const link = messagesOf(records)[0]?.texts.find((t) => t.text === url);
    expect(link).toMatchObject({ artifact: true, field: { role: 'link' } });
    expect(notes['attachment-missing']).toBe(1);
  });

  it('loses no text', async () => {
    const full = {
      ...message,
      author: { ...author, roles: [{ id: '1', name: 'Admins' }] },
      attachments: [{ id: '1', url: 'https://cdn.example.org/a', fileName: 'a.txt' }],
      embeds: [
        {
          title: 't',
          url: 'https://u.example.org',
          description: 'd',
          author: { name: 'n', url: 'https://a.example.org' },
          fields: [{ name: 'fn', value: 'fv' }],
          footer: { text: 'ft' },
        },
      ],
      stickers: [{ id: '1', name: 'st', format: 'PNG', sourceUrl: 's' }],
      interaction: { id: '1', name: 'cmd', user: { id: '1', name: 'u' } },
      poll: { question: 'q', answers: [{ text: 'an answer' }] },
      forwardedMessage: { content: 'fc', attachments: [], embeds: [{ title: 'ft' }] },
      some_day: { words: 'later' },
    };
    const isLeftAlone = (path: string): boolean =>
      /(?:^|\.)(?:id|type|timestamp|timestampEdited|discriminator|sourceUrl|format)$|^mentions|^reactions|interaction\.user/.test(
        path,
      );
    const { value, markers } = plantMarkers(full, isLeftAlone);
    const { records, unknownKeys } = await read(channelExport([value]));
    expect(
      lostMarkers(
        markers,
        records.flatMap((r) => r.texts.map((t) => t.text)),
      ),
    ).toEqual([]);
    expect(unknownKeys).toEqual(['words']);
  });
});

describe('DiscordChatExporter, CSV and text', () => {
  const csv = [
    'AuthorID,Author,Date,Content,Attachments,Reactions',
    `"${author.id}","adam","2023-01-06T14:03:03.8530000+00:00","two\r\nlines, ""quoted""","https://cdn.example.org/a.txt","x (1)"`,
    `"${author.id}","adam","2023-01-06T14:03:03.8530000+00:00","again","",""`,
  ].join('\r\n');

  it('locates rows by channel and time', async () => {
    const name = `Guild - Text - general [${channelId}].csv`;
    const { reader, records } = await readExport({ [name]: `\ufeff${csv}\r\n` }, name);
    expect(reader).toBe('discord-chat-exporter-csv');
    expect(records[0]).toMatchObject({
      place: { id: channelId, name: '#general', kind: 'channel' },
      actor: { id: author.id, name: 'adam' },
      time: { created: '2023-01-06T14:03:03.853000Z' },
    });
    expect(records[0]?.texts.map((t) => t.text)).toEqual([
      'two\r\nlines, "quoted"',
      'https://cdn.example.org/a.txt',
      'x (1)',
    ]);
    expect(new Set(records.map((r) => r.id)).size).toBe(2);
    expect(records[0]).not.toHaveProperty('permalink');
  });

  it('knows direct messages by the name that the exporter gives', async () => {
    const name = `Direct Messages - Private - Someone [${channelId}].csv`;
    const { records, notes } = await readExport({ [name]: csv }, name, { includeDirect: false });
    expect(records).toEqual([]);
    expect(notes['direct-message']).toBe(2);
  });

  it('reads the text form', async () => {
    const rule = '='.repeat(62);
    const text = [
      rule,
      'Guild: Example',
      'Channel: Text / general',
      'Topic: pw board',
      rule,
      '',
      '[2023-01-06 14:03] adam (pinned)',
      'first line',
      '',
      '[note] this is no header',
      '',
      '{Attachments}',
      'https://cdn.example.org/a',
      '',
      '[1/7/2023 2:03 PM] bob',
      'second',
      '',
      rule,
      'Exported 2 message(s)',
      rule,
    ].join('\n');
    const { reader, records } = await readExport({ 'x.txt': text }, 'x.txt');
    expect(reader).toBe('discord-chat-exporter-text');
    expect(
      records.map((r) => [r.type, r.actor?.name, r.time?.created, r.texts[0]?.text.split('\n').length]),
    ).toEqual([
      ['setting', undefined, undefined, 3],
      ['message', 'adam', '2023-01-06T14:03:00', 6],
      ['message', 'bob', undefined, 1],
    ]);
  });
});

describe('DiscordChatExporter, HTML', () => {
  const one = (id: string, inner: string): string =>
    `<div id=chatlog__message-container-${id} class=chatlog__message-container data-message-id=${id}>${inner}</div>`;
  const html = [
    '<!DOCTYPE html><html><head><style>.x{color:red}</style><script>var secret = 1</script></head><body>',
    `<div class=preamble><div class=preamble__guild-icon-container><img src="https://cdn.discordapp.com/icons/${guildId}/a.png"></div>`,
    '<div class=preamble__entry>Example</div><div class=preamble__entry>Text / general</div></div><div class=chatlog>',
    '<div class=chatlog__message-group>',
    one(
      message.id,
      '<span class=chatlog__author title=adam data-user-id=521486476985155645>Adam</span><div class=chatlog__content>first <b>x</b></div>',
    ),
    one('1045178587575242773', '<div class=chatlog__content>second</div>'),
    '</div></div></body></html>',
  ].join('');

  it.each([64, 65536])('cuts messages out in pieces of %d bytes', async (piece) => {
    const name = `Guild - general [${channelId}].html`;
    const { reader, records } = await readExport({ [name]: html }, name, { piece });
    expect(reader).toBe('discord-chat-exporter-html');
    expect(messagesOf(records)).toMatchObject([
      {
        id: message.id,
        place: { tenant: guildId, id: channelId },
        actor: { id: author.id, name: 'Adam' },
        time: { created: '2022-11-24T03:26:33.757Z' },
        permalink: { url: `https://discord.com/channels/${guildId}/${channelId}/${message.id}` },
      },
      { id: '1045178587575242773', actor: { name: 'Adam' } },
    ]);
    expect(messagesOf(records)[0]?.texts[0]?.text).toContain('first <b>x</b>');
    expect(messagesOf(records)[0]?.texts[0]?.text).not.toContain('second');
    const [head] = records;
    expect(head?.texts[0]?.text).toContain('Text / general');
    expect(head?.texts[0]?.text).not.toContain('color:red');
  });
});

describe('Discord data package', () => {
  const channel = `{"id":"${channelId}","type":0,"name":"general","guild":{"id":"${guildId}","name":"Example"}}`;
  const files = {
    [`messages/c${channelId}/channel.json`]: channel,
    [`messages/c${channelId}/messages.json`]: `[{"ID": 1045178587575242772, "Timestamp": "2023-01-06 14:03:03", "Contents": "my \\"ID\\": 1045178587575242772 key", "Attachments": "https://cdn.example.org/a https://cdn.example.org/b"},{"ID": 1045178587575242773, "Timestamp": "2023-01-06 14:03:04", "Contents": "next", "Attachments": ""}]`,
    [`Nachrichten/c${channelId}/messages.csv`]:
      'ID,Timestamp,Contents,Attachments\n1045178587575242772,2023-01-06 14:03:03+00:00,"a\nb",\n',
    [`Nachrichten/c${channelId}/channel.json`]: `{"id":"${channelId}","type":1,"recipients":["1","2"]}`,
  };

  it.each([16, 65536])('keeps ids that are large numbers, and knows that times are UTC', async (piece) => {
    const { reader, records } = await readExport(files, `messages/c${channelId}/messages.json`, { piece });
    expect(reader).toBe('discord-package-messages-json');
    expect(records).toMatchObject([
      {
        id: '1045178587575242772',
        place: { id: channelId, tenant: guildId, name: '#general' },
        time: { created: '2023-01-06T14:03:03Z' },
        permalink: { url: `https://discord.com/channels/${guildId}/${channelId}/1045178587575242772` },
      },
      { id: '1045178587575242773' },
    ]);
    expect(records[0]?.texts.map((t) => t.text)).toEqual([
      'my "ID": 1045178587575242772 key',
      'https://cdn.example.org/a',
      'https://cdn.example.org/b',
    ]);
  });

  it('reads CSV in folders of any name, direct ones when asked', async () => {
    const name = `Nachrichten/c${channelId}/messages.csv`;
    const { reader, records } = await readExport(files, name);
    expect(reader).toBe('discord-package-messages-csv');
    expect(records[0]).toMatchObject({
      place: { kind: 'dm' },
      permalink: { url: `https://discord.com/channels/@me/${channelId}/1045178587575242772` },
      texts: [{ text: 'a\nb' }],
    });
    expect((await readExport(files, name, { includeDirect: false })).notes['direct-message']).toBe(1);
  });

  it('takes the id of the channel from the folder when there is no channel.json', async () => {
    const name = `m/c${channelId}/x.csv`;
    const { records } = await readExport(
      { [name]: files[`Nachrichten/c${channelId}/messages.csv`] ?? '' },
      name,
    );
    expect(records[0]?.place.id).toBe(channelId);
  });

  it('has the names of channels', async () => {
    const { reader, records } = await readExport(files, `messages/c${channelId}/channel.json`);
    expect(reader).toBe('discord-package-channel');
    expect(records[0]?.texts.map((t) => t.text)).toEqual(['general', 'Example']);
  });
});
