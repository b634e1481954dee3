/** Results of ranges of which nothing was read. */
import type { InputProblemCode } from '../model/problem.js';
import type { RangeResult } from './range-result.js';

/** For a range that an interrupt left over: the receipt says that the scan was interrupted. */
export function nothingRead(): RangeResult {
  return {
    contents: [],
    clean: new Uint8Array(0),
    hits: [],
    publicFacts: [],
    chunks: [],
    problems: [],
    skipped: [],
    documents: 0,
    bytes: 0,
    covered: [],
    names: [],
    exports: [],
    embedded: [],
  };
}

/** A range that was lost as a whole is a gap. */
export function lostRange(code: InputProblemCode, detail?: string): RangeResult {
  const problem = { code, where: 'a work range', ...(detail === undefined ? {} : { detail }) };
  return { ...nothingRead(), problems: [problem] };
}
