import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';

const api = 'https://acme.example.net/rest/api/2';
const ana = { self: `${api}/user?accountId=1`, accountId: '1', displayName: 'Ana Roe' };

async function read(value: unknown, name = 'any') {
  return readExport({ [name]: JSON.stringify(value) }, name);
}

describe('Jira REST resources', () => {
  it('gives comments of a page to the issue that the file name says', async () => {
    const comment = { self: `${api}/issue/10/comment/5`, id: '5', author: ana, body: 'was {{x}}' };
    const { reader, records } = await read(
      { startAt: 0, total: 1, comments: [comment] },
      'dump/OPS-7_comments.json',
    );
    expect(reader).toBe('jira-resources');
    expect(records.find((record) => record.type === 'comment')).toMatchObject({
      place: { kind: 'project', tenant: 'acme.example.net', id: 'OPS' },
      id: '5',
      thread: 'OPS-7',
      permalink: { url: 'https://acme.example.net/browse/OPS-7?focusedCommentId=5#comment-5' },
    });
  });

  it('makes no address for a comment whose issue is known by number only', async () => {
    const comment = { self: `${api}/issue/10/comment/5`, id: '5', author: ana, body: 'was {{x}}' };
    const { records } = await read({ comments: [comment] });
    const record = records.find(({ type }) => type === 'comment');
    expect(record).toMatchObject({ thread: '10', place: { kind: 'workspace', tenant: 'acme.example.net' } });
    expect(record?.permalink).toBeUndefined();
  });

  it('reads a page of changes, a remote link, and a project', async () => {
    const changes = await read({
      self: `${api}/issue/OPS-7/changelog?startAt=0`,
      values: [
        {
          id: '3',
          created: '2024-01-02T03:04:05.000+0000',
          items: [{ field: 'summary', fromString: 'old' }],
        },
      ],
    });
    expect(changes.records[0]).toMatchObject({ type: 'change', thread: 'OPS-7', place: { id: 'OPS' } });

    const links = await read([
      {
        id: 1,
        self: `${api}/issue/OPS-7/remotelink/1`,
        relationship: 'see',
        object: { url: 'https://a:b@c.example' },
      },
    ]);
    expect(links.records[0]).toMatchObject({ thread: 'OPS-7', permalink: { level: 'record' } });
    expect(links.records[0]?.texts.map(({ text }) => text)).toContain('https://a:b@c.example');

    const projects = await read([
      { self: `${api}/project/1`, id: '1', key: 'OPS', name: 'Operations', description: 'x', lead: ana },
    ]);
    expect(projects.records.map(({ type, id }) => [type, id])).toEqual([
      ['profile', '1'],
      ['setting', 'project'],
    ]);
    expect(projects.records[1]?.place).toMatchObject({ kind: 'project', id: 'OPS', name: 'OPS Operations' });
  });

  it('leaves resources of other systems alone', async () => {
    const page = { id: '1', _links: { self: 'https://acme.example.net/wiki/rest/api/content/1' } };
    expect((await read(page)).reader).not.toBe('jira-resources');
  });
});

it('reads lists longer than a call has room for', async () => {
  const many = Array.from({ length: 200_000 }, (_, i) => `value ${i}`);
  const issue = { key: 'OPS-1', fields: { summary: 's', customfield_1: many, vendor: many } };
  const { records } = await read(issue);
  expect(records[0]?.texts).toHaveLength(1 + 2 * many.length);
});
