import { describe, expect, it } from 'vitest';
import { lostMarkers, plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';

const answer = {
  data: {
    issues: {
      nodes: [
        {
          id: '0b1c',
          identifier: 'ENG-2',
          title: 'Rotate keys',
          description: 'the old one',
          url: 'https://linear.app/acme/issue/ENG-2/rotate-keys',
          createdAt: '2024-03-01T10:00:00.000Z',
          creator: { id: 'u1', name: 'Ana', email: 'ana@example.org' },
          state: { name: 'Todo list' },
          comments: {
            nodes: [
              { id: 'c1', body: 'said so', user: { name: 'Bo' }, createdAt: '2024-03-01T11:00:00.000Z' },
            ],
          },
          history: {
            nodes: [{ id: 'h1', fromDescription: 'the first one', createdAt: '2024-03-01T12:00:00.000Z' }],
          },
        },
      ],
      pageInfo: { hasNextPage: false, endCursor: 'x' },
    },
  },
};

describe('answers of Linear', () => {
  it('give issues and comments, and are not taken for GitHub', async () => {
    const { reader, records, unknownKeys } = await readExport({ x: JSON.stringify(answer) }, 'x');
    expect(reader).toBe('linear-json');
    expect(unknownKeys).toEqual([]);
    expect(records).toMatchObject([
      {
        place: { kind: 'project', tenant: 'acme', id: 'ENG' },
        type: 'issue',
        id: 'ENG-2',
        actor: { id: 'u1', name: 'Ana', email: 'ana@example.org' },
        time: { created: '2024-03-01T10:00:00.000Z' },
        permalink: { url: 'https://linear.app/acme/issue/ENG-2/rotate-keys' },
      },
      {
        type: 'comment',
        id: 'c1',
        thread: 'ENG-2',
        actor: { name: 'Bo' },
        permalink: { url: 'https://linear.app/acme/issue/ENG-2/rotate-keys', level: 'record' },
      },
      { id: 'h1', thread: 'ENG-2', texts: [{ text: 'the first one', field: { role: 'history-old' } }] },
    ]);
  });

  it('give every text', async () => {
    const { value, markers } = plantMarkers(answer, (path) =>
      /(?:At|id|url|identifier|endCursor)$/.test(path),
    );
    const { records } = await readExport({ x: JSON.stringify(value) }, 'x');
    const texts = records.flatMap((record) => record.texts.map(({ text }) => text));
    expect(lostMarkers(markers, texts)).toEqual([]);
  });
});
