/**
 * One hash over what the database says, without row ids, scan numbers, times and people, so that two
 * databases can be compared however they were filled.
 */
import { createHash, type Hash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { chunkReader } from './sweep-index.js';
import { allTags } from './sweep-runs.js';

const term = (column: string): string =>
  `(SELECT json_array(text, hex(bytes)) FROM term WHERE id = ${column})`;
const list = (column: string): string => `(SELECT items FROM list WHERE id = ${column})`;
const commit = (column: string): string => `(SELECT hex(oid) FROM commit_fact WHERE id = ${column})`;

/** Columns that name an appearance `a` and what it says. */
const appearanceColumns = `(SELECT key FROM place WHERE id = a.place), a.type, ${term('a.path')}, ${list('a.item')},
  ${commit('a.about')}, a.kind, ${commit('a.introduced')}, ${commit('a.removed')}, ${list('a.refs')}, a.ref_count,
  a.modified, a.ignored, a.tracked, a.created, ${term('a.permalink')}, ${term('a.title')}, a.vanished`;

/** Each section gives one text a row. Secrets without a sighting say nothing and are left out. */
const sections: Readonly<Record<string, string>> = {
  secrets: `SELECT json_array(hex(c.fingerprint), hex(s.fingerprint), s.weak, s.strength_bits, s.preview,
      s.length_class, s.anchor_tag, s.anchor_lead, s.anchor_length, s.known_public) AS row
    FROM secret s JOIN secret c ON c.id = s.canonical WHERE s.id IN (SELECT secret FROM label)`,
  aliases: `SELECT json_array(hex(s.fingerprint), a.domain, hex(a.target)) AS row
    FROM alias a JOIN secret s ON s.id = a.secret WHERE s.id IN (SELECT secret FROM label)`,
  relations: `SELECT json_array(hex(s.fingerprint), r.relation, hex(r.target)) AS row
    FROM relation r JOIN secret s ON s.id = r.secret WHERE s.id IN (SELECT secret FROM label)`,
  attributes: `SELECT json_array(hex(s.fingerprint), a.name, t.text) AS row
    FROM attribute a JOIN secret s ON s.id = a.secret JOIN term t ON t.id = a.text
    WHERE s.id IN (SELECT secret FROM label)`,
  publicFacts: `SELECT DISTINCT json_array(hex(f.target), f.name, t.text) AS row
    FROM public_fact f JOIN term t ON t.id = f.text`,
  labels: `SELECT json_array(hex(s.fingerprint), f.sort) AS row
    FROM label l JOIN secret s ON s.id = l.secret JOIN form f ON f.id = l.form`,
  places: `SELECT json_array(key, system, tenant, name, audience, root_commits, archived, fork_of, team,
      environment) AS row FROM place`,
  statements: `SELECT json_array(type, source, key, data) AS row FROM v_statement`,
  appearances: `SELECT json_array(hex(c.cid), ${appearanceColumns}) AS row
    FROM x_appearance a JOIN content c ON c.id = a.content WHERE c.hit = 1`,
  locations: `SELECT json_array(hex(a.fingerprint), hex(c.cid), ${list('a.chain')}, a.start_byte, a.end_byte,
      a.line, a."column", a.end_line, a.end_column, ${term('a.slot')}, ${term('a.account')}, a.raw_ranges,
      f.sort, ${appearanceColumns}) AS row
    FROM x_location a JOIN content c ON c.id = a.content JOIN form f ON f.id = a.form`,
};

/** Hashes the sweep index as pairs (tag, content), however the contents were put into chunks. */
function addSweepPairs(db: Database, hash: Hash): void {
  const chunks = chunkReader(db);
  for (const { tag, postings } of allTags(db)) {
    const contents = new Set<string>();
    for (const { chunk, mask } of postings) {
      for (const id of chunks(chunk, mask)) contents.add(id);
    }
    hash.update(`${tag} ${[...contents].sort().join(' ')}\n`);
  }
}

/** Hex SHA-256 over all sections, rows sorted. */
export function digestOf(db: Database): string {
  const hash = createHash('sha256');
  for (const [name, sql] of Object.entries(sections)) {
    hash.update(`# ${name}\n`);
    const rows = db.prepare<[], string>(`SELECT row FROM (${sql}) ORDER BY row`).pluck();
    for (const row of rows.iterate()) hash.update(`${row}\n`);
  }
  hash.update('# sweep\n');
  addSweepPairs(db, hash);
  return hash.digest('hex');
}
