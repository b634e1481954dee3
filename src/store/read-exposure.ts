/** Reads a secret with all that is known of it, and finds secrets by other names. */
import type { Database } from 'better-sqlite3';
import { type Exposure, type Location, type Relation, statuses } from '../model/exposure.js';
import { type Attribute, confidences, relationKinds } from '../model/finding.js';
import { type Fingerprint, parseFingerprint } from '../model/ids.js';
import { groupFactsReader } from './group-facts.js';
import { pendingReader, readTallies } from './list-secrets.js';
import { locationReader } from './read-locations.js';
import { rowTexts } from './row-texts.js';
import { isLive, summaryOf, type Tally } from './summary.js';

function tallyOf(location: Location, weak: boolean): Tally {
  const { place, system, status, confidence, firstSeen, lastSeen, appearance } = location;
  return {
    place,
    system,
    status: statuses.indexOf(status.status),
    confidence: confidences.indexOf(confidence),
    live: isLive(appearance.locationKind, status.status),
    account: weak ? (location.account ?? '') : '',
    count: 1,
    firstSeen,
    lastSeen,
  };
}

export interface ExposureReader {
  /** The secret whose canonical fingerprint has this row id; at most `limit` of its locations. */
  read(group: number, limit?: number): Exposure | undefined;
  /** Forgets texts; to be called before a reader is used again. */
  forget(): void;
}

/** Makes a reader of exposures. */
export function exposureReader(db: Database): ExposureReader {
  const factsOf = groupFactsReader(db);
  const texts = rowTexts(db);
  const locationsOf = locationReader(db, texts);
  const pendingOf = pendingReader(db);
  const attributes = db.prepare<[number], Attribute>(
    `SELECT DISTINCT a.name, t.text FROM secret s JOIN attribute a ON a.secret = s.id
       JOIN term t ON t.id = a.text WHERE s.canonical = ? ORDER BY a.name, t.text`,
  );
  // The other end is shown by the fingerprint that stands for it, when it is known here.
  const relations = db.prepare<[number], { relation: string; target: Buffer }>(
    `SELECT DISTINCT r.relation, coalesce((SELECT c.fingerprint FROM secret o JOIN secret c ON c.id = o.canonical
         WHERE o.fingerprint = r.target), r.target) AS target
       FROM secret s JOIN relation r ON r.secret = s.id WHERE s.canonical = ? ORDER BY 1, 2`,
  );
  const aliases = db.prepare<[number], { domain: string; target: Buffer }>(
    `SELECT DISTINCT a.domain, a.target FROM secret s JOIN alias a ON a.secret = s.id
      WHERE s.canonical = ? ORDER BY 1, 2`,
  );
  const read = (group: number, limit?: number): Exposure | undefined => {
    const facts = factsOf(group);
    if (facts === undefined) return undefined;
    // One more than wanted tells whether the sums can be taken from what was read.
    const found = locationsOf(group, limit === undefined ? undefined : limit + 1);
    const isCut = limit !== undefined && found.length > limit;
    const locations = isCut ? found.slice(0, limit) : found;
    const tallies: Tally[] = isCut
      ? [...(readTallies(db, [group]).get(group) ?? [])]
      : found.map((location) => tallyOf(location, facts.weak));
    if (tallies.length === 0) tallies.push(...pendingOf(group));
    return {
      ...summaryOf(facts, tallies),
      locations,
      attributes: attributes.all(group),
      relations: relations.all(group).flatMap((row): Relation[] => {
        const relation = relationKinds.find((kind) => kind === row.relation);
        return relation === undefined ? [] : [{ relation, to: parseFingerprint(row.target.toString('hex')) }];
      }),
      aliases: aliases.all(group).map(({ domain, target }) => ({
        domain,
        fingerprint: parseFingerprint(target.toString('hex')),
      })),
    };
  };
  return { read, forget: () => texts.forget() };
}

/** Groups that own a fingerprint or strong alias. */
const ownersSql = `
  SELECT canonical FROM secret WHERE fingerprint = :fingerprint
  UNION SELECT s.canonical FROM alias a JOIN secret s ON s.id = a.secret
    WHERE a.target = :fingerprint AND substr(a.domain, 1, 5) <> 'weak/'`;

/** Row id of the group that owns a fingerprint or strong alias. */
export function groupOf(db: Database, fingerprint: Fingerprint): number | undefined {
  const bytes = Buffer.from(fingerprint, 'hex');
  return db.prepare<unknown[], number>(ownersSql).pluck().get({ fingerprint: bytes });
}

function canonicalOf(db: Database, groups: Iterable<number>): Fingerprint[] {
  const find = db
    .prepare<[number], string>('SELECT lower(hex(fingerprint)) FROM secret WHERE id = ?')
    .pluck();
  return [...new Set(groups)].map((group) => parseFingerprint(find.get(group) ?? '')).sort();
}

export function findByFingerprints(db: Database, fingerprints: readonly Fingerprint[]): Fingerprint[] {
  const owners = db.prepare<unknown[], number>(ownersSql).pluck();
  return canonicalOf(
    db,
    fingerprints.flatMap((fingerprint) => owners.all({ fingerprint: Buffer.from(fingerprint, 'hex') })),
  );
}

/** Secrets with an attribute of exactly this text. */
export function findByIdentifier(db: Database, text: string): Fingerprint[] {
  const find = db
    .prepare<[string], number>(
      `SELECT DISTINCT s.canonical FROM term t CROSS JOIN attribute a ON a.text = t.id
         CROSS JOIN secret s ON s.id = a.secret WHERE t.text = ?`,
    )
    .pluck();
  return canonicalOf(db, find.all(text));
}

/** Most fingerprints that {@link resolvePrefix} gives. */
const maxResolved = 10;

/** Canonical fingerprints of the secrets that a hex prefix of any of their own fingerprints means. */
export function resolvePrefix(db: Database, prefix: string): Fingerprint[] {
  const hex = prefix.toLowerCase();
  if (!/^[0-9a-f]{1,64}$/.test(hex)) return [];
  const groups = db
    .prepare<[Buffer, Buffer, number], number>(
      `SELECT canonical FROM secret WHERE fingerprint BETWEEN ? AND ?
        GROUP BY canonical ORDER BY min(fingerprint) LIMIT ?`,
    )
    .pluck()
    .all(Buffer.from(hex.padEnd(64, '0'), 'hex'), Buffer.from(hex.padEnd(64, 'f'), 'hex'), maxResolved);
  return canonicalOf(db, groups);
}
