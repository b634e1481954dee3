/** Who looks after the place or file of a copy, and why. */
import type { Location } from '../../../model/exposure.js';
import type { Estate } from '../../estate.js';
import type { FactConfidence, FactEvidence } from '../../fact.js';
import { type PlaceBook, placeBook } from '../copies.js';
import { pathOf } from '../slots.js';
import { type CodeOwnership, type CodeownersFile, findCodeowners } from './codeowners.js';
import type { PartyBook } from './people.js';

export interface Custodian {
  /** Id of a party; undefined: taken out on purpose, nobody looks after it. */
  readonly id: string | undefined;
  /** `O2`, or `place.team` when only the place as a whole has somebody. */
  readonly rule: string;
  readonly confidence: FactConfidence;
  readonly evidence: FactEvidence;
}

export interface CustodianBook {
  /** Undefined: unknown. */
  custodianOf(location: Location): Promise<Custodian | undefined>;
  /** Owner of a file by CODEOWNERS. @param place key */
  ownerOfFile(place: string, path: string): Promise<Custodian | undefined>;
}

function confidenceOf({ isOptional }: CodeOwnership, isTeam: boolean, teams: number): FactConfidence {
  return isTeam && teams === 1 && !isOptional ? 'strong' : 'probable';
}

/** The first team of the rule, else its first owner: a team answers even when people go. */
function codeCustodian(ownership: CodeOwnership, place: string, parties: PartyBook): Custodian {
  const owners = ownership.owners.map((owner) => parties.find(owner));
  const teams = owners.filter(({ isTeam }) => isTeam);
  const chosen = teams[0] ?? owners[0];
  const evidence = { place, path: ownership.file, line: ownership.line };
  if (chosen === undefined) {
    const note = `last matching pattern ${ownership.pattern}, without an owner`;
    return { id: undefined, rule: 'O2', confidence: 'strong', evidence: { ...evidence, note } };
  }
  const others = owners.length > 1 ? `, first of ${owners.length} owners` : '';
  return {
    id: chosen.id,
    rule: 'O2',
    confidence: confidenceOf(ownership, chosen.isTeam, teams.length),
    evidence: { ...evidence, note: `last matching pattern ${ownership.pattern}${others}` },
  };
}

function placeCustodian(
  location: Location,
  { places }: Estate,
  book: PlaceBook,
  parties: PartyBook,
): Custodian | undefined {
  const evidence = { place: location.place };
  const stated = book.custodianOf(location);
  if (stated !== undefined) {
    const note = 'custodian of the place, imported';
    return {
      id: parties.find(stated).id,
      rule: 'place.custodian',
      confidence: 'probable',
      evidence: { ...evidence, note },
    };
  }
  const team = places.get(location.place)?.team;
  if (team === undefined) return undefined;
  return {
    id: parties.find(team).id,
    rule: 'place.team',
    confidence: 'probable',
    evidence: { ...evidence, note: 'team of the place' },
  };
}

/** Reads each CODEOWNERS file once. */
export function custodianBook(estate: Estate, parties: PartyBook): CustodianBook {
  const book = placeBook(estate);
  const files = new Map<string, Promise<CodeownersFile | undefined>>();
  const fileOf = ({
    place,
    placeName,
  }: Pick<Location, 'place' | 'placeName'>): Promise<CodeownersFile | undefined> => {
    const known = files.get(place);
    if (known !== undefined) return known;
    const view = estate.files.get(place);
    const found = view === undefined ? Promise.resolve(undefined) : findCodeowners(view, placeName);
    files.set(place, found);
    return found;
  };
  return {
    ownerOfFile: async (place, path) => {
      const key = place as Location['place'];
      const placeName = estate.places.get(place)?.name ?? place;
      const ownership = (await fileOf({ place: key, placeName }))?.ownersOf(path);
      return ownership === undefined ? undefined : codeCustodian(ownership, place, parties);
    },
    custodianOf: async (location) => {
      const path = pathOf(location);
      const ownership = path === undefined ? undefined : (await fileOf(location))?.ownersOf(path);
      if (ownership !== undefined) return codeCustodian(ownership, location.place, parties);
      return placeCustodian(location, estate, book, parties);
    },
  };
}
