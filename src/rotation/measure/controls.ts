/**
 * Conditions and the controls that they are evidence for or against. Evidence only: no report says that somebody
 * complies.
 */
import { sortedSet } from '../order.js';

export interface Controls {
  /** OWASP Non-Human Identities Top 10, 2025. */
  readonly owasp: readonly string[];
  /** NIST Cybersecurity Framework 2.0. */
  readonly csf: readonly string[];
  /** Others: OWASP agentic security, MAESTRO layers, NIST AI RMF. */
  readonly also: readonly string[];
}

function controls(owasp: string, csf: string, also = ''): Controls {
  const list = (text: string): string[] => (text === '' ? [] : text.split(', '));
  return { owasp: list(owasp), csf: list(csf), also: list(also) };
}

const lifetimeControls = controls('NHI7', 'PR.AA-01');
const orphanControls = controls('NHI1', 'ID.AM-08, PR.AA-01', 'AI RMF GOVERN 1.7');
const ownerControls = controls('NHI1', 'GV.RR-02, ID.AM-02', 'AI RMF GOVERN 2.1');
const slotControls = controls('NHI2, NHI7', 'PR.PS-01');
const processControls = controls('', 'ID.RA-07, GV.PO-01', 'AI RMF GOVERN 1.4');
const environmentControls = controls('NHI8', 'PR.AA-05, PR.IR-01');
const reuseControls = controls('NHI9', 'PR.AA-05, PR.AA-01');
const planControls = controls(
  'NHI7, NHI1',
  'ID.RA-06, ID.RA-07, RS.MI-01, RS.MI-02, PR.PS-04',
  'AI RMF MANAGE 4.1',
);

/** Stable ids: they stand in output and tests. */
export const conditionIds = [
  'LEAKED_PUBLIC',
  'LEAKED_INTERNAL',
  'AUDIENCE_UNKNOWN',
  'HUMAN_COPY',
  'HUMAN_USE',
  'PERSONAL_IN_MACHINE',
  'LONG_LIVED',
  'NO_EXPIRY',
  'OVERDUE',
  'RENEWAL_UNPROVEN',
  'CROSS_ENVIRONMENT',
  'SLOT_SHARED',
  'REUSED',
  'REUSED_VALUE',
  'AGENT_SHARED',
  'AGENT_STANDING_SECRET',
  'OVERPRIVILEGED',
  'CI_STATIC_CLOUD_KEY',
  'OIDC_TRUST_WIDE',
  'WEAK_AUTH_METHOD',
  'THIRD_PARTY_HOLDS',
  'ORPHAN',
  'OWNER_LEFT',
  'STILL_ACTIVE_AFTER_RETIRE',
  'TEARDOWN_MISSING',
  'OWNER_UNKNOWN',
  'OWNER_AMBIGUOUS',
  'UNVAULTED',
  'DUPLICATED_IN_VAULT',
  'ROTATED_IN_PLACE',
  'OLD_VALUE_RETURNED',
  'NOT_ROTATED',
  'EXCEPTION_EXPIRED',
  'APPROVAL_STALE',
  'PLAN_CREATED',
  'PLAN_APPROVED',
  'PLAN_PROVED',
] as const;
export type ConditionId = (typeof conditionIds)[number];

/** By id of the condition. */
export const conditionControls: Readonly<Record<ConditionId, Controls>> = {
  LEAKED_PUBLIC: controls('NHI2', 'PR.DS-01, RS.MI-01, ID.RA-01'),
  LEAKED_INTERNAL: controls('NHI2', 'PR.DS-01, PR.AA-01'),
  /** Leaked, and how far is not known. */
  AUDIENCE_UNKNOWN: controls('NHI2', 'PR.DS-01, ID.RA-01'),
  HUMAN_COPY: controls('NHI2, NHI10', 'PR.DS-01, PR.AT-01'),
  HUMAN_USE: controls('NHI10', 'PR.AA-05'),
  PERSONAL_IN_MACHINE: controls('NHI10, NHI1', 'PR.AA-01'),
  LONG_LIVED: lifetimeControls,
  NO_EXPIRY: lifetimeControls,
  OVERDUE: lifetimeControls,
  RENEWAL_UNPROVEN: lifetimeControls,
  CROSS_ENVIRONMENT: environmentControls,
  SLOT_SHARED: environmentControls,
  REUSED: reuseControls,
  REUSED_VALUE: reuseControls,
  AGENT_SHARED: controls('NHI9', 'PR.AA-01', 'ASI03, MAESTRO L3, MAESTRO L6, MAESTRO L7, AI RMF GOVERN 2.1'),
  AGENT_STANDING_SECRET: controls(
    'NHI7, NHI2',
    'PR.AA-05',
    'ASI03, ASI02, MAESTRO L3, MAESTRO L4, MAESTRO L6, AI RMF MANAGE 2.4',
  ),
  OVERPRIVILEGED: controls('NHI5', 'PR.AA-05', 'ASI03'),
  CI_STATIC_CLOUD_KEY: controls('NHI6', 'PR.AA-05, PR.PS-01'),
  OIDC_TRUST_WIDE: controls('NHI6, NHI4', 'PR.AA-05'),
  WEAK_AUTH_METHOD: controls('NHI4', 'PR.AA-03'),
  THIRD_PARTY_HOLDS: controls('NHI3', 'GV.SC-07, ID.AM-04', 'ASI04'),
  ORPHAN: orphanControls,
  OWNER_LEFT: orphanControls,
  STILL_ACTIVE_AFTER_RETIRE: orphanControls,
  TEARDOWN_MISSING: orphanControls,
  OWNER_UNKNOWN: ownerControls,
  OWNER_AMBIGUOUS: ownerControls,
  UNVAULTED: controls('NHI2, NHI9', 'PR.DS-01'),
  DUPLICATED_IN_VAULT: controls('NHI2, NHI9', 'PR.DS-01'),
  ROTATED_IN_PLACE: slotControls,
  OLD_VALUE_RETURNED: slotControls,
  NOT_ROTATED: slotControls,
  EXCEPTION_EXPIRED: processControls,
  APPROVAL_STALE: processControls,
  PLAN_CREATED: planControls,
  PLAN_APPROVED: planControls,
  PLAN_PROVED: planControls,
};

/** Ends of a vendor's access have a control of their own. */
const vendorControl = 'GV.SC-10';
const vendorConditions: ReadonlySet<string> = new Set(['ORPHAN', 'OWNER_LEFT', 'STILL_ACTIVE_AFTER_RETIRE']);

/** All control ids of these conditions, sorted; unknown ids have none. */
export function controlsOf(conditions: Iterable<string>, isVendor = false): string[] {
  const ids: string[] = [];
  for (const condition of conditions) {
    if (!Object.hasOwn(conditionControls, condition)) continue;
    const { owasp, csf, also } = conditionControls[condition as ConditionId];
    ids.push(...owasp, ...csf, ...also);
    if (isVendor && vendorConditions.has(condition)) ids.push(vendorControl);
  }
  return sortedSet(ids);
}
