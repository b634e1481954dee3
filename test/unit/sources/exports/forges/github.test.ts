import { describe, expect, it } from 'vitest';
import { lostMarkers, plantMarkers } from '../../../../support/plant-markers.js';
import { type ReadExport, readExport } from '../../../../support/read-export.js';

const page = 'https://github.com/acme/api';
const api = 'https://api.github.com/repos/acme/api';
const user = (login: string) => ({
  login,
  id: 7,
  node_id: 'MDQ6VXNlcjc=',
  avatar_url: 'https://avatars.githubusercontent.com/u/7?v=4',
  url: `https://api.github.com/users/${login}`,
  html_url: `https://github.com/${login}`,
  events_url: `https://api.github.com/users/${login}/events{/privacy}`,
  type: 'User',
});

const restIssue = {
  url: `${api}/issues/12`,
  repository_url: api,
  labels_url: `${api}/issues/12/labels{/name}`,
  comments_url: `${api}/issues/12/comments`,
  html_url: `${page}/issues/12`,
  id: 1001,
  node_id: 'I_kwDOABCDEF',
  number: 12,
  title: 'Login fails',
  user: user('ana'),
  labels: [{ id: 5, url: `${api}/labels/bug`, name: 'bug', color: 'd73a4a', description: 'it breaks' }],
  state: 'open',
  milestone: {
    html_url: `${page}/milestone/3`,
    number: 3,
    title: 'v2',
    description: 'second',
    creator: user('bo'),
  },
  created_at: '2024-03-01T10:02:03Z',
  updated_at: '2024-05-01T00:00:00Z',
  author_association: 'MEMBER',
  body: 'first line\r\n<!-- hidden: pw -->\r\nlast',
};
const restComment = {
  url: `${api}/issues/comments/900`,
  html_url: `${page}/issues/12#issuecomment-900`,
  issue_url: `${api}/issues/12`,
  id: 900,
  user: user('bo'),
  created_at: '2024-03-02T00:00:00Z',
  updated_at: '2024-03-03T00:00:00Z',
  body: 'try **this**',
};

async function read(value: unknown, name = 'data.bin'): Promise<ReadExport> {
  return readExport({ [name]: typeof value === 'string' ? value : JSON.stringify(value) }, name);
}

const textsOf = (records: ReadExport['records']) =>
  records.flatMap((one) => one.texts.map((text) => text.text));

function ofType(read: ReadExport, type: string) {
  return read.records.filter((record) => record.type === type);
}

describe('GitHub REST', () => {
  it('reads issues with place, author, time, permalink and the advice to clear the edit history', async () => {
    const { reader, records } = await read([restIssue]);
    expect(reader).toBe('github-json');
    expect(records.find((record) => record.type === 'issue')).toMatchObject({
      place: { kind: 'repo', tenant: 'github.com', id: 'acme/api' },
      id: '12',
      title: '#12 Login fails',
      actor: { id: 'ana' },
      time: { created: '2024-03-01T10:02:03Z' },
      permalink: { url: `${page}/issues/12` },
      action: 'clear-history',
      revision: { state: 'current' },
    });
    const body = records.flatMap((record) => record.texts).find((text) => text.field.path === 'body');
    expect(body).toMatchObject({ text: restIssue.body, dialect: 'markdown', field: { role: 'body' } });
    expect(body?.label).toBeUndefined();
  });

  it('gives labels, milestones and people as records of their own, once a file', async () => {
    const result = await read([restIssue, { ...restIssue, number: 13, html_url: `${page}/issues/13` }]);
    expect(ofType(result, 'setting').map((record) => record.id)).toEqual(['label/bug', 'milestone/3']);
    expect(ofType(result, 'profile').map((record) => record.id)).toEqual(['ana', 'bo']);
  });

  it('tells issue comments, review comments and commit comments with one number apart', async () => {
    const { records } = await read([
      restComment,
      {
        url: `${api}/pulls/comments/900`,
        html_url: `${page}/pull/14#discussion_r900`,
        pull_request_url: `${api}/pulls/14`,
        id: 900,
        diff_hunk: '@@ -1 +1 @@\n+KEY=1',
        path: 'a.env',
        user: user('bo'),
        body: 'why',
      },
      {
        html_url: `${page}/commit/abc#commitcomment-900`,
        id: 900,
        commit_id: 'abc',
        user: user('bo'),
        body: 'c',
      },
    ]);
    const comments = records.filter((record) => record.type === 'comment');
    expect(comments.map((record) => [record.id, record.thread])).toEqual([
      ['900', '12'],
      ['r900', '14'],
      ['c900', 'abc'],
    ]);
    expect(comments[0]?.time).toMatchObject({ edited: '2024-03-03T00:00:00Z' });
    expect(comments[1]?.texts.find((text) => text.field.path === 'diff_hunk')).toMatchObject({
      dialect: 'code',
    });
    expect(comments[0]?.texts[0]?.field.role).toBe('comment');
  });

  it('reads a single object, lines of objects, and search results', async () => {
    for (const data of [
      restIssue,
      `${JSON.stringify(restIssue)}\n${JSON.stringify(restComment)}\n`,
      { total_count: 1, incomplete_results: false, items: [restIssue] },
    ]) {
      const result = await read(data);
      expect(result.reader).toBe('github-json');
      expect(ofType(result, 'issue')[0]).toMatchObject({ id: '12', place: { id: 'acme/api' } });
    }
  });

  it('takes the host of an Enterprise server as the tenant', async () => {
    const text = JSON.stringify([restComment])
      .replaceAll('https://api.github.com/', 'https://git.example.org/api/v3/')
      .replaceAll('https://github.com/', 'https://git.example.org/');
    const { records } = await read(text);
    expect(records[0]?.place).toMatchObject({ tenant: 'git.example.org', id: 'acme/api' });
  });

  it('reads releases, commits, gists, check runs, variables, webhooks and alerts', async () => {
    const release = {
      html_url: `${page}/releases/tag/v1`,
      tag_name: 'v1',
      name: 'One',
      body: 'notes',
      author: user('ana'),
    };
    const commit = {
      sha: 'a'.repeat(40),
      html_url: `${page}/commit/${'a'.repeat(40)}`,
      commit: {
        message: 'fix\n\nsecret',
        author: { name: 'Ana', email: 'ana@example.org', date: '2024-01-01T00:00:00Z' },
      },
    };
    const gist = {
      url: 'https://api.github.com/gists/fa11',
      html_url: 'https://gist.github.com/fa11',
      git_pull_url: 'https://gist.github.com/fa11.git',
      id: 'fa11',
      public: false,
      description: 'notes',
      files: { 'a.sh': { filename: 'a.sh', content: 'export A=1', raw_url: 'https://gist.example/raw' } },
      owner: user('ana'),
    };
    const [byRelease, byCommit, byGist] = [await read([release]), await read([commit]), await read([gist])];
    expect(ofType(byRelease, 'release')[0]).toMatchObject({
      id: 'v1',
      place: { id: 'acme/api' },
      action: 'edit',
    });
    expect(ofType(byCommit, 'change')[0]).toMatchObject({
      id: 'a'.repeat(40),
      actor: { name: 'Ana', email: 'ana@example.org' },
      time: { created: '2024-01-01T00:00:00Z' },
    });
    expect(ofType(byGist, 'snippet')[0]).toMatchObject({ place: { id: 'gist/fa11' } });
    expect(ofType(byGist, 'snippet')[0]?.texts).toContainEqual(
      expect.objectContaining({ text: 'export A=1', dialect: 'code' }),
    );
    const checks = await read({
      total_count: 1,
      check_runs: [
        {
          id: 4,
          head_sha: 'b'.repeat(40),
          name: 'build',
          html_url: `${page}/runs/4`,
          output: { title: 't', text: 'log' },
        },
      ],
    });
    expect(ofType(checks, 'event')[0]).toMatchObject({ place: { id: 'acme/api' } });
    expect(ofType(checks, 'event')[0]?.texts.map((text) => text.text)).toContain('log');
    const alert = {
      number: 2,
      url: `${api}/secret-scanning/alerts/2`,
      html_url: `${page}/security/secret-scanning/2`,
      secret_type: 'x_key',
      secret: 'the-value',
      node_id: 'SSA_x',
    };
    const alerts = await read([alert]);
    expect(alerts.records[0]).toMatchObject({ type: 'event', id: 'alert/2', place: { id: 'acme/api' } });
    expect(alerts.records[0]?.texts).toContainEqual(
      expect.objectContaining({ text: 'the-value', label: 'secret' }),
    );
    const variables = await read({ total_count: 1, variables: [{ name: 'DB_PASSWORD', value: 'hunter2' }] });
    expect(variables.records[0]?.texts).toContainEqual(
      expect.objectContaining({ text: 'hunter2', label: 'DB_PASSWORD' }),
    );
  });

  it('gives the former title of a renamed issue as an earlier wording', async () => {
    const { records } = await read([
      {
        id: 77,
        node_id: 'RTE_lADO',
        url: `${api}/issues/events/77`,
        actor: user('ana'),
        event: 'renamed',
        created_at: '2024-03-04T00:00:00Z',
        rename: { from: 'old title', to: 'new title' },
      },
    ]);
    expect(records[0]).toMatchObject({ type: 'change', id: '77', revision: { state: 'previous', id: '77' } });
    expect(records[0]?.texts.map((text) => text.field.role)).toEqual(['history-old', 'history-new']);
  });

  it('loses no string', async () => {
    const planted = plantMarkers(
      [restIssue, restComment, { ...restIssue, extra: { deep: [{ anything: 'x' }] }, __proto__: null }],
      (path) => /url$|node_id$/.test(path),
    );
    const { records } = await read(planted.value);
    expect(lostMarkers(planted.markers, textsOf(records))).toEqual([]);
  });
});

describe('gh --json and GraphQL', () => {
  it('reads what gh writes, and gives comments the ids that REST gives them', async () => {
    const result = await read([
      {
        number: 12,
        title: 'Login fails',
        body: 'b',
        url: `${page}/issues/12`,
        author: { login: 'ana', name: 'Ana R', is_bot: false },
        createdAt: '2024-03-01T10:02:03Z',
        comments: [
          {
            id: 'IC_kwDO',
            author: { login: 'bo' },
            body: 'try',
            createdAt: '2024-03-02T00:00:00Z',
            url: restComment.html_url,
          },
        ],
      },
    ]);
    expect(result.reader).toBe('github-json');
    expect(ofType(result, 'comment')[0]).toMatchObject({
      place: { id: 'acme/api' },
      id: '900',
      thread: '12',
      title: '#12 Login fails',
      permalink: { url: restComment.html_url },
    });
  });

  it('takes the repository that the user gave where the data names none', async () => {
    const issues = [{ number: 12, title: 'Login', body: 'b', createdAt: '2024-03-01T10:02:03Z' }];
    const files = { 'x.bin': JSON.stringify(issues) };
    const { records } = await readExport(files, 'x.bin', { baseUrl: `${page}/` });
    expect(records[0]).toMatchObject({
      place: { tenant: 'github.com', id: 'acme/api' },
      permalink: { url: `${page}/issues/12` },
    });
    expect((await readExport(files, 'x.bin')).records[0]?.permalink).toBeUndefined();
  });

  it('reads the pages that gh api --paginate writes behind one another', async () => {
    const result = await read(`${JSON.stringify([restIssue])}${JSON.stringify([restComment])}`);
    expect(result.records.map((record) => record.type)).toContain('comment');
  });

  it('gives comments without addresses the place and thread of their issue', async () => {
    const result = await read({
      data: {
        repository: {
          nameWithOwner: 'acme/api',
          issue: {
            number: 5,
            title: 't',
            body: 'b',
            url: `${page}/issues/5`,
            comments: {
              nodes: [{ author: { login: 'ana' }, body: 'x', createdAt: '2024-01-01T00:00:00Z' }],
              pageInfo: { endCursor: 'Y3Vyc29y' },
            },
          },
        },
      },
    });
    expect(ofType(result, 'comment')[0]).toMatchObject({
      place: { tenant: 'github.com', id: 'acme/api' },
      thread: '5',
      id: '5/2024-01-01T00:00:00Z/ana/0',
    });
  });

  it('gives each kept edit as an earlier wording of its record', async () => {
    const result = await read({
      data: {
        node: {
          __typename: 'IssueComment',
          url: restComment.html_url,
          body: 'now',
          author: { login: 'bo' },
          userContentEdits: {
            nodes: [
              { id: 'UCE_3', editedAt: '2024-03-04T00:00:00Z', editor: { login: 'ana' }, diff: 'now' },
              {
                id: 'UCE_2',
                editedAt: '2024-03-03T00:00:00Z',
                editor: { login: 'bo' },
                diff: 'password was x',
              },
              {
                id: 'UCE_1',
                editedAt: '2024-03-02T00:00:00Z',
                deletedAt: '2024-03-05T00:00:00Z',
                diff: 'gone',
              },
            ],
          },
        },
      },
    });
    const wordings = result.records.filter((record) => record.id === '900');
    expect(wordings.map((record) => [record.type, record.revision, record.time?.created])).toEqual([
      ['comment', { state: 'current' }, undefined],
      ['comment', { state: 'current' }, '2024-03-04T00:00:00Z'],
      ['comment', { state: 'previous', id: 'UCE_2' }, '2024-03-03T00:00:00Z'],
      ['comment', { state: 'deleted', id: 'UCE_1' }, '2024-03-02T00:00:00Z'],
    ]);
    expect(wordings[2]).toMatchObject({
      actor: { id: 'bo' },
      action: 'clear-history',
      permalink: { level: 'record' },
    });
  });
});

describe('GitHub migration archive', () => {
  const comment = {
    type: 'issue_comment',
    url: restComment.html_url,
    issue: `${page}/issues/12`,
    user: 'https://github.com/bo',
    body: 'try',
    formatter: 'markdown',
    created_at: '2024-03-02T00:00:00Z',
  };

  it('meets the ids and the place of the other interfaces, and knows people from the files beside it', async () => {
    const users = [
      {
        type: 'user',
        url: 'https://github.com/bo',
        login: 'bo',
        name: 'Bo K',
        emails: [{ address: 'bo@example.org', primary: true }],
      },
    ];
    const result = await readExport(
      { 'x/renamed.bin': JSON.stringify([comment]), 'x/users_000001.json': JSON.stringify(users) },
      'x/renamed.bin',
    );
    expect(result.reader).toBe('github-archive');
    expect(result.records[0]).toMatchObject({
      place: { tenant: 'github.com', id: 'acme/api' },
      type: 'comment',
      id: '900',
      thread: '12',
      actor: { id: 'bo', name: 'Bo K', email: 'bo@example.org' },
      permalink: { url: restComment.html_url },
    });
    expect(result.records[0]?.texts.map((text) => text.text)).toEqual(['try']);
  });

  it('reads every model, also those it has no name for', async () => {
    const rows = [
      comment,
      {
        type: 'issue_event',
        url: `${page}/issues/12#event-5`,
        issue: `${page}/issues/12`,
        actor: 'https://github.com/bo',
        event: 'renamed',
        title_was: 'former',
        title_is: 'present',
      },
      {
        type: 'repository',
        url: page,
        owner: 'https://github.com/acme',
        name: 'api',
        description: 'all',
        private: true,
        webhooks: [{ payload_url: 'https://hooks.example.org/a/b', secret: 'shh-shh' }],
      },
      {
        type: 'protected_branch',
        url: `${page}/protected_branches/main`,
        name: 'main',
        repository_url: page,
      },
      {
        type: 'attachment',
        url: `${page}/files/1/a.txt`,
        issue: `${page}/issues/12`,
        user: 'https://github.com/bo',
        asset_name: 'a.txt',
      },
    ];
    const { records } = await read(rows);
    expect(records.map((record) => record.place.id)).toEqual(rows.map(() => 'acme/api').concat('acme/api'));
    expect(records.find((record) => record.revision.state === 'previous')).toMatchObject({
      id: '5',
      thread: '12',
    });
    const texts = records.flatMap((record) => record.texts);
    expect(texts).toContainEqual(expect.objectContaining({ text: 'shh-shh', label: 'secret' }));
    expect(records.find((record) => record.type === 'attachment')).toMatchObject({
      thread: '12',
      action: 'purge-attachment',
    });
  });

  it('hands over what stands around damage', async () => {
    const { records, damage } = await read(`${JSON.stringify([comment, comment]).slice(0, -20)}`);
    expect(damage.length).toBeGreaterThan(0);
    expect(records.length).toBeGreaterThanOrEqual(1);
  });
});

it('leaves JSON of other systems alone', async () => {
  for (const other of [
    [{ id: 1, title: 'x', body: 'y', userId: 3 }],
    { issues: [{ key: 'API-1', fields: { summary: 's' } }] },
    [{ type: 'message', user: 'U1', text: 'hi', ts: '1.2' }],
    { name: 'Board', cards: [], lists: [], url: 'https://trello.com/b/x' },
  ]) {
    const choice = (await read(other)).choice;
    expect(choice?.reader.system).not.toBe('github');
  }
});
