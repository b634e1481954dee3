/** The pack core: what src/sources/git/pack/core.ts calls. */
import { initCrc } from './checksums';
import { initDelta } from './delta';
import { initTables } from './huffman';
import { consumed } from './inflate';
import { COPY_RANGES, DIRTY_RANGES, HEAP, PAD } from './memory-map';

export { adler32, crc32 } from './checksums';
export { inflate, inflateRaw } from './inflate';
export { countNewlines } from './newlines';
export { walk } from './walk';

/** Raised whenever a signature or layout changes, so that a stale build is not mistaken for this one. */
export function abiVersion(): u32 {
  return 1;
}

/** Fills the constant tables; once an instance, before all else. */
export function init(): void {
  initTables();
  initDelta();
  initCrc();
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
