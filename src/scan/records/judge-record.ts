/**
 * What one record holds: each view is read by itself, all texts of the record together, so that neighbours in other
 * records have no say; then the views' findings are told as spans of the decoded fields.
 */
import type { Finding, Spelling } from '../../model/finding.js';
import { overlaps, type Span } from '../../model/span.js';
import { LineIndex } from '../../text/line-index.js';
import { hullOf } from '../../text/offset-map.js';
import { weighed } from './prose-evidence.js';
import { joinParts, partAt, type RecordViews, type TextPart, toDecoded } from './record-views.js';

/** Findings in one text of a record, by ascending position. */
export interface TextFindings {
  /** Index into `record.texts`. */
  readonly text: number;
  readonly findings: readonly Finding[];
}

interface Hit {
  readonly finding: Finding;
  readonly text: number;
  readonly ranges: readonly Span[];
  readonly exact: boolean;
  readonly part: TextPart;
}

const views = ['decoded', 'plain', 'compact'] as const;

/** @param engine reads bytes that stand for a whole document */
export function judgeRecord(all: RecordViews, engine: (bytes: Buffer) => readonly Finding[]): TextFindings[] {
  let hits: Hit[] = [];
  for (const view of views) {
    if (view !== 'decoded' && !all.parts.some((part) => part.view === view)) continue;
    const parts = partsFor(all, view);
    if (parts.length === 0) continue;
    hits = united(hits, hitsIn(parts, view, engine));
  }
  const byText = new Map<number, Hit[]>();
  for (const hit of hits) byText.set(hit.text, [...(byText.get(hit.text) ?? []), hit]);
  return [...byText]
    .sort(([a], [b]) => a - b)
    .map(([text, own]) => ({ text, findings: findingsOf(all, text, own) }));
}

/** The parts of a view, and the decoded form of texts that it leaves as they are: they are context. */
function partsFor({ parts }: RecordViews, view: (typeof views)[number]): TextPart[] {
  const chosen = new Map<number, TextPart>();
  for (const part of parts) {
    if (part.view === view || (part.view === 'decoded' && !chosen.has(part.text)))
      chosen.set(part.text, part);
  }
  return [...chosen.values()].sort((a, b) => a.text - b.text);
}

function hitsIn(
  parts: readonly TextPart[],
  view: (typeof views)[number],
  engine: (bytes: Buffer) => readonly Finding[],
): Hit[] {
  const { bytes, starts } = joinParts(parts);
  const hits: Hit[] = [];
  for (const finding of engine(bytes)) {
    // What has no form of its own may be half markup.
    const index = partAt(starts, finding.span.start);
    const part = parts[index];
    if (part === undefined || part.view !== view || (part.isMarked === true && !isSure(finding))) continue;
    const hit = hitIn(part, finding, starts[index] as number);
    if (hit !== undefined) hits.push(hit);
  }
  return hits;
}

function isSure({ confidence }: Finding): boolean {
  return confidence === 'proven' || confidence === 'high';
}

/** @param base where the part begins in the text that `finding` is about */
function hitIn(part: TextPart, finding: Finding, base: number): Hit | undefined {
  // What counts at certain paths only does not count in a record.
  if (finding.pathCondition !== undefined) return undefined;
  const ranges: Span[] = [];
  let exact = finding.exact;
  for (const { start, end } of finding.rawRanges ?? [finding.span]) {
    const back = toDecoded(part, { start: start - base, end: end - base });
    if (back === undefined) continue;
    ranges.push(...back.ranges);
    if (!back.exact) exact = false;
  }
  return ranges.length === 0 ? undefined : { finding, text: part.text, ranges, exact, part };
}

/**
 * A finding that only the record before explains ("the password is" - "..."), told as one of this record: a guess.
 * Undefined when its value does not lie within one text.
 */
export function guessAcross(
  all: RecordViews,
  part: TextPart,
  finding: Finding,
  base: number,
): TextFindings | undefined {
  if (finding.span.end > base + part.bytes.length) return undefined;
  const hit = hitIn(part, finding, base);
  if (hit === undefined) return undefined;
  const guess: Finding = { ...finding, confidence: 'low', reasons: [...finding.reasons, 'across-messages'] };
  return { text: part.text, findings: findingsOf(all, part.text, [{ ...hit, finding: guess }]) };
}

/**
 * A later view says what a person reads, so that of two findings at one place its own holds; where both see the same
 * value, the earlier view has the exact place.
 */
function united(earlier: readonly Hit[], later: readonly Hit[]): Hit[] {
  if (earlier.length === 0) return [...later];
  const meets = (a: Hit, b: Hit): boolean =>
    a.text === b.text && a.ranges.some((x) => b.ranges.some((y) => overlaps(x, y)));
  // What is left of a mark may be glued to a token, which is a doubt then: it says nothing against the token itself.
  const isKnown = ({ finding: old }: Hit, { finding }: Hit): boolean =>
    old.fingerprint === finding.fingerprint || (isSure(old) && finding.confidence === 'low');
  const fresh = later.filter((hit) => !earlier.some((old) => isKnown(old, hit) && meets(old, hit)));
  const kept = earlier.filter(
    (old) =>
      !fresh.some((hit) => meets(old, hit)) ||
      later.some((hit) => hit.finding.fingerprint === old.finding.fingerprint && meets(old, hit)),
  );
  return [...kept, ...fresh];
}

function findingsOf({ record, decoded }: RecordViews, text: number, hits: readonly Hit[]): Finding[] {
  const bytes = decoded[text] ?? Buffer.alloc(0);
  const lines = new LineIndex(bytes);
  const chain = record.texts[text]?.chain ?? [];
  return hits
    .map(({ finding, ranges, exact, part }): Finding => {
      const span = hullOf({ ranges, exact });
      const { rawRanges: _, ...rest } = weighed(
        finding,
        record,
        bytes.toString('utf8', span.start, span.end),
      );
      return {
        ...rest,
        view: part.view,
        spelling: spellingOf(part.spelling, finding.spelling),
        span,
        ...(ranges.length > 1 && { rawRanges: ranges }),
        exact,
        position: lines.positionOf(span),
        chain,
      };
    })
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

function spellingOf(outer: readonly Spelling[], inner: readonly Spelling[]): readonly Spelling[] {
  const own = inner.filter((layer) => layer !== 'plain');
  const all = [...outer, ...own];
  return all.length === 0 ? ['plain'] : all;
}
