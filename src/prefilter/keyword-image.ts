/**
 * What keyword-tables.ts writes into a core's memory, kept by the build: copied in a fraction of a millisecond,
 * where working it out at every start takes some five.
 */
import { writeKeywords } from './keyword-tables.js';
import type { KeywordImage, KeywordTrie } from './keyword-trie.js';
import { layout } from './scan-layout.js';
import type { WasmCore } from './wasm-core.js';

const pageBytes = 4096;
const endOfTables = layout.keywordText + layout.keywordTextBytes;

/** Undefined for keywords that a core cannot find. */
export function keywordImage(trie: KeywordTrie): KeywordImage | undefined {
  const memory = Buffer.alloc(endOfTables);
  const { buffer } = memory;
  if (!writeKeywords({ bytes: memory, words: new Uint32Array(buffer) }, trie)) return undefined;
  const pages: number[] = [];
  const contents: Uint8Array[] = [];
  for (let at = 0; at < endOfTables; at += pageBytes) {
    const page = memory.subarray(at, at + pageBytes);
    if (page.every((byte) => byte === 0)) continue;
    pages.push(at / pageBytes);
    contents.push(page);
  }
  return { pages: Uint16Array.from(pages), bytes: Buffer.concat(contents) };
}

/** Writes the image into a core's tables; false when there is none, or it is of another build. */
export function writeImage(core: Pick<WasmCore, 'bytes'>, image: KeywordImage | undefined): boolean {
  if (image === undefined || image.pages.length === 0) return false;
  const { bytes } = core;
  // Of other keywords: zeros in a new core's memory are not written, which would cost the pages behind them.
  if (bytes[layout.keywordText] !== 0) bytes.fill(0, layout.starts, endOfTables);
  image.pages.forEach((page, i) => {
    bytes.set(image.bytes.subarray(i * pageBytes, (i + 1) * pageBytes), page * pageBytes);
  });
  return bytes.readUInt32LE(layout.versionAt) === layout.version;
}
