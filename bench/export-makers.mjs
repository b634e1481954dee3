/**
 * Makes up exports of many systems from a seed, without a secret in them: for measuring what reading costs. Each maker
 * gives the name of a file and its text, of about the bytes that are asked for.
 */

const words =
  'the deploy of our gateway failed again because config was not found in staging we should roll back and check logs before lunch please review my change thanks everyone looks good customer reported an issue with login timeout migration finished'.split(
    ' ',
  );

let state = 11;
const below = (limit) => {
  state = (state * 1103515245 + 12345) & 0x7fffffff;
  return state % limit;
};
const prose = (count) => Array.from({ length: count }, () => words[below(words.length)]).join(' ');
const time = (i) => new Date(1.6e12 + i * 60_000).toISOString().replace('.000Z', 'Z');
const text = () => prose(10 + below(60));

/** Elements until there are enough bytes. */
function fill(bytes, make, join, [before, after]) {
  const parts = [];
  for (let size = 0, i = 0; size < bytes; i++) {
    const part = make(i);
    size += part.length;
    parts.push(part);
  }
  return before + parts.join(join) + after;
}
const json = (make) => (i) => JSON.stringify(make(i));

const githubUser = (i) => ({
  login: `user${i % 40}`,
  id: i % 40,
  node_id: `MDQ6VXNlcj${i % 40}`,
  avatar_url: `https://avatars.githubusercontent.com/u/${i % 40}?v=4`,
  url: `https://api.github.com/users/user${i % 40}`,
  html_url: `https://github.com/user${i % 40}`,
  type: 'User',
  site_admin: false,
});
const githubIssue = (i) => ({
  url: `https://api.github.com/repos/acme/api/issues/${i}`,
  repository_url: 'https://api.github.com/repos/acme/api',
  comments_url: `https://api.github.com/repos/acme/api/issues/${i}/comments`,
  html_url: `https://github.com/acme/api/issues/${i}`,
  id: 100_000 + i,
  node_id: `I_kwDO${i}`,
  number: i,
  title: prose(7),
  user: githubUser(below(40)),
  labels: [{ id: 1, name: 'bug', color: 'd73a4a', description: 'Does not work' }],
  state: 'open',
  locked: false,
  comments: 2,
  created_at: time(i),
  updated_at: time(i + 9),
  closed_at: null,
  author_association: 'MEMBER',
  body: `${text()}\n\n- ${text()}\n\n\`${prose(2)}\``,
  reactions: { url: `https://api.github.com/repos/acme/api/issues/${i}/reactions`, total_count: 0 },
});
const gitlabIssue = (i) => ({
  id: 5000 + i,
  iid: i,
  project_id: 7,
  title: prose(7),
  description: text(),
  state: 'opened',
  created_at: time(i),
  updated_at: time(i),
  author: {
    id: i % 40,
    username: `user${i % 40}`,
    name: 'Some Body',
    web_url: `https://gitlab.example/user${i % 40}`,
  },
  web_url: `https://gitlab.example/acme/api/-/issues/${i}`,
  labels: ['bug'],
});
const zendeskTicket = (i) => ({
  url: `https://acme.zendesk.com/api/v2/tickets/${i}.json`,
  id: i,
  created_at: time(i),
  updated_at: time(i),
  type: 'incident',
  subject: prose(6),
  raw_subject: prose(6),
  description: text(),
  priority: 'normal',
  status: 'open',
  requester_id: 100 + below(40),
  submitter_id: 100 + below(40),
  organization_id: 5,
  tags: ['login'],
  custom_fields: [{ id: 1, value: null }],
  comments: [
    {
      id: i * 10,
      type: 'Comment',
      author_id: 100 + below(40),
      body: text(),
      public: true,
      created_at: time(i),
    },
  ],
});
const discordMessage = (i) => ({
  id: `${10n ** 18n + BigInt(i)}`,
  type: 'Default',
  timestamp: `${time(i).slice(0, -1)}.123+00:00`,
  timestampEdited: null,
  callEndedTimestamp: null,
  isPinned: false,
  content: text(),
  author: {
    id: `${5n * 10n ** 17n + BigInt(i % 40)}`,
    name: `user${i % 40}`,
    discriminator: '0000',
    nickname: `User ${i % 40}`,
    color: null,
    isBot: false,
    roles: [],
    avatarUrl: 'https://cdn.discordapp.com/avatars/1/a.png',
  },
  attachments: [],
  embeds: [],
  stickers: [],
  reactions: [],
  mentions: [],
  inlineEmojis: [],
});
const teamsMessage = (i) => ({
  id: `${1.6e12 + i}`,
  replyToId: null,
  etag: `${1.6e12 + i}`,
  messageType: 'message',
  createdDateTime: time(i),
  lastModifiedDateTime: time(i),
  deletedDateTime: null,
  subject: null,
  importance: 'normal',
  locale: 'en-us',
  webUrl: `https://teams.microsoft.com/l/message/19%3Aabc%40thread.tacv2/${1.6e12 + i}`,
  from: {
    application: null,
    device: null,
    user: { id: `0000${i % 40}`, displayName: `User ${i % 40}`, userIdentityType: 'aadUser' },
  },
  body: { contentType: 'html', content: `<div><p>${text()}</p></div>` },
  channelIdentity: { teamId: 'aaaa-bbbb', channelId: '19:abc@thread.tacv2' },
  attachments: [],
  mentions: [],
  reactions: [],
});
const mattermostLine = (i) =>
  i === 0
    ? { type: 'version', version: 1 }
    : {
        type: 'post',
        post: {
          team: 'acme',
          channel: 'deploys',
          user: `user${i % 40}`,
          type: '',
          message: text(),
          props: {},
          create_at: 1.6e12 + i,
          reactions: [],
          replies: [],
          attachments: [],
        },
      };
const event = (i) => ({
  id: i,
  created_at: time(i),
  author: `user${i % 40}`,
  title: prose(6),
  message: text(),
  level: 'info',
});
const mail = (i) =>
  `From ana@acme.example Thu Sep 3 10:00:00 2020\nMessage-ID: <${i}@acme.example>\nDate: Thu, 3 Sep 2020 10:00:00 +0000\nFrom: Ana <ana@acme.example>\nTo: Bo <bo@acme.example>\nSubject: ${prose(6)}\nContent-Type: text/plain; charset=utf-8\n\n${Array.from({ length: 12 }, () => prose(11)).join('\n')}\n\n`;
const page = (i) =>
  `<object class="BodyContent" package="com.atlassian.confluence.core">\n<id name="id">${1e6 + i}</id>\n<property name="body"><![CDATA[<p>${text()}</p><h2>${prose(3)}</h2><p>${text()} &amp; ${text()}</p>]]></property>\n<property name="content" class="Page" package="com.atlassian.confluence.pages"><id name="id">${i}</id>\n</property>\n<property name="bodyType">2</property>\n</object>\n<object class="Page" package="com.atlassian.confluence.pages">\n<id name="id">${i}</id>\n<property name="title"><![CDATA[${prose(4)} ${i}]]></property>\n<property name="version">1</property>\n<property name="creationDate">2020-09-03 10:00:00.000</property>\n<property name="contentStatus"><![CDATA[current]]></property>\n</object>\n`;
const adf = (i) => ({
  expand: 'operations',
  id: `${i}`,
  self: `https://acme.atlassian.net/rest/api/3/issue/${i}`,
  key: `API-${i + 1}`,
  fields: {
    summary: prose(7),
    description: document(4),
    created: '2024-03-02T10:00:00.000+0000',
    customfield_10010: null,
    customfield_10020: {
      self: 'https://acme.atlassian.net/rest/api/3/customFieldOption/1',
      value: 'Production',
      id: '1',
    },
    comment: {
      comments: Array.from({ length: 3 }, (_, k) => ({
        id: `${i}${k}`,
        author: { accountId: `5b10${i % 40}`, displayName: 'Some Body', active: true },
        body: document(2),
        created: '2024-03-02T10:00:00.000+0000',
      })),
      total: 3,
    },
  },
});
const document = (paragraphs) => ({
  type: 'doc',
  version: 1,
  content: Array.from({ length: paragraphs }, () => ({
    type: 'paragraph',
    content: [
      { type: 'text', text: text() },
      { type: 'hardBreak' },
      { type: 'text', text: prose(5), marks: [{ type: 'strong' }] },
    ],
  })),
});

const array = ['[', ']'];

/** By name: the file's name and its text. */
export const makers = {
  'jira-adf': (bytes) => [
    'search.json',
    fill(bytes, json(adf), ',', [
      '{"expand":"schema,names","startAt":0,"maxResults":1,"total":1,"issues":[',
      ']}',
    ]),
  ],
  'github-rest': (bytes) => ['issues.json', fill(bytes, json(githubIssue), ',', array)],
  'gitlab-rest': (bytes) => ['issues.json', fill(bytes, json(gitlabIssue), ',', array)],
  'zendesk-lines': (bytes) => ['tickets.json', fill(bytes, json(zendeskTicket), '\n', ['', '\n'])],
  discord: (bytes) => [
    'deploys.json',
    fill(bytes, json(discordMessage), ',', [
      '{"guild":{"id":"1","name":"Acme","iconUrl":""},"channel":{"id":"2","type":"GuildTextChat","categoryId":"3","category":"Dev","name":"deploys","topic":null},"dateRange":{"after":null,"before":null},"exportedAt":"2024-01-01T00:00:00+00:00","messages":[',
      '],"messageCount":1}',
    ]),
  ],
  teams: (bytes) => [
    'messages.json',
    fill(bytes, json(teamsMessage), ',', [
      '{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#chatMessages","value":[',
      ']}',
    ]),
  ],
  mattermost: (bytes) => ['export.jsonl', fill(bytes, json(mattermostLine), '\n', ['', '\n'])],
  'json-array': (bytes) => ['events.json', fill(bytes, json(event), ',', array)],
  'json-lines': (bytes) => ['events.ndjson', fill(bytes, json(event), '\n', ['', '\n'])],
  mbox: (bytes) => ['archive.mbox', fill(bytes, mail, '', ['', ''])],
  'confluence-xml': (bytes) => [
    'entities.xml',
    fill(bytes, page, '', [
      '<?xml version="1.0" encoding="UTF-8"?>\n<hibernate-generic datetime="2024-01-01 00:00:00">\n',
      '</hibernate-generic>\n',
    ]),
  ],
  'jira-csv': (bytes) => [
    'Jira.csv',
    fill(
      bytes,
      (i) => `API-${i + 1},${i},${prose(6)},Open,"${text()}","2024-03-02 10:00;ana;${text()}"`,
      '\n',
      ['Issue key,Issue id,Summary,Status,Description,Comment\n', '\n'],
    ),
  ],
  'csv-rows': (bytes) => [
    'rows.csv',
    fill(bytes, (i) => `${i},${time(i)},user${i % 40},"${text()}"`, '\n', [
      'id,created_at,author,message\n',
      '\n',
    ]),
  ],
};
