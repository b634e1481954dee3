/**
 * Master keys as files: 32 random bytes, hex, mode 0600, in `<keys folder>/<id>`. What a key is used for
 * is in hkdf-keys.ts.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ProblemError } from '../model/problem.js';
import { deriveKeys, type IdentityKeys, masterKeyBytes } from './hkdf-keys.js';

const hexForm = /^[0-9a-f]{64}$/;

/** Parses the text of a key file. Throws `key-invalid` without echoing it. */
export function parseKeyText(text: string, where: string): Buffer {
  const trimmed = text.trim();
  if (!hexForm.test(trimmed)) {
    throw new ProblemError({
      code: 'key-invalid',
      message: `The key file ${where} does not hold a key.`,
      hint: `A key is ${masterKeyBytes * 2} lower-case hex digits on one line; make one with "sprawl key init".`,
    });
  }
  return Buffer.from(trimmed, 'hex');
}

/** Reads a key file without following a link in its last component. */
export function readKeyFile(path: string): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (cause) {
    throw new ProblemError(
      {
        code: 'key-missing',
        message: `The key file ${path} cannot be read.`,
        hint: 'Check --key-file and SPRAWL_KEY_FILE, or run "sprawl key init".',
      },
      { cause },
    );
  }
  try {
    if (!fstatSync(descriptor).isFile()) {
      throw new ProblemError({ code: 'key-invalid', message: `The key file ${path} is not a regular file.` });
    }
    return parseKeyText(readFileSync(descriptor, 'utf8'), path);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes a key file (0600) that is there whole or not at all. Returns false when it existed. */
export function writeKeyFile(path: string, master: Buffer): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return linkKeyFile(path, master);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === undefined || code === 'ENOSPC' || code === 'EDQUOT') return cause;
  const message = `The key cannot be written to ${path} (${code}).`;
  const hint = 'Name a key file with --key-file or SPRAWL_KEY_FILE.';
  return new ProblemError({ code: 'key-missing', message, hint }, { cause });
}

/**
 * Makes a folder with its first key by one rename, so that of several processes that start at once exactly
 * one makes the key. Returns false when the folder has something in it.
 */
function makeKeyFolder(folder: string, id: string, master: Buffer): boolean {
  try {
    mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
    const temporary = mkdtempSync(`${folder}.`);
    try {
      linkKeyFile(join(temporary, id), master);
      renameSync(temporary, folder);
      return true;
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // ENOTDIR: the folder is a link to one.
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') return false;
    throw unwritable(join(folder, id), cause);
  }
}

/** Writes under another name first, so that the file is there whole or not at all. */
function linkKeyFile(path: string, master: Buffer): boolean {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const descriptor = openSync(
    temporary,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    writeSync(descriptor, `${master.toString('hex')}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(temporary);
  }
}

export interface LoadedKey {
  readonly keys: IdentityKeys;
  readonly path: string;
  readonly created: boolean;
}

/** Ids of all keys in a folder, sorted; empty when the folder does not exist. */
export function listKeyIds(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^[0-9a-f]{16}$/.test(name))
      .sort();
  } catch {
    return [];
  }
}

/** Loads `folder/default`'s target, creating the first key when there is none. */
export function loadOrCreateKey(folder: string, wantedId?: string): LoadedKey {
  const ids = listKeyIds(folder);
  const id = wantedId ?? (ids.length === 1 ? ids[0] : undefined);
  if (id !== undefined) {
    const path = join(folder, id);
    const keys = deriveKeys(readKeyFile(path));
    if (keys.id !== id) {
      throw new ProblemError({
        code: 'key-invalid',
        message: `The key file ${path} holds another key than its name says.`,
      });
    }
    return { keys, path, created: false };
  }
  if (ids.length > 1) {
    throw new ProblemError({
      code: 'key-missing',
      message: `There are ${ids.length} keys in ${folder} and the database does not say which to use.`,
      hint: 'Name one with --key-file or SPRAWL_KEY_FILE.',
    });
  }
  const master = randomBytes(masterKeyBytes);
  const keys = deriveKeys(master);
  const path = join(folder, keys.id);
  if (makeKeyFolder(folder, keys.id, master)) return { keys, path, created: true };
  // The folder was there: with the key that another process made just now, or with other files.
  if (listKeyIds(folder).length > 0) return loadOrCreateKey(folder);
  writeKeyFile(path, master);
  return { keys, path, created: true };
}
