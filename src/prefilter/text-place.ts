/** Puts texts where a core can read them: those that lie in its memory stay, others are copied. */
import { textSlack } from './scan-layout.js';
import type { WasmCore } from './wasm-core.js';

export class TextPlace {
  readonly #texts: WasmCore;
  readonly #packs: WasmCore | undefined;
  /** What was copied last. */
  #copied: Buffer | undefined;
  core: WasmCore;

  /**
   * @param texts a core whose memory from its heap on is free for copies
   * @param packs the core that rebuilds objects: texts in its memory are read in place
   */
  constructor(texts: WasmCore, packs?: WasmCore) {
    this.#texts = texts;
    this.#packs = packs;
    this.core = texts;
  }

  /** Sets `core` and gives the text's address in its memory; undefined when no memory is to be had. */
  put(bytes: Buffer): number | undefined {
    if (bytes.buffer === this.#packs?.memory.buffer) {
      this.core = this.#packs;
      return bytes.byteOffset;
    }
    const texts = this.#texts;
    this.core = texts;
    if (bytes === this.#copied) return texts.heap;
    const end = texts.heap + bytes.length;
    if (!texts.reserve(end + textSlack)) return undefined;
    texts.bytes.set(bytes, texts.heap);
    texts.bytes.fill(0, end, end + textSlack);
    this.#copied = bytes;
    return texts.heap;
  }

  /** A buffer may have other bytes the next time. */
  forget(): void {
    this.#copied = undefined;
  }
}
