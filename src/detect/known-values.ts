/** The sweep itself: bare copies of known secrets, raw first, then with escapes undone, then inside decoded text. */
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import { type SipKey, sipTag } from '../identity/siphash.js';
import { type AnchorTable, type KnownCopy, verifiedCopies, visitStrongRuns } from '../identity/sweep.js';
import type { KnownAnchor, Spelling, View } from '../model/finding.js';
import type { Span } from '../model/span.js';
import { hullOf } from '../text/offset-map.js';
import { unescapeWindow } from '../text/unescape.js';
import type { RawRanges, TextView } from '../text/view.js';

/** A verified copy of a known secret, in raw offsets. */
export interface KnownSighting {
  readonly anchor: KnownAnchor;
  readonly raw: RawRanges;
  readonly span: Span;
  readonly spelling: readonly Spelling[];
  readonly view: View;
  readonly byteLength: number;
  /** The value as the view has it; a part of the view, not a copy. */
  readonly value: Buffer;
}

/** Bytes round a run that are read again with escapes undone: escapes make a value at most six times as long. */
const windowReach = 512;

export class KnownValueSweep {
  readonly #keys: IdentityKeys;
  readonly #sipKey: SipKey;
  readonly #table: AnchorTable;
  readonly sightings: KnownSighting[] = [];
  /** Fingerprint and raw start of each sighting: readings of one window meet again. */
  readonly #places = new Set<string>();

  constructor(keys: IdentityKeys, sipKey: SipKey, table: AnchorTable) {
    this.#keys = keys;
    this.#sipKey = sipKey;
    this.#table = table;
  }

  get isEmpty(): boolean {
    return this.#table.size === 0;
  }

  /** Whether a run with this tag may be part of a known secret. */
  isAnchor(tag: number): boolean {
    return this.#table.has(tag);
  }

  /** Looks at one run of a view whose tag is at hand. */
  visit(view: TextView, tag: number, runStart: number): void {
    const anchors = this.#table.get(tag);
    if (anchors === undefined) return;
    const copies = verifiedCopies(this.#keys.fingerprint, anchors, view.bytes, runStart);
    for (const copy of copies) this.#add(view, copy, anchors);
    if (copies.length === 0) this.#visitUnescaped(view, runStart);
  }

  /** Looks at all runs of a view. */
  visitAll(view: TextView): void {
    this.visitRange(view, 0, view.bytes.length);
  }

  /** Looks at the runs of `[from, to)`, whose borders cut none. */
  visitRange(view: TextView, from: number, to: number): void {
    visitStrongRuns(view.bytes, from, to, (start, end) => {
      this.visit(view, sipTag(this.#sipKey, view.bytes, start, end), start);
    });
  }

  #visitUnescaped(view: TextView, runStart: number): void {
    const from = Math.max(0, runStart - windowReach);
    for (const reading of unescapeWindow(
      view.bytes,
      from,
      Math.min(view.bytes.length, runStart + windowReach),
    )) {
      const composed: TextView = {
        bytes: reading.bytes,
        map: {
          length: reading.map.length,
          toRaw: (span) => {
            const inner = reading.map.toRaw(span);
            const outer = view.map.toRaw(hullOf(inner));
            return { ranges: outer.ranges, exact: inner.exact && outer.exact };
          },
        },
        view: reading.view,
        spelling: [...view.spelling, ...reading.spelling],
      };
      visitStrongRuns(reading.bytes, 0, reading.bytes.length, (start, end) => {
        const anchors = this.#table.get(sipTag(this.#sipKey, reading.bytes, start, end));
        if (anchors === undefined) return;
        for (const copy of verifiedCopies(this.#keys.fingerprint, anchors, reading.bytes, start)) {
          this.#add(composed, copy, anchors);
        }
      });
    }
  }

  #add(view: TextView, copy: KnownCopy, anchors: readonly KnownAnchor[]): void {
    const anchor = anchors.find((known) => known.fingerprint === copy.fingerprint);
    if (anchor !== undefined) this.add(view, copy, anchor, []);
  }

  /** Adds a copy that is certain. @param layers what the view itself still has to undo */
  add(view: TextView, copy: Span, anchor: KnownAnchor, layers: readonly Spelling[]): void {
    const spelling = [...view.spelling, ...layers];
    const raw = view.map.toRaw({ start: copy.start, end: copy.end });
    const span = hullOf(raw);
    const place = `${anchor.fingerprint}@${span.start}`;
    if (this.#places.has(place)) return;
    this.#places.add(place);
    this.sightings.push({
      anchor,
      raw,
      span,
      spelling: spelling.length === 0 ? ['plain'] : spelling,
      view: view.view,
      byteLength: copy.end - copy.start,
      value: view.bytes.subarray(copy.start, copy.end),
    });
  }
}
