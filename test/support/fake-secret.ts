/** Tokens that look real to the rules and exist nowhere: sampled from a rule's own pattern. */
import { fileURLToPath } from 'node:url';
import { readBundle } from '../../src/rules/load-bundle.js';
import { sampleToken } from '../../src/rules/generate.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A token of a rule or kind; the same seed gives the same token. */
export function fakeSecret(ruleOrKind: string, seed: string): string {
  const rules = readBundle(root)?.rules ?? [];
  const rule = rules.find(({ id }) => id === ruleOrKind) ?? rules.find(({ kind }) => kind === ruleOrKind);
  if (rule === undefined) throw new Error(`no rule for ${ruleOrKind}: was the package built?`);
  return sampleToken(rule, seed);
}
