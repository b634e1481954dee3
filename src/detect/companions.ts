/**
 * Pairs: an id and its secret, a user key and its application key. Nearest first, the same block before a
 * nearer one outside, never a cross product.
 */
import type { Companion } from '../rules/rule-set.js';
import type { Sighting } from './sighting.js';

export interface Pairing {
  readonly companion: Companion;
  readonly partner: Sighting;
}

/** Added to the distance when a block ends between the two: `}`, an empty line, a `[section]`. */
const otherBlock = 100_000;

function distanceBetween(document: Buffer, a: Sighting, b: Sighting): { bytes: number; rank: number } {
  const [first, second] = a.span.start <= b.span.start ? [a, b] : [b, a];
  const from = first.span.end;
  const bytes = Math.max(0, second.span.start - from);
  const between = document.toString('latin1', from, Math.min(second.span.start, from + 4096));
  const isApart = /\}|\n\s*\n|\n\s*\[|\n---/.test(between);
  return { bytes, rank: bytes + (isApart ? otherBlock : 0) };
}

/** Whether the two stand as near in lines and columns as the companion asks for. */
function isNearEnough(document: Buffer, companion: Companion, a: Sighting, b: Sighting): boolean {
  const { withinLines, withinColumns } = companion;
  if (withinLines === undefined && withinColumns === undefined) return true;
  const [first, second] = a.span.start <= b.span.start ? [a, b] : [b, a];
  const between = document.subarray(first.span.start, second.span.start);
  let lines = 0;
  for (let at = between.indexOf(newline); at >= 0; at = between.indexOf(newline, at + 1)) lines++;
  if (withinLines !== undefined && lines > withinLines) return false;
  if (withinColumns === undefined) return true;
  const columnOf = (sighting: Sighting): number =>
    sighting.span.start - document.lastIndexOf(newline, Math.max(0, sighting.span.start - 1));
  return Math.abs(columnOf(first) - columnOf(second)) <= withinColumns;
}

const newline = 0x0a;

/** The partner of each companion that the rule names, where there is one. `sightings` are sorted by position. */
export function pairingsOf(sighting: Sighting, sightings: readonly Sighting[], document: Buffer): Pairing[] {
  const pairings: Pairing[] = [];
  for (const companion of sighting.draft.rule.companions) {
    let best: { partner: Sighting; rank: number } | undefined;
    for (const other of sightings) {
      if (other === sighting || (other.draft.kind ?? other.draft.rule.kind) !== companion.kind) continue;
      if (Math.abs(other.span.start - sighting.span.start) > companion.within + 4096) continue;
      const { bytes, rank } = distanceBetween(document, sighting, other);
      if (!isNearEnough(document, companion, sighting, other)) continue;
      if (bytes <= companion.within && (best === undefined || rank < best.rank))
        best = { partner: other, rank };
    }
    if (best !== undefined) pairings.push({ companion, partner: best.partner });
  }
  return pairings;
}

/** True when a companion that the rule demands is missing. */
export function lacksCompanion(sighting: Sighting, pairings: readonly Pairing[]): boolean {
  return sighting.draft.rule.companions.some(
    (companion) => companion.required && !pairings.some((pairing) => pairing.companion === companion),
  );
}
