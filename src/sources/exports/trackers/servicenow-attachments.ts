/** Attachments of ServiceNow: rows of base64 pieces, to be joined by position, decoded and inflated. */
import { constants, gunzipSync } from 'node:zlib';
import type { RecordSink } from '../contract.js';
import { decodeText, encodingOf } from '../decode-text.js';
import { looksTextual } from '../mail/part-content.js';

export interface AttachmentText {
  readonly id: string;
  readonly text: string;
}

interface Pieces {
  readonly pieces: { readonly position: number; readonly data: Buffer }[];
  bytes: number;
}

/** Held of all attachments together; what exceeds it is counted as cut. */
const maxHeldBytes = 96 * 1024 * 1024;
const maxInflatedBytes = 64 * 1024 * 1024;
const media = /^(?:image|audio|video|font)\//;

export class AttachmentPieces {
  readonly #sink: RecordSink;
  readonly #pieces = new Map<string, Pieces>();
  #held = 0;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  /** @param id of the attachment that the piece belongs to */
  add(id: string, position: number, base64: string): void {
    const data = Buffer.from(base64, 'base64');
    if (this.#held + data.length > maxHeldBytes) {
      this.#sink.note('too-large');
      return;
    }
    this.#held += data.length;
    const own = this.#pieces.get(id) ?? { pieces: [], bytes: 0 };
    own.pieces.push({ position, data });
    own.bytes += data.length;
    this.#pieces.set(id, own);
  }

  /** Ids of the attachments of which pieces are held. */
  get ids(): string[] {
    return [...this.#pieces.keys()];
  }

  /** Bytes held of an attachment. */
  sizeOf(id: string): number {
    return this.#pieces.get(id)?.bytes ?? 0;
  }

  /** Text of an attachment, when it is text; what else it is, is counted. Its pieces are let go. */
  textOf(id: string, contentType: string): string | undefined {
    const own = this.#pieces.get(id);
    if (own === undefined) return undefined;
    this.#pieces.delete(id);
    this.#held -= own.bytes;
    const packed = Buffer.concat(
      [...own.pieces].sort((a, b) => a.position - b.position).map((piece) => piece.data),
    );
    const bytes = this.#inflated(packed);
    if (bytes.length > 0 && looksTextual(bytes.subarray(0, 8192)))
      return decodeText(bytes, encodingOf(bytes));
    if (!media.test(contentType)) this.#sink.note('attachment-missing');
    return undefined;
  }

  #inflated(packed: Buffer): Buffer {
    if (packed[0] !== 0x1f || packed[1] !== 0x8b) return packed;
    try {
      return gunzipSync(packed, { maxOutputLength: maxInflatedBytes });
    } catch {
      this.#sink.note('malformed');
    }
    try {
      // What stands before the damage.
      return gunzipSync(packed, { maxOutputLength: maxInflatedBytes, finishFlush: constants.Z_SYNC_FLUSH });
    } catch {
      return Buffer.alloc(0);
    }
  }
}
