/** The WebAssembly core: what src/prefilter/wasm-core.ts calls. */
import { initCrc } from './pack/checksums';
import { copyCount, dirtyCount, initDelta } from './pack/delta';
import { initTables } from './pack/huffman';
import { consumed } from './pack/inflate';
import { COPY_RANGES, DIRTY_RANGES, HEAP, PAD } from './pack/memory-map';
import { initScan } from './scan/tables';

export {
  addJsonKey,
  clearJsonKeys,
  isSame,
  jsonEnd,
  jsonKeyText,
  jsonLines,
  jsonTape,
  jsonText,
  jsonWords,
  readElements,
} from './json/tape';
export { forgetNoted, note, notedAs } from './json/noted';
export { jsonUndone, jsonUndoneBytes, undoString } from './json/undo';
export { adler32, crc32 } from './pack/checksums';
export {
  doPacksLeanOut,
  malformedTrees,
  numberObjects,
  startFollowing,
  stopFollowing,
} from './pack/follow';
export { inflate, inflateRaw } from './pack/inflate';
export { countNewlines } from './pack/newlines';
export { fillOidTable } from './pack/oid-table';
export { baseAddress, baseBytes, walk } from './pack/walk';
export { encodedRuns, resumeEncodedAt } from './scan/encoded';
export { findKeywords, resumeKeywordsAt } from './scan/keywords';
export { changedSpans, look, lookedHits, setMostKeyword, tagChanged } from './scan/look';
export {
  alignTo,
  clearReferences,
  keepReference,
  referenceBytes,
  referenceText,
  seekReference,
} from './scan/references';
export { askQuiet } from './scan/quiet';
export { addTags, resumeTagsAt, setSweepKey, tagRuns, takeTags } from './scan/tags';

/** Raised whenever a signature or layout changes, so that a stale build is not mistaken for this one. */
export function abiVersion(): u32 {
  return 9;
}

/** Fills the constant tables; once an instance, before all else. */
export function init(): void {
  initTables();
  initDelta();
  initCrc();
  initScan();
}

export function consumedBytes(): u32 {
  return consumed;
}

export function heapStart(): usize {
  return HEAP;
}

export function padBytes(): u32 {
  return PAD;
}

export function dirtyRanges(): usize {
  return DIRTY_RANGES;
}

export function copyRanges(): usize {
  return COPY_RANGES;
}

/** Numbers of ranges that were written last. */
export function dirtyRangeCount(): u32 {
  return dirtyCount;
}

export function copyRangeCount(): u32 {
  return copyCount;
}
