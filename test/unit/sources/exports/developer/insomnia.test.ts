import { describe, expect, it } from 'vitest';
import { type ReadExport, readExport } from '../../../../support/read-export.js';

const version4 = {
  _type: 'export',
  __export_format: 4,
  __export_source: 'insomnia.desktop.app:v2023',
  resources: [
    {
      _id: 'req_1',
      _type: 'request',
      parentId: 'wrk_1',
      name: 'Log in',
      url: 'https://example.org',
      method: 'POST',
      headers: [{ name: 'X-Api-Key', value: 'abc-def-ghi' }],
      authentication: { type: 'basic', password: '{{ _.password }}', username: 'ana' },
    },
    {
      _id: 'env_1',
      _type: 'environment',
      parentId: 'wrk_1',
      name: 'Base',
      data: { password: 'hunter2-Blue' },
    },
  ],
};
const version5 = `type: collection.insomnia.rest/5.0
name: Mine
meta:
  id: wrk_5
collection:
  - name: Folder
    meta: {id: fld_1}
    children:
      - name: Log in
        url: "{{ _.host }}/login"
        meta: {id: req_5}
        headers:
          - name: X-Api-Key
            value: abc-def-ghi
environments:
  name: Base
  data:
    password: hunter2-Blue
  subEnvironments:
    - name: Production
      data: {token: of-production}
`;
const labelled = ({ records }: ReadExport): (readonly [string, string | undefined, string])[] =>
  records.flatMap((record) => record.texts.map((text) => [record.id, text.label, text.text] as const));

describe('insomnia', () => {
  it('reads exports of version 4', async () => {
    const result = await readExport({ x: JSON.stringify(version4) }, 'x');
    expect(result.reader).toBe('insomnia');
    expect(labelled(result)).toEqual(
      expect.arrayContaining([
        ['x#req_1', 'X-Api-Key', 'abc-def-ghi'],
        ['x#env_1', 'password', 'hunter2-Blue'],
      ]),
    );
    expect(labelled(result).filter(([, , text]) => text.includes('{{'))).toEqual([]);
  });

  it('reads collections of version 5', async () => {
    const result = await readExport({ x: version5 }, 'x');
    expect(result.reader).toBe('insomnia');
    expect(labelled(result)).toEqual(
      expect.arrayContaining([
        ['x#req_5', 'X-Api-Key', 'abc-def-ghi'],
        ['x#Mine/Base', 'password', 'hunter2-Blue'],
        ['x#Mine/Base/Production', 'token', 'of-production'],
      ]),
    );
    expect(result.records.find((record) => record.id === 'x#req_5')).toMatchObject({
      type: 'request',
      title: 'Mine / Folder / Log in',
    });
  });

  it('survives YAML that is none', async () => {
    const { damage, reader } = await readExport({ x: `${version5}\n  : [` }, 'x');
    expect([reader, damage.length]).toEqual(['insomnia', 1]);
  });
});
