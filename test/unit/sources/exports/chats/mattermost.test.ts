import { describe, expect, it } from 'vitest';
import type { ExportRecord } from '../../../../../src/sources/exports/contract.js';
import { lostMarkers, plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';

const lines = {
  version: { type: 'version', version: 1, info: { generator: 'mattermost-server' } },
  team: {
    type: 'team',
    team: { name: 'eng', display_name: 'Engineering', type: 'O', description: 'builds' },
  },
  channel: {
    type: 'channel',
    channel: {
      team: 'eng',
      name: 'ops',
      display_name: 'Ops',
      type: 'P',
      header: 'pw board',
      purpose: 'running',
    },
  },
  user: {
    type: 'user',
    user: { username: 'ana', email: 'ana@example.org', first_name: 'Ana', last_name: 'R', position: 'lead' },
  },
  post: {
    type: 'post',
    post: {
      team: 'eng',
      channel: 'ops',
      user: 'ana',
      message: 'the *key*',
      create_at: 1553166657086,
      edit_at: 1553166658000,
      reactions: [{ user: 'bob', emoji_name: 'tada', create_at: 1 }],
      replies: [{ user: 'bob', message: 'thanks', create_at: 1553166660000 }],
      attachments: [{ path: 'data/20190321/f1/env.txt' }],
    },
  },
  direct: {
    type: 'direct_post',
    direct_post: { channel_members: ['bob', 'ana'], user: 'bob', message: 'psst', create_at: 1553166670000 },
  },
};

async function read(
  list: readonly unknown[],
  options: Parameters<typeof readExport>[2] = {},
): ReturnType<typeof readExport> {
  return await readExport(
    { 'x.jsonl': list.map((line) => JSON.stringify(line)).join('\n') },
    'x.jsonl',
    options,
  );
}

const messages = (records: readonly ExportRecord[]): readonly ExportRecord[] =>
  records.filter((record) => record.type === 'message');

describe('Mattermost bulk export', () => {
  it('is known by its first line', async () => {
    expect((await read(Object.values(lines))).reader).toBe('mattermost-bulk');
    expect((await readExport({ p: JSON.stringify(lines.direct, null, 2) }, 'p')).reader).toBe(
      'mattermost-bulk',
    );
  });

  it('gives posts and their replies with place, author, time and the link to the channel', async () => {
    const { records } = await read(Object.values(lines), { baseUrl: 'https://chat.example.org/' });
    const [post, reply] = messages(records);
    expect(post).toMatchObject({
      place: {
        kind: 'channel',
        tenant: 'chat.example.org',
        id: 'eng/ops',
        name: '#Ops',
        audience: 'restricted',
      },
      id: '1553166657086',
      actor: { id: 'ana', name: 'Ana R', email: 'ana@example.org', kind: 'user' },
      time: { created: '2019-03-21T11:10:57.086Z', edited: '2019-03-21T11:10:58.000Z', precision: 'ms' },
      permalink: { url: 'https://chat.example.org/eng/channels/ops', level: 'container' },
    });
    expect(post?.texts.map((t) => [t.field.path, t.text])).toEqual([
      ['message', 'the *key*'],
      ['attachments.0.path', 'data/20190321/f1/env.txt'],
    ]);
    expect(post?.texts[0]?.dialect).toBe('markdown');
    expect(reply).toMatchObject({ id: '1553166657086/1553166660000', thread: post?.id });
    expect(reply?.texts.map((t) => t.text)).toEqual(['thanks']);
  });

  it('has header and purpose of channels, and profiles', async () => {
    const { records } = await read(Object.values(lines));
    const channel = records.find((r) => r.place.id === 'eng/ops' && r.type === 'setting');
    expect(new Map(channel?.texts.map((t) => [t.text, t.field.role]))).toEqual(
      new Map([
        ['Ops', 'setting'],
        ['pw board', 'topic'],
        ['running', 'description'],
        ['ops', 'metadata'],
      ]),
    );
    expect(records.find((r) => r.type === 'profile')?.texts.map((t) => t.text)).toContain('lead');
  });

  it('tells posts of one moment apart', async () => {
    const { records } = await read([
      lines.post,
      { type: 'post', post: { ...lines.post.post, user: 'bob', replies: null } },
    ]);
    expect(messages(records).map((r) => r.id)).toEqual([
      '1553166657086',
      '1553166657086/1553166660000',
      '1553166657086/2',
    ]);
  });

  it('keeps direct posts apart', async () => {
    const without = await read([lines.direct], { includeDirect: false });
    expect(without.records).toEqual([]);
    expect(without.notes['direct-message']).toBe(1);
    const [direct] = (await read([lines.direct])).records;
    expect(direct?.place).toMatchObject({ kind: 'dm', audience: 'restricted' });
    // The same conversation whoever is named first; a name for it that names nobody.
    const turned = {
      ...lines.direct,
      direct_post: { ...lines.direct.direct_post, channel_members: ['ana', 'bob'] },
    };
    expect((await read([turned])).records[0]?.place).toEqual(direct?.place);
    expect(JSON.stringify(direct?.place)).not.toMatch(/ana|bob/);
  });

  it('judges fields of attachments with their titles', async () => {
    const post = {
      ...lines.post.post,
      props: {
        override_username: 'hook',
        from_webhook: 'true',
        attachments: [{ pretext: 'pre', fields: [{ title: 'Token', value: 'abc', short: true }] }],
      },
    };
    const [message] = messages((await read([{ type: 'post', post }])).records);
    expect(message?.actor).toMatchObject({ name: 'hook', kind: 'bot' });
    expect(message?.texts.find((t) => t.text === 'abc')).toMatchObject({ label: 'Token' });
  });

  it('loses no text', async () => {
    const post = {
      ...lines.post.post,
      props: {
        override_username: 'hook',
        attachments: [
          { pretext: 'a', text: 'b', title: 'c', footer: 'd', fields: [{ title: 'e', value: 'f' }] },
        ],
        mentions: { note: 'x' },
      },
      some_day: 'later',
    };
    const list = [lines.team, lines.channel, lines.user, { type: 'post', post }, lines.direct];
    const isLeftAlone = (path: string): boolean =>
      /(?:^|\.)(?:type|username|user|team|channel|emoji_name|channel_members\.\*)$/.test(path) ||
      /^(?:team|channel)\.name$/.test(path);
    const { value, markers } = plantMarkers({ list }, isLeftAlone);
    const { records, unknownKeys } = await read(value.list);
    const left = lostMarkers(
      markers,
      records.flatMap((r) => r.texts.map((t) => t.text)),
    );
    expect(left).toEqual([]);
    expect(unknownKeys).toEqual(['note', 'some_day']);
  });
});

describe('Mattermost compliance export', () => {
  const header =
    'Post Creation Time,Team Id,Team Name,Team Display Name,Channel Id,Channel Name,Channel Display Name,Channel Type,User Id,User Email,Username,Post Id,Edited By Post Id,Replied to Post Id,Post Message,Post Type,User Type,Previews Post Id';
  const row = (post: string, edited: string, message: string, type = 'private'): string =>
    `1553166657086,t1,eng,Engineering,c1,ops,Ops,${type},u1,ana@example.org,ana,${post},${edited},,"${message}",message,user,`;

  it('tells posts from the wordings that edits replaced', async () => {
    const csv = [header, row('p1', '', 'now'), row('p2', 'p1', 'pw is ""x"",\nbefore')].join('\n');
    const { reader, records } = await readExport({ 'posts.csv': csv }, 'posts.csv', {
      baseUrl: 'https://chat.example.org',
    });
    expect(reader).toBe('mattermost-compliance-csv');
    expect(records).toMatchObject([
      {
        place: { id: 'eng/ops', name: '#Ops', audience: 'restricted', tenant: 'chat.example.org' },
        id: 'p1',
        actor: { id: 'u1', name: 'ana', email: 'ana@example.org' },
        time: { created: '2019-03-21T11:10:57.086Z' },
        revision: { state: 'current' },
        permalink: { url: 'https://chat.example.org/eng/pl/p1' },
        texts: [{ text: 'now' }],
      },
      { id: 'p1', revision: { state: 'previous', id: 'p2' }, texts: [{ text: 'pw is "x",\nbefore' }] },
    ]);
  });

  it('keeps direct posts apart', async () => {
    const csv = [header, row('p1', '', 'psst', 'direct')].join('\n');
    const { records, notes } = await readExport({ x: csv }, 'x', { includeDirect: false });
    expect(records).toEqual([]);
    expect(notes['direct-message']).toBe(1);
  });

  it('gives what people are answered when somebody is away, however short', async () => {
    const user = {
      username: 'ana',
      notify_props: { auto_responder_message: 'call marker-away', desktop: 'mention' },
    };
    const lines = [
      { type: 'version', version: 1 },
      { type: 'user', user },
    ].map((line) => JSON.stringify(line));
    const { records } = await readExport({ x: lines.join('\n') }, 'x');
    expect(JSON.stringify(records)).toContain('marker-away');
  });
});
