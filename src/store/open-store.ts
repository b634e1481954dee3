/** Opens the store. SQLite's native module is loaded here and not before: the hook works without it. */
import type { KeyId } from '../model/ids.js';
import type { OpenOptions, Store } from './store.js';

export async function openStore(options: OpenOptions): Promise<Store> {
  const { openSqliteStore } = await import('./sqlite-store.js');
  return openSqliteStore(options);
}

/** Which key a database was made with; undefined when it is new. */
export async function readKeyId(path: string): Promise<KeyId | undefined> {
  const { readKeyIdOf } = await import('./read-key-id.js');
  return readKeyIdOf(path);
}
