/**
 * Secrets that strong aliases join: connected components over fingerprints and alias targets. Each secret
 * row points to the component's smallest fingerprint, so the order of writing leaves no trace.
 */
import type { Database, Statement } from 'better-sqlite3';

/** Domains under this prefix link, they never join. */
const strongOnly = "substr(domain, 1, 5) <> 'weak/'";

/** Groups that must be one now that `secret` has all its aliases: its own, and those that share a target. */
const touchingGroups = `
  SELECT canonical FROM secret WHERE id = :id
  UNION SELECT t.canonical FROM alias a JOIN secret t ON t.fingerprint = a.target
    WHERE a.secret = :id AND substr(a.domain, 1, 5) <> 'weak/'
  UNION SELECT t.canonical FROM alias a
    JOIN alias b ON b.target = a.target AND substr(b.domain, 1, 5) <> 'weak/'
    JOIN secret t ON t.id = b.secret
    WHERE a.secret = :id AND substr(a.domain, 1, 5) <> 'weak/'
  UNION SELECT t.canonical FROM secret s
    JOIN alias b ON b.target = s.fingerprint AND substr(b.domain, 1, 5) <> 'weak/'
    JOIN secret t ON t.id = b.secret
    WHERE s.id = :id`;

export class AliasGroups {
  readonly #isTarget: Statement<[Buffer]>;
  readonly #touching: Statement<[{ id: number }], number>;
  readonly #first: Statement<[string], number>;
  readonly #join: Statement<[number, string]>;

  constructor(db: Database) {
    this.#isTarget = db.prepare<[Buffer]>('SELECT 1 FROM alias WHERE target = ? LIMIT 1');
    this.#touching = db.prepare<[{ id: number }], number>(touchingGroups).pluck();
    this.#first = db
      .prepare<[string], number>(
        'SELECT id FROM secret WHERE id IN (SELECT value FROM json_each(?)) ORDER BY fingerprint LIMIT 1',
      )
      .pluck();
    this.#join = db.prepare<[number, string]>(
      'UPDATE secret SET canonical = ? WHERE canonical IN (SELECT value FROM json_each(?))',
    );
  }

  /** Whether some secret has this fingerprint among its aliases. */
  isTarget(fingerprint: Buffer): boolean {
    return this.#isTarget.get(fingerprint) !== undefined;
  }

  /** Joins all groups that touch the secret with this row id. */
  join(id: number): void {
    const groups = this.#touching.all({ id });
    if (groups.length < 2) return;
    const list = JSON.stringify(groups);
    const first = this.#first.get(list);
    if (first !== undefined) this.#join.run(first, list);
  }
}

/** Components computed afresh: row id to the row id of the smallest fingerprint. */
export function computeGroups(db: Database): Map<number, number> {
  const parent = new Map<string, string>();
  const rootOf = (node: string): string => {
    let at = node;
    for (let up = parent.get(at); up !== undefined; up = parent.get(at)) at = up;
    return at;
  };
  const secrets = db
    .prepare<[], { id: number; name: string }>(
      'SELECT id, hex(fingerprint) AS name FROM secret ORDER BY fingerprint',
    )
    .all();
  const aliases = db
    .prepare<[], { own: string; target: string }>(
      `SELECT hex(s.fingerprint) AS own, hex(a.target) AS target
         FROM alias a JOIN secret s ON s.id = a.secret WHERE ${strongOnly}`,
    )
    .all();
  for (const { own, target } of aliases) {
    const [a, b] = [rootOf(own), rootOf(target)];
    if (a !== b) parent.set(a, b);
  }
  const firstOf = new Map<string, number>();
  const groups = new Map<number, number>();
  for (const { id, name } of secrets) {
    const root = rootOf(name);
    const first = firstOf.get(root) ?? id;
    firstOf.set(root, first);
    groups.set(id, first);
  }
  return groups;
}

/** Sets all groups anew, after secrets were erased that may have held one together. */
export function rebuildGroups(db: Database): void {
  const update = db.prepare('UPDATE secret SET canonical = ? WHERE id = ? AND canonical <> ?');
  for (const [id, canonical] of computeGroups(db)) update.run(canonical, id, canonical);
}
