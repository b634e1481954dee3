/** What a purge step is about, as text that its id is made of: a document of a place, or a place, in one way of cleaning. */
import { pathOf } from '../../derive/slots.js';
import type { Copy } from '../../dossier.js';
import { type Cleaning, cleaningNames } from './purge-places.js';

const asWhole: ReadonlySet<Cleaning> = new Set<Cleaning>(['history', 'unreachable', 'git-text']);

/** True for what is rewritten, or accepted, as a whole. */
export function isCleanedAsWhole(cleaning: Cleaning): boolean {
  return asWhole.has(cleaning);
}

/** What a copy stands in: a path, a record with its field, an object. Lines move and are no part of it. */
export function documentOf({ location }: Pick<Copy, 'location'>): string {
  const { appearance, chain } = location;
  const own =
    appearance.type === 'record'
      ? `${appearance.recordType} ${appearance.recordId}`
      : (pathOf(location) ?? (appearance.type === 'git-text' ? (appearance.label ?? 'message') : 'object'));
  return [own, ...chain].join('!/');
}

export function placeKey({ location, custodian }: Copy, cleaning: Cleaning): string[] {
  return [location.place, cleaning, custodian ?? ''];
}

export function documentKeyOf(copy: Copy, cleaning: Cleaning): string[] {
  return isCleanedAsWhole(cleaning)
    ? placeKey(copy, cleaning)
    : [...placeKey(copy, cleaning), documentOf(copy)];
}

const cleanings = Object.keys(cleaningNames) as Cleaning[];

/** The copy as its custodian, whoever had left, or nobody would have been asked to clean it. */
function asked(copy: Copy): Copy[] {
  const { custodian: _custodian, ...rest } = copy;
  const { formerCustodian } = copy;
  return [copy, rest, ...(formerCustodian === undefined ? [] : [{ ...rest, custodian: formerCustodian }])];
}

/** Keys of all steps that a document could have been cleaned in by itself. */
export function documentKeys(copy: Copy): string[][] {
  return asked(copy).flatMap((own) => cleanings.map((cleaning) => documentKeyOf(own, cleaning)));
}

/** Keys of all steps that a place could have been cleaned in. */
export function placeKeys(copy: Copy): string[][] {
  return asked(copy).flatMap((own) => cleanings.map((cleaning) => placeKey(own, cleaning)));
}
