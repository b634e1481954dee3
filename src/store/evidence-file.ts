/** The evidence log as a file: lines read in pieces, a last line that a crash cut off, appending so that it stays. */
import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { ProblemError } from '../model/problem.js';

const pieceBytes = 1 << 20;
const lineEnd = 0x0a;

/** The log of a database: `sprawl.db` has `sprawl.evidence.jsonl` beside it. */
export function evidencePath(databasePath: string): string {
  return `${databasePath.replace(/\.db$/, '')}.evidence.jsonl`;
}

function unusable(path: string, cause: unknown): ProblemError {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  if (code === 'ELOOP' || code === 'EMLINK') {
    return new ProblemError(
      {
        code: 'database-unavailable',
        message: `The evidence log ${path} is a symbolic link.`,
        hint: 'Put the file itself beside the database.',
      },
      { cause },
    );
  }
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return new ProblemError(
      { code: 'database-read-only', message: `The evidence log ${path} cannot be written (${code}).` },
      { cause },
    );
  }
  return new ProblemError(
    { code: 'database-unavailable', message: `The evidence log ${path} cannot be opened (${code}).` },
    { cause },
  );
}

/** Undefined when there is no such file and none is made. */
export function openEvidenceFile(path: string, mode: 'read' | 'append'): number | undefined {
  const { O_RDONLY, O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const flags = mode === 'read' ? O_RDONLY | O_NONBLOCK : O_RDWR | O_APPEND | O_CREAT;
  let descriptor: number;
  try {
    descriptor = openSync(path, flags | O_NOFOLLOW, 0o600);
  } catch (cause) {
    if (mode === 'read' && (cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(path, cause);
  }
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new ProblemError({
    code: 'database-unavailable',
    message: `The evidence log ${path} is not a regular file.`,
  });
}

export interface FileLine {
  /** Undefined when its bytes are no UTF-8. */
  readonly text: string | undefined;
  /** False for a last line without its end: the write was cut off. */
  readonly isWhole: boolean;
  /** Where it begins, in bytes. */
  readonly start: number;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of bytes; undefined when they are no UTF-8. */
export function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Lines up to where the file ended when this began; what another process appends meanwhile is left for the next time. */
export function* linesOf(descriptor: number): Generator<FileLine> {
  const end = fstatSync(descriptor).size;
  let rest: Buffer[] = [];
  let start = 0;
  for (let at = 0; at < end; ) {
    const piece = Buffer.allocUnsafe(Math.min(pieceBytes, end - at));
    const read = readSync(descriptor, piece, 0, piece.length, at);
    if (read === 0) break;
    at += read;
    let from = 0;
    for (;;) {
      const to = piece.subarray(0, read).indexOf(lineEnd, from);
      if (to < 0) break;
      const line = Buffer.concat([...rest, piece.subarray(from, to)]);
      yield { text: decode(line), isWhole: true, start };
      start += line.length + 1;
      rest = [];
      from = to + 1;
    }
    if (from < read) rest.push(piece.subarray(from, read));
  }
  if (rest.length > 0) yield { text: decode(Buffer.concat(rest)), isWhole: false, start };
}

/** The last two lines, read from the end, the last first. */
export function lastLines(descriptor: number): readonly FileLine[] {
  const { size } = fstatSync(descriptor);
  let tail = Buffer.alloc(0);
  let begin = size;
  const isEnough = (): boolean => {
    let ends = 0;
    for (const byte of tail) if (byte === lineEnd) ends++;
    return ends >= 3;
  };
  while (begin > 0 && !isEnough()) {
    const length = Math.min(Math.max(1 << 16, tail.length), begin);
    const piece = Buffer.alloc(length);
    readSync(descriptor, piece, 0, length, begin - length);
    begin -= length;
    tail = Buffer.concat([piece, tail]);
  }
  const lines: FileLine[] = [];
  for (let to = tail.length; to > 0 && lines.length < 2; ) {
    const isWhole = tail[to - 1] === lineEnd;
    const end = isWhole ? to - 1 : to;
    const from = end === 0 ? 0 : tail.lastIndexOf(lineEnd, end - 1) + 1;
    lines.push({ text: decode(tail.subarray(from, end)), isWhole, start: begin + from });
    to = from;
  }
  return lines;
}

/** Writes all of it and waits until the disk has it. */
export function appendBytes(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  fsyncSync(descriptor);
}

/** Makes a new name in a folder survive a crash, where the system can. */
export function syncFolderOf(path: string): void {
  try {
    const folder = openSync(dirname(path), constants.O_RDONLY);
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // Some file systems cannot do that for a folder; the file itself was synced.
  }
}
