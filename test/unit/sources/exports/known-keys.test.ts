/** What real exports have beside their texts is known, so that a key that coverage tells of says something. */
import { describe, expect, it } from 'vitest';
import { readExport } from '../../../support/read-export.js';

async function read(content: unknown, name = 'x.json') {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return await readExport({ [name]: text }, name, { includeDirect: true });
}

const nodeId = Buffer.from('010:Repository186853002').toString('base64');
const url = 'https://github.example.org/octo/hello';

const githubIssue = {
  url: 'https://api.github.com/repos/octo/hello/issues/1',
  repository_url: 'https://api.github.com/repos/octo/hello',
  html_url: 'https://github.com/octo/hello/issues/1',
  id: 444500041,
  node_id: nodeId,
  number: 1,
  title: 'Login fails',
  user: { login: 'ana', id: 1, node_id: nodeId, type: 'User', notifications_url: `${url}/n` },
  labels: [{ id: 2, node_id: nodeId, name: 'bug', color: 'd73a4a', default: true, description: 'broken' }],
  state: 'open',
  created_at: '2024-03-01T10:00:00Z',
  body: 'text of the issue',
  author_association: 'OWNER',
  type: { id: 3, node_id: nodeId, name: 'Task', description: 'a piece of work', color: 'blue' },
  pull_request: { diff_url: `${url}/pull/1.diff`, patch_url: `${url}/pull/1.patch` },
  performed_via_github_app: {
    id: 4,
    node_id: nodeId,
    slug: 'bot',
    name: 'Bot',
    description: 'an app',
    external_url: 'https://bot.example.org',
    permissions: { actions: 'read', contents: 'write' },
    events: ['push', 'check_run'],
  },
};

const zulipRealm = {
  zerver_realm: [
    {
      id: 1,
      name: 'Acme',
      string_id: 'acme',
      description: 'chat',
      default_language: 'en',
      giphy_rating: 'g',
    },
  ],
  zerver_userprofile: [
    {
      id: 2,
      full_name: 'Ana',
      delivery_email: 'ana@example.org',
      timezone: 'Europe/Vienna',
      tos_version: '1.0',
    },
  ],
  zerver_reaction: [{ id: 3, emoji_name: 'tada', emoji_code: '1f389', reaction_type: 'unicode_emoji' }],
  zerver_realmfilter: [{ id: 4, pattern: '#(?P<id>[0-9]+)', url_template: 'https://t.example.org/{id}' }],
  zerver_usertopic: [{ id: 5, topic_name: 'deploys', last_updated: 1709287200 }],
  zerver_userstatus: [{ id: 6, status_text: 'away', emoji_name: 'car' }],
  zerver_botconfigdata: [{ id: 7, key: 'apikey', value: 'value of a bot' }],
};

const teamsMessage = {
  '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#chats',
  id: '1616965872395',
  replyToId: null,
  etag: '1616965872395',
  messageType: 'message',
  createdDateTime: '2021-03-28T21:11:12.395Z',
  chatId: '19:8ea0e38b@unq.gbl.spaces',
  importance: 'normal',
  locale: 'en-us',
  policyViolation: {
    dlpAction: 'notifySender',
    justificationText: 'why it was sent',
    verdictDetails: 'allowOverrideWithJustification',
    policyTip: {
      generalText: 'a tip',
      complianceUrl: 'https://c.example.org',
      matchedConditionDescriptions: ['a credit card'],
    },
  },
  from: { user: { id: '8b081ef6', displayName: 'Ana', userIdentityType: 'aadUser', tenantId: 't' } },
  body: { contentType: 'text', content: 'hello' },
  eventDetail: {
    '@odata.type': '#microsoft.graph.callRecordingEventMessageDetail',
    callId: 'c0a2ab81',
    callRecordingDisplayName: 'standup.mp4',
    callRecordingUrl: 'https://r.example.org/standup.mp4',
    callRecordingStatus: 'success',
    meetingOrganizer: { application: null, user: { id: 'u', displayName: 'Ben' } },
  },
};

const matrixExport = {
  room_name: 'ops',
  room_creator: '@ana:example.org',
  topic: 'operations',
  export_date: '1.3.2024',
  exported_by: '@ana:example.org',
  messages: [
    {
      type: 'm.room.encrypted',
      sender: '@ana:example.org',
      event_id: '$a',
      room_id: '!r:example.org',
      origin_server_ts: 1709287200000,
      content: {
        algorithm: 'm.megolm.v1.aes-sha2',
        device_id: 'DEVICE',
        session_id: 'abc',
        sender_key: 'def',
      },
    },
    {
      type: 'm.room.server_acl',
      sender: '@ana:example.org',
      event_id: '$b',
      room_id: '!r:example.org',
      origin_server_ts: 1709287200001,
      state_key: '',
      content: { allow: ['*.example.org'], deny: ['*.evil.example'] },
    },
    {
      type: 'm.room.message',
      sender: '@ana:example.org',
      event_id: '$c',
      room_id: '!r:example.org',
      origin_server_ts: 1709287200002,
      content: { msgtype: 'm.text', body: 'hello', 'm.mentions': { user_ids: ['@ben:example.org'] } },
    },
  ],
};

const googleChat = {
  messages: [
    {
      creator: { name: 'Ana', email: 'ana@example.org', user_type: 'Human' },
      created_date: 'Friday, March 1, 2024 at 10:00:00 AM UTC',
      text: 'hello',
      topic_id: 'abc',
      message_id: 'AAAA/abc/abc',
      annotations: [
        { start_index: 0, length: 5, format_metadata: { format_type: 'MONOSPACE' } },
        {
          video_call_metadata: {
            meeting_space: { meeting_code: 'abc-defg-hij', meeting_url: 'https://m.example' },
          },
        },
        { drive_metadata: { id: 'd', title: 'plan', thumbnail_url: 'https://t.example/x' } },
      ],
      reactions: [{ emoji: { unicode: '1f389' }, reactor_emails: ['ben@example.org'] }],
    },
  ],
};

const gitlabProject = {
  description: 'a project',
  visibility_level: 0,
  issues_access_level: 'enabled',
  ci_config_path: null,
  import_type: null,
  build_timeout: 3600,
  build_git_strategy: 'fetch',
  merge_method: 'ff',
  issues_template: 'text of a template',
  merge_requests_template: 'text of another',
};
const gitlabIssue = {
  iid: 1,
  title: 'Login fails',
  author_id: 1,
  description: 'text',
  state: 'opened',
  issue_type: 'incident',
  work_item_type: { base_type: 'issue', name: 'Issue' },
  time_stats: { time_estimate: 0, human_time_estimate: '3h 30m' },
  resource_state_events: [{ user_id: 1, state: 'closed' }],
  notes: [{ note: 'a note', noteable_type: 'Issue', author: { name: 'Ana' }, noteable_id: 1, system: false }],
};

const servicenow = {
  result: [
    {
      sys_id: 'a'.repeat(32),
      number: 'CHG0030001',
      sys_created_on: '2024-03-01 10:00:00',
      sys_class_name: 'change_request',
      short_description: 'Change it',
      implementation_plan: 'plan in words',
      backout_plan: '<p>plan to go back</p>',
      test_plan: 'plan to test',
      approval: 'not requested',
      chg_model: { display_value: 'Normal', value: 'b'.repeat(32) },
      conflict_status: 'Not Run',
      sys_tags: 'network',
      upon_approval: 'proceed',
      correlation_display: 'Monitoring',
      made_sla: 'true',
    },
  ],
};

describe('keys of real exports', () => {
  it.each<[string, string, unknown, string]>([
    ['GitHub', 'github-json', [githubIssue, githubIssue], 'x.json'],
    ['Zulip', 'zulip-tables', zulipRealm, 'realm.json'],
    ['Teams', 'teams-messages', { value: [teamsMessage, teamsMessage] }, 'x.json'],
    ['Matrix', 'matrix-events', matrixExport, 'x.json'],
    ['Google Chat', 'google-chat-messages', googleChat, 'Space A/messages.json'],
    ['a GitLab project', 'gitlab-export', gitlabProject, 'tree/project.json'],
    [
      'GitLab issues',
      'gitlab-export',
      `${JSON.stringify(gitlabIssue)}\n`.repeat(2),
      'tree/project/issues.ndjson',
    ],
    ['ServiceNow', 'servicenow-json', servicenow, 'x.json'],
  ])('%s', async (_, reader, content, name) => {
    const result = await read(content, name);
    expect(result.reader).toBe(reader);
    expect(result.unknownKeys).toEqual([]);
    expect(result.records.length).toBeGreaterThan(0);
  });

  it('are told of when nobody knows them', async () => {
    const { unknownKeys } = await read([{ ...githubIssue, next_years_field: 'some words' }, githubIssue]);
    expect(unknownKeys).toEqual(['next_years_field']);
  });
});

describe('texts under them', () => {
  it('are fields with a part to play', async () => {
    const roles = async (content: unknown, name?: string) =>
      new Map(
        (await read(content, name)).records.flatMap(({ texts }) =>
          texts.map(({ text, field, dialect }) => [text, `${field.role} ${dialect}`]),
        ),
      );
    const change = await roles(servicenow);
    expect(change.get('plan in words')).toBe('body plain');
    expect(change.get('<p>plan to go back</p>')).toBe('body html');
    const project = await roles(gitlabProject, 'tree/project.json');
    expect(project.get('text of a template')).toBe('description markdown');
    const realm = await roles(zulipRealm, 'realm.json');
    expect(realm.get('away')).toBe('profile plain');
    const cards = await roles([
      {
        url: `${url}/cards/1`,
        id: 1,
        node_id: nodeId,
        note: 'on a *card*',
        project_url: url,
        column_url: url,
      },
    ]);
    expect(cards.get('on a *card*')).toBe('body markdown');
  });

  it('are no ids because of their key, when they do not look like one', async () => {
    const value = 'hunter2-Blue-Horse-Battery';
    const { records } = await read([{ ...githubIssue, node_id: value }, githubIssue]);
    expect(records.flatMap(({ texts }) => texts.map(({ text }) => text))).toContain(value);
  });
});
