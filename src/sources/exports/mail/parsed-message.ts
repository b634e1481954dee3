/** A message taken apart into header and parts. */
import type { HeaderField } from './header-fields.js';
import type { MimeLeaf } from './mime-parts.js';

/** A message taken apart, of whatever container. */
export interface ParsedMessage {
  readonly fields: readonly HeaderField[];
  readonly leaves: readonly MimeLeaf[];
  /** True when it has more parts or levels than are read. */
  readonly isCut: boolean;
  /** True when it has no end. */
  readonly isOpen?: boolean;
  /** Attachments whose bytes the container does not give. */
  readonly missing?: number;
  /** Messages attached to it that the container gives taken apart, by their leaf. */
  readonly attached?: ReadonlyMap<MimeLeaf, ParsedMessage>;
}
