/** Opens key and database together, since one is refused without the other. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { textHasher } from '../identity/hashed-text.js';
import { deriveKeys, type IdentityKeys, masterKeyBytes } from '../identity/hkdf-keys.js';
import { listKeyIds, loadOrCreateKey, readKeyFile } from '../identity/keys.js';
import { ProblemError } from '../model/problem.js';
import { safeText } from '../report/safe-text.js';
import type { OpenOptions, Store } from '../store/store.js';
import type { Context } from './context.js';
import { makeFolders } from './make-folders.js';
import { databasePath, keyFilePath, keyFolder } from './user-paths.js';
import { guardWorkTree } from './work-tree-guard.js';

/**
 * `read`: both must exist. `write`: both are created. `temporary`: a database of 0700 that is removed at
 * the end (it may outgrow memory, so it is a file), and an ephemeral key where there is none.
 */
export type SessionMode = 'read' | 'write' | 'temporary';

export interface Session {
  readonly keys: IdentityKeys;
  readonly store: Store;
  close(): void;
}

async function loadKeys(context: Context, mode: SessionMode): Promise<IdentityKeys> {
  const { io, flags, services } = context;
  const file = keyFilePath(io, flags.keyFile);
  if (file !== undefined) {
    await guardWorkTree(file, 'key', services.isTracked);
    return deriveKeys(readKeyFile(file.path));
  }
  const hasNone = mode !== 'write' && listKeyIds(keyFolder(io)).length === 0;
  if (hasNone && mode === 'temporary') return deriveKeys(randomBytes(masterKeyBytes));
  const folder = keyFolder(io);
  if (hasNone) {
    throw new ProblemError({
      code: 'key-missing',
      message: `There is no key in ${folder}.`,
      hint: 'A first "sprawl scan" makes one; for a shared database name its key with --key-file.',
    });
  }
  await guardWorkTree({ path: join(folder, 'key'), explicit: false }, 'key', services.isTracked);
  makeKeyParent(folder);
  const loaded = loadOrCreateKey(folder, await keyIdOfDatabase(context));
  if (loaded.created) {
    const path = safeText(await context.services.maskSecrets(loaded.path));
    await context.tell(`Made a key: ${path}. Without it the database cannot be read; keep a copy.`);
  }
  return loaded.keys;
}

/** Of several keys the one that the database names; with one there is nothing to choose. */
async function keyIdOfDatabase(context: Context): Promise<string | undefined> {
  const { io, flags, services } = context;
  const { path } = databasePath(io, flags.db);
  const ids = listKeyIds(keyFolder(io));
  if (ids.length < 2 || !existsSync(path)) return undefined;
  const id = await services.readKeyId(path);
  // A key that is missing here is told by the store, which names both.
  return id !== undefined && ids.includes(id) ? id : undefined;
}

/** Keys alone, for commands that need no database. */
export async function openKeys(context: Context, mode: SessionMode = 'read'): Promise<IdentityKeys> {
  return loadKeys(context, mode);
}

function closeAndRemove(store: Store, remove: () => void): void {
  try {
    store.close();
  } finally {
    remove();
  }
}

function makeKeyParent(folder: string): void {
  try {
    makeFolders(dirname(folder), 0o700);
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    const message = `The key cannot be written to ${folder} (${code}).`;
    const hint = 'Name a key file with --key-file or SPRAWL_KEY_FILE.';
    throw new ProblemError({ code: 'key-missing', message, hint }, { cause });
  }
}

function makeFolder(path: string): void {
  try {
    makeFolders(path, 0o700);
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new ProblemError(
      {
        code: 'database-unavailable',
        message: `The folder ${path} for the database cannot be made (${code}).`,
        hint: 'Name a database elsewhere with --db, or use --no-store.',
      },
      { cause },
    );
  }
}

function ofKeys({ id, pseudonym }: IdentityKeys): Pick<OpenOptions, 'keyId' | 'hashText'> {
  return { keyId: id, hashText: textHasher(pseudonym) };
}

export async function openSession(context: Context, mode: SessionMode): Promise<Session> {
  const { io, flags, services } = context;
  const now = io.now();
  if (mode === 'temporary') {
    const keys = await loadKeys(context, mode);
    const folder = mkdtempSync(join(tmpdir(), 'sprawl-'));
    const remove = (): void => rmSync(folder, { recursive: true, force: true });
    try {
      const path = join(folder, 'scan.db');
      const store = await services.openStore({ path, mode: 'write', now: () => now, ...ofKeys(keys) });
      return { keys, store, close: () => closeAndRemove(store, remove) };
    } catch (error) {
      remove();
      throw error;
    }
  }
  const database = databasePath(io, flags.db);
  await guardWorkTree(database, 'database', services.isTracked);
  if (!existsSync(database.path)) {
    if (mode === 'read') {
      throw new ProblemError({
        code: 'database-unavailable',
        message: `There is no database at ${database.path}.`,
        hint: 'Run "sprawl scan" first, or name the database with --db.',
      });
    }
    makeFolder(dirname(database.path));
  }
  const keys = await loadKeys(context, mode);
  // One time for the whole run: what this scan saw is what has this time as its last.
  const store = await services.openStore({ path: database.path, mode, now: () => now, ...ofKeys(keys) });
  return { keys, store, close: () => store.close() };
}

/** Opens, runs, closes. */
export async function withSession<T>(
  context: Context,
  mode: SessionMode,
  run: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(context, mode);
  try {
    return await run(session);
  } finally {
    session.close();
  }
}
