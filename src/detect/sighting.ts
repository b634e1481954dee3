/** A draft with its way back to the raw document, and the choice between sightings of the same bytes. */
import type { Spelling, View } from '../model/finding.js';
import { contains, overlaps, type Span } from '../model/span.js';
import { hullOf } from '../text/offset-map.js';
import type { RawRanges, TextView } from '../text/view.js';
import { type Draft, isAtLeast } from './draft.js';
import { shapeOf } from './value-shape.js';

export interface Sighting {
  readonly draft: Draft;
  readonly raw: RawRanges;
  /** Hull of the raw ranges. */
  readonly span: Span;
  /** Layers from the outside in; `['plain']` when nothing was undone. */
  readonly spelling: readonly Spelling[];
  readonly view: View;
}

const escapeLayers: ReadonlySet<Spelling> = new Set<Spelling>([
  'json-escaped',
  'xml-escaped',
  'shell-escaped',
  'percent',
  'quoted-printable',
  'link-mangled',
]);

/** An escape layer that changed nothing within the value is no spelling of the value. */
function spellingOf(draft: Draft, view: TextView, raw: RawRanges, document: Buffer): readonly Spelling[] {
  const outer = view.spelling;
  if (
    outer.length > 0 &&
    raw.exact &&
    raw.ranges.length === 1 &&
    outer.every((layer) => escapeLayers.has(layer))
  ) {
    const [range] = raw.ranges;
    const written = view.bytes.subarray(draft.start, draft.end);
    if (range !== undefined && document.subarray(range.start, range.end).equals(written)) return draft.layers;
  }
  return [...outer, ...draft.layers];
}

/** @param document raw bytes that the view's map leads to */
export function sightingOf(draft: Draft, view: TextView, document: Buffer): Sighting {
  const raw = view.map.toRaw({ start: draft.start, end: draft.end });
  const spelling = spellingOf(draft, view, raw, document);
  return {
    draft,
    raw,
    span: hullOf(raw),
    spelling: spelling.length === 0 ? ['plain'] : spelling,
    view:
      spelling.length === 0 || spelling.every((layer, i) => layer === draft.layers[i]) ? 'raw' : view.view,
  };
}

const confidenceRank = { low: 0, medium: 1, high: 2, proven: 3 } as const;

function decodedLayers(sighting: Sighting): number {
  return sighting.spelling.filter((layer) => layer !== 'plain' && !escapeLayers.has(layer)).length;
}

/** `eyJ….eyJ….…`: what its parts decode to is contents of the token, and the token is the secret. */
function isCompactToken(sighting: Sighting): boolean {
  const value = sighting.draft.value.reveal();
  return value.length > 40 && value.subarray(0, 3).equals(jsonHead) && value.subarray(0, 600).includes(0x2e);
}

const jsonHead = Buffer.from('eyJ');

/** How deep the text lies that holds the value; whole tokens come before everything inside them. */
function depthOf(sighting: Sighting): number {
  return isCompactToken(sighting) ? Number.MAX_SAFE_INTEGER : decodedLayers(sighting);
}

/** Order of preference between overlapping sightings; total, so that the outcome does not depend on arrival. */
function preference(a: Sighting, b: Sighting): number {
  const bySpecificity = b.draft.rule.specificity - a.draft.rule.specificity;
  if (bySpecificity !== 0) return bySpecificity;
  // Inside an encoded run stands what counts, provided that it is no guess.
  if (isAtLeast(a.draft.confidence, 'medium') && isAtLeast(b.draft.confidence, 'medium')) {
    const byDepth = depthOf(b) - depthOf(a);
    if (byDepth !== 0) return byDepth;
  }
  const byConfidence = confidenceRank[b.draft.confidence] - confidenceRank[a.draft.confidence];
  if (byConfidence !== 0) return byConfidence;
  const byLength = b.span.end - b.span.start - (a.span.end - a.span.start);
  if (byLength !== 0) return byLength;
  const isSameValue = a.draft.value.reveal().equals(b.draft.value.reveal());
  const byLayers = isSameValue
    ? a.spelling.length - b.spelling.length
    : b.spelling.length - a.spelling.length;
  if (byLayers !== 0) return byLayers;
  if (a.spelling[0] !== b.spelling[0])
    return a.spelling[0] === 'plain' ? -1 : b.spelling[0] === 'plain' ? 1 : 0;
  return a.span.start - b.span.start || compareText(a.draft.rule.id, b.draft.rule.id);
}

/** `EXOSCALE_API_KEY=x`: an id by the provider's name alone, which is no answer to a name that says secret. */
function isDoubtfulIdentifier({ draft: { rule } }: Sighting): boolean {
  return rule.identifierOnly && rule.specificity < 2;
}

/** True when `kept` speaks for the same bytes, so that `other` adds nothing. */
function covers(kept: Sighting, other: Sighting): boolean {
  if (!overlaps(kept.span, other.span)) return false;
  // What holds at some paths only speaks for nothing that holds at others.
  if (
    isDoubtfulIdentifier(kept) &&
    !other.draft.rule.identifierOnly &&
    isAtLeast(other.draft.confidence, 'medium')
  )
    return false;
  const condition = kept.draft.rule.pathCondition;
  if (condition !== undefined && condition !== other.draft.rule.pathCondition) return false;
  if (kept.draft.rule.specificity > other.draft.rule.specificity) {
    // A generic value that merely holds a short specific one inside is a secret of its own.
    const keptLength = kept.span.end - kept.span.start;
    const otherLength = other.span.end - other.span.start;
    const isFragment = contains(other.span, kept.span) && keptLength * 3 <= otherLength;
    return !isFragment || (kept.draft.rule.specificity >= 2 && !kept.draft.rule.identifierOnly);
  }
  return true;
}

/** Bytes per cell of {@link SpanGrid}. */
const cellBytes = 4096;

/** Kept sightings by the cells of the document that they touch: a crafted document can hold 10^5 of them. */
class SpanGrid {
  readonly #cells = new Map<number, Sighting[]>();

  /** The sighting that speaks for this one's text. */
  coverOf(sighting: Sighting): Sighting | undefined {
    for (
      let cell = Math.floor(sighting.span.start / cellBytes);
      cell * cellBytes < sighting.span.end;
      cell++
    ) {
      const cover = this.#cells.get(cell)?.find((kept) => covers(kept, sighting));
      if (cover !== undefined) return cover;
    }
    return undefined;
  }

  add(sighting: Sighting): void {
    for (
      let cell = Math.floor(sighting.span.start / cellBytes);
      cell * cellBytes < sighting.span.end;
      cell++
    ) {
      const same = this.#cells.get(cell);
      if (same === undefined) this.#cells.set(cell, [sighting]);
      else same.push(sighting);
    }
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isSilent({ draft }: Sighting): boolean {
  return draft.rule.silent === true;
}

/** A format that is too common to say anything alone, beside a name that says a secret stands there. */
function isNamedBy({ draft, span }: Sighting, other: Sighting): boolean {
  return (
    draft.confidence === 'low' &&
    draft.reasons.includes('weak-rule') &&
    // Of a rule with a prefix of its own, a low confidence says that what it finds opens little.
    draft.rule.specificity < 2 &&
    shapeOf(draft.value.reveal().toString('latin1')) !== 'uuid' &&
    isAtLeast(other.draft.confidence, 'medium') &&
    span.start === other.span.start &&
    span.end === other.span.end
  );
}

/** Both say the same: the kind is the format's, the confidence the name's. */
function withName(sighting: Sighting, name: Sighting | undefined): Sighting {
  if (name === undefined) return sighting;
  const { draft } = sighting;
  const reasons = [...draft.reasons.filter((reason) => reason !== 'weak-rule'), ...name.draft.reasons];
  return { ...sighting, draft: { ...draft, confidence: 'medium', reasons } };
}

/** The sightings that remain when each piece of text is spoken for by the most specific one, sorted by position. */
export function resolveOverlaps(sightings: readonly Sighting[]): Sighting[] {
  const grid = new SpanGrid();
  const kept = sightings.filter(isSilent);
  const named = new Map<Sighting, Sighting>();
  for (const sighting of [...sightings].sort(preference)) {
    if (isSilent(sighting)) continue;
    const cover = grid.coverOf(sighting);
    if (cover !== undefined) {
      if (!named.has(cover) && isNamedBy(cover, sighting)) named.set(cover, sighting);
      continue;
    }
    grid.add(sighting);
    kept.push(sighting);
  }
  const settled = named.size === 0 ? kept : kept.map((one) => withName(one, named.get(one)));
  return settled.sort(
    (a, b) =>
      a.span.start - b.span.start || a.span.end - b.span.end || compareText(a.draft.rule.id, b.draft.rule.id),
  );
}
