/** People with the most commits on the files of a secret within a year: the weakest hint at an owner. */
import type { Estate, FileAuthor } from '../../estate.js';
import type { FactEvidence } from '../../fact.js';
import { codePointOrder } from '../../order.js';
import { timeOf } from '../sighting-dates.js';
import type { PartyBook } from './people.js';

const day = 86_400_000;
const window = 365 * day;
const authorsLimit = 500;
/** Files of a secret whose histories are asked for. */
const mostFiles = 20;

export interface FrequentAuthor {
  readonly id: string;
  readonly commits: number;
  readonly evidence: readonly FactEvidence[];
}

/** Milliseconds of a commit; the committer's where the author's cannot be believed. */
function commitTime({ authorDate, committerDate }: FileAuthor): number | undefined {
  const committed = timeOf(committerDate);
  const authored = timeOf(authorDate) ?? committed;
  if (committed === undefined || authored === undefined) return undefined;
  return Math.abs(authored - committed) > day ? committed : authored;
}

/** The top two, most commits first. @param paths place and path of each file, sorted */
export async function frequentAuthors(
  paths: readonly { readonly place: string; readonly path: string }[],
  { files, now }: Pick<Estate, 'files' | 'now'>,
  parties: PartyBook,
): Promise<readonly FrequentAuthor[]> {
  const end = timeOf(now) ?? 0;
  const found = new Map<string, { commits: number; evidence: Map<string, FactEvidence> }>();
  for (const { place, path } of paths.slice(0, mostFiles)) {
    const authors = (await files.get(place)?.authors(path, authorsLimit)) ?? [];
    for (const author of authors) {
      const time = commitTime(author);
      const isRecent = time !== undefined && time <= end && end - time <= window;
      const id = isRecent && !author.isMerge ? parties.person(author) : undefined;
      if (id === undefined) continue;
      const known = found.get(id) ?? { commits: 0, evidence: new Map() };
      known.commits++;
      known.evidence.set(`${place}\0${path}`, { place, path });
      found.set(id, known);
    }
  }
  return [...found]
    .sort(([a, { commits: many }], [b, { commits: few }]) => few - many || codePointOrder(a, b))
    .slice(0, 2)
    .map(([id, { commits, evidence }]) => ({
      id,
      commits,
      evidence: [...evidence.values()].map((at) => ({
        ...at,
        note: `${commits} ${commits === 1 ? 'commit' : 'commits'} within 365 days`,
      })),
    }));
}
