/** The provider's number of values that are valid at once: what is known of it, and how room is made for a new one. */
import { credentialOf, isCredentialKey } from '../../derive/principal.js';
import type { Dossier } from '../../dossier.js';
import { codePointOrder } from '../../order.js';
import type { PlanContext } from '../plan-context.js';
import type { StepDraft } from '../step-draft.js';
import { checkNote, commandOf, providerName, subjectOf } from './provider-words.js';

/** A value that counts against the limit: the halves of one credential are one. */
interface Taken {
  readonly name: string;
  readonly dossiers: readonly Dossier[];
  /** RFC 3339: when it was made, as far as is known. */
  readonly since: string;
  readonly consumers: readonly string[];
}

const namedConsumers = 2;

function shown(name: string): string {
  return /^[0-9a-f]{64}$/.test(name) ? name.slice(0, 12) : name;
}

function takenBy(members: readonly Dossier[], rowId: string): Taken[] {
  const byName = new Map<string, Dossier[]>();
  for (const member of members) {
    if (member.provider.id !== rowId) continue;
    const name = credentialOf(member.exposure);
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [member]);
    else known.push(member);
  }
  return [...byName].map(([name, dossiers]) => ({
    name: shown(name),
    dossiers,
    since: dossiers.map((own) => own.issuedAt.value ?? own.exposedSince).sort(codePointOrder)[0] ?? '',
    consumers: [
      ...new Set(
        dossiers.flatMap((own) =>
          own.consumers.filter(({ current }) => current !== 'former').map((consumer) => consumer.name),
        ),
      ),
    ].sort(codePointOrder),
  }));
}

/** What nothing is known to use before what is used, the older before the newer. */
function byUse(a: Taken, b: Taken): number {
  return (
    Math.min(a.consumers.length, 1) - Math.min(b.consumers.length, 1) ||
    codePointOrder(a.since, b.since) ||
    codePointOrder(a.name, b.name)
  );
}

function described({ name, dossiers, since, consumers }: Taken): string {
  const day = since.slice(0, 10);
  const made = dossiers.some(({ issuedAt }) => issuedAt.value !== undefined)
    ? `made ${day}`
    : `seen since ${day}`;
  const rest = consumers.length - namedConsumers;
  const users =
    consumers.length === 0
      ? 'nothing known uses it'
      : `used by ${consumers.slice(0, namedConsumers).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return `${name} (${made}, ${users})`;
}

function namesOf(dossiers: readonly Dossier[]): string {
  const names = new Set(dossiers.map(({ exposure }) => shown(credentialOf(exposure))));
  return [...names].sort(codePointOrder).join(', ');
}

/** Which of the known values to free, as far as what is known can say. */
function choice(taken: readonly Taken[]): string {
  const [first, second] = [...taken].sort(byUse);
  if (first === undefined || second === undefined) return '';
  const isUnused = first.consumers.length === 0 && second.consumers.length > 0;
  const ground = isUnused
    ? 'nothing known uses it'
    : first.since < second.since
      ? 'it is the older one'
      : 'as good as the other';
  return ` Known: ${taken.map(described).join('; ')}. First to look at: ${first.name}, ${ground}.`;
}

/** A switched-off value still takes its place until it is deleted. */
function spentNote({ row, spent }: PlanContext): string {
  if (spent.length === 0 || row.slots === undefined) return '';
  const is = spent.length === 1 ? 'is' : 'are';
  return ` ${namesOf(spent)} ${is} attested dead: what is only switched off still counts, so delete that first.`;
}

export function freeSlotStep(context: PlanContext): StepDraft {
  const { row, owner, members } = context;
  const limit = row.slots === undefined ? 'its limit' : `${row.slots}`;
  const taken = takenBy(members, row.id);
  return {
    type: 'free-slot',
    title: 'free a slot',
    who: owner,
    how:
      `${providerName(row)} keeps ${limit} values of ${subjectOf(context)} valid at once, and all are taken.` +
      `${spentNote(context)}${choice(taken)} Find by last use the one that nothing needs, move what still uses it to ` +
      `the other, switch it off, wait, and delete it${checkNote(row)}. No value that this plan is about is kept in the end.`,
    ...commandOf(row.commands.disable ?? row.commands.revoke),
    reversible: row.reversibleDisable,
    rollback: row.reversibleDisable
      ? `${row.commands.enable ?? 'switch it on again'}; possible until it is deleted`
      : 'none once it is deleted',
  };
}

/** Before a value is made: whether there is room for it, where that is not known. */
export function roomNote(context: PlanContext): string {
  const { row, lead, members } = context;
  if (row.slots === undefined || members.some(({ reasons }) => reasons.includes('SLOT_FULL'))) return '';
  const spent = spentNote(context).trimStart();
  if (spent !== '') return `${spent} `;
  return isCredentialKey(lead.principal) && row.slots <= 10
    ? `Look first how many values its account has: ${row.slots} can be valid at once${checkNote(row)}. `
    : '';
}
