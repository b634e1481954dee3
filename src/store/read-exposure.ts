/** Reads a secret with all that is known of it, and finds secrets by other names. */
import type { Database } from 'better-sqlite3';
import type { Exposure, Relation, SecretSummary } from '../model/exposure.js';
import { type Attribute, relationKinds } from '../model/finding.js';
import { type Fingerprint, parseFingerprint } from '../model/ids.js';
import { type Copy, copyReader } from './group-copies.js';
import { groupFactsReader } from './group-facts.js';
import { keepsHashedNames } from './hashed-names.js';
import { type ListedSecret, pendingReader } from './list-secrets.js';
import { locationReader } from './read-locations.js';
import { rowTexts } from './row-texts.js';
import type { HashText } from './store.js';
import { summaryOf, type Tally } from './summary.js';
import { tallyFold } from './tally-fold.js';

export interface ExposureReader {
  /** The secret whose canonical fingerprint has this row id; at most `limit` of its locations. */
  read(group: number, limit?: number): Exposure | undefined;
  /** The same of a secret that was listed. */
  readListed(listed: ListedSecret): Exposure;
  /** Forgets texts; to be called before a reader is used again. */
  forget(): void;
}

/** Makes a reader of exposures. */
export function exposureReader(db: Database): ExposureReader {
  const factsOf = groupFactsReader(db);
  const texts = rowTexts(db);
  const locationsOf = locationReader(db, texts);
  const copiesOf = copyReader(db);
  const fold = tallyFold(db);
  const pendingOf = pendingReader(db);
  const attributes = db.prepare<[{ group: number }], Attribute>(
    // What is public of a secret was found on its own, and is joined by the public half.
    `SELECT a.name, t.text FROM secret s JOIN attribute a ON a.secret = s.id
       JOIN term t ON t.id = a.text WHERE s.canonical = :group
     UNION SELECT f.name, t.text FROM secret s JOIN alias b ON b.secret = s.id
       JOIN public_fact f ON f.target = b.target JOIN term t ON t.id = f.text WHERE s.canonical = :group
     ORDER BY 1, 2`,
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
  const summarised = (group: number, found: readonly Copy[]): SecretSummary | undefined => {
    const facts = factsOf(group);
    if (facts === undefined) return undefined;
    fold.clear();
    for (const copy of found) fold.addCopy(group, copy);
    const tallies: Tally[] = [...(fold.tallies().get(group) ?? [])];
    if (tallies.length === 0) tallies.push(...pendingOf(group));
    return summaryOf(facts, tallies);
  };
  const withRest = (
    group: number,
    summary: SecretSummary,
    found: readonly Copy[],
    limit?: number,
  ): Exposure => {
    return {
      ...summary,
      locations: locationsOf.locations(found, limit),
      attributes: attributes.all({ group }),
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
  const read = (group: number, limit?: number): Exposure | undefined => {
    const found = copiesOf.copies(group);
    const summary = summarised(group, found);
    return summary === undefined ? undefined : withRest(group, summary, found, limit);
  };
  const readListed = ({ group, summary }: ListedSecret): Exposure =>
    withRest(group, summary, copiesOf.copies(group));
  const forget = (): void => {
    for (const reader of [texts, locationsOf, copiesOf, fold]) reader.forget();
  };
  return { read, readListed, forget };
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

/** Secrets with an edge to the group that a fingerprint means. */
export function findRelatedTo(db: Database, fingerprint: Fingerprint): Fingerprint[] {
  const group = groupOf(db, fingerprint);
  if (group === undefined) return [];
  const find = db
    .prepare<[number], number>(
      `SELECT DISTINCT s.canonical FROM relation r JOIN secret s ON s.id = r.secret
        WHERE r.target IN (SELECT fingerprint FROM secret WHERE canonical = ?)`,
    )
    .pluck();
  return canonicalOf(db, find.all(group));
}

/** Secrets with an attribute of exactly this text, or of its hash in a database that keeps no names. */
export function findByIdentifier(db: Database, text: string, hash?: HashText): Fingerprint[] {
  const find = db
    .prepare<[{ text: string }], number>(
      `SELECT s.canonical FROM term t CROSS JOIN attribute a ON a.text = t.id
         CROSS JOIN secret s ON s.id = a.secret WHERE t.text = :text
       UNION SELECT s.canonical FROM term t CROSS JOIN public_fact f ON f.text = t.id
         CROSS JOIN alias b ON b.target = f.target CROSS JOIN secret s ON s.id = b.secret WHERE t.text = :text`,
    )
    .pluck();
  const texts = hash === undefined || !keepsHashedNames(db) ? [] : asNames.map((name) => hash(name, text));
  return canonicalOf(
    db,
    [...new Set([text, ...texts])].flatMap((one) => find.all({ text: one })),
  );
}

/** Attributes that stand for each way in which a name is brought to one form before it is hashed. */
const asNames = ['host', 'user', 'x509-subject'] as const;

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
