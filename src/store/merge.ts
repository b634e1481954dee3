/**
 * Folds another database of the same key into this one. Only natural keys meet; every step is symmetric
 * and can be repeated, so a merge that was interrupted is run again.
 */
import type { Database } from 'better-sqlite3';
import { confidences, type Spelling, type View } from '../model/finding.js';
import { parseFingerprint, parseKindId, parseRuleId } from '../model/ids.js';
import { addAllowEntry } from './allow-entries.js';
import { CleanPages, cleanLists, listedAnalyses } from './clean-pages.js';
import { wordOf } from './codes.js';
import { connect } from './connection.js';
import type { FormRow } from './form-rows.js';
import { FormWriter } from './form-writer.js';
import { accountName, hashToWrite, keepHashedNames, keepsHashedNames } from './hashed-names.js';
import type { Interner } from './interner.js';
import { mergeAppearances } from './merge-appearances.js';
import { type MergedIds, mergePlaces } from './merge-places.js';
import { mergePlaceAllows } from './place-allows.js';
import { mergePublicFacts } from './public-facts.js';
import { rowTexts } from './row-texts.js';
import { SecretWriter } from './secret-writer.js';
import { mergeStatements } from './statements.js';
import type { AllowEntry, HashText } from './store.js';
import { allTags, SweepRuns, sweepPairs } from './sweep-runs.js';
import type { WriteSession } from './write-session.js';

interface SecretRow {
  readonly id: number;
  readonly fingerprint: string;
  readonly weak: number;
  readonly strength_bits: number;
  readonly preview: string | null;
  readonly length_class: string;
  readonly anchor_tag: number | null;
  readonly anchor_lead: number | null;
  readonly anchor_length: number | null;
  readonly known_public: string | null;
  readonly first_scan: number;
}

function mergeSecrets(
  theirs: Database,
  writer: SecretWriter,
  scans: ReadonlyMap<number, number>,
  hash: HashText | undefined,
): Map<number, number> {
  const aliases = theirs.prepare<[number], { domain: string; target: string }>(
    'SELECT domain, lower(hex(target)) AS target FROM alias WHERE secret = ?',
  );
  const relations = theirs.prepare<[number], { relation: string; target: string }>(
    'SELECT relation, lower(hex(target)) AS target FROM relation WHERE secret = ?',
  );
  const attributes = theirs.prepare<[number], { name: string; text: string }>(
    'SELECT a.name, t.text FROM attribute a JOIN term t ON t.id = a.text WHERE a.secret = ?',
  );
  const ids = new Map<number, number>();
  const rows = theirs.prepare<[], SecretRow>('SELECT *, lower(hex(fingerprint)) AS fingerprint FROM secret');
  for (const row of rows.all()) {
    const { anchor_tag: tag, anchor_lead: lead, anchor_length: length } = row;
    const facts = {
      fingerprint: parseFingerprint(row.fingerprint),
      weak: row.weak === 1,
      strengthBits: row.strength_bits,
      ...(row.preview === null ? {} : { preview: row.preview }),
      lengthClass: row.length_class,
      ...(tag === null || lead === null || length === null ? {} : { anchor: { tag, lead, length } }),
      ...(row.known_public === null ? {} : { knownPublic: row.known_public }),
      aliases: aliases
        .all(row.id)
        .map(({ domain, target }) => ({ domain, fingerprint: parseFingerprint(target) })),
      attributes: attributes
        .all(row.id)
        .map(({ name, text }) => ({ name, text: hash?.(name, text) ?? text })),
      // The kind of relation is copied as it is, also when this version has no word for it.
      relations: relations
        .all(row.id)
        .map(({ relation, target }) => ({ relation: relation as 'pair', to: parseFingerprint(target) })),
    };
    ids.set(row.id, writer.write(facts, scans.get(row.first_scan) ?? 1).id);
  }
  return ids;
}

interface TheirForm extends Omit<FormRow, 'sort' | 'glob'> {
  readonly pattern: string;
}

function mergeForms(theirs: Database, writer: FormWriter): Map<number, number> {
  const ids = new Map<number, number>();
  const rows = theirs.prepare<[], TheirForm>(
    'SELECT f.*, g.pattern FROM form f JOIN glob g ON g.id = f.path_glob',
  );
  for (const row of rows.all()) {
    const form = {
      kind: parseKindId(row.kind),
      rule: parseRuleId(row.rule),
      confidence: wordOf(confidences, row.confidence),
      reasons: JSON.parse(row.reasons) as string[],
      spelling: row.spelling.split('+') as Spelling[],
      view: row.view as View,
      exact: row.exact === 1,
      ...(row.mark === null ? {} : { mark: { marker: row.mark } }),
      ...(row.pattern === '' ? {} : { pathCondition: row.pattern }),
    };
    ids.set(row.id, writer.write(form));
  }
  return ids;
}

interface ContentRow {
  readonly id: number;
  readonly cid: Buffer;
  readonly analysis: string | null;
  readonly hit: number;
}

/** Contents; where the two analyses differ, both sets of sightings stand until it is analysed again. */
function mergeContents(ours: Database, theirs: Database, interner: Interner): Map<number, number> {
  const add = ours.prepare('INSERT OR IGNORE INTO content (cid, analysis, hit) VALUES (?, ?, ?)');
  const unite = ours.prepare<[number, number | null, Buffer], number>(
    `UPDATE content SET hit = max(hit, ?), analysis = CASE WHEN analysis = ? THEN analysis END
      WHERE cid = ? RETURNING id`,
  );
  const hits = new Map<number, number>();
  const rows = theirs.prepare<[], ContentRow>(
    `SELECT c.id, c.cid, a.name AS analysis, c.hit
       FROM content c LEFT JOIN analysis a ON a.id = c.analysis ORDER BY c.cid`,
  );
  for (const row of rows.iterate()) {
    const analysis = row.analysis === null ? null : interner.analysis(row.analysis);
    const added = add.run(row.cid, analysis, row.hit);
    let id = Number(added.lastInsertRowid);
    if (added.changes === 0) id = unite.pluck().get(row.hit, analysis, row.cid) as number;
    if (row.hit === 1) hits.set(row.id, id);
  }
  return hits;
}

/** Lists of contents without findings: what either has read is read. */
function mergeCleanLists(ours: Database, theirs: Database, interner: Interner): void {
  const pages = new CleanPages(ours);
  const nameOf = theirs.prepare<[number], string>('SELECT name FROM analysis WHERE id = ?').pluck();
  for (const analysis of listedAnalyses(theirs)) {
    const own = interner.analysis(nameOf.get(analysis) ?? '');
    for (const ids of cleanLists(theirs, analysis)) pages.add(own, ids);
  }
}

interface SightingRow {
  readonly content: number;
  readonly secret: number;
  readonly chain: number;
  readonly form: number;
  readonly slot: number;
  readonly account: number;
  readonly first_scan: number;
}

function mergeSightings(
  ours: Database,
  theirs: Database,
  interner: Interner,
  ids: {
    readonly contents: ReadonlyMap<number, number>;
    readonly secrets: ReadonlyMap<number, number>;
    readonly forms: ReadonlyMap<number, number>;
    readonly scans: ReadonlyMap<number, number>;
  },
  hash: HashText | undefined,
): void {
  const accountOf = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : (hash?.(accountName, text) ?? text);
  const texts = rowTexts(theirs);
  const add = ours.prepare(
    `INSERT OR IGNORE INTO sighting VALUES (:content, :secret, :chain, :start_byte, :end_byte, :form, :line,
       :column, :end_line, :end_column, :slot, :account, :raw_ranges, :first_scan)`,
  );
  const label = ours.prepare('INSERT OR IGNORE INTO label (secret, form) VALUES (?, ?)');
  for (const row of theirs.prepare<[], SightingRow>('SELECT * FROM sighting').iterate()) {
    const content = ids.contents.get(row.content);
    const secret = ids.secrets.get(row.secret);
    const form = ids.forms.get(row.form);
    add.run({
      ...row,
      content,
      secret,
      form,
      chain: interner.list(texts.list(row.chain)),
      slot: interner.term(texts.term(row.slot)),
      account: interner.term(accountOf(texts.term(row.account))),
      first_scan: ids.scans.get(row.first_scan) ?? 1,
    });
    label.run(secret, form);
  }
}

function mergeHoldings(
  ours: Database,
  theirs: Database,
  ids: MergedIds,
  contents: ReadonlyMap<number, number>,
): void {
  const add = ours.prepare('INSERT OR IGNORE INTO holding (root, content) VALUES (?, ?)');
  const rows = theirs.prepare<[], { root: number; content: number }>('SELECT root, content FROM holding');
  for (const { root, content } of rows.iterate()) {
    const [ownRoot, ownContent] = [ids.roots.get(root)?.root, contents.get(content)];
    if (ownRoot !== undefined && ownContent !== undefined) add.run(ownRoot, ownContent);
  }
}

function mergeSweep(ours: Database, theirs: Database, ids: MergedIds): void {
  const addChunk = ours.prepare(
    'INSERT OR IGNORE INTO sweep_chunk (root, contents, masks, digest) VALUES (?, ?, ?, ?)',
  );
  const chunks = new Map<number, number>();
  const rows = theirs.prepare<
    [],
    { id: number; root: number; contents: Buffer; masks: Buffer; digest: Buffer }
  >('SELECT * FROM sweep_chunk ORDER BY id');
  for (const { id, root, contents, masks, digest } of rows.all()) {
    const added = addChunk.run(ids.roots.get(root)?.root, contents, masks, digest);
    if (added.changes > 0) chunks.set(id, Number(added.lastInsertRowid));
  }
  if (chunks.size === 0) return;
  const runs = new SweepRuns(ours);
  const pages = runs.pages(runs.newRun(sweepPairs(theirs)));
  // Chunks were copied in the order of their ids, so postings stay sorted.
  for (const { tag, postings } of allTags(theirs)) {
    for (const { chunk, mask } of postings) {
      const own = chunks.get(chunk);
      if (own !== undefined) pages.add(tag, own, mask);
    }
  }
  pages.flush();
}

/** Allow entries; of two about one subject the later stands. */
function mergeAllowEntries(ours: Database, theirs: Database, interner: Interner): void {
  const find = ours
    .prepare<[string, string], string>('SELECT created FROM allow_entry WHERE subject = ? AND target = ?')
    .pluck();
  const rows = theirs.prepare<
    [],
    Omit<AllowEntry, 'until' | 'by'> & { until: string | null; author: string; created: string }
  >('SELECT * FROM allow_entry');
  for (const { author, until, created, ...entry } of rows.all()) {
    const own = find.get(entry.subject, entry.target);
    if (own !== undefined && own >= created) continue;
    addAllowEntry(ours, interner, { ...entry, by: author, ...(until === null ? {} : { until }) }, created);
  }
}

export function mergeDatabase(session: WriteSession, interner: Interner, otherPath: string): void {
  const { db: ours, keyId, now } = session.connection;
  const { db: theirs } = connect({ path: otherPath, keyId, mode: 'read', now });
  try {
    // One snapshot of the other database, whoever writes to it meanwhile.
    // What one of the two does not keep the other must not bring in again.
    if (keepsHashedNames(theirs)) keepHashedNames(session, interner);
    const hash = hashToWrite(session.connection);
    theirs.transaction(() =>
      session.write(() => {
        const ids = mergePlaces(ours, theirs, interner);
        const secrets = mergeSecrets(theirs, new SecretWriter(session, interner), ids.scans, hash);
        const forms = mergeForms(theirs, new FormWriter(session, interner));
        const contents = mergeContents(ours, theirs, interner);
        mergeCleanLists(ours, theirs, interner);
        mergeSightings(ours, theirs, interner, { contents, secrets, forms, scans: ids.scans }, hash);
        mergePublicFacts(ours, theirs, interner, ids.roots, hash);
        mergeAppearances(ours, theirs, interner, ids, contents);
        mergeHoldings(ours, theirs, ids, contents);
        mergeSweep(ours, theirs, ids);
        mergeAllowEntries(ours, theirs, interner);
        mergePlaceAllows(ours, theirs, interner, ids.places);
        mergeStatements(ours, theirs);
      }),
    )();
  } finally {
    theirs.close();
  }
}
