/** Folds copies into tallies: per secret one for each place, status, liveness and account. */
import type { Database } from 'better-sqlite3';
import { type LocationKind, locationKinds } from '../model/appearance.js';
import { statuses } from '../model/exposure.js';
import { type PlaceKey, parsePlaceKey } from '../model/ids.js';
import type { System } from '../model/place.js';
import { wordOf } from './codes.js';
import type { Copy } from './group-copies.js';
import { memo } from './memo.js';
import { isLive, type Tally } from './summary.js';

/** A tally, and whether the latest scan of one of the wanted roots saw these locations. */
export interface ScopedTally extends Tally {
  readonly inRoots: boolean;
}

/** A tally by row ids and numbers of scans. */
interface RawTally {
  readonly place: number;
  readonly status: number;
  readonly live: boolean;
  readonly account: number;
  readonly inRoots: boolean;
  confidence: number;
  count: number;
  /** Positions in the order in which scans began. */
  first: number;
  last: number;
}

export interface TallyFold {
  /** @param account row id, 0 unless the value is weak */
  add(
    group: number,
    place: number,
    status: number,
    kind: number,
    account: number,
    inRoots: boolean,
    confidence: number,
    firstScan: number,
    lastScan: number,
  ): void;
  addCopy(group: number, copy: Copy): void;
  /** By row id of the group. */
  tallies(): Map<number, ScopedTally[]>;
  /** Begins anew; what is known of places and scans stays. */
  clear(): void;
  forget(): void;
}

/** Tallies of one secret, found again by what tells them apart; the last one met is the likeliest. */
class Bundle {
  readonly #byKey = new Map<number | string, RawTally>();
  #latest: RawTally | undefined;

  get all(): RawTally[] {
    return [...this.#byKey.values()];
  }

  find(place: number, status: number, live: boolean, account: number, inRoots: boolean): RawTally {
    const latest = this.#latest;
    if (
      latest !== undefined &&
      latest.place === place &&
      latest.status === status &&
      latest.live === live &&
      latest.account === account &&
      latest.inRoots === inRoots
    ) {
      return latest;
    }
    const number = place * 32 + status * 4 + Number(live) * 2 + Number(inRoots);
    const key = account === 0 ? number : `${number} ${account}`;
    let tally = this.#byKey.get(key);
    if (tally === undefined) {
      tally = {
        place,
        status,
        live,
        account,
        inRoots,
        confidence: 0,
        count: 0,
        first: Number.POSITIVE_INFINITY,
        last: -1,
      };
      this.#byKey.set(key, tally);
    }
    this.#latest = tally;
    return tally;
  }
}

/** Scans in the order in which they began, which after a merge is not that of their numbers. */
class ScanOrder {
  readonly #started: readonly string[];
  readonly #rankOf: readonly number[];

  constructor(db: Database) {
    const scans = db
      .prepare<[], { id: number; started: string }>('SELECT id, started FROM scan ORDER BY started, id')
      .all();
    this.#started = scans.map(({ started }) => started);
    const ranks: number[] = [];
    for (const [rank, { id }] of scans.entries()) ranks[id] = rank;
    this.#rankOf = ranks;
  }

  rank(scan: number): number {
    return this.#rankOf[scan] ?? 0;
  }

  started(rank: number): string {
    return this.#started[rank] ?? '';
  }
}

export function tallyFold(db: Database): TallyFold {
  let bundles = new Map<number, Bundle>();
  let order: ScanOrder | undefined;
  const findPlace = db.prepare<[number], { key: string; system: System }>(
    'SELECT key, system FROM place WHERE id = ?',
  );
  const findTerm = db.prepare<[number], string>('SELECT text FROM term WHERE id = ?').pluck();
  const placeOf = memo((id: number): { place: PlaceKey; system: System } => {
    const row = findPlace.get(id);
    if (row === undefined) throw new RangeError('no such place');
    return { place: parsePlaceKey(row.key), system: row.system };
  });
  const liveOf = locationKinds.map((kind: LocationKind) => isLive(kind, 'open'));
  const vanished = statuses.indexOf('vanished');
  const add: TallyFold['add'] = (
    group,
    place,
    status,
    kind,
    account,
    inRoots,
    confidence,
    firstScan,
    lastScan,
  ) => {
    let bundle = bundles.get(group);
    if (bundle === undefined) {
      bundle = new Bundle();
      bundles.set(group, bundle);
    }
    order ??= new ScanOrder(db);
    const live = status !== vanished && wordOf(liveOf, kind);
    const tally = bundle.find(place, status, live, account, inRoots);
    tally.count++;
    tally.confidence = Math.max(tally.confidence, confidence);
    tally.first = Math.min(tally.first, order.rank(firstScan));
    tally.last = Math.max(tally.last, order.rank(lastScan));
  };
  return {
    add,
    addCopy: (group, { sighting, form, standing, status, firstScan }) => {
      const { row, inRoots, lastScan } = standing;
      const account = sighting.own.weak === 1 ? sighting.account : 0;
      add(group, row.place, status.code, row.kind, account, inRoots, form.confidence, firstScan, lastScan);
    },
    tallies: () => {
      const named = new Map<number, ScopedTally[]>();
      for (const [group, bundle] of bundles) {
        named.set(
          group,
          bundle.all.map((tally) => ({
            place: placeOf(tally.place).place,
            system: placeOf(tally.place).system,
            status: tally.status,
            confidence: tally.confidence,
            live: tally.live,
            account: tally.account === 0 ? '' : (findTerm.get(tally.account) ?? ''),
            count: tally.count,
            firstSeen: order?.started(tally.first) ?? '',
            lastSeen: order?.started(tally.last) ?? '',
            inRoots: tally.inRoots,
          })),
        );
      }
      return named;
    },
    clear: () => {
      bundles = new Map();
    },
    forget: () => {
      bundles = new Map();
      order = undefined;
      placeOf.forget();
    },
  };
}
