import { describe, expect, it } from 'vitest';
import { type ReadExport, readExport } from '../../../../support/read-export.js';
import { lost, plant } from './planted.js';

const collection = {
  info: {
    _postman_id: 'c0ffee00-0000-4000-8000-000000000001',
    name: 'Payments',
    description: 'About it',
    schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
  },
  item: [
    {
      name: 'Admin',
      description: 'The folder',
      item: [
        {
          name: 'Log in',
          id: 'req-1',
          event: [
            { listen: 'test', script: { type: 'text/javascript', exec: ['const a = 1;', 'send(a);'] } },
          ],
          request: {
            method: 'POST',
            auth: {
              type: 'basic',
              basic: [
                { key: 'password', value: 'hunter2-Blue', type: 'string' },
                { key: 'username', value: '{{user}}', type: 'string' },
              ],
            },
            header: [
              { key: 'X-Api-Key', value: 'abc-def-ghi' },
              { key: 'Authorization', value: 'Bearer {{token}}' },
              { key: 'X-Mixed', value: 'part-{{suffix}}' },
            ],
            body: { mode: 'raw', raw: '{"pin": "12-34-56"}' },
            url: {
              raw: 'https://example.org/login?x=1',
              protocol: 'https',
              host: ['example', 'org'],
              path: ['login'],
              query: [{ key: 'x', value: 'query value' }],
            },
            description: 'How to log in',
          },
          response: [
            {
              name: 'Saved',
              originalRequest: { method: 'GET', url: 'https://example.org/old' },
              header: [{ key: 'Set-Cookie', value: 'sid=abcdef' }],
              body: 'saved body',
            },
          ],
        },
      ],
    },
  ],
  variable: [{ key: 'apiSecret', value: 'of the collection' }],
};
const read = (value: unknown): Promise<ReadExport> => readExport({ x: JSON.stringify(value) }, 'x');
const textOf = (result: ReadExport, value: string) =>
  result.records.flatMap((record) => record.texts).find((text) => text.text === value);

describe('postman', () => {
  it('gives requests with the path of folders, and what folders and the collection say', async () => {
    const result = await read(collection);
    expect(result.reader).toBe('postman');
    expect(result.records.map((record) => [record.type, record.id, record.title])).toEqual([
      ['request', 'x#req-1', 'Admin / Log in'],
      ['setting', 'x#Admin', 'Admin'],
      ['setting', `x#collection`, undefined],
    ]);
    expect(result.records[0]?.place).toMatchObject({
      kind: 'project',
      id: collection.info._postman_id,
      name: 'Payments',
    });
    expect(textOf(result, 'hunter2-Blue')?.label).toBe('password');
    expect(textOf(result, 'abc-def-ghi')).toMatchObject({ label: 'X-Api-Key', field: { role: 'header' } });
    expect(textOf(result, 'const a = 1;\nsend(a);')?.dialect).toBe('code');
    expect(textOf(result, 'of the collection')?.label).toBe('apiSecret');
  });

  it('takes references for no values', async () => {
    const result = await read(collection);
    const texts = result.records.flatMap((record) => record.texts);
    expect(texts.filter((text) => text.text.includes('{{')).map((text) => [text.text, text.label])).toEqual([
      ['part-{{suffix}}', undefined],
    ]);
  });

  it('loses no text', async () => {
    const keep =
      /schema$|_postman_id|\/(?:method|mode|type|listen|protocol|id|key)$|\/url\/(?:host|path)\/|exec\//;
    const planted = plant(collection, keep);
    expect(lost(planted, await read(planted.value))).toEqual([]);
  });

  it('reads environments, also within backups, and collections of version 1', async () => {
    const environment = {
      id: 'env-1',
      name: 'Production',
      values: [{ key: 'DB_PASSWORD', value: 'hunter2-Blue', type: 'secret', enabled: true }],
      _postman_variable_scope: 'environment',
    };
    const alone = await read(environment);
    expect(alone.records[0]?.place).toMatchObject({ id: 'env-1', name: 'Production' });
    expect(textOf(alone, 'hunter2-Blue')?.label).toBe('DB_PASSWORD');
    const old = {
      id: 'old-1',
      name: 'Old one',
      order: ['r'],
      requests: [
        {
          id: 'r',
          name: 'Get it',
          url: 'https://example.org/get',
          method: 'GET',
          headers: 'X-Key: header value\n',
          preRequestScript: 'run(1)',
        },
      ],
    };
    const first = await read(old);
    expect(first.reader).toBe('postman');
    expect(textOf(first, 'run(1)')?.dialect).toBe('code');
    const backup = await read({
      version: 1,
      collections: [old, collection],
      environments: [environment],
      headerPresets: [],
      globals: [{ key: 'g', value: 'global value' }],
    });
    expect(backup.reader).toBe('postman');
    expect(textOf(backup, 'hunter2-Blue')).toBeDefined();
    expect(textOf(backup, 'global value')?.label).toBe('g');
    expect(backup.records.find((record) => record.title === 'Get it')?.place.id).toBe('old-1');
  });
});
