import { describe, expect, it } from 'vitest';
import { plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';
import { lostTexts } from './lost-texts.js';

const realm = {
  zerver_realm: [{ id: 1, string_id: 'acme', name: 'Acme' }],
  zerver_stream: [
    { id: 5, name: 'ops team', description: 'where *keys* go', invite_only: true, email_token: 'mailgate' },
  ],
  zerver_recipient: [
    { id: 21, type: 2, type_id: 5 },
    { id: 22, type: 1, type_id: 9 },
    { id: 23, type: 3, type_id: 4 },
  ],
  zerver_userprofile: [
    { id: 8, full_name: 'Ana', delivery_email: 'ana@example.org', is_bot: false, api_key: 'k3y' },
    { id: 9, full_name: 'Ben', email: 'ben@example.org', is_bot: true },
  ],
};

function message(over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: 77,
    sender: 8,
    recipient: 21,
    subject: 'deploy (keys).1',
    content: 'pw is `x`',
    rendered_content: '<p>pw is <code>x</code></p>',
    date_sent: 1700000000.5,
    last_edit_time: 1700000300,
    edit_history: null,
    ...over,
  };
}

function filesOf(...messages: readonly unknown[]): Record<string, string> {
  return {
    'acme/realm.json': JSON.stringify(realm),
    'acme/messages-000001.json': JSON.stringify({
      zerver_usermessage: [{ id: 1, user_profile: 8 }],
      zerver_message: messages,
    }),
  };
}

const name = 'acme/messages-000001.json';

describe('Zulip messages', () => {
  it('stand in channels and have authors of realm.json', async () => {
    const result = await readExport(filesOf(message()), name, { baseUrl: 'https://acme.example.org/' });
    expect(result.reader).toBe('zulip-messages');
    expect(result.unknownKeys).toEqual([]);
    expect(result.records).toMatchObject([
      {
        place: { kind: 'channel', tenant: 'acme', id: '5', name: '#ops team', audience: 'restricted' },
        id: '77',
        title: 'deploy (keys).1',
        actor: { id: '8', name: 'Ana', email: 'ana@example.org', kind: 'user' },
        time: { created: expect.stringMatching(/^2023-11-14T22:13:20\.5/), edited: '2023-11-14T22:18:20Z' },
        permalink: {
          url: 'https://acme.example.org/#narrow/channel/5-ops-team/topic/deploy.20.28keys.29.2E1/near/77',
        },
      },
    ]);
    expect(result.records[0]?.texts.map((text) => [text.text, text.dialect])).toEqual([
      ['deploy (keys).1', 'plain'],
      ['pw is `x`', 'markdown'],
      ['<p>pw is <code>x</code></p>', 'html'],
    ]);
  });

  it('give their old wordings as previous revisions', async () => {
    const history = [
      { timestamp: 1700000300, user_id: 8, prev_content: 'second', prev_rendered_content: '<p>second</p>' },
      { timestamp: 1700000200, user_id: 8, prev_topic: 'old topic', topic: 'new' },
      { timestamp: 1700000100, user_id: 8, prev_content: 'first' },
    ];
    const { records } = await readExport(filesOf(message({ edit_history: JSON.stringify(history) })), name);
    expect(
      records.map((record) => [record.id, record.revision, record.texts.map((text) => text.text)]),
    ).toEqual([
      ['77', { state: 'current' }, expect.arrayContaining(['pw is `x`'])],
      ['77', { state: 'previous', id: '3' }, ['second', '<p>second</p>']],
      ['77', { state: 'previous', id: '2' }, ['old topic']],
      ['77', { state: 'previous', id: '1' }, ['first']],
    ]);
    expect(records[1]?.time?.edited).toBe('2023-11-14T22:16:40Z');
    expect(records[3]?.time?.edited).toBeUndefined();
    const broken = await readExport(filesOf(message({ edit_history: '[{"prev' })), name);
    expect(broken.notes).toEqual({ malformed: 1 });
    expect(broken.records).toHaveLength(1);
  });

  it('between people are direct', async () => {
    const files = filesOf(message({ recipient: 22, subject: '' }), message({ recipient: 23, subject: '' }));
    expect((await readExport(files, name, { includeDirect: false })).notes).toEqual({ 'direct-message': 2 });
    const { records } = await readExport(files, name);
    expect(records.map((record) => [record.place.kind, record.place.name])).toEqual([
      ['dm', 'Ben'],
      ['group-dm', 'recipient 23'],
    ]);
  });

  it('come without realm.json too', async () => {
    const source = filesOf(message(), message({ subject: '' }))[name] ?? '';
    const { records } = await readExport({ renamed: source }, 'renamed', { includeDirect: false });
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ place: { kind: 'channel', audience: 'unknown' }, actor: { id: '8' } });
    expect(records[0]?.permalink).toBeUndefined();
  });

  it('and all other tables lose no text', async () => {
    const planted = plantMarkers(message(), () => false);
    const { records } = await readExport(filesOf(planted.value), name);
    expect(lostTexts(planted, records).filter((path) => path !== 'date_sent')).toEqual([]);
    const tables = plantMarkers(
      { ...realm, zerver_savedsnippet: [{ id: 1, title: 't', content: 'c' }] },
      () => false,
    );
    const result = await readExport({ x: JSON.stringify(tables.value) }, 'x');
    expect(result.reader).toBe('zulip-tables');
    expect(lostTexts(tables, result.records)).toEqual([]);
  });
});

describe('tables of a Zulip realm', () => {
  it('flag the credentials of the realm itself', async () => {
    const { records } = await readExport({ x: JSON.stringify(realm) }, 'x');
    const artifacts = records.flatMap((record) => record.texts.filter((text) => text.artifact === true));
    expect(artifacts.map((text) => [text.label, text.text])).toEqual([
      ['email_token', 'mailgate'],
      ['api_key', 'k3y'],
    ]);
    expect(records.find((record) => record.id === 'zerver_stream/5')).toMatchObject({
      type: 'setting',
      place: { kind: 'channel', id: '5' },
    });
    expect(records.find((record) => record.id === 'zerver_userprofile/8')?.type).toBe('profile');
  });
});
