/** What the readers of the single formats hand to the walk. */
import { isUtf8 } from 'node:buffer';
import type { InputProblemCode } from '../../model/problem.js';
import type { Chunks } from './inflate.js';
import type { RandomAccess } from './random-access.js';

export interface ArchiveEntry {
  /** Name as stored, decoded, `/` between parts. Never used as a path on disk. */
  readonly name: string;
  /** Milliseconds since 1970 UTC, when the container says. */
  readonly modifiedMs?: number;
  /** Bytes that the entry takes in its container; for the ratio cap. */
  readonly packedBytes: number;
  /** The content: whole when it was small, else as it comes. Valid until the next entry is asked for. */
  readonly content: Buffer | Chunks;
  /** The content from its beginning, each time; absent where a stream passes but once. */
  readonly again?: () => Chunks;
  /** Where the content can be read by position, as it lies unpacked in its container. */
  readonly access?: RandomAccess;
  /** Size that the container states; a hint only. */
  readonly statedBytes?: number;
}

/** How a format's reader reports what it could not read; the entries that it can go on. */
export type ReportFault = (code: InputProblemCode, detail: string, entryName?: string) => void;

/** Name bytes of a container without a stated encoding: UTF-8 when valid, else Latin-1. */
export function decodeName(bytes: Buffer): string {
  return (isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1')).replaceAll('\\', '/');
}

export function joinChain(name: string, chain: readonly string[]): string {
  return [name, ...chain].join('!/');
}
