/** Brings what a range gave into the form in which the store takes it, in the thread that read the range. */
import { packChunk } from '../store/sweep-pack.js';
import type { CollectedRange, RangeResult } from './range-result.js';

export function wireResult(collected: CollectedRange): RangeResult {
  const clean: string[] = [];
  const contents = collected.contents.filter(({ id, findings, partial, appearances }) => {
    const isClean = findings.length === 0 && partial !== true && appearances === undefined;
    if (isClean) clean.push(id);
    return !isClean;
  });
  return {
    ...collected,
    contents,
    clean: Buffer.from(clean.join(''), 'hex'),
    chunks: collected.chunks.map(packChunk),
  };
}
