/**
 * Tells files that were cut off. Formats whose records have no brackets around them, as lines of a chat, cannot tell
 * by themselves; what wrote them ends each file in the same way, though.
 */
import type { ExportFile, ExportReader, FileEnding, ReaderHints, RecordSink } from './contract.js';
import { encodingOf } from './decode-text.js';
import { withoutWrapper } from './wrapping-folder.js';

/** Bytes at the end of a file that are looked at. */
const tailBytes = 256;

/** Each line is ended, the last one too. */
export const endsInLine: FileEnding = { pattern: /\n$/, isSure: true };
/** As {@link endsInLine}, where not all programs write it so. */
export const mostlyEndsInLine: FileEnding = { pattern: /\n$/, isSure: false };
/** A page of HTML. */
export const endsInPage: FileEnding = { pattern: /<\/html>\s*$/i, isSure: true };

/** Has a reader read a file, named without the folder around its export, and tells when the file does not end as files of its format do. */
export async function readToEnd(
  reader: ExportReader,
  given: ExportFile,
  sink: RecordSink,
  hints: ReaderHints,
): Promise<void> {
  const file = await withoutWrapper(given);
  const { ending } = reader;
  if (ending === undefined) {
    await reader.read(file, sink, hints);
    return;
  }
  const tail = new Tail();
  await reader.read(tail.of(file), sink, hints);
  if (!tail.isWhole || sink.aborted) return;
  const isWide = encodingOf(file.head).startsWith('utf-16');
  const text = tail.bytes.toString('latin1');
  const isInCharacter = !isWide && encodingOf(file.head) === 'utf-8' && endsWithinCharacter(tail.bytes);
  if (!isInCharacter && ending.pattern.test(isWide ? text.replaceAll('\0', '') : text)) return;
  sink.note('incomplete');
  if (ending.isSure || isInCharacter) sink.damaged(`ends too early, at byte ${tail.length}`);
}

/** The last bytes of a file that goes by. */
class Tail {
  bytes: Buffer = Buffer.alloc(0);
  length = 0;
  /** True when the file was read up to its end. */
  isWhole = false;

  of(file: ExportFile): ExportFile {
    return {
      ...file,
      bytes: async (maxBytes) => {
        const bytes = await file.bytes(maxBytes);
        this.#begin();
        this.#add(bytes);
        this.isWhole = true;
        return bytes;
      },
      chunks: () => this.#chunks(file),
    };
  }

  async *#chunks(file: ExportFile): AsyncGenerator<Buffer> {
    this.#begin();
    for await (const chunk of file.chunks()) {
      this.#add(chunk);
      yield chunk;
    }
    this.isWhole = true;
  }

  #begin(): void {
    this.bytes = Buffer.alloc(0);
    this.length = 0;
    this.isWhole = false;
  }

  #add(chunk: Buffer): void {
    this.length += chunk.length;
    this.bytes =
      chunk.length >= tailBytes
        ? Buffer.from(chunk.subarray(chunk.length - tailBytes))
        : Buffer.concat([this.bytes, chunk]).subarray(-tailBytes);
  }
}

/** Whether the last character of a text in UTF-8 lacks bytes. */
function endsWithinCharacter(bytes: Buffer): boolean {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back;
  }
  return false;
}
