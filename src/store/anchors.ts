/** What the sweep may look for: strong values, medium or higher, not published samples. */
import type { Database } from 'better-sqlite3';
import type { KnownAnchor } from '../model/finding.js';
import { confidences } from '../model/finding.js';
import { parseFingerprint, parseKindId } from '../model/ids.js';
import { wordOf } from './codes.js';

interface AnchorRow {
  readonly fingerprint: string;
  readonly tag: number;
  readonly lead: number;
  readonly length: number;
  readonly strengthBits: number;
  readonly kind: string;
  readonly confidence: number;
}

/** Anchors by fingerprint; kind and confidence are those of the most telling label. */
export function readAnchors(db: Database, sinceScan = 0): KnownAnchor[] {
  const rows = db
    .prepare<[number], AnchorRow>(
      `SELECT lower(hex(s.fingerprint)) AS fingerprint, s.anchor_tag AS tag, s.anchor_lead AS lead,
         s.anchor_length AS length, s.strength_bits AS strengthBits, f.kind, f.confidence
       FROM secret s
       JOIN form f ON f.id = (SELECT l.form FROM label l JOIN form g ON g.id = l.form
                               WHERE l.secret = s.id ORDER BY g.sort LIMIT 1)
       WHERE s.first_scan >= ? AND s.anchor_tag IS NOT NULL AND s.weak = 0 AND s.known_public IS NULL
         AND f.confidence >= 1
       ORDER BY s.fingerprint`,
    )
    .all(sinceScan);
  return rows.map((row) => ({
    fingerprint: parseFingerprint(row.fingerprint),
    tag: row.tag,
    lead: row.lead,
    length: row.length,
    strengthBits: row.strengthBits,
    kind: parseKindId(row.kind),
    confidence: wordOf(confidences, row.confidence),
  }));
}
