/** Opens the store. SQLite's native module is loaded here and not before: the hook works without it. */
import type { OpenOptions, Store } from './store.js';

export async function openStore(options: OpenOptions): Promise<Store> {
  const { openSqliteStore } = await import('./sqlite-store.js');
  return openSqliteStore(options);
}
