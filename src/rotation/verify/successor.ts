/**
 * Checks the new value: it must stand nowhere but in the vault. Found in the old slot it is hard-coded again; found where
 * people read it is as exposed as the old one was; equal to a value that was known before it is no new value.
 */
import type { Location } from '../../model/exposure.js';
import { timeOf } from '../derive/sighting-dates.js';
import { slotIdOf } from '../derive/slots.js';
import type { Dossier } from '../dossier.js';
import type { Privilege } from '../imports.js';
import { isAfter } from './judge-root.js';

export const successorCodes = [
  'NOT_ROTATED',
  'NEW_VALUE_EXPOSED',
  'REUSED_VALUE',
  'ROTATED_IN_PLACE',
  'NEW_VALUE_FOUND',
  'ROTATION_WIDENED',
] as const;
export type SuccessorCode = (typeof successorCodes)[number];

export interface SuccessorFinding {
  readonly code: SuccessorCode;
  /** Fingerprint of the new value. */
  readonly successor: string;
  readonly text: string;
  /** Copies that show it. */
  readonly copies: readonly Location[];
  /** True when it needs a plan of its own, to which the rules for emergencies apply. */
  readonly isEmergency: boolean;
}

export interface SuccessorInput {
  /** The old value. */
  readonly predecessor: Dossier;
  readonly successor: string;
  /** When the plan was made, RFC 3339: what was in use before is no new value. */
  readonly plannedAt: string;
  /** What is known of the new value; undefined: no scan met it. */
  readonly dossier?: Dossier;
  /** Other plans that took the same new value, by id. */
  readonly otherPlans: readonly string[];
  /** Secrets other than these two that own the fingerprint in a vault: paths that held it before. */
  readonly vaultPaths: readonly string[];
  /** Scopes that were recorded (liveness checks), by fingerprint. */
  readonly scopesOf: (fingerprint: string) => readonly string[];
}

/** In the order of {@link successorCodes}. */
export function checkSuccessor(input: SuccessorInput): SuccessorFinding[] {
  const { predecessor, successor } = input;
  const finding = (
    code: SuccessorCode,
    text: string,
    copies: readonly Location[] = [],
  ): SuccessorFinding => ({ code, successor, text, copies, isEmergency: code === 'NEW_VALUE_EXPOSED' });
  if (isSameSecret(predecessor, successor))
    return [finding('NOT_ROTATED', 'it is the old value: nothing was rotated')];
  const present = (input.dossier?.copies ?? []).filter(({ presence }) => presence !== 'gone');
  const slots = new Set(predecessor.slots.map(({ id }) => id));
  const human = present.filter(({ isHuman }) => isHuman).map(({ location }) => location);
  const own = present.filter(({ isHuman }) => !isHuman).map(({ location }) => location);
  const inSlot = own.filter((location) => slots.has(slotIdOf(location) ?? ''));
  const elsewhere = own.filter((location) => !inSlot.includes(location));
  const reused = reuseText(input, own);
  const widened = widenedText(input);
  return [
    ...(human.length === 0
      ? []
      : [
          finding(
            'NEW_VALUE_EXPOSED',
            'it stands where people read it, so it is exposed: it needs a plan of its own, and the rules for emergencies apply',
            human,
          ),
        ]),
    ...(reused === undefined ? [] : [finding('REUSED_VALUE', reused)]),
    ...(inSlot.length === 0
      ? []
      : [
          finding(
            'ROTATED_IN_PLACE',
            'it took the place of the old one in a tracked file: still hard-coded',
            inSlot,
          ),
        ]),
    ...(elsewhere.length === 0
      ? []
      : [finding('NEW_VALUE_FOUND', 'it stands outside of the vault', elsewhere)]),
    ...(widened === undefined ? [] : [finding('ROTATION_WIDENED', widened)]),
  ];
}

function isSameSecret({ fingerprint, exposure }: Dossier, successor: string): boolean {
  return fingerprint === successor || exposure.aliases.some((alias) => alias.fingerprint === successor);
}

/** Why it is a value that was in use before it was needed. */
function reuseText(
  { dossier, plannedAt, otherPlans, vaultPaths }: SuccessorInput,
  own: readonly Location[],
): string | undefined {
  if (otherPlans.length > 0) return `another plan has the same new value: ${otherPlans.join(', ')}`;
  if (vaultPaths.length > 1) return `several vault paths hold it: ${vaultPaths.join(', ')}`;
  if (dossier === undefined) return undefined;
  const wasKnown = own.some((location) => isAfter(plannedAt, writtenAt(location) ?? location.firstSeen));
  return wasKnown ? 'it was in use before the rotation was planned' : undefined;
}

function writtenAt({ appearance }: Location): string | undefined {
  if (appearance.type === 'git-blob') return appearance.introduced?.committerDate;
  return appearance.type === 'record' ? appearance.created : undefined;
}

const privilegeRank: Readonly<Record<Privilege, number | undefined>> = {
  none: 0,
  read: 1,
  write: 2,
  admin: 3,
  unknown: undefined,
};

/** What is known of both only: an unknown scope is not a wider one. */
function widenedText({ predecessor, dossier, successor, scopesOf }: SuccessorInput): string | undefined {
  const before = scopesOf(predecessor.fingerprint);
  const added = before.length === 0 ? [] : scopesOf(successor).filter((scope) => !before.includes(scope));
  if (added.length > 0) return `it has scopes that the old one had not: ${[...added].sort().join(', ')}`;
  if (dossier === undefined) return undefined;
  const old = privilegeRank[predecessor.privilege.value ?? 'unknown'];
  const now = privilegeRank[dossier.privilege.value ?? 'unknown'];
  if (old !== undefined && now !== undefined && now > old)
    return `it may ${dossier.privilege.value}, the old one might ${predecessor.privilege.value}`;
  return longerText(predecessor, dossier);
}

function longerText(before: Dossier, after: Dossier): string | undefined {
  const old = lifeOf(before);
  const now = lifeOf(after);
  if (old === undefined) return undefined;
  if (now === undefined)
    return after.conditions.includes('NO_EXPIRY') ? 'it never expires, the old one did' : undefined;
  return now > old ? `it lives ${days(now)} days, the old one lived ${days(old)}` : undefined;
}

/** Milliseconds from issue to expiry, where both are known. */
function lifeOf({ issuedAt, expiresAt }: Dossier): number | undefined {
  const [start, end] = [timeOf(issuedAt.value), timeOf(expiresAt.value)];
  return start === undefined || end === undefined ? undefined : end - start;
}

function days(milliseconds: number): number {
  return Math.round(milliseconds / 86_400_000);
}
