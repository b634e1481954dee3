/** Packs for tests: read by git as the oracle, or written by hand so that they may lie. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { cachedCore } from '../../../../../scripts/build-core.mjs';
import { loadCoreModule } from '../../../../../src/prefilter/core-module.js';
import type { WasmModule } from '../../../../../src/prefilter/wasm-api.js';
import { WasmCore } from '../../../../../src/prefilter/wasm-core.js';
import { type OpenPack, openPack } from '../../../../../src/sources/git/pack/pack-walker.js';

export async function testModule(): Promise<WasmModule> {
  const module = loadCoreModule(await cachedCore());
  if (module === undefined) throw new Error('the core was not built');
  return module;
}

export async function testCore(): Promise<WasmCore> {
  return new WasmCore(await testModule());
}

export interface PlainObject {
  readonly type: string;
  readonly bytes: Buffer;
}

export const typeNames = ['', 'commit', 'tree', 'blob', 'tag'];

/** All objects of a repository as git itself reads them, by hex id. */
export function objectsByGit(gitDir: string): Map<string, PlainObject> {
  const output = execFileSync('git', ['--no-replace-objects', 'cat-file', '--batch-all-objects', '--batch'], {
    cwd: gitDir,
    maxBuffer: 2 ** 30,
    env: { PATH: process.env['PATH'] ?? '', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
  });
  const objects = new Map<string, PlainObject>();
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [oid = '', type = '', size = ''] = output.toString('latin1', at, end).split(' ');
    objects.set(oid, { type, bytes: output.subarray(end + 1, end + 1 + Number(size)) });
    at = end + 2 + Number(size);
  }
  return objects;
}

/** The only pack of a repository. */
export function onlyPack(gitDir: string): string {
  const folder = join(gitDir, 'objects', 'pack');
  const packs = readdirSync(folder).filter((name) => name.endsWith('.pack'));
  if (packs.length !== 1) throw new Error(`${packs.length} packs`);
  return join(folder, packs[0] ?? '');
}

export function opened(path: string, oidBytes: 20 | 32 = 20): OpenPack {
  const result = openPack(path, oidBytes);
  if (!result.ok) throw new Error(result.fault);
  return result.pack;
}

/** One entry of a handmade pack; `base` is the number of an entry, or an id for REF_DELTA. */
export interface MadeEntry {
  readonly type: number;
  /** What the stream holds: the object, or a delta. */
  readonly data: Buffer;
  readonly base?: number | Buffer;
  /** The size that the header claims. */
  readonly size?: number;
  /** Replaces the compressed stream. */
  readonly stream?: Buffer;
}

export interface MadePack {
  readonly pack: Buffer;
  readonly idx: Buffer;
  readonly oids: readonly Buffer[];
  readonly offsets: readonly number[];
}

/** Ids of handmade entries are hashes of their numbers: nothing reads them as content hashes. */
export function madeOid(entry: number, oidBytes = 20): Buffer {
  return createHash('sha256').update(`entry ${entry}`).digest().subarray(0, oidBytes);
}

export function makePack(entries: readonly MadeEntry[], oidBytes = 20): MadePack {
  const head = Buffer.alloc(12);
  head.write('PACK');
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(entries.length, 8);
  const parts = [head];
  const offsets: number[] = [];
  let offset = 12;
  for (const entry of entries) {
    offsets.push(offset);
    const size = entry.size ?? entry.data.length;
    const bytes = [sizeHeader(entry.type, size)];
    if (typeof entry.base === 'number') bytes.push(distance(offset - (offsets[entry.base] ?? 0)));
    else if (entry.base !== undefined) bytes.push(entry.base);
    bytes.push(entry.stream ?? deflateSync(entry.data));
    const whole = Buffer.concat(bytes);
    parts.push(whole);
    offset += whole.length;
  }
  const body = Buffer.concat(parts);
  const pack = Buffer.concat([body, trailer(body, oidBytes)]);
  const oids = entries.map((_, entry) => madeOid(entry, oidBytes));
  return { pack, idx: makeIndex(pack, oids, offsets, oidBytes), oids, offsets };
}

/** An index of version 2; offsets of 2^31 and more go to the table of 64-bit ones. */
export function makeIndex(
  pack: Buffer,
  oids: readonly Buffer[],
  offsets: readonly number[],
  oidBytes = 20,
): Buffer {
  const order = oids.map((_, at) => at).sort((a, b) => Buffer.compare(oids[a] as Buffer, oids[b] as Buffer));
  const fanout = Buffer.alloc(1024);
  for (let byte = 0; byte < 256; byte++) {
    fanout.writeUInt32BE(oids.filter((oid) => (oid[0] ?? 0) <= byte).length, byte * 4);
  }
  const sorted = [...offsets, pack.length - oidBytes].sort((a, b) => a - b);
  const crcs = Buffer.alloc(oids.length * 4);
  const small = Buffer.alloc(oids.length * 4);
  const large: Buffer[] = [];
  order.forEach((entry, row) => {
    const start = offsets[entry] ?? 0;
    const end = sorted.find((other) => other > start) ?? start;
    crcs.writeUInt32BE(crc32(pack.subarray(start, end)), row * 4);
    if (start < 2 ** 31) small.writeUInt32BE(start, row * 4);
    else {
      small.writeUInt32BE(2 ** 31 + large.length, row * 4);
      const wide = Buffer.alloc(8);
      wide.writeBigUInt64BE(BigInt(start));
      large.push(wide);
    }
  });
  const magic = Buffer.from([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]);
  const body = Buffer.concat([
    magic,
    fanout,
    ...order.map((at) => oids[at] as Buffer),
    crcs,
    small,
    ...large,
    pack.subarray(pack.length - oidBytes),
  ]);
  return Buffer.concat([body, trailer(body, oidBytes)]);
}

export function writePack(folder: string, made: Pick<MadePack, 'pack' | 'idx'>): string {
  const path = join(folder, 'pack-made.pack');
  writeFileSync(path, made.pack);
  writeFileSync(path.replace(/pack$/, 'idx'), made.idx);
  return path;
}

function trailer(body: Buffer, oidBytes: number): Buffer {
  return createHash(oidBytes === 20 ? 'sha1' : 'sha256')
    .update(body)
    .digest();
}

export function sizeHeader(type: number, size: number): Buffer {
  const bytes = [];
  let rest = Math.floor(size / 16);
  bytes.push((type << 4) | (size % 16));
  while (rest > 0) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
    bytes.push(rest % 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from(bytes);
}

function distance(value: number): Buffer {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest--;
    bytes.unshift(0x80 | (rest % 128));
  }
  return Buffer.from(bytes);
}

/** A copy from the base, or new bytes. */
export type DeltaStep = { readonly from: number; readonly size: number } | { readonly insert: Buffer };

export function applySteps(base: Buffer, steps: readonly DeltaStep[]): Buffer {
  return Buffer.concat(
    steps.map((step) => ('insert' in step ? step.insert : base.subarray(step.from, step.from + step.size))),
  );
}

export function encodeDelta(baseSize: number, targetSize: number, steps: readonly DeltaStep[]): Buffer {
  const parts = [varint(baseSize), varint(targetSize)];
  for (const step of steps) {
    if ('insert' in step) {
      for (let at = 0; at < step.insert.length; at += 127) {
        const part = step.insert.subarray(at, at + 127);
        parts.push(Buffer.from([part.length]), part);
      }
    } else {
      for (let at = 0; at < step.size; at += 0xffffff) {
        parts.push(copyCode(step.from + at, Math.min(step.size - at, 0xffffff)));
      }
    }
  }
  return Buffer.concat(parts);
}

function copyCode(offset: number, size: number): Buffer {
  const bytes = [0x80];
  for (let field = 0; field < 7; field++) {
    const value = field < 4 ? (offset >>> (8 * field)) & 255 : (size >>> (8 * (field - 4))) & 255;
    // A size of 64 KiB is spelled as no size at all.
    if (value === 0 || (field >= 4 && size === 0x10000)) continue;
    bytes[0] = (bytes[0] ?? 0) | (1 << field);
    bytes.push(value);
  }
  return Buffer.from(bytes);
}

function varint(value: number): Buffer {
  const bytes = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** CRC-32 bit by bit: slow, and not the core's way. */
export function crc32(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ ((value & 1) === 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
}
