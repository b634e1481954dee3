import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { lostMarkers, plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';
import {
  channels,
  dms,
  fileMessage,
  groups,
  lists,
  mpims,
  plainMessage,
  textsOf,
  users,
} from './fixtures.js';

describe('lists of people', () => {
  it('give a profile each, known by content', async () => {
    const { reader, records } = await readExport(
      { 'people (2).txt': JSON.stringify(users) },
      'people (2).txt',
    );
    expect(reader).toBe('slack-users');
    expect(records[0]).toMatchObject({
      place: { kind: 'workspace' },
      type: 'profile',
      id: 'U0ANA00001',
      actor: { name: 'Ana R', email: 'ana@example.org' },
    });
    expect(textsOf(records[0])['profile.title']).toBe('Deputy of ops');
  });

  it('hand over every text but pictures', async () => {
    const user = {
      ...users[0],
      color: 'aabbcc',
      profile: {
        ...users[0]?.profile,
        status_text: 'away',
        phone: 'p',
        skype: 's',
        image_24: 'https://secure.gravatar.com/avatar/x.jpg',
        fields: { Xf0FIELD01: { value: 'custom', alt: 'other' } },
        future_key: 'later',
      },
    };
    const { value, markers } = plantMarkers(user, (path) =>
      /(?:^|\.)(?:id|team_id|color|image_24)$/.test(path),
    );
    const { records, unknownKeys } = await readExport({ 'u.json': JSON.stringify([value]) }, 'u.json');
    expect(
      lostMarkers(
        markers,
        records.flatMap((r) => r.texts.map((t) => t.text)),
      ),
    ).toEqual([]);
    expect(unknownKeys).toEqual([]);
  });
});

describe('lists of conversations', () => {
  it('give topic, purpose and names as settings of the channel', async () => {
    const { reader, records } = await readExport(lists, 'channels.json');
    expect(reader).toBe('slack-conversations');
    expect(records[0]).toMatchObject({
      place: { id: 'C0DEPLOY01', tenant: 'T0TEAM001', name: '#deploys', audience: 'internal' },
      type: 'setting',
      id: 'C0DEPLOY01',
    });
    expect(textsOf(records[0])).toEqual({
      name: 'deploys',
      'topic.value': 'where <https://ops.example.org|ops> meet',
      'purpose.value': 'rolling out',
      'previous_names.0': 'old-deploys',
    });
    expect(records[0]?.texts.find((text) => text.field.path === 'topic.value')?.field.role).toBe('topic');
  });

  it.each([
    ['groups', groups],
    ['dms', dms],
    ['mpims', mpims],
    ['channels', channels],
  ])('are known by content: %s', async (_name, list) => {
    expect((await readExport({ x: JSON.stringify(list) }, 'x')).reader).toBe('slack-conversations');
  });

  it('say nothing of direct ones unless asked', async () => {
    const { records } = await readExport(lists, 'mpims.json', { includeDirect: false });
    expect(records).toEqual([]);
  });
});

describe('other files of an export', () => {
  it('reads the log of apps', async () => {
    const log = [
      {
        user_id: 'U0ANA00001',
        user_name: 'ana',
        date: '1458969700',
        change_type: 'added',
        service_id: '29682277639',
        service_type: 'Travis CI',
        reason: 'needs pw alpha',
        channel: 'C0DEPLOY01',
      },
    ];
    const { reader, records } = await readExport({ 'l.json': JSON.stringify(log) }, 'l.json');
    expect(reader).toBe('slack-integration-logs');
    expect(records[0]).toMatchObject({
      type: 'event',
      id: '29682277639/1458969700/added',
      actor: { id: 'U0ANA00001', name: 'ana' },
      time: { created: '2016-03-26T05:21:40Z' },
    });
    expect(textsOf(records[0])).toMatchObject({ reason: 'needs pw alpha', service_type: 'Travis CI' });
  });

  it('reads lists of canvases', async () => {
    const { reader, records } = await readExport({ 'c.json': JSON.stringify(fileMessage.files) }, 'c.json');
    expect(reader).toBe('slack-files');
    expect(records[0]).toMatchObject({
      type: 'attachment',
      id: 'F0FILE0001',
      title: 'The env',
      permalink: { url: 'https://acme.slack.com/files/U0ANA00001/F0FILE0001/env.txt' },
    });
  });

  it('reads canvases, and links to them when the workspace is known', async () => {
    const html =
      '<div class="quip-canvas-content"><h1 id="temp:C:x">Runbook</h1><p class="line">pw</p></div>';
    const files = { ...lists, 'canvases.json': JSON.stringify(fileMessage.files), 'F0CANVAS01.html': html };
    const { reader, records } = await readExport(files, 'F0CANVAS01.html');
    expect(reader).toBe('slack-canvas');
    expect(records[0]).toMatchObject({
      type: 'page',
      id: 'F0CANVAS01',
      title: 'Runbook',
      permalink: { url: 'https://acme.slack.com/docs/T0TEAM001/F0CANVAS01' },
    });
    expect(records[0]?.texts[0]).toMatchObject({ text: html, dialect: 'html' });
  });
});

describe('canvases without an id in their name', () => {
  it('are known by their first block, whatever the file is called', async () => {
    const page =
      '<div class="quip-canvas-content"><h1 id="temp:C:AbC123xyz">Keys</h1><p id="temp:C:other456">x</p></div>';
    for (const name of ['canvas.html', 'copy (2).html'])
      expect((await readExport({ [name]: page }, name)).records[0]).toMatchObject({
        id: 'temp:C:AbC123xyz',
        title: 'Keys',
      });
  });
});

describe('slackdump', () => {
  it('reads a dump with replies within their thread', async () => {
    const dump = {
      channel_id: 'C0DUMPED01',
      name: 'dumped',
      messages: [
        {
          ...plainMessage,
          thread_ts: plainMessage.ts,
          slackdump_thread_replies: [
            { ...plainMessage, ts: '1600000300.000000', thread_ts: plainMessage.ts, text: 'reply' },
          ],
        },
      ],
    };
    const { records } = await readExport({ d: JSON.stringify(dump) }, 'd');
    const messages = records.filter((record) => record.type === 'message');
    expect(messages.map((r) => [r.place.id, r.place.name, r.id, r.thread, r.revision.state])).toEqual([
      ['C0DUMPED01', '#dumped', plainMessage.ts, plainMessage.ts, 'current'],
      ['C0DUMPED01', '#dumped', '1600000300.000000', plainMessage.ts, 'current'],
    ]);
  });

  it('knows people, channels and the domain from the packed lists of its archive', async () => {
    const lines = (...chunks: readonly object[]): Buffer =>
      gzipSync(chunks.map((chunk) => JSON.stringify(chunk)).join('\n'));
    const files = {
      'a/workspace.json.gz': lines({
        t: 6,
        ts: 1,
        w: { url: 'https://acme.slack.com/', team_id: 'T0TEAM001' },
      }),
      'a/users.json.gz': lines({ t: 3, ts: 1, u: users }),
      'a/channels.json.gz': lines({ t: 4, ts: 1, ch: channels }),
      'a/C0DEPLOY01.json': JSON.stringify({ t: 0, ts: 1, id: 'C0DEPLOY01', n: 1, m: [plainMessage] }),
    };
    const { records } = await readExport(files, 'a/C0DEPLOY01.json');
    expect(records[0]).toMatchObject({
      place: { id: 'C0DEPLOY01', tenant: 'T0TEAM001', name: '#deploys' },
      actor: { name: 'Ana R' },
      permalink: { url: 'https://acme.slack.com/archives/C0DEPLOY01/p1600000100000200' },
    });
  });

  it('takes the name of a channel from the file itself', async () => {
    const info = {
      t: 5,
      ts: 1,
      id: 'C0LONE0001',
      ci: { id: 'C0LONE0001', name: 'lone', is_private: true, created: 1 },
    };
    const text = [info, { t: 0, ts: 1, id: 'C0LONE0001', n: 1, m: [plainMessage] }]
      .map((c) => JSON.stringify(c))
      .join('\n');
    const { records } = await readExport({ x: text }, 'x');
    const message = records.find((record) => record.type === 'message');
    expect(message?.place).toMatchObject({ name: '#lone', audience: 'restricted' });
  });

  it('reads one chunk: messages, people, channels', async () => {
    const read = async (chunk: object): ReturnType<typeof readExport> =>
      await readExport({ 'c.json': JSON.stringify(chunk) }, 'c.json');
    const messages = await read({ t: 0, ts: 1, id: 'C0CHUNK001', n: 1, m: [plainMessage] });
    expect(messages.reader).toBe('slack-slackdump-chunks');
    expect(messages.records[0]).toMatchObject({ place: { id: 'C0CHUNK001' }, id: plainMessage.ts });
    expect((await read({ t: 3, ts: 1, n: 1, u: users })).records).toHaveLength(3);
    const [channel] = (await read({ t: 5, ts: 1, id: 'C0DEPLOY01', ci: channels[0] })).records;
    expect(channel).toMatchObject({ type: 'setting', place: { id: 'C0DEPLOY01', name: '#deploys' } });
    const direct = {
      t: 5,
      ts: 1,
      id: 'D0DIRECT01',
      ci: { ...dms[0], is_im: true, purpose: { value: 'private' } },
    };
    expect((await readExport({ d: JSON.stringify(direct) }, 'd', { includeDirect: false })).records).toEqual(
      [],
    );
  });
});
