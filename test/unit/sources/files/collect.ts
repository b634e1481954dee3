/** Plans a source and reads its ranges, as the scan does. */
import type { InputProblem } from '../../../../src/model/problem.js';
import { readFiles } from '../../../../src/sources/files/read-files.js';
import type { FileEntry, OpenSource, PlannedRange, RangeEvents } from '../../../../src/sources/source.js';

export interface Collected {
  readonly ranges: readonly PlannedRange[];
  readonly entries: readonly FileEntry[];
  readonly paths: readonly string[];
  /** `path` or `path!/entry` -> content (Latin-1). */
  readonly texts: ReadonlyMap<string, string>;
  readonly problems: readonly InputProblem[];
  readonly skipped: Readonly<Record<string, number>>;
  readonly largestPart: number;
}

export async function collect(
  source: OpenSource,
  betweenPlanAndRead: () => void = () => {},
): Promise<Collected> {
  const problems: InputProblem[] = [];
  const skipped: Record<string, number> = {};
  const texts = new Map<string, string>();
  let largestPart = 0;
  const events: RangeEvents = {
    document({ ref, bytes, chain, segment }) {
      const path = ref.type === 'file' ? ref.entry.path.text : '-';
      const key = [path, ...chain].join('!/');
      largestPart = Math.max(largestPart, bytes.length);
      const owned = segment === undefined ? bytes : bytes.subarray(segment.ownedStart, segment.ownedEnd);
      texts.set(key, (segment?.first === false ? (texts.get(key) ?? '') : '') + owned.toString('latin1'));
    },
    problem: (problem) => problems.push(problem),
    skipped: (reason, count) => {
      skipped[reason] = (skipped[reason] ?? 0) + count;
    },
  };
  const ranges: PlannedRange[] = [];
  const known = { isKnown: async (_oids: Uint8Array, types: Uint8Array) => new Uint8Array(types.length) };
  for await (const range of source.plan(known, events)) ranges.push(range);
  betweenPlanAndRead();
  for (const { range } of ranges)
    await readFiles(structuredClone(range), events, new AbortController().signal);
  const entries = ranges.flatMap(({ range }) => (range.type === 'files' ? range.files : []));
  const paths = entries.map(({ path }) => path.text);
  return { ranges, entries, paths, texts, problems, skipped, largestPart };
}
