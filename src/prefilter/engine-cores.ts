/** The WebAssembly cores of one engine: one that rebuilds packed objects, one for all other texts. */
import { layout } from './scan-layout.js';
import { TagTable } from './tag-table.js';
import { TextPlace } from './text-place.js';
import type { WasmModule } from './wasm-api.js';
import { WasmCore } from './wasm-core.js';

export class EngineCores {
  readonly texts: WasmCore;
  readonly packs: WasmCore;
  /** Texts are read in either core's memory through this. */
  readonly place: TextPlace;
  /** Tags of the document that is being read. */
  readonly textTags: TagTable;
  /** Tags of many objects of a pack. */
  readonly packTags: TagTable;

  private constructor(texts: WasmCore, packs: WasmCore | undefined, sweepKey: Buffer) {
    this.texts = texts;
    this.packs = packs ?? texts;
    this.place = new TextPlace(texts, packs);
    this.textTags = new TagTable(this.texts, sweepKey);
    this.packTags = new TagTable(this.packs, sweepKey);
  }

  /**
   * @param sweepKey `IdentityKeys.sweep`
   * @param wanted tags of known secrets, whose runs the tables show
   */
  static open(module: WasmModule, sweepKey: Buffer, wanted: readonly number[]): EngineCores {
    const cores = new EngineCores(new WasmCore(module), new WasmCore(module), sweepKey);
    for (const core of [cores.texts, cores.packs]) {
      // Whoever writes what is scanned must not know them, see assembly/scan/quiet.ts.
      crypto.getRandomValues(new Uint8Array(core.memory.buffer, layout.quietKeys, layout.quietKeyBytes));
      core.exports.askQuiet();
    }
    cores.textTags.lookFor(wanted);
    cores.packTags.lookFor(wanted);
    return cores;
  }

  /** For texts alone, where no objects of packs are rebuilt. Its heap is written anew by each text. */
  static ofOne(core: WasmCore, sweepKey: Buffer): EngineCores {
    return new EngineCores(core, undefined, sweepKey);
  }
}
