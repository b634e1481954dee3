/**
 * The forms in which a record's texts are read: as decoded, without its markup (`plain`), and with damaged anchors
 * mended (`compact`). Each part knows its way back to the decoded text of its field.
 */
import type { Spelling, View } from '../../model/finding.js';
import type { Span } from '../../model/span.js';
import type { ExportRecord, RecordText } from '../../sources/exports/contract.js';
import { compactView } from '../../text/dialects/compact-view.js';
import { type DerivedText, plainView } from '../../text/dialects/plain-view.js';
import { mayHoldToken } from '../../text/dialects/untouched.js';
import { composeMaps } from '../../text/offset-map.js';
import type { OffsetMap, RawRanges } from '../../text/view.js';

/** Dialects whose markup is no part of what people wrote: the decoded form adds next to nothing to the plain one. */
export const markup: ReadonlySet<string> = new Set(['html', 'slack-mrkdwn', 'confluence-storage']);

/** A record of more text is read by itself: detectors of whole documents must not see its neighbours. */
export const ownBytes: number = 8 * 1024;

/** Longest label put before a value; longer ones are sentences. */
const maxLabel = 100;

const newline = Buffer.from('\n');

/** One text of a record in one form. */
export interface TextPart {
  /** Index into `record.texts`. */
  readonly text: number;
  readonly view: Exclude<View, 'raw'>;
  /** What detectors read: the label, if any, and the text. */
  readonly bytes: Buffer;
  /** Where the text lies in `bytes`: what is outside is the label's frame. */
  readonly start: number;
  readonly end: number;
  /** Back to the decoded text; absent: it is the decoded text. */
  readonly map?: OffsetMap;
  readonly spelling: readonly Spelling[];
  /** True for the decoded form of a text of which there is one without markup. */
  readonly isMarked?: boolean;
}

/** A record with all forms of its texts. */
export interface RecordViews {
  readonly record: ExportRecord;
  /** Decoded texts as bytes. */
  readonly decoded: readonly Buffer[];
  /** All parts, those of one view together, in the order of the texts. */
  readonly parts: readonly TextPart[];
}

export function viewsOf(record: ExportRecord): RecordViews {
  const decoded: Buffer[] = [];
  const parts: TextPart[] = [];
  for (const [index, text] of record.texts.entries()) {
    const bytes = Buffer.from(text.text, 'utf8');
    decoded.push(bytes);
    if (!isRepeated(record.texts, index)) parts.push(...partsOf(index, text, bytes));
  }
  parts.sort((a, b) => viewOrder[a.view] - viewOrder[b.view] || a.text - b.text);
  return { record, decoded, parts };
}

const viewOrder = { decoded: 0, plain: 1, compact: 2 } as const;

/** Many exports hold a message in two forms, mostly with the same words: those are read once. */
export function isRepeated(texts: readonly RecordText[], index: number): boolean {
  const own = texts[index] as RecordText;
  for (let i = 0; i < index; i++) {
    const other = texts[i] as RecordText;
    if (other.text === own.text && other.label === own.label) return true;
    // A record of a thousand fields must not cost a million comparisons.
    if (i === maxCompared) return false;
  }
  return false;
}

export const maxCompared: number = 16;

/** The forms of one text. */
export function partsOf(index: number, text: Omit<RecordText, 'field'>, bytes: Buffer): TextPart[] {
  const parts: TextPart[] = [];
  const derived = plainView(bytes, text.dialect);
  // Where markup that is left out stood between a token and a word, only the decoded form shows where the token ends.
  if (derived === undefined || !markup.has(text.dialect) || mayHoldToken(text.text))
    parts.push({
      ...part(index, text, 'decoded', { bytes, spelling: [] }),
      ...(derived !== undefined && markup.has(text.dialect) && { isMarked: true }),
    });
  if (derived !== undefined) parts.push(part(index, text, 'plain', derived));
  const mended = mendedView(bytes, derived);
  if (mended !== undefined) parts.push(part(index, text, 'compact', mended));
  return parts;
}

/** What detectors read of a text of which there is one form only. */
export function framed({ text, label }: Pick<RecordText, 'text' | 'label'>): string {
  if (label === undefined) return text;
  const isPlain = !text.includes('"') && !text.includes('\\') && !text.includes('\n');
  const [before, after] = frameOf(label, isPlain);
  return before + text + after;
}

/** Labels come from the same exports as texts. */
export function isLatin(label: string | undefined): boolean {
  return label === undefined || /^[\t -~]*$/.test(label);
}

/** The compact form of the plain one: a dash may be written `&#8211;`, a token may be broken within markup. */
function mendedView(bytes: Buffer, plain: DerivedText | undefined): DerivedText | undefined {
  const mended = compactView(plain?.bytes ?? bytes);
  if (mended === undefined || plain === undefined) return mended;
  return { bytes: mended.bytes, map: composeMaps(plain.map, mended.map), spelling: plain.spelling };
}

function part(
  text: number,
  { label }: Pick<RecordText, 'label'>,
  view: TextPart['view'],
  derived: Omit<DerivedText, 'map'> & Partial<Pick<DerivedText, 'map'>>,
): TextPart {
  const [before, after] = label === undefined ? ['', ''] : frameOf(label, isPlainValue(derived.bytes));
  const lead = Buffer.from(before, 'utf8');
  const bytes =
    before === '' ? derived.bytes : Buffer.concat([lead, derived.bytes, Buffer.from(after, 'utf8')]);
  return {
    text,
    view,
    bytes,
    start: lead.length,
    end: lead.length + derived.bytes.length,
    ...(derived.map === undefined ? {} : { map: derived.map }),
    spelling: derived.spelling,
  };
}

/** A labelled value reads like a member of an object, which no detector takes for prose. */
function frameOf(label: string, isPlain: boolean): readonly [string, string] {
  const name = label.replace(/["\\\s]+/g, ' ').trim();
  if (name === '' || name.length > maxLabel) return ['', ''];
  return isPlain ? [`"${name}": "`, '"'] : [`${name}: `, ''];
}

function isPlainValue(value: Buffer): boolean {
  return !value.includes(0x22) && !value.includes(0x5c) && !value.includes(0x0a);
}

/** A joined text, and where each part lies in it. */
export interface JoinedParts {
  readonly bytes: Buffer;
  readonly starts: readonly number[];
}

/** Joins parts line by line, so that a key and its id in two fields are neighbours. */
export function joinParts(parts: readonly TextPart[]): JoinedParts {
  const pieces: Buffer[] = [];
  const starts: number[] = [];
  let at = 0;
  for (const { bytes } of parts) {
    starts.push(at);
    pieces.push(bytes, newline);
    at += bytes.length + 1;
  }
  return { bytes: Buffer.concat(pieces, at), starts };
}

/** Index of the part in which `offset` lies. */
export function partAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The way from a span of a part back to the decoded text; undefined when none of it is text. */
export function toDecoded({ start, end, map }: TextPart, span: Span): RawRanges | undefined {
  const own = { start: Math.max(span.start, start) - start, end: Math.min(span.end, end) - start };
  if (own.start >= own.end) return undefined;
  return map === undefined ? { ranges: [own], exact: true } : map.toRaw(own);
}
