/**
 * One step for each document that holds a copy. A secret with thousands of copies would give a plan that nobody can read:
 * beyond some, what one custodian cleans in one place in one way is one step that lists its copies. History is always
 * one step a place, since it is rewritten, or accepted, as a whole.
 */
import { pathOf, slotIdOf } from '../../derive/slots.js';
import type { Copy } from '../../dossier.js';
import { codePointOrder } from '../../order.js';
import { type PlanContext, unassigned } from '../plan-context.js';
import type { StepDraft } from '../step-draft.js';
import { type Cleaning, cleaningAdvice, cleaningNames, cleaningOf, containerAdvice } from './purge-places.js';

/** Documents that still get a step each. */
export const mostDocuments = 12;

const asWhole: ReadonlySet<Cleaning> = new Set<Cleaning>(['history', 'unreachable', 'git-text']);

interface Group {
  readonly key: string;
  readonly cleaning: Cleaning;
  readonly copies: Copy[];
}

/** What a copy stands in: a path, a record with its field, an object. Lines move and are no part of it. */
export function documentOf({ location }: Copy): string {
  const { appearance, chain } = location;
  const own =
    appearance.type === 'record'
      ? `${appearance.recordType} ${appearance.recordId}`
      : (pathOf(location) ?? (appearance.type === 'git-text' ? (appearance.label ?? 'message') : 'object'));
  return [own, ...chain].join('!/');
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

function placeKey({ location, custodian }: Copy, cleaning: Cleaning): string[] {
  return [location.place, cleaning, custodian ?? ''];
}

function groupsOf(copies: readonly Copy[]): Group[] {
  const fine = grouped(copies, (copy, cleaning) =>
    asWhole.has(cleaning) ? placeKey(copy, cleaning) : [...placeKey(copy, cleaning), documentOf(copy)],
  );
  return fine.length <= mostDocuments ? fine : grouped(copies, placeKey);
}

const order: readonly Cleaning[] = Object.keys(cleaningNames) as Cleaning[];

function titleOf({ cleaning, copies }: Group): string {
  const [first] = copies;
  if (first === undefined) return 'copies';
  const documents = new Set(copies.map(documentOf));
  const what = documents.size === 1 ? documentOf(first) : `${documents.size} documents`;
  const isWhole = asWhole.has(cleaning);
  return `${first.location.placeName}${isWhole ? '' : ` ${what}`} (${cleaningNames[cleaning]})`;
}

function purgeStep(group: Group): StepDraft {
  const { copies, cleaning, key } = group;
  const isOutside = copies.some(({ audience }) => audience === 'public' || audience === 'external');
  const forks =
    isOutside && (cleaning === 'head' || asWhole.has(cleaning))
      ? ' Outsiders could read it: forks, clones and caches of others keep it whatever is done here.'
      : '';
  const title = titleOf(group);
  return {
    type: 'purge',
    key,
    target: title,
    title,
    who: copies[0]?.custodian ?? unassigned,
    how: `${cleaningAdvice[cleaning]}${containerAdvice(copies)}${forks}`,
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
