/** Runs a reader over files made up in a test, and gives all that it handed over. */
import {
  type CoverageNote,
  type ExportFile,
  type ExportRecord,
  type ExportTree,
  FileTooLarge,
  probeBytes,
  type ReaderHints,
} from '../../src/sources/exports/contract.js';
import { readToEnd } from '../../src/sources/exports/file-ending.js';
import { probeOf } from '../../src/sources/exports/probe.js';
import type { Choice } from '../../src/sources/exports/registry.js';
import { surestReader } from './surest-reader.js';

export interface ReadExport {
  readonly reader: string | undefined;
  readonly choice: Choice | undefined;
  readonly records: readonly ExportRecord[];
  readonly notes: Readonly<Partial<Record<CoverageNote, number>>>;
  readonly unknownKeys: readonly string[];
  readonly damage: readonly string[];
}

/** A tree of files held in memory. */
export function treeOf(files: Readonly<Record<string, string | Buffer>>): ExportTree {
  const memos = new Map<string, Promise<unknown>>();
  return {
    list: async (folder) => {
      const prefix = folder === '' ? '' : `${folder}/`;
      const names = Object.keys(files).filter((name) => name.startsWith(prefix));
      return [...new Set(names.map((name) => prefix + (name.slice(prefix.length).split('/')[0] ?? '')))];
    },
    read: async (name, maxBytes) => {
      const content = files[name];
      if (content === undefined) return undefined;
      const bytes = Buffer.from(content);
      return bytes.length > maxBytes ? undefined : bytes;
    },
    memo: <T>(key: string, make: () => Promise<T>) => {
      const made = (memos.get(key) as Promise<T> | undefined) ?? make();
      memos.set(key, made);
      return made;
    },
  };
}

/** Recognises and reads one of `files`. The content comes in pieces of `piece` bytes. */
export async function readExport(
  files: Readonly<Record<string, string | Buffer>>,
  name: string,
  options: Partial<ReaderHints> & {
    readonly piece?: number;
    readonly system?: string;
    readonly tree?: ExportTree;
  } = {},
): Promise<ReadExport> {
  const bytes = Buffer.from(files[name] ?? '');
  const choice = surestReader(
    probeOf(name, bytes.subarray(0, probeBytes), bytes.length <= probeBytes),
    options.system,
  );
  const records: ExportRecord[] = [];
  const notes: Partial<Record<CoverageNote, number>> = {};
  const unknownKeys: string[] = [];
  const damage: string[] = [];
  const piece = options.piece ?? 64 * 1024;
  const file: ExportFile = {
    name,
    size: bytes.length,
    head: bytes.subarray(0, probeBytes),
    tree: options.tree ?? treeOf(files),
    bytes: async (maxBytes = 256 * 1024 * 1024) => {
      if (bytes.length > maxBytes) throw new FileTooLarge();
      return bytes;
    },
    async *chunks() {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    },
  };
  if (choice !== undefined)
    await readToEnd(
      choice.reader,
      file,
      {
        record: (record) => records.push(record),
        note: (note, count = 1) => {
          notes[note] = (notes[note] ?? 0) + count;
        },
        unknownKey: (key) => unknownKeys.push(key),
        damaged: (detail) => damage.push(detail),
        aborted: false,
        drained: async () => undefined,
      },
      {
        includeDirect: options.includeDirect ?? true,
        ...(options.baseUrl ? { baseUrl: options.baseUrl } : {}),
      },
    );
  return { reader: choice?.reader.id, choice, records, notes, unknownKeys, damage };
}
