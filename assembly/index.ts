/** The WebAssembly core: what src/prefilter/wasm-core.ts calls. */
import { initCrc } from './pack/checksums';
import { initDelta } from './pack/delta';
import { initTables } from './pack/huffman';
import { consumed } from './pack/inflate';
import { COPY_RANGES, DIRTY_RANGES, HEAP, PAD } from './pack/memory-map';

export { adler32, crc32 } from './pack/checksums';
export { inflate, inflateRaw } from './pack/inflate';
export { countNewlines } from './pack/newlines';
export { walk } from './pack/walk';

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
