/** How a file reaches the readers of exports: offered by whoever opened it, before it is read as a plain document. */
import type { DocumentRef } from '../source.js';
import { type ExportFile, type ExportTree, FileTooLarge, probeBytes } from './contract.js';

/** A file that may belong to an export. */
export interface ExportOffer {
  readonly file: ExportFile;
  /** True when `file.head` is the whole file. */
  readonly isWhole: boolean;
  readonly ref: DocumentRef;
  /** Entries of archives from the outside in; empty for files on disk. */
  readonly chain: readonly string[];
  /** True when the bytes can be read again, so that a reader that fails may hand the file back. */
  readonly isRepeatable: boolean;
  /**
   * Makes the bytes repeatable by keeping them, unless there are more of them; gives whether they are. To be asked before
   * they are read.
   */
  readonly hold?: (maxBytes: number) => Promise<boolean>;
}

/** Bytes of a file that a reader may ask to be kept: its plain reading holds as many. */
export const heldBytes: number = 64 * 1024 * 1024;

/** Largest file that a reader may ask for in one piece. */
const maxWholeBytes = 256 * 1024 * 1024;

/** Bytes of a file in memory that are handed over at a time: readers make objects of all that they are given. */
const pieceBytes = 1024 * 1024;

/** Code, media and binaries: never exports, and most of what lies in a folder. */
const otherFile =
  /\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|kts|scala|c|cc|cpp|cxx|h|hh|hpp|m|mm|cs|fs|vb|php|pl|pm|lua|swift|dart|ex|exs|erl|hs|clj|jl|r|sql|css|scss|less|vue|svelte|sh|bash|ps1|bat|cmd|mk|cmake|gradle|toml|lock|proto|wasm|o|a|so|dll|exe|class|jar|pyc|png|jpe?g|gif|bmp|ico|webp|svg|mp[34]|mov|avi|mkv|wav|ogg|flac|ttf|otf|woff2?|eot|map|sum|snap|po|pot|mo)$/i;

/** Whether a file is worth a look of the recognisers, by its name alone. */
export function mayBeExport(name: string): boolean {
  return !otherFile.test(name);
}

/** A file whose content is in memory. */
export function fileOfBytes(
  name: string,
  bytes: Buffer,
  tree: ExportTree,
  modifiedMs: number | undefined,
): ExportFile {
  return {
    name,
    size: bytes.length,
    head: bytes.subarray(0, probeBytes),
    tree,
    ...(modifiedMs === undefined ? {} : { modifiedMs }),
    bytes: async (maxBytes = maxWholeBytes) => {
      if (bytes.length > maxBytes) throw new FileTooLarge();
      return bytes;
    },
    async *chunks() {
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
    },
    isRepeatable: true,
  };
}

/** A file whose content comes piece by piece, `head` first; it can be read once unless `known` says otherwise. */
export function fileOfChunks(
  name: string,
  head: Buffer,
  chunks: () => AsyncIterable<Buffer>,
  tree: ExportTree,
  known: Pick<Partial<ExportFile>, 'size' | 'modifiedMs' | 'isRepeatable' | 'at'>,
): ExportFile {
  return {
    name,
    size: known.size,
    head: head.subarray(0, probeBytes),
    tree,
    ...(known.modifiedMs === undefined ? {} : { modifiedMs: known.modifiedMs }),
    ...(known.at === undefined ? {} : { at: known.at }),
    isRepeatable: known.isRepeatable === true,
    bytes: async (maxBytes = maxWholeBytes) => {
      const pieces: Buffer[] = [];
      let size = 0;
      for await (const chunk of chunks()) {
        size += chunk.length;
        if (size > maxBytes) throw new FileTooLarge();
        // A chunk may be a view of a buffer that is used again.
        pieces.push(Buffer.from(chunk));
      }
      return Buffer.concat(pieces, size);
    },
    chunks,
  };
}

/** The export's file as a path of the target, container entries behind it. */
export function sourceOf({ ref, chain, file }: Pick<ExportOffer, 'ref' | 'chain' | 'file'>): string {
  const outer = ref.type === 'file' ? ref.entry.path.text : ref.type === 'stdin' ? '-' : file.name;
  return [outer, ...chain].join('!/');
}
