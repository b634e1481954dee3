/** Reads a source as a scan does: plan, read every range, attribute what `isHit` picks. */
import type { Appearance } from '../../../../src/model/appearance.js';
import type { InputProblem } from '../../../../src/model/problem.js';
import {
  type GitSource,
  type OpenGitOptions,
  openGitSource,
} from '../../../../src/sources/git/git-source.js';
import { ObjectRangeReader } from '../../../../src/sources/git/object-range-reader.js';
import { PackRangeReader } from '../../../../src/sources/git/pack-range-reader.js';
import { sharedCore } from '../../../../src/sources/git/shared-core.js';
import type { HitObject, RangeEvents } from '../../../../src/sources/source.js';

export interface ReadResult {
  readonly source: GitSource;
  /** Text of every document by hex id. */
  readonly documents: Map<string, string>;
  readonly types: Map<string, string>;
  readonly problems: InputProblem[];
  readonly skipped: Record<string, number>;
  /** Appearances by hex id of the objects that were picked. */
  readonly appearances: Map<string, readonly Appearance[]>;
}

export async function readAll(
  path: string,
  options: OpenGitOptions = {},
  isHit: (text: string) => boolean = () => false,
): Promise<ReadResult> {
  const source = await openGitSource(path, options);
  const documents = new Map<string, string>();
  const types = new Map<string, string>();
  const problems: InputProblem[] = [];
  const skipped: Record<string, number> = {};
  const hits: HitObject[] = [];
  const events = {
    problem: (problem: InputProblem) => void problems.push(problem),
    skipped: (reason: string, count: number) => {
      skipped[reason] = (skipped[reason] ?? 0) + count;
    },
  };
  const reader = new ObjectRangeReader();
  const packs = new PackRangeReader(reader, sharedCore());
  const signal = new AbortController().signal;
  const plan = source.plan({ isKnown: async (_oids, asked) => new Uint8Array(asked.length) }, events);
  for await (const { range } of plan) {
    const sink: RangeEvents = {
      ...events,
      document: ({ ref, bytes, textStart }) => {
        if (ref.type !== 'git-object') throw new Error('unexpected document');
        const oid = Buffer.from(ref.oid).toString('hex');
        if (documents.has(oid)) throw new Error('document twice');
        documents.set(oid, bytes.toString('latin1'));
        types.set(oid, ref.objectType);
        if (isHit(bytes.toString('latin1', textStart)))
          hits.push({ oid: Buffer.from(ref.oid), objectType: ref.objectType });
      },
    };
    if (range.type === 'git-pack') await packs.read(range, sink, signal);
    else if (range.type === 'git-objects') await reader.read(range, sink, signal);
    else throw new Error('unexpected range');
  }
  packs.close();
  await reader.close();
  const appearances = new Map<string, readonly Appearance[]>();
  for await (const one of source.attribute(hits, events, signal)) appearances.set(one.oid, one.appearances);
  return { source, documents, types, problems, skipped, appearances };
}
