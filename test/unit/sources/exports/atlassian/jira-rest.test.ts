import { describe, expect, it } from 'vitest';
import type { ExportRecord } from '../../../../../src/sources/exports/contract.js';
import { readExport } from '../../../../support/read-export.js';
import { planted } from './planted.js';

const site = 'https://jira.example.org/tracker';
const ana = {
  self: `${site}/rest/api/2/user?username=ana`,
  name: 'ana',
  key: 'JIRAUSER101',
  emailAddress: 'ana@example.org',
  displayName: 'Ana Roe',
  avatarUrls: { '48x48': `${site}/secure/useravatar?avatarId=1` },
  active: true,
  timeZone: 'Europe/Vienna',
};

function issue(fields: object, more: object = {}): Record<string, unknown> {
  return {
    expand: 'operations,changelog,renderedFields',
    id: '10100',
    self: `${site}/rest/api/2/issue/10100`,
    key: 'OPS-7',
    fields: {
      project: { self: `${site}/rest/api/2/project/1`, id: '1', key: 'OPS', name: 'Operations' },
      created: '2024-03-01T10:02:03.000+0100',
      updated: '2024-03-02T11:00:00.000+0100',
      creator: ana,
      summary: 'Login fails',
      ...fields,
    },
    ...more,
  };
}

async function recordsOf(value: unknown, name = 'any.bin', files: Record<string, string> = {}) {
  return readExport({ [name]: JSON.stringify(value), ...files }, name);
}

function one(records: readonly ExportRecord[], type: ExportRecord['type'], id?: string): ExportRecord {
  const found = records.filter((record) => record.type === type && (id === undefined || record.id === id));
  expect(found).toHaveLength(1);
  return found[0]!;
}

const textAt = (record: ExportRecord, path: string) => record.texts.find((text) => text.field.path === path);

describe('Jira REST JSON', () => {
  it('places an issue, says who wrote it, when, and where it can be seen', async () => {
    const { reader, records } = await recordsOf(issue({ description: 'use {{x}}', environment: 'prod' }));
    expect(reader).toBe('jira-rest');
    const record = one(records, 'issue');
    expect(record).toMatchObject({
      place: {
        kind: 'project',
        tenant: 'jira.example.org',
        id: 'OPS',
        name: 'OPS Operations',
        audience: 'unknown',
      },
      id: 'OPS-7',
      title: 'OPS-7 Login fails',
      actor: { id: 'JIRAUSER101', name: 'Ana Roe', email: 'ana@example.org' },
      time: { created: '2024-03-01T10:02:03.000+01:00', edited: '2024-03-02T11:00:00.000+01:00' },
      revision: { state: 'current' },
      permalink: { url: `${site}/browse/OPS-7` },
    });
    expect(textAt(record, 'fields.description')).toMatchObject({ dialect: 'jira-wiki', text: 'use {{x}}' });
    expect(record.texts.map((text) => text.field.path)).toEqual([
      'fields.summary',
      'fields.description',
      'fields.environment',
    ]);
  });

  it.each([
    ['a search page', { startAt: 0, maxResults: 50, total: 1, issues: [issue({})] }],
    ['a token page', { issues: [issue({})], nextPageToken: 'abc', isLast: true }],
    ['an array of pages', [{ startAt: 0, total: 1, issues: [issue({})] }]],
    ['an array of issues', [issue({})]],
    ['a single issue', issue({})],
  ])('reads %s', async (_name, value) => {
    const { reader, records } = await recordsOf(value);
    expect(reader).toBe('jira-rest');
    expect(one(records, 'issue').id).toBe('OPS-7');
  });

  it('gives comments and worklogs to their writers, with the rendered form beside the source', async () => {
    const comment = {
      id: '55',
      author: { accountId: 'a-1', displayName: 'Bo' },
      body: 'pw is {{x}}',
      created: '2024-03-01T10:05:00.000+0000',
      updated: '2024-03-01T10:06:00.000+0000',
      visibility: { type: 'role', value: 'Administrators' },
    };
    const { records, notes } = await recordsOf(
      issue(
        {
          comment: { comments: [comment], total: 4 },
          worklog: {
            worklogs: [{ id: '9', author: ana, comment: 'rotated', started: '2024-03-03T09:00:00.000+0000' }],
            total: 1,
          },
        },
        { renderedFields: { comment: { comments: [{ id: '55', body: '<p>pw is <tt>x</tt></p>' }] } } },
      ),
    );
    const record = one(records, 'comment');
    expect(record).toMatchObject({
      id: '55',
      thread: 'OPS-7',
      actor: { id: 'a-1', name: 'Bo' },
      time: { created: '2024-03-01T10:05:00.000Z', edited: '2024-03-01T10:06:00.000Z' },
      permalink: { url: `${site}/browse/OPS-7?focusedCommentId=55#comment-55` },
    });
    expect(record.texts.map(({ dialect, text }) => [dialect, text])).toEqual([
      ['jira-wiki', 'pw is {{x}}'],
      ['html', '<p>pw is <tt>x</tt></p>'],
      ['plain', 'Administrators'],
    ]);
    expect(one(records, 'worklog')).toMatchObject({
      thread: 'OPS-7',
      time: { created: '2024-03-03T09:00:00.000Z' },
    });
    expect(notes.incomplete).toBe(1);
  });

  it('keeps both sides of each change, also documents written as strings', async () => {
    const document = {
      type: 'doc',
      version: 1,
      content: [
        {
          type: 'paragraph',
          content: [
            { type: 'text', text: 'old ' },
            { type: 'text', text: 'text' },
          ],
        },
      ],
    };
    const { records } = await recordsOf(
      issue(
        {},
        {
          changelog: {
            total: 1,
            histories: [
              {
                id: '12345',
                author: ana,
                created: '2024-03-01T12:00:00.000+0000',
                items: [
                  {
                    field: 'description',
                    fieldtype: 'jira',
                    from: null,
                    fromString: 'a {{b}}',
                    toString: 'gone',
                  },
                  {
                    field: 'Root password',
                    fieldtype: 'custom',
                    fromString: JSON.stringify(document),
                    toString: '',
                  },
                ],
              },
            ],
          },
        },
      ),
    );
    const change = one(records, 'change', '12345');
    expect(change).toMatchObject({
      thread: 'OPS-7',
      revision: { state: 'previous', id: '12345' },
      permalink: { level: 'record' },
    });
    expect(change.permalink?.url).toContain('changehistory-tabpanel');
    expect(change.texts).toEqual([
      {
        text: 'a {{b}}',
        dialect: 'jira-wiki',
        field: { path: 'changelog.12345.description.fromString', role: 'history-old' },
      },
      {
        text: 'gone',
        dialect: 'jira-wiki',
        field: { path: 'changelog.12345.description.toString', role: 'history-new' },
      },
      {
        text: 'old text',
        dialect: 'plain',
        label: 'Root password',
        field: { path: 'changelog.12345.Root password.fromString', role: 'history-old' },
      },
    ]);
  });

  it('labels custom fields from the names behind the issues of a page', async () => {
    const page = {
      issues: [
        issue({ customfield_10010: 'x-y-z', customfield_10011: { value: 'Red', child: { value: 'Dark' } } }),
      ],
      names: { customfield_10010: 'Root password', customfield_10011: 'Colour' },
    };
    const record = one((await recordsOf(page)).records, 'issue');
    const custom = record.texts.filter((text) => text.field.role === 'custom-field');
    expect(custom.map(({ label, text }) => [label, text])).toEqual([
      ['Root password', 'x-y-z'],
      ['Colour', 'Red'],
      ['Colour', 'Dark'],
    ]);
  });

  it('labels custom fields from a field list beside the file', async () => {
    const list = [
      { id: 'customfield_10010', name: 'Root password', custom: true, clauseNames: ['cf[10010]'] },
    ];
    const { records } = await recordsOf(issue({ customfield_10010: 'x-y-z' }), 'dump/OPS-7.json', {
      'dump/fields.json': JSON.stringify(list),
    });
    expect(textAt(one(records, 'issue'), 'fields.customfield_10010')?.label).toBe('Root password');
  });

  it('leaves out what Java prints of objects, and keeps what they print themselves', async () => {
    const { records } = await recordsOf(
      issue({
        customfield_1: 'com.example.ApprovalsCFValue@170e16ef',
        customfield_2: ['com.example.Sprint@1f2e[id=1,name=Week 1,goal=rotate keys]'],
        customfield_3: '0|i02m2f:',
      }),
    );
    const texts = one(records, 'issue').texts.filter((text) => text.field.role === 'custom-field');
    expect(texts.map(({ text }) => text)).toEqual(['[id=1,name=Week 1,goal=rotate keys]']);
  });

  it('hands people, statuses and linked issues over once', async () => {
    const status = { self: `${site}/rest/api/2/status/3`, id: '3', name: 'Open', description: 'is open' };
    const other = {
      id: '2',
      key: 'WEB-2',
      self: `${site}/rest/api/2/issue/2`,
      fields: { summary: 'Other', status },
    };
    const fields = { status, assignee: ana, issuelinks: [{ id: '1', outwardIssue: other }], parent: other };
    const first = issue(fields);
    const { records } = await recordsOf({ issues: [first, { ...first, key: 'OPS-8', id: '10101' }] });
    expect(records.filter((record) => record.type === 'profile')).toHaveLength(1);
    expect(records.filter((record) => record.id === 'status/3')).toHaveLength(1);
    expect(one(records, 'issue', 'WEB-2')).toMatchObject({
      place: { id: 'WEB' },
      revision: { state: 'preview', of: 'WEB-2' },
      title: 'WEB-2 Other',
    });
  });

  it('makes no address where the export names none', async () => {
    const bare = { key: 'OPS-7', fields: { summary: 'x', comment: { comments: [{ id: '1', body: 'y' }] } } };
    const silent = await recordsOf(bare);
    expect(silent.records.every((record) => record.permalink === undefined)).toBe(true);
    expect(one(silent.records, 'issue').place).toEqual({
      kind: 'project',
      id: 'OPS',
      name: 'OPS',
      audience: 'unknown',
    });
    const told = await readExport({ a: JSON.stringify(bare) }, 'a', { baseUrl: 'https://t.example.net/' });
    expect(one(told.records, 'issue').permalink).toEqual({ url: 'https://t.example.net/browse/OPS-7' });
  });

  it('takes the site of a gateway address from the user only', async () => {
    const gateway = 'https://api.atlassian.com/ex/jira/0a1b2c3d-cloud/rest/api/3/issue/1';
    const { records } = await recordsOf({ ...issue({}), self: gateway });
    const record = one(records, 'issue');
    expect(record.place.tenant).toBe('0a1b2c3d-cloud');
    expect(record.permalink).toBeUndefined();
  });

  it('notes a first page whose other pages are nowhere', async () => {
    const page = { startAt: 0, maxResults: 1, total: 3, issues: [issue({})] };
    expect((await recordsOf(page)).notes.incomplete).toBe(1);
    expect((await recordsOf(page, 'p/1.json', { 'p/2.json': '{}' })).notes.incomplete).toBeUndefined();
  });

  it('reads on behind damage, even near the start of the file', async () => {
    const page = JSON.stringify({
      startAt: 0,
      total: 3,
      issues: ['OPS-1', 'OPS-2', 'OPS-3'].map((key) => issue({}, { key })),
    });
    const broken = page.replace('"summary":"Login fails"', '"summary":\u0001Login fails"');
    const { reader, records, damage } = await readExport({ any: broken }, 'any');
    expect(reader).toBe('jira-rest');
    expect(damage).not.toEqual([]);
    expect(records.filter(({ type }) => type === 'issue').map(({ id }) => id)).toEqual(
      expect.arrayContaining(['OPS-2', 'OPS-3']),
    );
    const cut = await readExport({ any: page.slice(0, page.lastIndexOf('"fields"')) }, 'any');
    expect(
      cut.records.filter(({ type, title }) => type === 'issue' && title?.includes('fails')),
    ).toHaveLength(2);
  });

  it('labels the fields of each page in an array by the names of that page', async () => {
    const pageOf = (key: string, name: string) => ({
      issues: [issue({ customfield_1: 'x-y-z' }, { key })],
      names: { customfield_1: name },
    });
    const { records } = await recordsOf([pageOf('OPS-1', 'First'), pageOf('OPS-2', 'Second')]);
    const labels = records
      .filter(({ type }) => type === 'issue')
      .map((record) => textAt(record, 'fields.customfield_1')?.label);
    expect(labels).toEqual(['First', 'Second']);
  });

  it('reads lines of issues, also in UTF-16', async () => {
    const lines = ['OPS-1', 'OPS-2'].map((key) => JSON.stringify(issue({}, { key }))).join('\n');
    for (const content of [lines, Buffer.from(`\ufeff${lines}`, 'utf16le')]) {
      const { records } = await readExport({ any: content }, 'any');
      expect(records.filter(({ type }) => type === 'issue').map(({ id }) => id)).toEqual(['OPS-1', 'OPS-2']);
    }
  });

  it('loses no string', async () => {
    const kept =
      /^(?:id|self|key|created|updated|started|expand|type|48x48|timeZone|fieldtype|fieldId|from|to|color|collection)$/;
    const document = {
      type: 'doc',
      content: [
        {
          type: 'paragraph',
          content: [
            { type: 'text', text: 'see', marks: [{ type: 'link', attrs: { href: 'https://a.example' } }] },
            { type: 'mention', attrs: { id: '1', text: '@Bo' } },
            { type: 'status', attrs: { text: 'DONE', color: 'green' } },
            { type: 'inlineCard', attrs: { url: 'https://card.example' } },
            { type: 'emoji', attrs: { text: 'smile' } },
          ],
        },
        {
          type: 'expand',
          attrs: { title: 'More' },
          content: [{ type: 'codeBlock', attrs: { language: 'sh' } }],
        },
        {
          type: 'mediaSingle',
          content: [{ type: 'media', attrs: { id: '1', alt: 'screen', collection: '' } }],
        },
        {
          type: 'extension',
          attrs: {
            extensionKey: 'jdbc',
            parameters: { macroParams: { url: { value: 'jdbc:x' } }, macroMetadata: {} },
          },
        },
      ],
    };
    const rich = issue(
      {
        description: document,
        environment: 'env',
        labels: ['one', 'two'],
        status: { id: '3', name: 'Open', description: 'is open' },
        components: [{ id: '4', name: 'db', description: 'the db', lead: ana }],
        fixVersions: [{ id: '5', name: '1.0', description: 'first' }],
        assignee: ana,
        attachment: [
          { id: '6', filename: 'env.txt', content: `${site}/secure/attachment/6/env.txt`, author: ana },
        ],
        comment: { comments: [{ id: '7', body: document, visibility: { type: 'group', value: 'staff' } }] },
        worklog: { worklogs: [{ id: '8', comment: 'did', author: ana }] },
        issuelinks: [
          { id: '9', type: { id: '1', name: 'Blocks', inward: 'is blocked by' }, inwardIssue: issue({}) },
        ],
        parent: { id: '10', key: 'OPS-1', fields: { summary: 'above' } },
        customfield_1: 'string',
        customfield_2: ['a', 'b'],
        customfield_3: [{ id: '1', value: 'v', child: { id: '2', value: 'c' } }],
        customfield_4: document,
        customfield_5: ana,
        customfield_6: {
          id: '1',
          name: 'Time to resolution',
          completedCycles: [{ breached: false, goal: 'soon' }],
        },
        vendor_field: { deep: [{ er: 'text' }] },
        plain_vendor_field: 'text',
      },
      {
        renderedFields: { description: '<p>x</p>', comment: { comments: [{ body: '<p>y</p>' }] } },
        changelog: {
          histories: [
            { id: '11', author: ana, items: [{ field: 'x', fromString: 'was', toString: 'is', note: 'n' }] },
          ],
        },
        properties: { 'vendor.state': { note: 'property' } },
        transitions: [{ id: '1', name: 'Close' }],
        newMember: 'next year',
      },
    );
    const { value, markers } = planted({ issues: [rich], names: { customfield_1: 'First' } }, (key) =>
      kept.test(key),
    );
    const { records, unknownKeys } = await recordsOf(value);
    const handed = records.flatMap((record) => record.texts.map(({ text }) => text)).join('\n');
    // The name of a field of a change is part of its path.
    const paths = records.flatMap((record) => record.texts.map(({ field }) => field.path)).join('\n');
    expect(markers.filter((marker) => !`${handed}\n${paths}`.includes(marker))).toEqual([]);
    expect(unknownKeys).toEqual(['newMember']);
  });
});
