/** How the schema writes the model's words as numbers: the position in the model's own list. */
import { type Appearance, type LocationKind, locationKinds } from '../model/appearance.js';
import { type Status, statuses } from '../model/exposure.js';
import { type Confidence, confidences } from '../model/finding.js';

/** Numbers of `appearance.type`. */
export const appearanceTypes: readonly Appearance['type'][] = ['git-blob', 'git-text', 'file', 'record'];

function positions<Word>(words: readonly Word[]): ReadonlyMap<Word, number> {
  return new Map(words.map((word, i) => [word, i]));
}

const kindCodes = positions(locationKinds);

export function typeCode(type: Appearance['type']): number {
  return appearanceTypes.indexOf(type);
}

export function kindCode(kind: LocationKind): number {
  return kindCodes.get(kind) ?? -1;
}

export function confidenceCode(confidence: Confidence): number {
  return confidences.indexOf(confidence);
}

/** The word behind a number of the schema. */
export function wordOf<Word>(words: readonly Word[], code: number): Word {
  const word = words[code];
  if (word === undefined) throw new RangeError(`no word has the number ${code}`);
  return word;
}

/** Statuses, the one that most needs an act first; a secret has the first that one of its locations has. */
export const defaultStatusOrder: readonly Status[] = statuses;
