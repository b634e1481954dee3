/** The WebAssembly cores of one engine: one that rebuilds packed objects, one for all other texts. */
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

  /**
   * @param sweepKey `IdentityKeys.sweep`
   * @param wanted tags of known secrets, whose runs the tables show
   * @param texts a core to use for texts; then no objects of packs are rebuilt, and it is the only one
   */
  constructor(module: WasmModule, sweepKey: Buffer, wanted: readonly number[], texts?: WasmCore) {
    this.texts = texts ?? new WasmCore(module);
    this.packs = texts ?? new WasmCore(module);
    this.place = new TextPlace(this.texts, texts === undefined ? this.packs : undefined);
    this.textTags = new TagTable(this.texts, sweepKey);
    this.packTags = new TagTable(this.packs, sweepKey);
    this.textTags.lookFor(wanted);
    this.packTags.lookFor(wanted);
  }
}
