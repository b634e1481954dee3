/**
 * Reads loose objects (gitrepository-layout(5), objects/??/): a zlib stream of "type size", NUL, content.
 *
 * Inflates in the core, like packed ones, so that a receiver scans both in the same memory.
 */
import { closeSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CORE_OK, type WasmCore } from '../../../prefilter/wasm-core.js';
import { openFile, readAt } from './read-file.js';
import type { UnreadableReason } from './unreadable.js';

export interface LooseName {
  readonly path: string;
  readonly oid: Uint8Array;
}

/** A loose object in the core's memory, where it stays until the core is used again. */
export type LooseResult =
  | {
      readonly ok: true;
      /** git's number of the type. */
      readonly type: number;
      /** Where the content starts; 64 zero bytes follow it. Nothing is there when only the head was asked for. */
      readonly address: number;
      readonly size: number;
    }
  | { readonly ok: false; readonly reason: UnreadableReason };

/** Names of all loose objects below an objects folder, in order of their ids. */
export function* listLoose(objectsDir: string, oidBytes: 20 | 32): Generator<LooseName> {
  const rest = new RegExp(`^[0-9a-f]{${oidBytes * 2 - 2}}$`);
  for (const folder of namesIn(objectsDir).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    for (const name of namesIn(join(objectsDir, folder))) {
      if (rest.test(name)) {
        yield { path: join(objectsDir, folder, name), oid: Buffer.from(folder + name, 'hex') };
      }
    }
  }
}

/** "commit", a space, 16 digits, NUL and some room. */
const MAX_HEADER_BYTES = 64;
const SLACK_BYTES = 64;
const types: Readonly<Record<string, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };

/**
 * Reads one loose object. `maxMemory` as in WalkOptions.
 * @param headOnly number of a type of which type and size are enough; its content is not inflated
 */
export function readLoose(core: WasmCore, path: string, maxMemory: number, headOnly = 0): LooseResult {
  const file = openFile(path);
  if (file === undefined) return { ok: false, reason: 'read-failed' };
  try {
    const source = core.heap;
    const header = align(source + file.size + SLACK_BYTES);
    const target = align(header + MAX_HEADER_BYTES + core.pad);
    if (target > maxMemory || !core.reserve(target)) return { ok: false, reason: 'too-large' };
    if (readAt(file.fd, core.bytes, source, file.size, 0) !== file.size) {
      return { ok: false, reason: 'read-failed' };
    }
    return inflateLoose(core, source, source + file.size, header, target, maxMemory, headOnly);
  } finally {
    closeSync(file.fd);
  }
}

function inflateLoose(
  core: WasmCore,
  source: number,
  sourceEnd: number,
  headerAt: number,
  target: number,
  maxMemory: number,
  headOnly: number,
): LooseResult {
  // What a short stream leaves of these bytes unwritten must not be a former object's header.
  core.bytes.fill(0xff, headerAt, headerAt + MAX_HEADER_BYTES);
  // Whatever the outcome: an object shorter than this room fails to fill it, but its header is there.
  core.exports.inflate(source, sourceEnd, headerAt, MAX_HEADER_BYTES);
  const head = parseHead(core.bytes.toString('latin1', headerAt, headerAt + MAX_HEADER_BYTES));
  if (head === undefined) return { ok: false, reason: 'bad-header' };
  const total = head.bytes + head.size;
  if (head.size > (sourceEnd - source) * 1032) return { ok: false, reason: 'bad-header' };
  if (head.type === headOnly) return { ok: true, type: head.type, address: target, size: head.size };
  const end = target + total + core.pad;
  if (end > maxMemory || !core.reserve(end)) return { ok: false, reason: 'too-large' };
  if (core.exports.inflate(source, sourceEnd, target, total) !== CORE_OK) {
    return { ok: false, reason: 'bad-stream' };
  }
  core.bytes.fill(0, target + total, target + total + SLACK_BYTES);
  return { ok: true, type: head.type, address: target + head.bytes, size: head.size };
}

function parseHead(
  text: string,
): { readonly type: number; readonly size: number; readonly bytes: number } | undefined {
  const match = /^(commit|tree|blob|tag) (0|[1-9][0-9]{0,14})\0/.exec(text);
  const type = types[match?.[1] ?? ''];
  if (match === null || type === undefined) return undefined;
  return { type, size: Number(match[2]), bytes: match[0].length };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function align(address: number): number {
  return Math.ceil(address / 64) * 64;
}
