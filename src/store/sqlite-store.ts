/** The store over SQLite: joins the small modules to the interface. */
import type { Database, Statement } from 'better-sqlite3';
import type { Exposure, PlaceCoverage, SecretSummary } from '../model/exposure.js';
import type { KnownAnchor } from '../model/finding.js';
import type { Fingerprint, PlaceKey } from '../model/ids.js';
import type { Place } from '../model/place.js';
import { addAllowEntry, readAcceptedGaps, readAllowEntries, removeAllowEntry } from './allow-entries.js';
import { readAnchors } from './anchors.js';
import { checkDatabase } from './check.js';
import { type Connection, connect } from './connection.js';
import { compact, forget } from './forget.js';
import { Interner } from './interner.js';
import { listSecrets } from './list-secrets.js';
import { mergeDatabase } from './merge.js';
import {
  type ExposureReader,
  exposureReader,
  findByFingerprints,
  findByIdentifier,
  findRelatedTo,
  groupOf,
  resolvePrefix,
} from './read-exposure.js';
import {
  readCoverage,
  readExportsOf,
  readHistoryAt,
  readPlaces,
  readRoots,
  readStats,
  rootAtReader,
} from './read-places.js';
import { readReadings } from './read-readings.js';
import { readRootCopies } from './read-root-copies.js';
import { upsertPlace } from './root-writer.js';
import { SqliteScanWriter } from './scan-writer.js';
import { asProblem, guarded } from './sqlite-problem.js';
import { readStatements, removeStatements, replaceStatements } from './statements.js';
import type {
  AllowEntry,
  CheckResult,
  OpenOptions,
  RootCopy,
  RootMemory,
  RootReading,
  RootRef,
  ScanScope,
  ScanWriter,
  SecretFilter,
  Statement as StatedThing,
  StatementChange,
  StatementItem,
  StatementType,
  Store,
  StoreStats,
  SweepCandidate,
} from './store.js';
import { sweepCandidates } from './sweep-index.js';
import { WriteSession } from './write-session.js';

/** Within a transaction that is open already, that one is the snapshot. */
function inSnapshot<Result>(db: Database, read: (db: Database) => Result): Result {
  return db.inTransaction ? read(db) : db.transaction(() => read(db)).deferred();
}

class SqliteStore implements Store {
  readonly #connection: Connection;
  readonly #session: WriteSession;
  readonly #interner: Interner;
  #exposureReader: ExposureReader | undefined;
  #readRootAt: ReturnType<typeof rootAtReader> | undefined;
  #setClock: Statement | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#session = new WriteSession(connection);
    this.#interner = new Interner(this.#session);
  }

  get path(): string {
    return this.#connection.path;
  }

  /**
   * Reads with the caller's clock, by which entries of `allow` end, and in one snapshot: statements by themselves would
   * each take and give back the lock of a reader, and might see what another process wrote between them.
   */
  #read<Result>(work: (db: Database) => Result): Result {
    const { db, path, now } = this.#connection;
    this.#session.flush();
    return guarded(path, () => {
      this.#setClock ??= db.prepare('UPDATE temp.clock SET at = ?');
      this.#setClock.run(now());
      return inSnapshot(db, work);
    });
  }

  /** Preparing the reader's statements costs more than reading a usual secret, so it is kept. */
  #exposures(): ExposureReader {
    this.#exposureReader ??= exposureReader(this.#connection.db);
    this.#exposureReader.forget();
    return this.#exposureReader;
  }

  async beginScan(scope: ScanScope): Promise<ScanWriter> {
    return new SqliteScanWriter(this.#session, this.#interner, scope);
  }

  async listSecrets(filter: SecretFilter): Promise<readonly SecretSummary[]> {
    return this.#read((db) => listSecrets(db, filter).map((listed) => listed.summary));
  }

  async exposure(
    fingerprint: Fingerprint,
    options: { readonly limit?: number } = {},
  ): Promise<Exposure | undefined> {
    return this.#read((db) => {
      const group = groupOf(db, fingerprint);
      return group === undefined ? undefined : this.#exposures().read(group, options.limit);
    });
  }

  async rootCopies(fingerprint: Fingerprint): Promise<readonly RootCopy[]> {
    return this.#read((db) => {
      const group = groupOf(db, fingerprint);
      return group === undefined ? [] : readRootCopies(db, group);
    });
  }

  async readings(places: readonly PlaceKey[]): Promise<readonly RootReading[]> {
    return this.#read((db) => readReadings(db, places));
  }

  async *exposures(filter: SecretFilter): AsyncIterable<Exposure> {
    const listed = this.#read((db) => listSecrets(db, filter));
    const reader = this.#exposures();
    try {
      for (const secret of listed) {
        let exposure: Exposure;
        try {
          exposure = inSnapshot(this.#connection.db, () => reader.readListed(secret));
        } catch (error) {
          throw asProblem(error, this.path);
        }
        yield exposure;
      }
    } finally {
      // Of 500,000 locations some 90 MB are remembered that nobody asks for again.
      reader.forget();
    }
  }

  async resolvePrefix(prefix: string): Promise<readonly Fingerprint[]> {
    return this.#read((db) => resolvePrefix(db, prefix));
  }

  async findByFingerprints(fingerprints: readonly Fingerprint[]): Promise<readonly Fingerprint[]> {
    return this.#read((db) => findByFingerprints(db, fingerprints));
  }

  async relatedTo(fingerprint: Fingerprint): Promise<readonly Fingerprint[]> {
    return this.#read((db) => findRelatedTo(db, fingerprint));
  }

  async findByIdentifier(text: string): Promise<readonly Fingerprint[]> {
    return this.#read((db) => findByIdentifier(db, text, this.#connection.hashText));
  }

  async sweepCandidates(tags: Float64Array): Promise<readonly SweepCandidate[]> {
    return this.#read((db) => sweepCandidates(db, tags));
  }

  async anchors(): Promise<readonly KnownAnchor[]> {
    return this.#read((db) => readAnchors(db));
  }

  async coverage(): Promise<readonly PlaceCoverage[]> {
    return this.#read(readCoverage);
  }

  async places(): Promise<readonly Place[]> {
    return this.#read(readPlaces);
  }

  async rootAt(locator: string): Promise<RootMemory | undefined> {
    const { db, path } = this.#connection;
    return guarded(path, () => {
      this.#readRootAt ??= rootAtReader(db);
      return this.#readRootAt(locator);
    });
  }

  async historyAt(locator: string): Promise<Uint8Array | undefined> {
    return this.#read((db) => readHistoryAt(db, locator));
  }

  async roots(): Promise<readonly RootRef[]> {
    return this.#read(readRoots);
  }

  async exportsOf(place: PlaceKey): Promise<readonly RootRef[]> {
    return this.#read((db) => readExportsOf(db, place));
  }

  async upsertPlace(place: Place): Promise<void> {
    const { db, now } = this.#connection;
    this.#session.write(() => upsertPlace(db, place, now()));
  }

  async allow(entry: AllowEntry): Promise<void> {
    const { db, now } = this.#connection;
    this.#session.write(() => addAllowEntry(db, this.#interner, entry, now()));
  }

  async disallow(entry: Pick<AllowEntry, 'subject' | 'target'>): Promise<boolean> {
    return this.#session.write(() => removeAllowEntry(this.#connection.db, entry));
  }

  async allowEntries(): Promise<readonly AllowEntry[]> {
    return this.#read(readAllowEntries);
  }

  async acceptedGaps(): Promise<readonly string[]> {
    return this.#read(readAcceptedGaps);
  }

  async statements(types?: readonly StatementType[]): Promise<readonly StatedThing[]> {
    return this.#read((db) => readStatements(db, types));
  }

  async replaceStatements(
    source: string,
    items: readonly StatementItem[],
    at: string,
  ): Promise<StatementChange> {
    return this.#session.write(() => replaceStatements(this.#connection.db, source, items, at));
  }

  async removeStatements(source: string): Promise<number> {
    return this.#session.write(() => removeStatements(this.#connection.db, source));
  }

  async stats(): Promise<StoreStats> {
    return this.#read(() => readStats(this.#connection));
  }

  async check(): Promise<CheckResult> {
    return this.#read(checkDatabase);
  }

  async merge(otherPath: string): Promise<{ readonly secrets: number; readonly locations: number }> {
    const before = await this.stats();
    mergeDatabase(this.#session, this.#interner, otherPath);
    const after = await this.stats();
    return { secrets: after.secrets - before.secrets, locations: after.locations - before.locations };
  }

  async forget(what: {
    readonly person?: string;
    readonly place?: string;
    readonly before?: string;
    readonly report?: string;
  }): Promise<{ readonly erased: number }> {
    this.#session.flush();
    return { erased: forget(this.#session, what) };
  }

  async vacuum(): Promise<void> {
    compact(this.#session);
  }

  close(): void {
    try {
      this.#session.flush();
      this.#session.settle();
    } finally {
      this.#connection.db.close();
    }
  }
}

export function openSqliteStore(options: OpenOptions): Store {
  return new SqliteStore(connect(options));
}
