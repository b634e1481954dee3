/**
 * One step for each document that holds a copy. A secret with thousands of copies would give a plan that nobody can read:
 * beyond some, what one custodian cleans in one place in one way is one step that lists its copies. History is always
 * one step a place, since it is rewritten, or accepted, as a whole.
 */
import { heirText } from '../../derive/heirs.js';
import { slotIdOf } from '../../derive/slots.js';
import type { Copy } from '../../dossier.js';
import { codePointOrder, sortedSet } from '../../order.js';
import { type PlanContext, unassigned } from '../plan-context.js';
import type { StepDraft } from '../step-draft.js';
import { documentKeyOf, documentOf, isCleanedAsWhole, placeKey } from './purge-keys.js';
import { type Cleaning, cleaningAdvice, cleaningNames, cleaningOf, containerAdvice } from './purge-places.js';

/** Documents that still get a step each. */
export const mostDocuments = 12;

interface Group {
  readonly key: string;
  readonly cleaning: Cleaning;
  readonly copies: Copy[];
}

function grouped(
  copies: readonly Copy[],
  keyOf: (copy: Copy, cleaning: Cleaning) => readonly string[],
): Group[] {
  const groups = new Map<string, Group>();
  for (const copy of copies) {
    const cleaning = cleaningOf(copy);
    const key = keyOf(copy, cleaning).join('\0');
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { key, cleaning, copies: [copy] });
    else known.copies.push(copy);
  }
  return [...groups.values()];
}

function groupsOf(copies: readonly Copy[]): Group[] {
  const fine = grouped(copies, documentKeyOf);
  return fine.length <= mostDocuments ? fine : grouped(copies, placeKey);
}

const order: readonly Cleaning[] = Object.keys(cleaningNames) as Cleaning[];

function titleOf({ cleaning, copies }: Group): string {
  const [first] = copies;
  if (first === undefined) return 'copies';
  const documents = new Set(copies.map(documentOf));
  const what = documents.size === 1 ? documentOf(first) : `${documents.size} documents`;
  const isWhole = isCleanedAsWhole(cleaning);
  return `${first.location.placeName}${isWhole ? '' : ` ${what}`} (${cleaningNames[cleaning]})`;
}

/** Why somebody else is asked than the one who is known for the place. */
function standIns(copies: readonly Copy[]): string {
  const texts = copies.flatMap(({ formerCustodian, custodian }) =>
    formerCustodian === undefined ? [] : [` ${heirText(formerCustodian, custodian)}.`],
  );
  return sortedSet(texts).join('');
}

function purgeStep(group: Group): StepDraft {
  const { copies, cleaning, key } = group;
  const isOutside = copies.some(({ audience }) => audience === 'public' || audience === 'external');
  const forks =
    isOutside && (cleaning === 'head' || isCleanedAsWhole(cleaning))
      ? ' Outsiders could read it: forks, clones and caches of others keep it whatever is done here.'
      : '';
  const title = titleOf(group);
  return {
    type: 'purge',
    key,
    target: title,
    title,
    who: copies[0]?.custodian ?? unassigned,
    how: `${cleaningAdvice[cleaning]}${containerAdvice(copies)}${forks}${standIns(copies)}`,
    reversible: false,
    rollback: 'none: what is deleted is not put back',
    copies,
  };
}

/** Every copy that is not gone is in exactly one of these steps. */
export function purgeSteps({ members }: PlanContext): StepDraft[] {
  const copies = members.flatMap((member) => member.copies.filter(({ presence }) => presence !== 'gone'));
  return groupsOf(copies)
    .sort((a, b) => order.indexOf(a.cleaning) - order.indexOf(b.cleaning) || codePointOrder(a.key, b.key))
    .map(purgeStep);
}

/** Slots that a hard-coded value still stands in. */
export function currentSlots({ members }: PlanContext): string[] {
  const slots = members.flatMap(({ copies }) =>
    copies.flatMap(({ presence, location }) => (presence === 'head' ? (slotIdOf(location) ?? []) : [])),
  );
  return [...new Set(slots)].sort(codePointOrder);
}
