import { describe, expect, it } from 'vitest';
import { lostMarkers, plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';

const message = {
  id: 3644,
  type: 'message',
  date: '2019-07-12T16:55:32',
  date_unixtime: '1562943332',
  edited: '2019-07-12T17:00:00',
  edited_unixtime: '1562943600',
  from: 'Ana',
  from_id: 'user300000000',
  text: ['pw p', { type: 'mention', text: '@ssw0rd' }, { type: 'hashtag', text: '#1' }],
  text_entities: [
    { type: 'plain', text: 'pw p' },
    { type: 'mention', text: '@ssw0rd' },
    { type: 'hashtag', text: '#1' },
  ],
};
const chat = (type: string, ...messages: readonly unknown[]): object => ({
  name: 'Ops',
  type,
  id: 1234567890,
  messages,
});
const read = async (
  value: unknown,
  options: Parameters<typeof readExport>[2] = {},
): ReturnType<typeof readExport> => await readExport({ 'r.json': JSON.stringify(value) }, 'r.json', options);

describe('Telegram, JSON', () => {
  it('joins the pieces of a text, and tells it once', async () => {
    const { reader, records } = await read(chat('private_supergroup', message));
    expect(reader).toBe('telegram-json');
    const record = records.find((r) => r.type === 'message');
    expect(record).toMatchObject({
      place: { kind: 'channel', id: '1234567890', name: 'Ops', audience: 'restricted' },
      id: '3644',
      actor: { id: 'user300000000', name: 'Ana' },
      time: { created: '2019-07-12T14:55:32Z', edited: '2019-07-12T15:00:00Z' },
      permalink: { url: 'https://t.me/c/1234567890/3644' },
    });
    expect(record?.texts.map((t) => t.text)).toEqual(['pw p@ssw0rd#1']);
  });

  it('has the local time without a zone when there is no other', async () => {
    const { date_unixtime: _gone, edited_unixtime: _also, ...old } = message;
    const { records } = await read(chat('private_group', old));
    const record = records.find((r) => r.type === 'message');
    expect(record?.time?.created).toBe('2019-07-12T16:55:32');
    expect(record).not.toHaveProperty('permalink');
  });

  it.each(['personal_chat', 'bot_chat', 'saved_messages'])(
    'leaves out %s when not asked for',
    async (type) => {
      const { records, notes } = await read(chat(type, message), { includeDirect: false });
      expect(records).toEqual([]);
      expect(notes['direct-message']).toBe(1);
      expect((await read(chat(type, message))).records[0]?.place).toMatchObject({ kind: 'dm' });
    },
  );

  it('reads the chats, contacts and sessions of a whole account', async () => {
    const account = {
      about: 'Here is the data you requested.',
      personal_information: { user_id: 1, first_name: 'Ana', bio: 'my bio' },
      contacts: { about: 'x', list: [{ user_id: 2, first_name: 'Bob', phone_number: '+100 key' }] },
      sessions: { list: [{ last_ip: '192.0.2.1', device_model: 'Phone Nr. 7' }] },
      chats: {
        about: 'x',
        list: [chat('private_group', message), { ...chat('public_channel', { ...message, id: 9 }), id: 77 }],
      },
      left_chats: { list: [{ ...chat('private_group', message), id: 88 }] },
    };
    const { reader, records } = await read(account);
    expect(reader).toBe('telegram-json');
    expect(records.filter((r) => r.type === 'message').map((r) => [r.place.id, r.id])).toEqual([
      ['1234567890', '3644'],
      ['77', '9'],
      ['88', '3644'],
    ]);
    const texts = records.flatMap((r) => r.texts.map((t) => t.text));
    for (const text of ['my bio', '+100 key', 'Phone Nr. 7']) expect(texts).toContain(text);
  });

  it('counts files that were left out, and marks what was forwarded', async () => {
    const { records, notes } = await read(
      chat('private_group', {
        ...message,
        photo: '(File not included. Change data exporting settings to download.)',
        forwarded_from: 'Bob',
      }),
    );
    expect(notes['attachment-missing']).toBe(1);
    expect(records.at(-1)?.revision.state).toBe('quoted-copy');
  });

  it('loses no text', async () => {
    const full = {
      ...message,
      forwarded_from: 'Bob',
      file: 'files/env.txt',
      file_name: 'env.txt',
      title: 'song',
      performer: 'band',
      poll: { question: 'q', answers: [{ text: 'an answer', voters: 1 }] },
      contact_information: { first_name: 'F', last_name: 'L', phone_number: 'P' },
      inline_bot_buttons: [[{ type: 'callback', text: 'btn', data: 'dat' }]],
      new_title: 'renamed',
      some_day: { words: 'later' },
      text: [{ type: 'text_link', text: 'here', href: 'https://x.example.org' }],
      text_entities: [{ type: 'text_link', text: 'here, differently', href: 'https://x.example.org' }],
    };
    const isLeftAlone = (path: string): boolean =>
      /(?:^|\.)(?:type|date|edited|date_unixtime|edited_unixtime|from_id)$/.test(path);
    const { value, markers } = plantMarkers(full, isLeftAlone);
    const { records, unknownKeys } = await read(chat('private_group', value));
    expect(
      lostMarkers(
        markers,
        records.flatMap((r) => r.texts.map((t) => t.text)),
      ),
    ).toEqual([]);
    expect(unknownKeys).toEqual(['words']);
  });
});

describe('Telegram, HTML', () => {
  const one = (id: number, joined: boolean, body: string, from = 'Ana'): string =>
    `<div class="message default clearfix${joined ? ' joined' : ''}" id="message${id}"><div class="body">
<div class="pull_right date details" title="22.08.2020 10:10:1${id} UTC+01:00">10:10</div>
${joined ? '' : `<div class="from_name">\n${from} </div>`}<div class="text">\n${body}\n</div></div></div>`;
  const page = (...messages: readonly string[]): string =>
    `<!DOCTYPE html><html><head><title>Exported Data</title></head><body><div class="page_wrap">
<div class="page_header"><div class="content"><div class="text bold">\nOps room </div></div></div>
<div class="page_body chat_page"><div class="history">${messages.join('\n')}</div></div></div></body></html>`;
  const group = page(
    one(1, false, 'first <strong>x</strong>'),
    one(2, true, 'second'),
    one(3, false, 'c', 'Bob'),
    one(4, false, 'd', 'Eve'),
  );

  it('cuts messages out, with author, time and id', async () => {
    const { reader, records } = await readExport({ 'messages2.html': group }, 'messages2.html', {
      piece: 50,
    });
    expect(reader).toBe('telegram-html');
    const messages = records.filter((r) => r.type === 'message');
    expect(messages).toMatchObject([
      {
        id: '1',
        actor: { name: 'Ana' },
        time: { created: '2020-08-22T10:10:11+01:00' },
        place: { kind: 'channel', id: 'Ops room' },
      },
      { id: '2', actor: { name: 'Ana' } },
      { id: '3', actor: { name: 'Bob' } },
      { id: '4', actor: { name: 'Eve' } },
    ]);
    expect(messages[0]?.texts[0]).toMatchObject({ dialect: 'html' });
    expect(messages.map((r) => r.texts[0]?.text.includes('second'))).toEqual([false, true, false, false]);
  });

  it('takes a page of two people for a direct chat', async () => {
    const direct = page(one(1, false, 'a'), one(2, false, 'b', 'Bob'));
    const { records, notes } = await readExport({ x: direct }, 'x', { includeDirect: false });
    expect(records).toEqual([]);
    expect(notes['direct-message']).toBe(2);
  });
});
