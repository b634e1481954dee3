/**
 * The `compact` view: the neighbourhood of what looks like a broken token, with the break mended. Typographic dashes
 * become hyphens again in armour, in options and in tokens; blanks and soft line ends within a token are dropped.
 */
import { ViewWriter } from '../view-writer.js';
import { ForwardSearch } from './byte-search.js';
import { dashLength, fineDashAt, isLongDash } from './dashes.js';
import type { DerivedText } from './derived-text.js';
import { pivotOffset, type TokenAnchor, tokenAnchors } from './token-anchors.js';
import { type Edit, mendToken } from './token-mender.js';

/** Bytes shown before and behind what is mended: names, and the other half of a pair of credentials. */
const reach = 600;
/** Longest block of armour. */
const longestBlock = 262_144;
const longestLabel = 60;
const longestOption = 40;

const newline = 0x0a;
const lead = 0xe2;
const lineFeed = Buffer.from('\n');
const armourDashes = '-----';

/** Words in the names of options that take a secret, or something beside one. */
const telling =
  /pass|pwd|secret|token|key|auth|cred|header|user|literal|login|sas|cookie|data|url|uri|dsn|pin|account|connection/;

/** Options of one letter that take a user, a password, a header or a key; word processors write `-u` with an en dash. */
const tellingLetters = 'upPUHkaw';

interface Damage {
  readonly edits: readonly Edit[];
  /** What is shown of the text. */
  readonly start: number;
  readonly end: number;
}

/** What was found at an offset, and where reading goes on. */
interface Look {
  readonly damage?: Damage;
  readonly end: number;
}

interface Placed {
  readonly anchor: TokenAnchor;
  readonly prefix: Buffer;
  readonly before: number;
}

/** By pivot byte. */
const placed = new Map<number, Placed[]>();
for (const anchor of tokenAnchors) {
  const before = pivotOffset(anchor.prefix);
  const prefix = Buffer.from(anchor.prefix, 'latin1');
  const pivot = prefix[before] as number;
  placed.set(pivot, [...(placed.get(pivot) ?? []), { anchor, prefix, before }]);
}

const isPivot = new Uint8Array(256);
for (const pivot of [...placed.keys(), 0x2d, lead]) isPivot[pivot] = 1;

/** The mended parts of a text, each in lines of its own; undefined when nothing is broken. */
export function compactView(bytes: Buffer): DerivedText | undefined {
  const damages = new DamageFinder(bytes).find();
  return damages.length === 0 ? undefined : written(bytes, damages);
}

class DamageFinder {
  readonly #input: Buffer;
  readonly #armourEnds: ForwardSearch;

  constructor(input: Buffer) {
    this.#input = input;
    this.#armourEnds = new ForwardSearch(input, 'END ');
  }

  find(): Damage[] {
    const input = this.#input;
    const found: Damage[] = [];
    let mended = 0;
    for (let at = 0; at < input.length; ) {
      if (isPivot[input[at] as number] === 0) {
        at++;
        continue;
      }
      const look = this.#dash(at) ?? this.#token(at);
      const first = look?.damage?.edits[0];
      if (look?.damage !== undefined && first !== undefined && first.start >= mended) {
        found.push(look.damage);
        mended = look.end;
      }
      at = Math.max(at + 1, look?.end ?? 0);
    }
    return found;
  }

  /** A run of dashes before `BEGIN`, before `END`, or before the name of an option. */
  #dash(at: number): Look | undefined {
    const input = this.#input;
    let end = at;
    let isFine = false;
    for (let length = dashLength(input, end); length > 0; length = dashLength(input, end)) {
      isFine ||= length > 1;
      end += length;
    }
    if (end === at) return undefined;
    const word = skipBlanks(input, end);
    const mark = input.toString('latin1', word, word + 6);
    if (mark === 'BEGIN ' || mark.startsWith('END ')) return this.#armour(at, end, word);
    const option = isFine ? this.#option(at, end) : undefined;
    // A single dash may be a part of a token; a run of them is looked at once.
    return option ?? (end - at > 3 || input[at] === input[at + 1] ? { end } : undefined);
  }

  #armour(start: number, end: number, word: number): Look {
    const input = this.#input;
    const labelEnd = armourLabelEnd(input, word);
    const behind = dashesEnd(input, labelEnd);
    const label = input.toString('latin1', word, labelEnd);
    if (behind === labelEnd || !label.includes('KEY')) return { end };
    const edits: Edit[] = [];
    const mend = (from: number, to: number, text: string): void => {
      if (input.toString('latin1', from, to) !== text) edits.push({ start: from, end: to, text });
    };
    mend(start, word, armourDashes);
    mend(word, labelEnd, label.trim().replace(/\s+/g, ' '));
    mend(labelEnd, behind, armourDashes);
    if (edits.length === 0) return { end: behind };
    const armourEnd = label.startsWith('END') ? -1 : this.#armourEnds.next(behind);
    const isNear = armourEnd >= 0 && armourEnd - start < longestBlock;
    return {
      damage: { edits, start: shownFrom(input, start), end: shownTo(input, isNear ? armourEnd : behind) },
      end: behind,
    };
  }

  #option(start: number, end: number): Look | undefined {
    const input = this.#input;
    if (!isBreak(input[start - 1])) return undefined;
    if (
      end - start === 3 &&
      tellingLetters.includes(String.fromCharCode(input[end] ?? 0)) &&
      !isLower(input[end + 1])
    )
      return { damage: near(input, [{ start, end, text: '-' }], start, end + 1), end: end + 1 };
    const edits: Edit[] = [];
    const run = optionDashes(input, start, end);
    edits.push({ start, end, text: run });
    let at = end;
    const limit = Math.min(input.length, end + longestOption);
    while (at < limit) {
      if (isLower(input[at])) at++;
      else {
        const length = at > end ? dashLength(input, at) : 0;
        if (length === 0) break;
        if (length > 1) edits.push({ start: at, end: at + length, text: '-' });
        at += length;
      }
    }
    if (!telling.test(input.toString('latin1', end, at))) return { end };
    return { damage: near(input, edits, start, at), end: at };
  }

  #token(at: number): Look | undefined {
    const input = this.#input;
    // A fine dash may have taken the place of a prefix's hyphen.
    const isFine = fineDashAt(input, at) > 0;
    for (const { anchor, prefix, before } of placed.get(isFine ? 0x2d : (input[at] as number)) ?? []) {
      const start = at - before;
      if (start < 0 || isWordBefore(input[start - 1])) continue;
      const head = Math.min(before, prefix.length);
      if (input.compare(prefix, 0, head, start, at) !== 0) continue;
      if (!isFine && !startsWith(input, prefix, start)) continue;
      const { edits, end } = mendToken(input, start, anchor);
      if (edits.length === 0) {
        if (end > at) return { end };
        continue;
      }
      return { damage: near(input, edits, start, end), end };
    }
    return undefined;
  }
}

function startsWith(input: Buffer, prefix: Buffer, start: number): boolean {
  return (
    start + prefix.length <= input.length &&
    input.compare(prefix, 0, prefix.length, start, start + prefix.length) === 0
  );
}

/** Of several dashes each was one hyphen, unless there is only one. */
function optionDashes(input: Buffer, start: number, end: number): string {
  const dash = fineDashAt(input, start);
  return end - start === 3 && !isLongDash(dash) ? '-' : '--';
}

/** Behind `BEGIN RSA PRIVATE KEY`: capitals and digits, with blanks or a line end between. */
function armourLabelEnd(input: Uint8Array, word: number): number {
  const limit = Math.min(input.length, word + longestLabel);
  let at = word;
  while (at < limit) {
    const byte = input[at] as number;
    const isCapital = byte >= 0x41 && byte < 0x5b;
    const isDigit = byte >= 0x30 && byte < 0x3a;
    if (!isCapital && !isDigit && !isBlank(byte)) break;
    at++;
  }
  return at;
}

function dashesEnd(input: Uint8Array, from: number): number {
  let end = from;
  for (let length = dashLength(input, end); length > 0; length = dashLength(input, end)) end += length;
  return end;
}

function skipBlanks(input: Uint8Array, from: number): number {
  let i = from;
  while (i < from + 3 && input[i] === 0x20) i++;
  return i;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** True before the first byte of a word. */
function isBreak(byte: number | undefined): boolean {
  return (
    byte === undefined || isBlank(byte) || byte === 0x22 || byte === 0x27 || byte === 0x28 || byte === 0x60
  );
}

function isLower(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x61 && byte < 0x7b;
}

function isWordBefore(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= 0x30 && byte < 0x3a) || ((byte | 0x20) >= 0x61 && (byte | 0x20) < 0x7b);
}

/** Start of what is shown before `at`: of a whole line if one begins near. */
function shownFrom(input: Buffer, at: number): number {
  const from = Math.max(0, at - reach);
  const found = from === 0 ? -1 : input.subarray(from, at).indexOf(newline);
  return found < 0 ? wholeCharacter(input, from) : from + found + 1;
}

/** End of what is shown behind `at`: of a whole line if one ends near. */
function shownTo(input: Buffer, at: number): number {
  const to = Math.min(input.length, at + reach);
  const found = to === input.length ? -1 : input.subarray(at, to).lastIndexOf(newline);
  return found < 0 ? wholeCharacter(input, to) : at + found;
}

/** `at`, or the end of the character that it would cut. */
function wholeCharacter(input: Uint8Array, at: number): number {
  let i = at;
  while (i < input.length && ((input[i] as number) & 0xc0) === 0x80) i++;
  return i;
}

function near(input: Buffer, edits: readonly Edit[], start: number, end: number): Damage {
  return { edits, start: shownFrom(input, start), end: shownTo(input, end) };
}

function written(input: Buffer, damages: readonly Damage[]): DerivedText {
  const out = new ViewWriter(input);
  let copied = damages[0]?.start ?? 0;
  let shown = copied;
  for (const { edits, start, end } of damages) {
    if (start > shown) {
      out.copy(copied, shown);
      out.put(shown, shown, lineFeed);
      copied = start;
    }
    shown = Math.max(shown, end);
    for (const edit of edits) {
      out.copy(copied, edit.start);
      out.put(edit.start, edit.end, Buffer.from(edit.text, 'latin1'));
      copied = edit.end;
    }
    shown = Math.max(shown, copied);
  }
  out.copy(copied, shown);
  const { bytes, map } = out.finish();
  return { bytes, map, spelling: [] };
}
