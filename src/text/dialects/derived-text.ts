import type { Spelling } from '../../model/finding.js';
import type { OffsetMap } from '../view.js';

/** A text without its markup, and the way back to the text with it. */
export interface DerivedText {
  /** UTF-8. */
  readonly bytes: Buffer;
  readonly map: OffsetMap;
  /** Layers undone anywhere in the text, in the order in which they were. */
  readonly spelling: readonly Spelling[];
}
