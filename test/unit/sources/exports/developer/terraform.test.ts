import { describe, expect, it } from 'vitest';
import { type ReadExport, readExport } from '../../../../support/read-export.js';
import { lost, plant } from './planted.js';

const lineage = '11111111-2222-3333-4444-555555555555';
const state = {
  version: 4,
  terraform_version: '1.6.0',
  serial: 7,
  lineage,
  outputs: { db_password: { value: 'hunter2-Blue', type: 'string', sensitive: true } },
  resources: [
    {
      module: 'module.db',
      mode: 'managed',
      type: 'aws_db_instance',
      name: 'main',
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [
        {
          index_key: 0,
          schema_version: 1,
          attributes: {
            password: 'first-Password',
            tags: { Name: 'the db' },
            policy: '{"Statement":[{"Sid":"say \\"x\\""}]}',
          },
          sensitive_attributes: [[{ type: 'get_attr', value: 'password' }]],
          private: 'eyJhIjoiYiJ9cGFk',
        },
        { index_key: 'blue', attributes: { password: 'second-Password' } },
      ],
    },
    { mode: 'data', type: 'http', name: 'it', instances: [{ attributes: { body: 'some body' } }] },
  ],
};
const read = (value: unknown, name = 'infra/x'): Promise<ReadExport> =>
  readExport({ [name]: JSON.stringify(value) }, name);
const labelled = ({ records }: ReadExport): (readonly [string, string | undefined, string])[] =>
  records.flatMap((record) => record.texts.map((text) => [record.id, text.label, text.text] as const));

describe('terraform', () => {
  it('gives each instance of a state under its address, in the place of its lineage', async () => {
    const result = await read(state);
    expect(result.reader).toBe('terraform');
    expect(labelled(result)).toEqual(
      expect.arrayContaining([
        ['x#module.db.aws_db_instance.main[0]', 'password', 'first-Password'],
        ['x#module.db.aws_db_instance.main[0]', 'Sid', 'say "x"'],
        ['x#module.db.aws_db_instance.main["blue"]', 'password', 'second-Password'],
        ['x#data.http.it', undefined, 'some body'],
        ['x#output.db_password', 'db_password', 'hunter2-Blue'],
      ]),
    );
    expect(new Set(result.records.map((record) => record.place.id))).toEqual(new Set([lineage]));
    expect(result.records.every((record) => record.revision.state === 'current')).toBe(true);
  });

  it('takes a backup for an earlier wording', async () => {
    const { records } = await read(state, 'terraform.tfstate.backup');
    expect(records.every((record) => record.revision.state === 'previous')).toBe(true);
  });

  it('loses no value', async () => {
    const keep =
      /lineage|terraform_version|provider$|\/(?:mode|type|module|name|index_key)$|sensitive_attributes/;
    const planted = plant(state, keep);
    expect(lost(planted, await read(planted.value))).toEqual([]);
  });

  it('reads flat keys of version 3', async () => {
    const result = await read({
      version: 3,
      serial: 1,
      lineage,
      terraform_version: '0.11.14',
      modules: [
        {
          path: ['root', 'net'],
          outputs: { token: { sensitive: true, type: 'string', value: 'output value' } },
          resources: {
            'aws_db.main': {
              type: 'aws_db',
              primary: { id: 'x', attributes: { 'auth.0.password': 'hunter2-Blue' } },
            },
          },
        },
      ],
    });
    expect(labelled(result)).toEqual(
      expect.arrayContaining([
        ['x#module.net.aws_db.main', 'password', 'hunter2-Blue'],
        ['x#module.net.output.token', 'token', 'output value'],
      ]),
    );
  });

  it('tells before from after in a plan, and reads its variables', async () => {
    const result = await read({
      format_version: '1.2',
      terraform_version: '1.6.0',
      variables: { db_password: { value: 'hunter2-Blue' } },
      planned_values: {
        root_module: {
          resources: [{ address: 'a.b', values: { token: 'planned value' } }],
          child_modules: [{ resources: [{ address: 'module.m.a.b', values: { token: 'in a module' } }] }],
        },
      },
      prior_state: {
        values: { root_module: { resources: [{ address: 'a.c', values: { token: 'prior value' } }] } },
      },
      resource_changes: [
        {
          address: 'a.b',
          change: { actions: ['update'], before: { token: 'old value' }, after: { token: 'new value' } },
        },
      ],
    });
    expect(result.reader).toBe('terraform');
    const roles = result.records.flatMap((record) =>
      record.texts.map((text) => [text.text, text.field.role]),
    );
    expect(roles).toEqual(
      expect.arrayContaining([
        ['old value', 'history-old'],
        ['new value', 'history-new'],
        ['planned value', 'setting'],
        ['hunter2-Blue', 'setting'],
      ]),
    );
    expect(labelled(result)).toEqual(
      expect.arrayContaining([
        ['x#module.m.a.b', 'token', 'in a module'],
        ['x#a.c', 'token', 'prior value'],
        ['x#state', 'db_password', 'hunter2-Blue'],
      ]),
    );
    expect(labelled(result).filter(([, , text]) => text === 'planned value')).toHaveLength(1);
  });

  it('says that an encrypted state was not read', async () => {
    const { notes } = await read({
      serial: 1,
      lineage,
      meta: { 'key_provider.x': 'y' },
      encrypted_data: 'AAAA',
      encryption_version: 'v0',
    });
    expect(notes.encrypted).toBe(1);
  });
});
