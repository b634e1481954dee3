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
  /** By table, the next row id, for all writers of this session: they do not hear of each other's rows. */
  readonly nextIds: IdCache<number> = this.cache();
  readonly #waiting = new Set<() => void>();
  #dataVersion = -1;
  /** Set while a transaction of {@link writeSoon} is open. */
  #commit: NodeJS.Immediate | undefined;
  /** Why that transaction could not be committed; told by the next write. */
  #failure: unknown;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Makes a cache that is emptied after a rollback and after other connections' commits. */
  cache<Value, Key extends string | number = string>(): IdCache<Value, Key> {
    const cache = new IdCache<Value, Key>();
    this.#caches.push(cache);
    return cache;
  }

  /** As {@link cache}, for something of the caller's own. */
  forgetful<Thing extends { clear(): void }>(thing: Thing): Thing {
    this.#caches.push(thing);
    return thing;
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
    this.settle();
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
    this.settle();
    return guarded(path, () => {
      try {
        return db
          .transaction(() => {
            this.#checkVersion();
            return work();
          })
          .immediate();
      } catch (error) {
        this.dropCaches();
        throw error;
      }
    });
  }

  /**
   * As {@link write}, but neighbours share a transaction: it is committed when the event loop has its next turn, or
   * before any other write. For the many small writes of thousands of roots, each of which may be lost and made
   * again. Nothing is awaited while the lock is held. What is read through this connection sees them at once.
   */
  writeSoon<Result>(work: () => Result): Result {
    const { db, path } = this.connection;
    this.#tellFailure();
    return guarded(path, () => {
      try {
        if (this.#commit === undefined) {
          db.exec('BEGIN IMMEDIATE');
          this.#commit = setImmediate(() => this.#commitLate());
          this.#checkVersion();
        }
        return work();
      } catch (error) {
        this.#rollBack();
        throw error;
      }
    });
  }

  /** Commits what {@link writeSoon} has open; throws what an earlier commit met. */
  settle(): void {
    if (this.#commit !== undefined) this.#commitLate();
    this.#tellFailure();
  }

  #commitLate(): void {
    const { db, path } = this.connection;
    clearImmediate(this.#commit);
    this.#commit = undefined;
    try {
      if (db.open && db.inTransaction) guarded(path, () => db.exec('COMMIT'));
    } catch (error) {
      this.#failure = error;
      this.#rollBack();
    }
  }

  #rollBack(): void {
    const { db } = this.connection;
    clearImmediate(this.#commit);
    this.#commit = undefined;
    this.dropCaches();
    if (db.open && db.inTransaction) db.exec('ROLLBACK');
  }

  #tellFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
  }

  #checkVersion(): void {
    const version = this.connection.db.pragma('data_version', { simple: true }) as number;
    if (version !== this.#dataVersion) this.dropCaches();
    this.#dataVersion = version;
  }
}
