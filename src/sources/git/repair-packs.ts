/**
 * Makes the packs of a repository of ours readable: one without its index gets one, and of one that is damaged what
 * can be read becomes loose objects. Only for repositories that we unpacked ourselves: this writes into them.
 */
import {
  closeSync,
  createReadStream,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { startGit } from './process.js';

/** `damaged`: part of a pack is lost. */
export type PackRepair = 'sound' | 'damaged';

/** @param path the bare repository, whose configuration is ours */
export async function repairPacks(path: string, objectFormat: 'sha1' | 'sha256'): Promise<PackRepair> {
  const folder = join(path, 'objects', 'pack');
  const idBytes = objectFormat === 'sha256' ? 32 : 20;
  let repair: PackRepair = 'sound';
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.pack')) continue;
    const base = join(folder, name.slice(0, -'.pack'.length));
    const sum = tailOf(`${base}.pack`, idBytes, 0);
    // The last but one entry of an index is the sum that ends its pack.
    if (sum !== undefined && tailOf(`${base}.idx`, idBytes, idBytes)?.equals(sum)) continue;
    rmSync(`${base}.idx`, { force: true });
    if (sum !== undefined && (await isIndexed(path, base))) {
      // Elsewhere a pack's name is taken to tell its content.
      for (const end of ['pack', 'idx'])
        renameSync(`${base}.${end}`, join(folder, `pack-${sum.toString('hex')}.${end}`));
      continue;
    }
    repair = 'damaged';
    await salvage(path, `${base}.pack`);
    for (const end of ['pack', 'idx']) rmSync(`${base}.${end}`, { force: true });
  }
  return repair;
}

/** True when the repository holds any object. */
export function hasObjects(path: string): boolean {
  const isObject = (name: string): boolean => name.endsWith('.pack') || /^[0-9a-f]{2}$/.test(name);
  return [join(path, 'objects'), join(path, 'objects', 'pack')].some((folder) =>
    readdirSync(folder).some(isObject),
  );
}

async function isIndexed(path: string, base: string): Promise<boolean> {
  const args = ['index-pack', '-o', `${base}.idx`, `${base}.pack`];
  const exit = startGit({ neutralDir: path, config: ['pack.threads=1'] }, args);
  exit.stdin.end();
  exit.stdout.resume();
  return (await exit.exit).status === 0;
}

/** Writes each object before and behind the damage that can still be told as a loose one. */
async function salvage(path: string, pack: string): Promise<void> {
  const child = startGit({ neutralDir: path }, ['unpack-objects', '-r', '-q']);
  child.stdout.resume();
  // git stops reading where it finds no more objects.
  await pipeline(createReadStream(pack), child.stdin).catch(() => undefined);
  await child.exit;
}

/** The `length` bytes that end `before` bytes in front of the end of a file; undefined when it is shorter. */
function tailOf(path: string, length: number, before: number): Buffer | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const at = fstatSync(fd).size - length - before;
    const tail = Buffer.alloc(length);
    return at >= 0 && readSync(fd, tail, 0, length, at) === length ? tail : undefined;
  } finally {
    closeSync(fd);
  }
}
