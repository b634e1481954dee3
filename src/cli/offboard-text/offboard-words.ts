/** What offboarding is called, for people. */
import type { FactEvidence } from '../../rotation/fact.js';
import type {
  CurrentUse,
  Ground,
  OffboardCase,
  OffboardItem,
  OffboardTrigger,
} from '../../rotation/offboard/offboard-case.js';

const subjects: Readonly<Record<OffboardTrigger, string>> = {
  'person-left': 'person',
  'principal-retired': 'principal',
  'workload-retired': 'workload',
  'vendor-ended': 'vendor',
  'agent-retired': 'agent',
};
const ends: Readonly<Record<OffboardTrigger, string>> = {
  'person-left': 'left',
  'principal-retired': 'retired',
  'workload-retired': 'retired',
  'vendor-ended': 'ended',
  'agent-retired': 'retired',
};
const standings: Readonly<Record<OffboardCase['stated'], string>> = {
  imported: 'imported',
  derived: 'as repositories show',
  asked: 'nobody stated it',
};

/** `person jo (left 2026-09-30, imported)`. */
export function titleOf({ trigger, subject, since, stated }: OffboardCase): string {
  const when = since === undefined ? '' : ` ${since}`;
  const end = stated === 'asked' ? '' : `${ends[trigger]}${when}, `;
  return `${subjects[trigger]} ${subject} (${end}${standings[stated]})`;
}

/** The lists in the order in which they are worked off. */
export const listNames = ['reOwn', 'rotate', 'revoke'] as const;
export type ListName = (typeof listNames)[number];

export const listTitles: Readonly<Record<ListName, string>> = {
  reOwn: 're-own',
  rotate: 'rotate',
  revoke: 'revoke',
};

export function proposalText({ proposed }: OffboardItem): string {
  if (proposed.length === 0) return '';
  return `proposed: ${proposed.map(({ party, as }) => `${party} (${as})`).join(', ')}; nobody is assigned`;
}

export function evidenceText({ place, path, line, commit, note }: FactEvidence): string {
  const spot = path === undefined ? place : `${place} ${path}`;
  const at = line === undefined ? '' : `:${line}`;
  const since = commit === undefined ? '' : ` @${commit.slice(0, 10)}`;
  return `${spot}${at}${since}${note === undefined ? '' : ` (${note})`}`;
}

export function groundText({ role, rule, confidence, evidence }: Ground): string {
  const shown = evidence.slice(0, 2).map(evidenceText).join('; ');
  return `${role} (${rule}, ${confidence})${shown === '' ? '' : `: ${shown}`}`;
}

export function useText({ name, kind, environment, evidence }: CurrentUse): string {
  const where = environment === 'unknown' ? kind : `${kind}, ${environment}`;
  const [first] = evidence;
  return `${name} (${where})${first === undefined ? '' : `: ${evidenceText(first)}`}`;
}

/** While something is left to do, the controls are not met; nothing says that they are otherwise. */
export function controlVerb({ reOwn, rotate, revoke, retire }: OffboardCase): string {
  const open = reOwn.length + rotate.length + revoke.length + retire.length;
  return open > 0 ? 'evidence against' : 'evidence for';
}
