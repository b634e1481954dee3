/**
 * The one place where records from the file become records with a meaning. Actions of later versions, and data that is
 * not of the expected shape, stay in the chain and mean nothing here.
 */
import type { ChainRecord } from '../../store/evidence-chain.js';
import { stepStates } from '../plan/step-state.js';
import { gateNames, strategies } from '../policy/decision.js';
import type { LogAction, LogRecord } from './record.js';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const count: Check = (value) => typeof value === 'number';
const flag: Check = (value) => typeof value === 'boolean';
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const oneOf =
  (words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const mapOf =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);
const shape =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, check]) => check(value[name]));

const standing = {
  revision: text,
  strategy: oneOf(strategies),
  rule: text,
  deadline: optional(text),
  policy: text,
  others: listOf(text),
};

const basis = shape({
  exposureLevel: text,
  consumers: listOf(text),
  environments: listOf(text),
  owner: optional(text),
  strategy: oneOf(strategies),
  deadline: optional(text),
});

const scopes: readonly Check[] = [
  shape({ type: oneOf(['secret']), fingerprint: text }),
  shape({ type: oneOf(['slot']), slot: text }),
  shape({ type: oneOf(['principal']), principal: text }),
  shape({ type: oneOf(['rule-path']), rule: text, path: text }),
];

const grant = {
  scope: (value: unknown) => scopes.some((check) => check(value)),
  reason: text,
  controls: listOf(text),
  riskOwner: text,
  grantedBy: text,
  expiresAt: text,
  ticket: optional(text),
  basis: mapOf(basis),
};

/** What the data of each action must hold. */
const shapes: Readonly<Record<LogAction, Check>> = {
  imported: shape({ type: text, count, sha256: text }),
  'policy-changed': shape({ sha256: text }),
  'plan-created': shape(standing),
  'plan-revised': shape({ ...standing, previous: text }),
  'plan-approved': shape({
    revision: text,
    role: text,
    decision: oneOf(['approved', 'rejected']),
    comment: optional(text),
  }),
  step: shape({
    state: oneOf(stepStates),
    revision: text,
    reason: optional(text),
    successor: optional(text),
  }),
  gate: shape({
    gate: oneOf(gateNames),
    result: oneOf(['pass', 'fail']),
    windowStart: text,
    windowEnd: text,
    value: optional(text),
    source: text,
    accepted: flag,
    refusal: optional(text),
  }),
  verdict: shape({ verdict: text, verdicts: listOf(text), ground: text, copies: mapOf(count) }),
  'plan-closed': shape({
    revision: text,
    verdict: text,
    accepted: listOf(shape({ place: text, by: text })),
  }),
  'plan-reopened': shape({ why: text }),
  'exception-granted': shape(grant),
  'exception-renewed': shape({ ...grant, role: optional(text) }),
  'exception-ended': shape({ why: text }),
  proved: shape({ sha256: text }),
};

/** Actions that are about a plan, and those about one of its steps. */
const ofPlans: ReadonlySet<string> = new Set<LogAction>([
  'plan-created',
  'plan-revised',
  'plan-approved',
  'step',
  'gate',
  'plan-closed',
  'plan-reopened',
  'proved',
]);
const ofSteps: ReadonlySet<string> = new Set<LogAction>(['step', 'gate']);

/** The record with its meaning; undefined when this version knows none. */
export function knownRecord(record: ChainRecord): LogRecord | undefined {
  const { action, plan, step, data } = record;
  if (!Object.hasOwn(shapes, action)) return undefined;
  if (ofPlans.has(action) && plan === undefined) return undefined;
  if (ofSteps.has(action) && step === undefined) return undefined;
  return shapes[action as LogAction](data) ? (record as LogRecord) : undefined;
}
