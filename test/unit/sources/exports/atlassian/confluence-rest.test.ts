import { describe, expect, it } from 'vitest';
import { lostMarkers, plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';

const ana = {
  type: 'known',
  accountId: '5b',
  accountType: 'atlassian',
  email: 'ana@example.org',
  displayName: 'Ana',
};

const v1Comment = {
  id: '78',
  type: 'comment',
  status: 'current',
  title: 'Re: Keys',
  history: { latest: true, createdBy: ana, createdDate: '2024-03-01T11:00:00.000Z' },
  version: { by: ana, when: '2024-03-01T11:00:00.000Z', number: 1, minorEdit: false },
  container: { id: '77', type: 'page', status: 'current', title: 'Keys', _links: { self: 'x' } },
  body: { storage: { value: '<p>said</p>', representation: 'storage' } },
  extensions: { location: 'inline', inlineProperties: { originalSelection: 'selected', markerRef: 'abc' } },
  _links: {
    webui: '/spaces/OPS/pages/77/Keys?focusedCommentId=78',
    self: 'https://acme.atlassian.net/wiki/rest/api/content/78',
  },
};
const v1 = {
  results: [
    {
      id: '77',
      type: 'page',
      status: 'current',
      title: 'Keys',
      space: { id: 3, key: 'OPS', name: 'Operations', type: 'global', _links: { webui: '/spaces/OPS' } },
      history: { latest: true, createdBy: ana, createdDate: '2024-03-01T10:00:00.000Z' },
      version: { by: ana, when: '2024-03-02T10:00:00.000Z', message: 'rotated', number: 2, minorEdit: false },
      ancestors: [{ id: '70', type: 'page', status: 'current', title: 'Home', _links: { self: 'x' } }],
      body: {
        view: { value: '<p>key</p>', representation: 'view' },
        storage: { value: '<p>key</p>', representation: 'storage', embeddedContent: [] },
      },
      metadata: { labels: { results: [{ prefix: 'global', name: 'secret-label', id: '9' }] } },
      children: { comment: { results: [v1Comment], start: 0, limit: 25, size: 1 } },
      _expandable: { restrictions: '/rest/api/content/77/restriction/byOperation' },
      _links: {
        webui: '/spaces/OPS/pages/77/Keys',
        self: 'https://acme.atlassian.net/wiki/rest/api/content/77',
      },
    },
  ],
  start: 0,
  limit: 25,
  size: 1,
  _links: { base: 'https://acme.atlassian.net/wiki', context: '/wiki', self: 'x' },
};

const left =
  /(?:^|\.)(?:id|type|status|accountId|accountType|email|createdDate|when|prefix|location|markerRef|representation|key|self|webui|base|context|restrictions|self|spaceId|authorId|ownerId|createdAt|parentId|parentType)$|(?:^|\.)(?:space|ancestors|container)\./;

describe('answers of Confluence', () => {
  it('give pages and comments of the first interface', async () => {
    const { reader, records, unknownKeys } = await readExport({ 'x.json': JSON.stringify(v1) }, 'x.json');
    expect(reader).toBe('confluence-rest');
    expect(unknownKeys).toEqual([]);
    expect(records).toMatchObject([
      {
        place: { kind: 'space', tenant: 'acme.atlassian.net', id: 'OPS', name: 'Operations' },
        type: 'page',
        id: '77',
        title: 'Keys',
        actor: { id: '5b', name: 'Ana', email: 'ana@example.org' },
        time: { created: '2024-03-01T10:00:00.000Z', edited: '2024-03-02T10:00:00.000Z' },
        permalink: { url: 'https://acme.atlassian.net/wiki/spaces/OPS/pages/77/Keys' },
      },
      {
        place: { id: 'OPS' },
        type: 'comment',
        id: '78',
        thread: '77',
        permalink: { url: 'https://acme.atlassian.net/wiki/spaces/OPS/pages/77/Keys?focusedCommentId=78' },
      },
    ]);
    const bodies = records.map(({ texts }) => texts.filter(({ field }) => field.path.startsWith('body')));
    expect(bodies.map((texts) => texts.map(({ text, dialect }) => [text, dialect]))).toEqual([
      [
        ['<p>key</p>', 'confluence-storage'],
        ['<p>key</p>', 'html'],
      ],
      [['<p>said</p>', 'confluence-storage']],
    ]);
  });

  it('give every text', async () => {
    const { value, markers } = plantMarkers(v1, (path) => left.test(path));
    const { records } = await readExport({ 'x.json': JSON.stringify(value) }, 'x.json');
    const texts = records.flatMap((record) => record.texts.map(({ text }) => text));
    // Names of people say who wrote it.
    const lost = lostMarkers(markers, texts).filter((path) => !path.endsWith('displayName'));
    expect(lost).toEqual([]);
  });

  it('give pages, versions and comments of the second interface, with the address that follows them', async () => {
    const adf = {
      type: 'doc',
      version: 1,
      content: [{ type: 'paragraph', content: [{ type: 'text', text: 'in adf' }] }],
    };
    const page = {
      parentType: 'page',
      parentId: '9',
      ownerId: '5b',
      authorId: '5b',
      createdAt: '2024-03-01T10:00:00.000Z',
      version: {
        number: 3,
        message: 'why',
        minorEdit: false,
        authorId: '5c',
        createdAt: '2024-03-03T10:00:00.000Z',
      },
      body: { atlas_doc_format: { value: JSON.stringify(adf), representation: 'atlas_doc_format' } },
      status: 'draft',
      title: 'Keys',
      spaceId: '3',
      id: '77',
      _links: { editui: '/x', webui: '/spaces/OPS/pages/77/Keys', tinyui: '/x/a' },
    };
    const comment = {
      id: '80',
      status: 'current',
      title: 'Re: Keys',
      pageId: '77',
      version: { createdAt: '2024-03-01T12:00:00.000Z', number: 1, authorId: '5b' },
      body: { storage: { value: '<p>inline</p>', representation: 'storage' } },
      properties: { inlineMarkerRef: 'r', inlineOriginalSelection: 'selected words' },
      _links: { webui: '/spaces/OPS/pages/77/Keys?focusedCommentId=80' },
    };
    const files = {
      'pages.json': JSON.stringify({
        results: [page],
        _links: { next: '/x', base: 'https://acme.atlassian.net/wiki' },
      }),
      'comments.ndjson': `${JSON.stringify(comment)}\n${JSON.stringify({ ...comment, id: '81' })}\n`,
    };
    const { reader, records } = await readExport(files, 'pages.json');
    expect(reader).toBe('confluence-rest');
    expect(records).toMatchObject([
      {
        id: '77',
        place: { id: 'OPS' },
        revision: { state: 'draft' },
        actor: { id: '5c' },
        permalink: { url: 'https://acme.atlassian.net/wiki/spaces/OPS/pages/77/Keys' },
        texts: [{ text: 'in adf' }, { text: 'why' }, { text: 'Keys' }],
      },
    ]);
    const comments = await readExport(files, 'comments.ndjson');
    expect(comments.records.map(({ id, thread, texts }) => [id, thread, texts.at(-1)?.text])).toEqual([
      ['80', '77', 'selected words'],
      ['81', '77', 'selected words'],
    ]);
  });
});
