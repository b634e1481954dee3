import { describe, expect, it } from 'vitest';
import { lostMarkers, plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';

const note = (id: number, more: object = {}) => ({
  id,
  note: `note ${id}`,
  note_html: `<p>note ${id}</p>`,
  noteable_type: 'Issue',
  author_id: 26,
  created_at: '2024-06-14T15:02:48.235Z',
  project_id: 5,
  system: false,
  author: { name: 'User 4' },
  ...more,
});
const issue = {
  id: 38,
  iid: 8,
  title: 'Login',
  description: 'it fails',
  author_id: 6,
  project_id: 5,
  created_at: '2024-06-14T15:02:08.154Z',
  label_links: [{ label: { id: 2, title: 'ops', color: '#428bca', description: 'd', project_id: 8 } }],
  notes: [note(367), note(368, { system: true, note: 'changed title from **a** to **b**' })],
  milestone: { iid: 1, title: 'v1', description: 'first', start_date: null, project_id: 5 },
};
const mergeRequest = {
  iid: 8,
  title: 'Fix',
  description: 'fixes',
  source_branch: 'a',
  target_branch: 'main',
  target_project_id: 5,
  author_id: 6,
  notes: [note(400, { noteable_type: 'MergeRequest' })],
  merge_request_diff: {
    state: 'collected',
    merge_request_diff_commits: [
      {
        sha: 'a'.repeat(40),
        message: 'wip',
        authored_date: '2024-01-01T00:00:00Z',
        relative_order: 0,
        commit_author: { name: 'Ana', email: 'ana@example.org' },
      },
    ],
    merge_request_diff_files: [
      { new_path: 'a.env', old_path: 'a.env', utf8_diff: '@@ -0,0 +1 @@\n+KEY=1\n', new_file: true },
    ],
  },
};

const lines = (...rows: readonly unknown[]) => `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;

async function read(
  content: unknown,
  name = 'part.bin',
  files: Record<string, string> = {},
  baseUrl?: string,
) {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return readExport({ [name]: text, ...files }, name, baseUrl === undefined ? {} : { baseUrl });
}

describe('GitLab project export', () => {
  it('reads issues, their notes, labels and milestones under any name', async () => {
    const { reader, records } = await read(lines(issue));
    expect(reader).toBe('gitlab-export');
    expect(records.map((record) => [record.type, record.id, record.thread])).toEqual([
      ['issue', '8', undefined],
      ['setting', 'label/ops', undefined],
      ['comment', '367', '8'],
      ['comment', '368', '8'],
      ['setting', 'milestone/1', undefined],
    ]);
    expect(records[0]).toMatchObject({
      place: { kind: 'repo', id: 'project/5' },
      title: '#8 Login',
      time: { created: '2024-06-14T15:02:08.154Z' },
    });
    expect(records[2]?.texts.slice(0, 2)).toMatchObject([
      { text: 'note 367', dialect: 'markdown', field: { role: 'comment' } },
      { text: '<p>note 367</p>', dialect: 'html', field: { role: 'comment' } },
    ]);
    expect(records[3]?.actor?.kind).toBe('system');
    expect(records[0]?.permalink).toBeUndefined();
  });

  it('tells merge requests from issues with one number, and gives commits and diffs apart', async () => {
    const { records } = await read(lines(mergeRequest));
    expect(records.map((record) => [record.type, record.id, record.thread])).toEqual([
      ['issue', '!8', undefined],
      ['comment', '400', '!8'],
      ['change', 'a'.repeat(40), '!8'],
      ['file', '!8/a.env', '!8'],
    ]);
    expect(records[2]?.actor).toMatchObject({ name: 'Ana', email: 'ana@example.org' });
    expect(records[3]?.texts.find((text) => text.field.path === 'utf8_diff')).toMatchObject({
      dialect: 'code',
    });
  });

  it('knows place, people and pages from the files beside it and the site that the user gave', async () => {
    const { records } = await read(
      lines(issue),
      'x/tree/project/issues.ndjson',
      {
        'x/tree/project.json': JSON.stringify({ path_with_namespace: 'acme/api', visibility_level: 0 }),
        'x/tree/project/project_members.ndjson': lines({
          access_level: 40,
          user: { id: 26, username: 'user4', public_email: 'u4@example.org' },
        }),
      },
      'https://git.example.org/',
    );
    expect(records[0]).toMatchObject({
      place: { tenant: 'git.example.org', id: 'acme/api', audience: 'restricted' },
      permalink: { url: 'https://git.example.org/acme/api/-/issues/8' },
    });
    expect(records[2]).toMatchObject({
      actor: { id: '26', name: 'User 4', email: 'u4@example.org' },
      permalink: { url: 'https://git.example.org/acme/api/-/issues/8#note_367' },
    });
  });

  it('gives all relations of one export one place', async () => {
    const side = {
      'x/tree/project/labels.ndjson': lines({ id: 1, title: 'l', color: '#fff', project_id: 5 }),
    };
    const { records } = await read(
      lines({
        cron: '0 4 * * *',
        description: 'nightly',
        ref: 'main',
        variables: [{ key: 'TOKEN', value: 'v-a-l' }],
      }),
      'x/tree/project/pipeline_schedules.ndjson',
      side,
    );
    expect(records[0]).toMatchObject({ place: { id: 'project/5' }, type: 'setting' });
    expect(records[0]?.texts).toContainEqual(expect.objectContaining({ text: 'v-a-l', label: 'TOKEN' }));
  });

  it('marks trigger tokens as the export own credential, and keeps settings of integrations as settings', async () => {
    const trigger = await read(lines({ id: 123, token: 'cd-trigger-value', project_id: 5, owner_id: 1 }));
    expect(trigger.records[0]?.texts[0]).toMatchObject({ artifact: true, label: 'token' });
    const integration = await read(
      lines({
        id: 1,
        title: 'CI',
        project_id: 5,
        type_new: 'Integrations::Slack',
        category: 'chat',
        properties: { webhook: 'https://hooks.example.org/x?y=1' },
      }),
    );
    const text = integration.records[0]?.texts.find((one) => one.label === 'webhook');
    expect(text?.text).toBe('https://hooks.example.org/x?y=1');
    expect(text?.artifact).toBeUndefined();
  });

  it('counts values that stay encrypted', async () => {
    const { notes, records } = await read(
      lines({
        id: 1,
        project_id: 5,
        url: 'https://h.example.org',
        push_events: true,
        encrypted_token: 'q83vEjRWeJCrze8SNFZ4kA==',
        encrypted_token_iv: 'q83vEjRWeJCrze8S',
      }),
    );
    expect(notes.encrypted).toBe(1);
    expect(records[0]?.texts.map((text) => text.text)).toEqual(['https://h.example.org']);
  });

  it('reads the single project.json of older versions, lists and settings', async () => {
    const { reader, records } = await read({
      description: 'all of it',
      visibility_level: 10,
      import_type: 'gitlab_project',
      labels: [],
      issues: [issue],
      merge_requests: [mergeRequest],
      snippets: [{ id: 1, title: 's', content: 'x = 1', file_name: 'a.rb', author_id: 1, project_id: 5 }],
      project_members: [
        { id: 1, access_level: 40, source_type: 'Project', user: { id: 6, username: 'ana' } },
      ],
      project_feature: { project_id: 5 },
    });
    expect(reader).toBe('gitlab-export');
    const types = records.map((record) => record.type);
    for (const type of ['issue', 'comment', 'snippet', 'file', 'profile', 'setting'])
      expect(types).toContain(type);
    expect(records.find((record) => record.type === 'snippet')?.texts).toContainEqual(
      expect.objectContaining({ text: 'x = 1', dialect: 'code' }),
    );
    expect(records.flatMap((record) => record.texts.map((text) => text.text))).toContain('all of it');
  });

  it('reads answers of the REST interface by their pages', async () => {
    const { reader, records } = await read([
      {
        id: 1,
        iid: 3,
        project_id: 5,
        title: 't',
        description: 'd',
        web_url: 'https://gitlab.com/acme/tools/api/-/issues/3',
        author: { id: 2, username: 'ana', name: 'Ana' },
        created_at: '2024-01-01T00:00:00Z',
      },
    ]);
    expect(reader).toBe('gitlab-export');
    expect(records[0]).toMatchObject({
      place: { tenant: 'gitlab.com', id: 'acme/tools/api' },
      id: '3',
      permalink: { url: 'https://gitlab.com/acme/tools/api/-/issues/3' },
      actor: { id: '2', name: 'Ana' },
    });
  });

  it('loses no string', async () => {
    for (const row of [issue, mergeRequest, { id: 1, project_id: 5, token: 't', owner_id: 1 }]) {
      const planted = plantMarkers<object>(row, () => false);
      const { records } = await read(lines(planted.value));
      const texts = records.flatMap((one) => one.texts.map((text) => text.text));
      expect(lostMarkers(planted.markers, texts)).toEqual([]);
    }
  });

  it('hands over rows around a damaged line', async () => {
    const { records, damage } = await read(
      `${lines(issue)}{"id": 39, "iid":\n${lines({ ...issue, iid: 10 })}`,
    );
    expect(damage.length).toBeGreaterThan(0);
    expect(records.filter((record) => record.type === 'issue').map((record) => record.id)).toEqual([
      '8',
      '10',
    ]);
  });
});
