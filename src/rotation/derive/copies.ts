/** A location as a planner sees a copy: whether it is still there, who can read it, who must clean it. */
import type { LocationKind, RevisionState } from '../../model/appearance.js';
import type { Exposure, Location } from '../../model/exposure.js';
import { type Audience, chatSystems, type Place, recordSystems, type System } from '../../model/place.js';
import type { Copy } from '../dossier.js';
import type { Estate } from '../estate.js';
import type { PlaceFact } from '../imports.js';
import { codePointOrder, deepOrder, sortedSet } from '../order.js';
import type { Heir } from './heirs.js';
import { namesOfPlace, placeNames } from './place-names.js';
import { pathOf } from './slots.js';

/** What others derived about a location. */
export interface CopyFacts {
  /** Container rule of its file, `C1` ... `C23`. */
  readonly container?: string;
  readonly environments?: readonly string[];
  readonly custodian?: string;
}

/** Finds what is known of the places of an estate; made once a run. */
export interface PlaceBook {
  audienceOf(location: Location): Audience;
  isPublicEver(location: Location): boolean;
  custodianOf(location: Location): string | undefined;
}

/** From the widest: what is unknown may be wider than all that is inside. */
const width: readonly Audience[] = ['public', 'external', 'unknown', 'internal', 'restricted'];

/** The widest of these; unknown when there are none. */
export function widestAudience(audiences: Iterable<Audience>): Audience {
  const found = new Set(audiences);
  return width.find((audience) => found.has(audience)) ?? 'unknown';
}

function placeFacts(facts: readonly PlaceFact[], location: Location, place: Place | undefined): PlaceFact[] {
  const names = new Set([
    ...placeNames(location),
    ...(place === undefined ? [] : namesOfPlace(place.key, place.name)),
  ]);
  return facts.filter((fact) => names.has(fact.place));
}

function statedAudience(facts: readonly PlaceFact[]): Audience | undefined {
  const stated = facts.flatMap(({ audience }) =>
    audience === undefined || audience === 'unknown' ? [] : [audience],
  );
  return stated.length === 0 ? undefined : widestAudience(stated);
}

export function placeBook({ places, imports }: Pick<Estate, 'places' | 'imports'>): PlaceBook {
  const cache = new Map<string, readonly PlaceFact[]>();
  const factsOf = (location: Location): readonly PlaceFact[] => {
    const known = cache.get(location.place);
    if (known !== undefined) return known;
    const found = placeFacts(imports.placeFacts, location, places.get(location.place));
    cache.set(location.place, found);
    return found;
  };
  const scanned = (location: Location): Audience =>
    location.audience === 'unknown' ? (places.get(location.place)?.audience ?? 'unknown') : location.audience;
  return {
    // What a person states now outranks what a scan was told then.
    audienceOf: (location) => statedAudience(factsOf(location)) ?? scanned(location),
    isPublicEver: (location) =>
      scanned(location) === 'public' ||
      factsOf(location).some(({ audience, publicEver }) => publicEver === true || audience === 'public'),
    custodianOf: (location) => sortedSet(factsOf(location).flatMap(({ custodian }) => custodian ?? []))[0],
  };
}

type Presence = Copy['presence'];

const historic: ReadonlySet<LocationKind> = new Set([
  'git-history',
  'git-unreachable',
  'git-reflog',
  'git-stash',
  'git-note',
  'git-commit-message',
  'git-tag-message',
]);
const replacedWordings: ReadonlySet<LocationKind> = new Set(['chat-edit-history', 'record-history']);
const replacedStates: ReadonlySet<RevisionState> = new Set(['previous', 'deleted']);

export function presenceOf({ appearance, status }: Location): Presence {
  if (status.status === 'vanished') return 'gone';
  const kind = appearance.locationKind;
  if (kind === 'git-head' || kind === 'git-other-tip') return 'head';
  if (historic.has(kind)) return 'history-only';
  const isReplaced =
    replacedWordings.has(kind) || (appearance.type === 'record' && replacedStates.has(appearance.revision));
  return isReplaced ? 'edited-out' : 'present';
}

/** Systems in which people write to each other; records of the others are files of tools. */
const talk: ReadonlySet<System> = new Set<System>([...chatSystems, ...recordSystems]);

/** A copy that people made for people: chat, ticket, wiki, mail. Never a consumer. */
export function isHumanCopy({ appearance, system }: Location): boolean {
  const kind = appearance.locationKind;
  if (/^(?:ticket|chat)-|^wiki-page$|^mail$/.test(kind)) return true;
  return appearance.type === 'record' && talk.has(system);
}

/** True when somebody who reads the place now sees the value. */
export function isCurrentCopy({ presence }: Copy): boolean {
  return presence === 'head' || presence === 'present' || presence === 'unproven';
}

function copyOrder(a: Copy, b: Copy): number {
  return (
    codePointOrder(a.location.place, b.location.place) ||
    codePointOrder(pathOf(a.location) ?? '', pathOf(b.location) ?? '') ||
    a.location.position.line - b.location.position.line ||
    a.location.span.start - b.location.span.start ||
    deepOrder(a.location.appearance, b.location.appearance) ||
    deepOrder(a.location.chain, b.location.chain)
  );
}

/** All copies of a secret, sorted by place, path and position. */
export function copiesOf(
  exposure: Pick<Exposure, 'locations'>,
  book: PlaceBook,
  factsOf: (location: Location) => CopyFacts = () => ({}),
  heirOfName: (name: string) => Heir | undefined = () => undefined,
): Copy[] {
  const copies = exposure.locations.map((location): Copy => {
    const { container, environments = [], custodian } = factsOf(location);
    const stated = custodian ?? book.custodianOf(location);
    const heir = stated === undefined ? undefined : heirOfName(stated);
    const cleaner = heir === undefined ? stated : heir.name;
    return {
      location,
      presence: presenceOf(location),
      audience: book.audienceOf(location),
      ...(container === undefined ? {} : { container }),
      environments: sortedSet(environments),
      ...(cleaner === undefined ? {} : { custodian: cleaner }),
      ...(heir === undefined ? {} : { formerCustodian: heir.former }),
      isHuman: isHumanCopy(location),
    };
  });
  return copies.sort(copyOrder);
}
