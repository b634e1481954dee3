/**
 * One connection's write side: short immediate transactions, and caches of row ids that hold as long as
 * nobody else wrote.
 */
import type { Connection } from './connection.js';
import { guarded } from './sqlite-problem.js';

/** Entries after which a cache starts again; bounds memory, not correctness. */
const maxCached = 200_000;

/** A map that forgets everything when it grows too large or when the session says so. */
export class IdCache<Value, Key extends string | number = string> {
  readonly #entries = new Map<Key, Value>();

  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: Key, value: Value): void {
    if (this.#entries.size >= maxCached) this.#entries.clear();
    this.#entries.set(key, value);
  }

  clear(): void {
    this.#entries.clear();
  }
}

export class WriteSession {
  readonly connection: Connection;
  readonly #caches: { clear(): void }[] = [];
  readonly #waiting = new Set<() => void>();
  #dataVersion = -1;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Makes a cache that is emptied after a rollback and after other connections' commits. */
  cache<Value, Key extends string | number = string>(): IdCache<Value, Key> {
    const cache = new IdCache<Value, Key>();
    this.#caches.push(cache);
    return cache;
  }

  dropCaches(): void {
    for (const cache of this.#caches) cache.clear();
  }

  /** Names somebody whose work may wait to be written; `flush` writes what there is of it. Gives the way to end that. */
  onFlush(flush: () => void): () => void {
    this.#waiting.add(flush);
    return () => this.#waiting.delete(flush);
  }

  /** Writes all that waits: before anything that may ask for it or build on it. */
  flush(): void {
    for (const flush of this.#waiting) flush();
  }

  /**
   * As {@link write}, for batches: SQLite does not look up each reference of each row, up to ten a row. All
   * row ids come from caches and look-ups of the same transaction, and `check` asks for all references.
   */
  load<Result>(work: () => Result): Result {
    const { db } = this.connection;
    db.pragma('foreign_keys = OFF');
    try {
      return this.write(work);
    } finally {
      db.pragma('foreign_keys = ON');
    }
  }

  /** Runs `work` in one immediate transaction: the lock is taken first, so what is read inside stays true. */
  write<Result>(work: () => Result): Result {
    const { db, path } = this.connection;
    return guarded(path, () => {
      try {
        return db
          .transaction(() => {
            const version = db.pragma('data_version', { simple: true }) as number;
            if (version !== this.#dataVersion) this.dropCaches();
            this.#dataVersion = version;
            return work();
          })
          .immediate();
      } catch (error) {
        this.dropCaches();
        throw error;
      }
    });
  }
}
