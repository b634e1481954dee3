/** Reads what the rows of one secret (a canonical fingerprint and those joined to it) say together. */
import type { Database } from 'better-sqlite3';
import type { KindLabel } from '../model/exposure.js';
import { confidences } from '../model/finding.js';
import { parseFingerprint, parseKindId, parseRuleId } from '../model/ids.js';
import { wordOf } from './codes.js';
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

/** Labels, the most telling first, one for each rule; the sweep's own only when there is no other. */
function labelsOf(rows: readonly LabelRow[]): KindLabel[] {
  const labels = new Map<string, KindLabel>();
  const told = rows.some((row) => row.rule !== 'known-value');
  for (const row of rows) {
    const name = `${row.kind} ${row.rule}`;
    if (labels.has(name) || (told && row.rule === 'known-value')) continue;
    labels.set(name, {
      kind: parseKindId(row.kind),
      rule: parseRuleId(row.rule),
      confidence: wordOf(confidences, row.confidence),
    });
  }
  return [...labels.values()];
}

/** Makes a reader by the row id of the canonical fingerprint. */
export function groupFactsReader(db: Database): (group: number) => GroupFacts | undefined {
  // A group is weak only when every spelling of it is.
  const facts = db.prepare<[number], FactsRow>(
    `SELECT (SELECT lower(hex(fingerprint)) FROM secret WHERE id = s.canonical) AS fingerprint,
       min(weak) AS weak, max(strength_bits) AS strengthBits, min(preview) AS preview,
       (SELECT length_class FROM secret WHERE id = s.canonical) AS lengthClass,
       min(known_public) AS knownPublic, min(first_scan) AS firstScan
     FROM secret s WHERE canonical = ? GROUP BY canonical`,
  );
  const labels = db.prepare<[number], LabelRow>(
    `SELECT f.kind, f.rule, f.confidence FROM secret s JOIN label l ON l.secret = s.id
       JOIN form f ON f.id = l.form WHERE s.canonical = ? ORDER BY f.sort`,
  );
  return (group) => {
    const row = facts.get(group);
    if (row === undefined) return undefined;
    return {
      fingerprint: parseFingerprint(row.fingerprint),
      labels: labelsOf(labels.all(group)),
      weak: row.weak === 1,
      strengthBits: row.strengthBits,
      ...(row.preview === null ? {} : { preview: row.preview }),
      lengthClass: row.lengthClass,
      ...(row.knownPublic === null ? {} : { knownPublic: row.knownPublic }),
      firstScan: row.firstScan,
    };
  };
}
