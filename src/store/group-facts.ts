/** Reads what the rows of one secret (a canonical fingerprint and those joined to it) say together. */
import type { Database } from 'better-sqlite3';
import type { KindLabel } from '../model/exposure.js';
import { confidences } from '../model/finding.js';
import { parseFingerprint, parseKindId, parseRuleId } from '../model/ids.js';
import { wordOf } from './codes.js';
import { compareTexts } from './standings.js';
import type { GroupFacts } from './summary.js';

interface FactsRow {
  readonly fingerprint: string;
  readonly weak: number;
  readonly strengthBits: number;
  readonly preview: string | null;
  readonly lengthClass: string;
  readonly knownPublic: string | null;
  readonly firstScan: number;
}

interface LabelRow {
  readonly kind: string;
  readonly rule: string;
  readonly confidence: number;
}

function labelOf({ kind, rule, confidence }: LabelRow): KindLabel {
  return { kind: parseKindId(kind), rule: parseRuleId(rule), confidence: wordOf(confidences, confidence) };
}

/** Labels, the most telling first, one for each rule; the sweep's own only when there is no other. */
function labelsOf(rows: readonly LabelRow[]): KindLabel[] {
  const only = rows[0];
  if (only !== undefined && rows.length === 1) return [labelOf(only)];
  const labels = new Map<string, KindLabel>();
  const told = rows.some((row) => row.rule !== 'known-value');
  for (const row of rows) {
    const name = `${row.kind} ${row.rule}`;
    if (labels.has(name) || (told && row.rule === 'known-value')) continue;
    labels.set(name, labelOf(row));
  }
  return [...labels.values()];
}

// A group is weak only when every spelling of it is.
const factsColumns = `(SELECT lower(hex(fingerprint)) FROM secret WHERE id = s.canonical) AS fingerprint,
  min(weak) AS weak, max(strength_bits) AS strengthBits, min(preview) AS preview,
  (SELECT length_class FROM secret WHERE id = s.canonical) AS lengthClass,
  min(known_public) AS knownPublic, min(first_scan) AS firstScan`;

function factsOf(row: FactsRow, labels: readonly LabelRow[]): GroupFacts {
  return {
    fingerprint: parseFingerprint(row.fingerprint),
    labels: labelsOf(labels),
    weak: row.weak === 1,
    strengthBits: row.strengthBits,
    ...(row.preview === null ? {} : { preview: row.preview }),
    lengthClass: row.lengthClass,
    ...(row.knownPublic === null ? {} : { knownPublic: row.knownPublic }),
    firstScan: row.firstScan,
  };
}

/** The facts of all groups at once, by row id of the canonical fingerprint. */
export function readAllGroupFacts(db: Database): ReadonlyMap<number, GroupFacts> {
  const forms = db.prepare<[], LabelRow & { id: number }>(
    'SELECT id, kind, rule, confidence FROM form ORDER BY sort',
  );
  const byId = new Map(forms.all().map((form, rank) => [form.id, { ...form, rank }]));
  const labels = new Map<number, (LabelRow & { rank: number })[]>();
  const rows = db
    .prepare<[], [number, number]>('SELECT s.canonical, l.form FROM label l JOIN secret s ON s.id = l.secret')
    .raw();
  for (const [group, id] of rows.all()) {
    const form = byId.get(id);
    if (form === undefined) continue;
    const others = labels.get(group);
    if (others === undefined) labels.set(group, [form]);
    else others.push(form);
  }
  const secrets = db.prepare<[], SecretTuple>(
    `SELECT id, canonical, lower(hex(fingerprint)), weak, strength_bits, preview, length_class, known_public, first_scan
       FROM secret`,
  );
  const groups = new Map<number, Mutable<FactsRow>>();
  for (const tuple of secrets.raw().iterate()) joinFacts(groups, tuple as SecretTuple);
  const facts = new Map<number, GroupFacts>();
  for (const [group, row] of groups) {
    const own = labels.get(group) ?? [];
    if (own.length > 1) own.sort((a, b) => a.rank - b.rank);
    facts.set(group, factsOf(row, own));
  }
  return facts;
}

type Mutable<Row> = { -readonly [column in keyof Row]: Row[column] };

type SecretTuple = [
  id: number,
  canonical: number,
  fingerprint: string,
  weak: number,
  strengthBits: number,
  preview: string | null,
  lengthClass: string,
  knownPublic: string | null,
  firstScan: number,
];

function leastText(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return compareTexts(a, b) <= 0 ? a : b;
}

/** Adds the row of one fingerprint to those of its group, as {@link factsColumns} has it. */
function joinFacts(groups: Map<number, Mutable<FactsRow>>, tuple: SecretTuple): void {
  const [id, canonical, fingerprint, weak, strengthBits, preview, lengthClass, knownPublic, firstScan] =
    tuple;
  const known = groups.get(canonical);
  if (known === undefined) {
    groups.set(canonical, { fingerprint, weak, strengthBits, preview, lengthClass, knownPublic, firstScan });
    return;
  }
  known.weak = Math.min(known.weak, weak);
  known.strengthBits = Math.max(known.strengthBits, strengthBits);
  known.preview = leastText(known.preview, preview);
  known.knownPublic = leastText(known.knownPublic, knownPublic);
  known.firstScan = Math.min(known.firstScan, firstScan);
  if (id === canonical) {
    known.fingerprint = fingerprint;
    known.lengthClass = lengthClass;
  }
}

/** Makes a reader by the row id of the canonical fingerprint. */
export function groupFactsReader(db: Database): (group: number) => GroupFacts | undefined {
  const facts = db.prepare<[number], FactsRow>(
    `SELECT ${factsColumns} FROM secret s WHERE canonical = ? GROUP BY canonical`,
  );
  const labels = db.prepare<[number], LabelRow>(
    `SELECT f.kind, f.rule, f.confidence FROM secret s JOIN label l ON l.secret = s.id
       JOIN form f ON f.id = l.form WHERE s.canonical = ? ORDER BY f.sort`,
  );
  return (group) => {
    const row = facts.get(group);
    return row === undefined ? undefined : factsOf(row, labels.all(group));
  };
}
