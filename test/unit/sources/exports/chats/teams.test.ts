import { describe, expect, it } from 'vitest';
import { plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';
import { lostTexts } from './lost-texts.js';

const channelId = '19:abc@thread.tacv2';

function message(over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: '1700000000000',
    replyToId: null,
    messageType: 'message',
    createdDateTime: '2024-03-01T10:02:00.5+00:00',
    lastEditedDateTime: null,
    deletedDateTime: null,
    subject: null,
    webUrl: 'https://teams.microsoft.com/l/message/x/1700000000000',
    chatId: null,
    channelIdentity: { teamId: 'team-1', channelId },
    from: { application: null, user: { id: 'u1', displayName: 'Ana' } },
    body: { contentType: 'html', content: '<p>pw&nbsp;is <b>x</b></p>' },
    attachments: [],
    mentions: [],
    ...over,
  };
}

function pascal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key[0]?.toUpperCase() + key.slice(1), pascal(child)]),
  );
}

describe('Teams messages', () => {
  const page = { '@odata.context': 'https://graph', value: [message(), message({ id: '1700000000001' })] };
  it.each([
    ['a page of Graph', JSON.stringify(page)],
    ['a list of pages', JSON.stringify([page])],
    ['a list', JSON.stringify(page.value)],
    ['lines', page.value.map((entry) => JSON.stringify(entry)).join('\n')],
    ['capital keys', `\ufeff${JSON.stringify(pascal(page.value), null, 2)}`],
    ['a list under another name', JSON.stringify({ exported: 'x', messages: page.value })],
  ])('are known as %s', async (_, source) => {
    const result = await readExport({ 'a/1': source }, 'a/1');
    expect(result.reader).toBe('teams-messages');
    expect(result.records.map((record) => record.id)).toEqual(['1700000000000', '1700000000001']);
    expect(result.records[0]).toMatchObject({
      place: { kind: 'channel', id: channelId, audience: 'internal' },
      type: 'message',
      thread: '1700000000000',
      actor: { id: 'u1', name: 'Ana', kind: 'user' },
      time: { created: expect.stringMatching(/^2024-03-01T10:02:00\.5\d*Z$/) },
      permalink: { url: 'https://teams.microsoft.com/l/message/x/1700000000000' },
      revision: { state: 'current' },
    });
    expect(result.records[0]?.texts[0]).toEqual({
      text: '<p>pw&nbsp;is <b>x</b></p>',
      dialect: 'html',
      field: { path: 'body.content', role: 'body' },
    });
  });

  it('take names of channels and people from the lists beside them', async () => {
    const files = {
      'x/teams/t/messages_t.json': JSON.stringify([message({ from: { user: { id: 'u2' } } })]),
      'x/teams/t/channels_t.json': JSON.stringify([
        { Id: channelId, DisplayName: 'Deploys', MembershipType: 'standard', Description: 'where keys go' },
      ]),
      'x/teams/teamsList.json': JSON.stringify([
        { Name: 'Ops', Privacy: 'Private', Description: 'old keys', GroupsId: 'team-1' },
      ]),
      'x/users/usersList.json': '[]',
      'x/teams/t/teamMembers_t.json': JSON.stringify([
        { Name: 'Ben', UserId: 'u2', UserName: 'ben@example.org', Role: null },
      ]),
    };
    const { records } = await readExport(files, 'x/teams/t/messages_t.json');
    expect(records[0]?.place).toMatchObject({ name: 'Ops / Deploys', audience: 'restricted' });
    expect(records[0]?.actor).toEqual({ kind: 'user', id: 'u2', name: 'Ben', email: 'ben@example.org' });
    const channels = await readExport(files, 'x/teams/t/channels_t.json');
    expect(channels.reader).toBe('teams-lists');
    expect(channels.records[0]).toMatchObject({ type: 'setting', place: { id: channelId, name: 'Deploys' } });
    expect(channels.records[0]?.texts.map((text) => text.text)).toContain('where keys go');
    const teams = await readExport(files, 'x/teams/teamsList.json');
    expect(teams.records[0]).toMatchObject({
      type: 'setting',
      place: { kind: 'workspace', id: 'team-1', name: 'Ops', audience: 'restricted' },
    });
    const members = await readExport(files, 'x/teams/t/teamMembers_t.json');
    expect(members.records[0]).toMatchObject({ type: 'profile', id: 'u2', title: 'Ben' });
    expect(members.unknownKeys).toEqual([]);
  });

  it('in chats are direct messages', async () => {
    const chats = ['19:a_b@unq.gbl.spaces', '19:group@thread.v2'].map((chatId) =>
      message({ chatId, channelIdentity: null, webUrl: null }),
    );
    const source = { x: JSON.stringify(chats) };
    const left = await readExport(source, 'x', { includeDirect: false });
    expect(left.records).toEqual([]);
    expect(left.notes).toEqual({ 'direct-message': 2 });
    const { records } = await readExport(source, 'x');
    expect(records.map((record) => record.place.kind)).toEqual(['dm', 'group-dm']);
    expect(records[0]?.thread).toBeUndefined();
    expect(records[0]?.permalink).toEqual({
      url: 'https://teams.microsoft.com/l/message/19%3Aa_b%40unq.gbl.spaces/1700000000000?context=%7B%22contextType%22%3A%22chat%22%7D',
      level: 'record',
    });
  });

  it('that are quoted or forwarded are records that name their origin', async () => {
    const attachments = [
      {
        contentType: 'forwardedMessageReference',
        content: JSON.stringify({
          originalMessageId: '1600000000000',
          originalMessageContent: '<p>forwarded</p>',
          originalConversationId: 'c',
          originalSentDateTime: '2024-02-01T00:00:00+00:00',
          originalMessageSender: { user: { id: 'u9', displayName: 'Eve' } },
        }),
      },
      {
        contentType: 'messageReference',
        content: JSON.stringify({ messageId: '1500000000000', messagePreview: 'replied to' }),
      },
    ];
    const { records, unknownKeys } = await readExport({ x: JSON.stringify([message({ attachments })]) }, 'x');
    expect(records.map((record) => [record.id, record.revision])).toEqual([
      ['1700000000000', { state: 'current' }],
      ['1700000000000/0', { state: 'quoted-copy', of: '1600000000000' }],
      ['1700000000000/1', { state: 'quoted-copy', of: '1500000000000' }],
    ]);
    expect(records[1]?.actor).toMatchObject({ id: 'u9', name: 'Eve' });
    expect(records[1]?.time?.created).toBe('2024-02-01T00:00:00Z');
    expect(records[1]?.texts[0]).toMatchObject({ text: '<p>forwarded</p>', dialect: 'html' });
    expect(records[2]?.texts[0]).toMatchObject({ text: 'replied to' });
    expect(records[0]?.texts.map((text) => text.text)).not.toContain('<p>forwarded</p>');
    expect(unknownKeys).toEqual([]);
  });

  it('hold the texts of cards, files, events and replies', async () => {
    const card = {
      type: 'AdaptiveCard',
      body: [
        { type: 'TextBlock', text: 'deploy with **key**' },
        { type: 'FactSet', facts: [{ title: 'Password', value: 'hunter2-Blue' }] },
      ],
      actions: [{ type: 'Action.OpenUrl', url: 'https://example.org/?token=abc' }],
    };
    const source = [
      message({
        subject: 'the subject',
        lastEditedDateTime: '2024-03-02T00:00:00Z',
        attachments: [
          { contentType: 'application/vnd.microsoft.card.adaptive', content: JSON.stringify(card) },
          { contentType: 'reference', contentUrl: 'https://s.example.org/a b.txt', name: 'a b.txt' },
        ],
        replies: [
          message({ id: '17', channelIdentity: null, body: { contentType: 'text', content: 'reply' } }),
        ],
      }),
      message({
        id: '18',
        messageType: 'systemEventMessage',
        from: null,
        deletedDateTime: '2024-03-03T00:00:00Z',
        eventDetail: { '@odata.type': '#x', channelDescription: 'old words', channelId },
      }),
    ];
    const { records } = await readExport({ x: JSON.stringify(source) }, 'x');
    const [first, reply, event] = records;
    const texts = first?.texts.map((text) => [text.text, text.field.role, text.label]);
    expect(texts).toContainEqual(['the subject', 'title', undefined]);
    expect(texts).toContainEqual(['deploy with **key**', 'body', undefined]);
    expect(texts).toContainEqual(['hunter2-Blue', 'body', 'Password']);
    expect(texts).toContainEqual(['https://example.org/?token=abc', 'body', undefined]);
    expect(texts).toContainEqual(['https://s.example.org/a b.txt', 'link', undefined]);
    expect(texts).toContainEqual(['a b.txt', 'attachment-name', undefined]);
    expect(first?.time?.edited).toBe('2024-03-02T00:00:00Z');
    expect(reply).toMatchObject({ id: '17', thread: '1700000000000', place: { id: channelId } });
    expect(reply?.texts[0]).toMatchObject({ text: 'reply', dialect: 'plain' });
    expect(event).toMatchObject({
      id: '18',
      type: 'event',
      actor: { kind: 'system' },
      revision: { state: 'deleted' },
    });
    expect(event?.texts).toContainEqual({
      text: 'old words',
      dialect: 'plain',
      field: { path: 'eventDetail.channelDescription', role: 'topic' },
    });
  });

  it('hand over members that no one knows', async () => {
    const { records, unknownKeys } = await readExport(
      { x: JSON.stringify([message({ vendorNote: { inner: 'some new text' } })]) },
      'x',
    );
    expect(records[0]?.texts.map((text) => text.text)).toContain('some new text');
    expect(unknownKeys).toEqual(['inner']);
  });

  it('lose no text', async () => {
    const source = message({
      summary: 'a',
      subject: 'b',
      locale: 'en-us',
      policyViolation: { policyTip: { generalText: 'c', matchedConditionDescriptions: ['d'] } },
      mentions: [{ id: 0, mentionText: 'e', mentioned: { user: { displayName: 'f', id: 'u3' } } }],
      attachments: [{ id: '1', contentType: 'x', content: 'no json', contentUrl: 'g', name: 'h' }],
      eventDetail: {
        chatDisplayName: 'i',
        callParticipants: [{ participant: { user: { displayName: 'j' } } }],
      },
      vendor: [{ deep: { deeper: ['k'] } }],
    });
    const kept = /(?:^|\.)(?:id|\w+Id|\w+DateTime|messageType|contentType|locale|webUrl)$/;
    const planted = plantMarkers(source, (path) => kept.test(path));
    const { records } = await readExport({ x: JSON.stringify([planted.value]) }, 'x');
    expect(lostTexts(planted, records)).toEqual([]);
    expect(planted.markers.size).toBeGreaterThan(10);
  });
});
