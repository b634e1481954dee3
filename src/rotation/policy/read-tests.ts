/** Reads the tests that stand in a policy file: facts that a secret has, and what policy must say of it. */
import { strategies } from './decision.js';
import { type FieldName, fieldSorts, isFieldName } from './fields.js';
import { emptyMap, Fields } from './node-reader.js';
import type { Expectation, PolicyTest } from './policy.js';
import type { PolicyFaults, PolicyNode } from './policy-tree.js';
import { readScalar, siblings } from './read-condition.js';
import { type Seen, unknownField } from './seen.js';

const expectations = [
  'strategy',
  'rule',
  'approvals',
  'gates',
  'window',
  'freeze',
  'steps_add',
  'deadline',
  'overlap',
  'soak',
  'max_age',
];

export function readTests(policy: Fields, faults: PolicyFaults): PolicyTest[] {
  const names = new Set<string>();
  return policy.items('tests').map((node) => {
    const fields = new Fields(node, 'a test', ['name', 'facts', 'expect'], faults);
    const name = fields.needed('name');
    if (names.has(name)) fields.fault('name', 'stands twice');
    names.add(name);
    return {
      name,
      at: fields.at,
      facts: readFacts(fields.get('facts'), faults),
      expect: readExpectation(fields, faults),
    };
  });
}

function readFacts(node: PolicyNode | undefined, faults: PolicyFaults): ReadonlyMap<FieldName, Seen> {
  const facts = new Map<FieldName, Seen>();
  if (node !== undefined && node.type !== 'map') faults.add(node.at, 'facts must be a map of fields');
  for (const { key, at, value } of node?.type === 'map' ? node.entries : []) {
    if (isFieldName(key)) facts.set(key, readSeen(key, value, faults));
    else faults.add(at, `"${key}" is not a known field${siblings(key)}`);
  }
  return facts;
}

/** `prod`, `[prod, staging]` for sets, `unknown`, `stale`. */
function readSeen(field: FieldName, node: PolicyNode, faults: PolicyFaults): Seen {
  if (node.type === 'scalar' && node.value === 'unknown') return unknownField;
  if (node.type === 'scalar' && node.value === 'stale') return { values: undefined, stale: true };
  if (node.type === 'list' && fieldSorts[field].isSet !== true) {
    faults.add(node.at, `${field} has one value, not a list`);
    return unknownField;
  }
  const items = node.type === 'list' ? node.items : [node];
  return { values: items.flatMap((item) => readScalar(item, field, faults) ?? []), stale: false };
}

function readExpectation(test: Fields, faults: PolicyFaults): Expectation {
  const node = test.get('expect');
  if (node === undefined) test.fault('expect', 'is missing');
  if (node?.type === 'map' && node.entries.length === 0) test.fault('expect', 'expects nothing');
  const fields = new Fields(node ?? emptyMap(test.at), 'expect', expectations, faults);
  const has = (name: string): boolean => fields.get(name) !== undefined;
  const expected = {
    strategy: fields.choice('strategy', strategies),
    rule: fields.text('rule'),
    approvals: has('approvals') ? readApprovals(fields, faults) : undefined,
    gates: has('gates') ? fields.texts('gates') : undefined,
    windows: has('window') ? fields.texts('window') : undefined,
    freezes: has('freeze') ? fields.texts('freeze') : undefined,
    stepsAdd: has('steps_add') ? fields.texts('steps_add') : undefined,
    deadlineMs: lengthOrNone(fields, 'deadline'),
    overlapMs: fields.duration('overlap'),
    soakMs: fields.duration('soak'),
    maxAgeMs: lengthOrNone(fields, 'max_age'),
  };
  const named = Object.entries(expected).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named) as Expectation;
}

function lengthOrNone(fields: Fields, name: string): number | 'none' | undefined {
  const node = fields.get(name);
  return node?.type === 'scalar' && node.value === 'none' ? 'none' : fields.duration(name);
}

function readApprovals(fields: Fields, faults: PolicyFaults): NonNullable<Expectation['approvals']> {
  return fields.items('approvals').map((node) => {
    const approval = new Fields(node, 'an approval', ['role', 'count', 'not'], faults);
    return {
      role: approval.needed('role'),
      count: approval.count('count', 1, 9) ?? 1,
      ...(approval.get('not') === undefined ? {} : { not: approval.texts('not') }),
    };
  });
}
