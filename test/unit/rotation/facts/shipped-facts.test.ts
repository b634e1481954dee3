import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { factFaults } from '../../../../src/cli/provider-facts.js';
import { parseProviderTable } from '../../../../src/rotation/facts/provider-parse.js';
import { loadRuleSources } from '../../../../src/rules/load.js';
import { loadFactFiles } from '../../../../src/rules/load-facts.js';

const rulesDir = fileURLToPath(new URL('../../../../rules', import.meta.url));
const table = parseProviderTable(loadFactFiles(rulesDir));
const idsOf = (flag: 'cascade' | 'userBound' | 'opener' | 'publishable'): string[] =>
  table.rows.filter((row) => row[flag]).map(({ id }) => id);

describe('the shipped facts', () => {
  it('map every kind at most once, and only kinds that there are', () => {
    const kinds = new Set<string>(loadRuleSources(rulesDir).kinds.keys());
    expect(factFaults(rulesDir, kinds).faults).toEqual([]);
  });

  it('name as cascading those whose revocation ends credentials made with them', () => {
    expect(idsOf('cascade')).toEqual([
      'app.jwt-hmac-secret',
      'aws.iam-access-key',
      'azure.servicebus-sas-policy',
      'azure.storage-account-key',
      'ca.private-key',
      'github.app-private-key',
      'oidc.signing-key',
      'supabase.legacy-key',
      'vault.service-token',
    ]);
  });

  it('name those that belong to a person, open others, or are meant to be seen', () => {
    expect(idsOf('userBound')).toEqual(expect.arrayContaining(['github.pat-classic', 'linear.api-key']));
    expect(idsOf('opener')).toEqual(
      expect.arrayContaining(['1password.service-account', 'conjur.api-key', 'doppler.service-token']),
    );
    expect(idsOf('publishable')).toEqual(['stripe.publishable-key']);
  });

  it.each([
    ['aws-access-key-id', 'aws.iam-access-key', { overlap: 'yes', slots: 2, reversibleDisable: true }],
    ['gitlab-pat', 'gitlab.pat', { overlap: 'yes', revocation: 'now' }],
    ['postgres-uri', 'postgres.password', { overlap: 'unknown', revocation: 'now', checked: false }],
    ['azure-storage-sas-token', 'azure.sas', { overlap: 'not-applicable', revocation: 'expiry' }],
    ['elevenlabs-key', 'elevenlabs.key', { overlap: 'no' }],
    ['gcp-oauth-client-secret', 'google.oauth-client-secret', { overlap: 'unknown' }],
    ['amazon-presigned-url', 'aws.presigned-url', { class: 'ephemeral', maxTtlMs: 604_800_000 }],
    ['generic-password-code', 'generic.password', { class: 'unknown', overlap: 'unknown' }],
    ['no-such-kind', 'generic.password', { revocation: 'unknown', checked: false }],
  ])('%s is %s', (kind, id, expected) => {
    expect(table.rowOf(kind)).toMatchObject({ id, ...expected });
  });

  it('can be switched off by a command wherever a command switches on again', () => {
    for (const { id, commands, reversibleDisable } of table.rows) {
      expect([id, commands.enable !== undefined]).toEqual([id, commands.disable !== undefined]);
      if (commands.disable !== undefined) expect([id, reversibleDisable]).toEqual([id, true]);
    }
  });

  it('have an address for whatever was checked with one, and say so where it was not', () => {
    for (const { id, checked, source } of table.rows) {
      if (source.startsWith('general knowledge')) expect([id, checked]).toEqual([id, false]);
      else expect([id, source.split(' ')[0]]).toEqual([id, expect.stringMatching(/^https:\/\/|^inline/)]);
    }
  });

  it('say of a leaked AWS key that its user cannot rotate it, and of a GitHub token that it is probably dead', () => {
    expect(table.reactionOf(table.rowOf('aws-access-key-id').provider)).toMatchObject({
      probablyDead: false,
      selfRotating: true,
    });
    expect(table.reactionOf(table.rowOf('github-pat-classic').provider)?.probablyDead).toBe(true);
  });
});
