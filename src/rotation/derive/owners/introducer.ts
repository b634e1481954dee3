/** Who added a value first: the earliest commit that shows it, if a person made it and meant to add something. */
import type { CommitFacts } from '../../../model/appearance.js';
import type { Exposure, Location } from '../../../model/exposure.js';
import type { Estate, FileAuthor } from '../../estate.js';
import type { FactEvidence } from '../../fact.js';
import { codePointOrder } from '../../order.js';
import { timeOf } from '../sighting-dates.js';
import { pathOf } from '../slots.js';
import type { PartyBook } from './people.js';

const day = 86_400_000;
/** A commit that brings secrets at so many paths moves or imports a tree. */
const bulkPaths = 50;
/** Commits of a path that are looked at for the subject of the introducing one. */
const authorsLimit = 200;

/** Words of commits that bring back, move or reformat what was there before. */
const movingSubject =
  /^(?:revert\b|merge\b|reapply\b|(?:style|format|fmt|lint)(?:\([^)]*\))?!?:)|\b(?:bulk|initial|mass) (?:import|move|migration)\b|\bimport(?:ed)? (?:from|of|history)\b|\b(?:re-?format|run|apply) (?:all|code|files|prettier|black|gofmt|biome)\b/i;

export interface Introduction {
  readonly commit: CommitFacts;
  readonly location: Location;
  readonly time: number;
  /** Author's and committer's dates are more than a day apart; the committer's is believed. */
  readonly isSuspect: boolean;
}

export interface Introducer {
  /** Party, address or name. */
  readonly id: string;
  readonly evidence: FactEvidence;
}

/** Paths by commit over the whole estate, to tell an import from a commit. */
export function bulkCommits(exposures: readonly Exposure[]): ReadonlySet<string> {
  const paths = new Map<string, Set<string>>();
  for (const { locations } of exposures) {
    for (const location of locations) {
      const { appearance } = location;
      if (appearance.type !== 'git-blob' || appearance.introduced === undefined) continue;
      const known = paths.get(appearance.introduced.id) ?? new Set<string>();
      if (known.size < bulkPaths) known.add(pathOf(location) ?? '');
      paths.set(appearance.introduced.id, known);
    }
  }
  return new Set([...paths].filter(([, { size }]) => size >= bulkPaths).map(([commit]) => commit));
}

function introductionOf(location: Location): Introduction[] {
  const { appearance } = location;
  const commit =
    appearance.type === 'git-blob'
      ? appearance.introduced
      : appearance.type === 'git-text'
        ? appearance.commit
        : undefined;
  const committed = timeOf(commit?.committerDate);
  if (commit === undefined || committed === undefined) return [];
  const authored = timeOf(commit.authorDate) ?? committed;
  const isSuspect = Math.abs(authored - committed) > day;
  return [{ commit, location, time: isSuspect ? committed : authored, isSuspect }];
}

/** The earliest over all places and refs; the same one for the same locations in any order. */
export function firstIntroduction(locations: readonly Location[]): Introduction | undefined {
  const order = (a: Introduction, b: Introduction): number =>
    a.time - b.time ||
    codePointOrder(a.commit.id, b.commit.id) ||
    codePointOrder(a.location.place, b.location.place) ||
    codePointOrder(pathOf(a.location) ?? '', pathOf(b.location) ?? '') ||
    a.location.position.line - b.location.position.line;
  return locations.flatMap(introductionOf).sort(order)[0];
}

function sameCommit(commit: CommitFacts, { email, authorDate }: FileAuthor): boolean {
  return email === commit.author.email && timeOf(authorDate) === timeOf(commit.authorDate);
}

/** True when the commit is a merge, a revert or a move: the value stood somewhere before it. */
async function isMoving({ commit, location }: Introduction, files: Estate['files']): Promise<boolean> {
  const path = pathOf(location);
  const view = files.get(location.place);
  if (path === undefined || view === undefined) return false;
  const entry = (await view.authors(path, authorsLimit)).find((author) => sameCommit(commit, author));
  return entry !== undefined && (entry.isMerge || movingSubject.test(entry.subject));
}

/**
 * Nobody when the earliest commit was made by a bot, or only brought what had been there: whoever comes later copied
 * the value, and did not bring it in.
 */
export async function introducerOf(
  locations: readonly Location[],
  files: Estate['files'],
  bulk: ReadonlySet<string>,
  parties: PartyBook,
): Promise<Introducer | undefined> {
  const first = firstIntroduction(locations);
  if (first === undefined || bulk.has(first.commit.id)) return undefined;
  const id = parties.person(first.commit.author);
  if (id === undefined || (await isMoving(first, files))) return undefined;
  const path = pathOf(first.location);
  return {
    id,
    evidence: {
      place: first.location.place,
      ...(path === undefined ? {} : { path, line: first.location.position.line }),
      commit: first.commit.id,
      note: first.isSuspect ? 'author of the earliest commit, date_suspect' : 'author of the earliest commit',
    },
  };
}
