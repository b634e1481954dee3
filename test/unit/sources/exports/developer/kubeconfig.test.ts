import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';

const config = `apiVersion: v1
kind: Config
# old token: replaced-one
clusters:
- name: prod
  cluster:
    server: https://example.org:6443
users:
- name: admin
  user:
    token: hunter2-Blue
    exec:
      env:
      - name: AWS_PROFILE
        value: of-the-profile
contexts: []
`;

describe('kubeconfig', () => {
  it('gives users and clusters with labels, and comments', async () => {
    const { reader, records } = await readExport({ 'home/c': config }, 'home/c');
    expect(reader).toBe('kubeconfig');
    const texts = records.flatMap((record) => record.texts.map((text) => [record.id, text.label, text.text]));
    expect(texts).toEqual(
      expect.arrayContaining([
        ['c#users/admin', 'token', 'hunter2-Blue'],
        ['c#users/admin', 'AWS_PROFILE', 'of-the-profile'],
        ['c#clusters/prod', 'server', 'https://example.org:6443'],
        ['c#comments', undefined, 'old token: replaced-one'],
      ]),
    );
  });

  it('survives YAML made to overflow the stack', async () => {
    const { records, damage } = await readExport({ c: `${config}x: ${'['.repeat(50_000)}` }, 'c');
    expect(damage.length).toBeGreaterThan(0);
    expect(records.length).toBeGreaterThan(0);
  });

  it('hands over the whole text when the YAML is broken', async () => {
    const { records, damage } = await readExport({ c: `${config}users: [\n` }, 'c');
    expect(damage.length).toBeGreaterThan(0);
    expect(records.some((record) => record.texts.some((text) => text.text.includes('hunter2-Blue')))).toBe(
      true,
    );
  });
});
