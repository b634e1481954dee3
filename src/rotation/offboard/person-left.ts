/**
 * A person left: what needs another owner, what they could have kept, what ends with them. Lists are about secrets; people
 * are never compared, and a successor is proposed, never made one.
 */
import type { Dossier } from '../dossier.js';
import type { Imports, Party } from '../imports.js';
import { codePointOrder } from '../order.js';
import type { Concern } from './grounds.js';
import type { Ground, OffboardCase, OffboardItem, Proposal } from './offboard-case.js';
import {
  currentConsumers,
  isKnownUnused,
  isOutOfHand,
  isOver,
  isPersonal,
  machineUses,
  priorityText,
  usesOf,
} from './standing.js';

/** Parties by id, in lower case. */
export type Parties = ReadonlyMap<string, Party>;

export function partiesOf({ parties }: Imports): Parties {
  return new Map(parties.map((party) => [party.id.toLowerCase(), party]));
}

/** Whoever stands behind somebody, past those who left as well. */
function standIn(party: Party, parties: Parties): Proposal | undefined {
  const seen = new Set([party.id.toLowerCase()]);
  let next: Party | undefined = party;
  while (next !== undefined) {
    const { successor, manager }: Party = next;
    const name = successor ?? manager;
    if (name === undefined || seen.has(name.toLowerCase())) return undefined;
    seen.add(name.toLowerCase());
    const found = parties.get(name.toLowerCase());
    if (found?.status !== 'left')
      return { party: name, as: successor === undefined ? 'manager' : 'successor' };
    next = found;
  }
  return undefined;
}

function proposalsFor(dossier: Dossier, party: Party | undefined, parties: Parties): readonly Proposal[] {
  const backup = dossier.backupOwner.value;
  const isBackupThere =
    backup !== undefined &&
    backup.toLowerCase() !== party?.id.toLowerCase() &&
    parties.get(backup.toLowerCase())?.status !== 'left';
  const behind = party === undefined ? undefined : standIn(party, parties);
  return [
    ...(behind?.as === 'successor' ? [behind] : []),
    ...(isBackupThere ? [{ party: backup, as: 'backup-owner' as const }] : []),
    ...(behind?.as === 'manager' ? [behind] : []),
  ];
}

/** Roles in which an account of one's own is behind a personal token. */
function isTheirs(grounds: readonly Ground[]): boolean {
  return grounds.some(({ role }) => role === 'owner' || role === 'introducer' || role === 'poster');
}

function answersFor(grounds: readonly Ground[]): boolean {
  return grounds.some(({ role }) => role === 'owner' || role === 'backup-owner');
}

const knewBy: Readonly<Record<Ground['role'], string>> = {
  owner: 'they answered for it',
  'backup-owner': 'they stood in for its owner',
  introducer: 'they added the value',
  poster: 'they posted the value',
  reader: 'they could read a place that holds it',
  consumer: 'it uses the value',
  vendor: 'they issued it or work with it',
};

function reasonText(grounds: readonly Ground[]): string {
  return [...new Set(grounds.map(({ role }) => knewBy[role]))].join(', ');
}

type Draft = Pick<OffboardItem, 'what' | 'diesWithAccount' | 'proposed'>;

export function itemOf({ dossier, grounds }: Concern, draft: Draft): OffboardItem {
  const command = dossier.provider.commands.revoke;
  return {
    fingerprint: dossier.fingerprint,
    kind: dossier.kind,
    principal: dossier.principal.key,
    priority: priorityText(dossier),
    grounds,
    consumers: usesOf(currentConsumers(dossier)),
    ...draft,
    ...(command === undefined ? {} : { command }),
  };
}

interface Lists {
  readonly reOwn: OffboardItem[];
  readonly rotate: OffboardItem[];
  readonly revoke: OffboardItem[];
}

function place(concern: Concern, proposed: readonly Proposal[], lists: Lists): void {
  const { dossier, grounds } = concern;
  const diesWithAccount = isPersonal(dossier) && isTheirs(grounds);
  const why = reasonText(grounds);
  if (diesWithAccount) {
    const uses = machineUses(dossier);
    if (uses.length > 0) {
      const what = `dies with the account: give what uses it a principal of its own, rotate to that before the account is closed (${why})`;
      lists.rotate.push(itemOf(concern, { what, diesWithAccount, proposed }));
      return;
    }
    const unsure =
      dossier.coverage === 'attested' ? '' : '; no use of it is known, and nobody stated that there is none';
    const what = `a personal token: revoke it (${why}${unsure})`;
    lists.revoke.push(itemOf(concern, { what, diesWithAccount, proposed: [] }));
    return;
  }
  if (isKnownUnused(dossier) || dossier.principalStatus.value === 'retired') {
    lists.revoke.push(
      itemOf(concern, { what: `nothing uses it: revoke it (${why})`, diesWithAccount, proposed: [] }),
    );
    return;
  }
  if (answersFor(grounds)) {
    const role = grounds.some((ground) => ground.role === 'owner') ? 'an owner' : 'a backup owner';
    const open = dossier.owner.conflict ? '; who owns it is not settled' : '';
    const what = `still needed: name ${role}${open}`;
    lists.reOwn.push(itemOf(concern, { what, diesWithAccount, proposed }));
  }
  const what = `they could have kept the value: ${why}`;
  lists.rotate.push(itemOf(concern, { what, diesWithAccount, proposed: [] }));
}

/** What must happen first stands first; then the more urgent. */
function itemOrder(scoreOf: ReadonlyMap<string, number>): (a: OffboardItem, b: OffboardItem) => number {
  const score = ({ fingerprint }: OffboardItem): number => scoreOf.get(fingerprint) ?? 0;
  return (a, b) =>
    Number(b.diesWithAccount) - Number(a.diesWithAccount) ||
    score(b) - score(a) ||
    codePointOrder(a.fingerprint, b.fingerprint);
}

function orderOf({ reOwn, rotate, revoke }: Lists): string[] {
  const dying = rotate.filter(({ diesWithAccount }) => diesWithAccount).length;
  return [
    ...(dying > 0
      ? [
          `Before the account is closed: rotate the ${dying} marked "dies with the account" to service principals, or what uses them stops that day.`,
        ]
      : []),
    ...(reOwn.length > 0 ? ['Name new owners: nobody can approve the rotations below without them.'] : []),
    'Close the account and end its sessions.',
    ...(rotate.length > dying
      ? ['Rotate what they could have kept; closing the account does not undo it.']
      : []),
    ...(revoke.length > 0 ? ['Revoke what nothing uses, then remove its copies.'] : []),
  ];
}

export interface LeavingPerson {
  readonly subject: string;
  /** Undefined: nobody imported anything about them. */
  readonly party: Party | undefined;
}

export function personLeft(
  { subject, party }: LeavingPerson,
  concerns: readonly Concern[],
  parties: Parties,
  controls: readonly string[],
): OffboardCase {
  const lists: Lists = { reOwn: [], rotate: [], revoke: [] };
  const over: string[] = [];
  for (const concern of concerns) {
    const { dossier } = concern;
    if (isOutOfHand(dossier)) continue;
    if (isOver(dossier)) over.push(dossier.fingerprint);
    else place(concern, proposalsFor(dossier, party, parties), lists);
  }
  const order = itemOrder(
    new Map(concerns.map(({ dossier }) => [dossier.fingerprint, dossier.priority.score])),
  );
  const hasLeft = party?.status === 'left';
  return {
    trigger: 'person-left',
    subject,
    stated: hasLeft ? 'imported' : 'asked',
    ...(hasLeft && party.leftOn !== undefined ? { since: party.leftOn } : {}),
    evidence: [],
    reOwn: lists.reOwn.sort(order),
    rotate: lists.rotate.sort(order),
    revoke: lists.revoke.sort(order),
    retire: [],
    over,
    order: orderOf(lists),
    notes: notesOf(party, concerns, lists),
    controls,
  };
}

function notesOf(party: Party | undefined, concerns: readonly Concern[], { reOwn }: Lists): string[] {
  const notes: string[] = [];
  if (party?.status !== 'left')
    notes.push('Nobody has imported that this person left; this is what it would mean.');
  if (!concerns.some(({ grounds }) => grounds.some(({ role }) => role === 'reader')))
    notes.push('Which places they could read is not imported; copies in those are not listed.');
  if (reOwn.length > 0 && reOwn.every(({ proposed }) => proposed.length === 0))
    notes.push('Neither a successor nor a manager is imported: nobody can be proposed.');
  return notes;
}
