/** Reads policies in tests: the shipped one, and texts. */
import { readFileSync } from 'node:fs';
import { decideFields } from '../../src/rotation/policy/decide.js';
import type { Decision } from '../../src/rotation/policy/decision.js';
import type { FieldName } from '../../src/rotation/policy/fields.js';
import { type Policy, policyFaultText } from '../../src/rotation/policy/policy.js';
import { readPolicy } from '../../src/rotation/policy/read-policy.js';
import { type Scalar, type Seen, unknownField } from '../../src/rotation/policy/seen.js';

export const defaultPolicyText: string = readFileSync(
  new URL('../../rules/policy/default.yaml', import.meta.url),
  'utf8',
);

const noHash = '0'.repeat(64);

/** `file:line:column: message` of every fault. */
export function faultsOf(text: string): string[] {
  return readPolicy('p.yaml', text, noHash).faults.map(policyFaultText);
}

/** Fails the test when the text has faults. */
export function policyOf(text: string): Policy {
  const { policy, faults } = readPolicy('p.yaml', text, noHash);
  if (policy === undefined) throw new TypeError(faults.map(policyFaultText).join('\n'));
  return policy;
}

export function defaultPolicy(): Policy {
  return policyOf(defaultPolicyText);
}

/** `'unknown'` and `'stale'` are what nobody knows; a list is a set. */
export type FactsGiven = Partial<Record<FieldName, Scalar | readonly Scalar[]>>;

function seenOf(given: Scalar | readonly Scalar[]): Seen {
  if (given === 'unknown') return unknownField;
  if (given === 'stale') return { values: undefined, stale: true };
  return { values: typeof given === 'object' ? given : [given], stale: false };
}

/** What a policy says where these fields are known and no others. */
export function decideFacts(policy: Policy, facts: FactsGiven): Decision {
  return decideFields(policy, (field) => {
    const given = facts[field];
    return given === undefined ? unknownField : seenOf(given);
  });
}
