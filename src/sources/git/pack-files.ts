/**
 * Looks at pack files from outside: which packs git will refuse, and how many objects alternates hold.
 *
 * git passes over a broken pack with a line on stderr and status 0, so that its objects are silently
 * absent. Formats: gitformat-pack(5).
 */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface PackFault {
  /** Name of the pack file. */
  readonly name: string;
  readonly fault: 'no-index' | 'no-pack' | 'truncated' | 'index-mismatch' | 'bad-header' | 'unreadable';
}

/** Packs of an objects folder that cannot be whole. Reads header and trailer only. */
export function checkPacks(objectsDir: string, oidBytes: number): readonly PackFault[] {
  const names = new Set(namesIn(join(objectsDir, 'pack')));
  const faults: PackFault[] = [];
  for (const name of [...names].sort()) {
    if (!/^pack-.*\.(?:pack|idx)$/.test(name)) continue;
    const stem = name.replace(/\.(?:pack|idx)$/, '');
    if (name.endsWith('.idx')) {
      if (!names.has(`${stem}.pack`)) faults.push({ name: `${stem}.pack`, fault: 'no-pack' });
      continue;
    }
    const fault = names.has(`${stem}.idx`) ? compare(join(objectsDir, 'pack', stem), oidBytes) : 'no-index';
    if (fault !== undefined) faults.push({ name, fault });
  }
  return faults;
}

function compare(stem: string, oidBytes: number): PackFault['fault'] | undefined {
  try {
    const pack = ends(`${stem}.pack`, 12, oidBytes);
    const idx = ends(`${stem}.idx`, 8 + 1024, 2 * oidBytes);
    if (pack.size < 12 + oidBytes) return 'truncated';
    if (idx.size < 1032 + 2 * oidBytes) return 'index-mismatch';
    if (pack.head.toString('latin1', 0, 4) !== 'PACK') return 'bad-header';
    const isV2 = idx.head.readUInt32BE(0) === 0xff744f63;
    const count = idx.head.readUInt32BE((isV2 ? 8 : 0) + 255 * 4);
    if (count !== pack.head.readUInt32BE(8)) return 'index-mismatch';
    return pack.tail.equals(idx.tail.subarray(0, oidBytes)) ? undefined : 'truncated';
  } catch {
    return 'unreadable';
  }
}

function ends(
  path: string,
  headBytes: number,
  tailBytes: number,
): { size: number; head: Buffer; tail: Buffer } {
  const fd = openSync(path, 'r');
  try {
    const size = fstatSync(fd).size;
    const head = Buffer.alloc(headBytes);
    const tail = Buffer.alloc(tailBytes);
    readSync(fd, head, 0, headBytes, 0);
    if (size >= tailBytes) readSync(fd, tail, 0, tailBytes, size - tailBytes);
    return { size, head, tail };
  } finally {
    closeSync(fd);
  }
}

/** Packs of an objects folder that have an index, sorted. */
export function packPaths(objectsDir: string): readonly string[] {
  return namesIn(join(objectsDir, 'pack'))
    .filter((name) => name.endsWith('.idx'))
    .sort()
    .map((name) => join(objectsDir, 'pack', name.replace(/\.idx$/, '.pack')));
}

/** Objects folders that `objects/info/alternates` names, one level. */
export function alternateDirs(objectsDir: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(join(objectsDir, 'info', 'alternates'), 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => resolve(objectsDir, line));
}

/**
 * Objects that alternates hold, by the counts in their pack indexes and the names of their loose objects.
 * Nothing of theirs is read; an object that lies in two packs counts twice.
 */
export function countAlternateObjects(objectsDir: string): number {
  let count = 0;
  const seen = new Set([objectsDir]);
  const open = [...alternateDirs(objectsDir)];
  // git follows alternates of alternates up to five levels.
  for (let dir = open.pop(); dir !== undefined && seen.size < 64; dir = open.pop()) {
    if (seen.has(dir)) continue;
    seen.add(dir);
    open.push(...alternateDirs(dir));
    for (const name of namesIn(join(dir, 'pack'))) {
      if (name.endsWith('.idx')) count += indexCount(join(dir, 'pack', name));
    }
    for (const name of namesIn(dir)) {
      if (/^[0-9a-f]{2}$/.test(name)) count += namesIn(join(dir, name)).length;
    }
  }
  return count;
}

function indexCount(path: string): number {
  try {
    const { head } = ends(path, 8 + 1024, 0);
    return head.readUInt32BE((head.readUInt32BE(0) === 0xff744f63 ? 8 : 0) + 255 * 4);
  } catch {
    return 0;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
