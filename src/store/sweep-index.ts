/** The sweep index: which contents have a token run with a keyed tag. Holds no value. */
import { createHash } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import { type ContentId, type PlaceKey, parseContentId } from '../model/ids.js';
import type { SweepCandidate, SweepChunk } from './store.js';

const idBytes = 16;

function contentsOf(chunk: SweepChunk): Buffer {
  return Buffer.from(chunk.contents.join(''), 'hex');
}

/** Whether bit `bit` of a mask below 2^48 is set; `&` would cut it to 32 bits. */
function hasBit(mask: number, bit: number): boolean {
  return Math.floor(mask / 2 ** bit) % 2 === 1;
}

/** Ids of the contents that a mask names. */
export function contentsInMask(contents: Buffer, mask: number): ContentId[] {
  const ids: ContentId[] = [];
  for (let bit = 0; bit * idBytes < contents.length; bit++) {
    if (hasBit(mask, bit)) {
      ids.push(parseContentId(contents.toString('hex', bit * idBytes, (bit + 1) * idBytes)));
    }
  }
  return ids;
}

export class SweepWriter {
  readonly #addChunk: Statement;
  readonly #add: Statement<[number, number, number]>;

  constructor(db: Database) {
    this.#addChunk = db.prepare(
      'INSERT OR IGNORE INTO sweep_chunk (root, contents, digest) VALUES (?, ?, ?)',
    );
    this.#add = db.prepare('INSERT OR IGNORE INTO sweep (tag, chunk, mask) VALUES (?, ?, ?)');
  }

  /**
   * Adds the chunks of a batch. All pairs are sorted first, so that the tree is walked once from left to
   * right: random inserts cost several times as much.
   */
  write(root: number, analysisId: string, chunks: readonly SweepChunk[]): void {
    const fresh: { row: number; chunk: SweepChunk }[] = [];
    let count = 0;
    for (const chunk of chunks) {
      if (chunk.contents.length === 0) continue;
      const contents = contentsOf(chunk);
      const digest = createHash('sha256').update(contents).update(analysisId).digest().subarray(0, 16);
      const added = this.#addChunk.run(root, contents, digest);
      if (added.changes === 0) continue;
      fresh.push({ row: Number(added.lastInsertRowid), chunk });
      count += chunk.tags.length;
    }
    const tags = new Float64Array(count);
    const order = new Uint32Array(count);
    const rows = new Float64Array(count);
    const masks = new Float64Array(count);
    let at = 0;
    for (const { row, chunk } of fresh) {
      tags.set(chunk.tags, at);
      masks.set(chunk.masks, at);
      rows.fill(row, at, at + chunk.tags.length);
      at += chunk.tags.length;
    }
    for (let i = 0; i < count; i++) order[i] = i;
    order.sort((a, b) => (tags[a] as number) - (tags[b] as number) || a - b);
    for (const i of order) this.#add.run(tags[i] as number, rows[i] as number, masks[i] as number);
  }
}

interface CandidateRow {
  readonly mask: number;
  readonly contents: Buffer;
  readonly place: PlaceKey;
  readonly locator: string;
}

/** Contents that may hold a value, with a root from which each was read. */
export function sweepCandidates(db: Database, tags: Float64Array): SweepCandidate[] {
  const find = db.prepare<[number], CandidateRow>(
    `SELECT w.mask, c.contents, p.key AS place, r.locator
       FROM sweep w CROSS JOIN sweep_chunk c ON c.id = w.chunk
       CROSS JOIN place_root r ON r.id = c.root CROSS JOIN place p ON p.id = r.place
      WHERE w.tag = ? ORDER BY p.key, r.locator, c.contents`,
  );
  const candidates: SweepCandidate[] = [];
  for (const tag of new Set(tags)) {
    const seen = new Set<string>();
    for (const row of find.iterate(tag)) {
      for (const content of contentsInMask(row.contents, row.mask)) {
        const name = `${row.place}\0${row.locator}\0${content}`;
        if (seen.has(name)) continue;
        seen.add(name);
        candidates.push({ tag, place: row.place, locator: row.locator, content });
      }
    }
  }
  return candidates;
}
