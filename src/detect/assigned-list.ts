/**
 * Several secrets, or the bytes of one, under one name: `"tokens": ["x", "y"]`, `secret := []byte{207, 189, …}`. Asked
 * only where no single value is assigned to the name.
 */
import { SecretValue } from '../model/secret-value.js';
import type { CompiledRule } from '../rules/rule-set.js';
import type { Verdict } from './assigned-random.js';
import { judgeAssigned } from './assigned-value.js';
import { nameAround } from './assignment-syntax.js';
import { isBlank, isName, isNewline, isQuote } from './byte-class.js';
import { reachBehind } from './detector-reach.js';
import { type Emit, isAtLeast, lowerOf } from './draft.js';
import { quotedValue, skipSpace, type Value } from './literal.js';
import { looksRandom } from './randomness.js';
import { type NameWeight, nameWeightOf } from './slot-name.js';

const comma = 0x2c;
const openBracket = 0x5b;
const openBrace = 0x7b;
/** Bytes between a name and the bracket: a quote, an operator, the name of a type. */
const mostHead = 40;
const mostElements = 64;
/** Fewer numbers are a version, a colour or an address. */
const leastNumbers = 12;
const mostNumberBytes = 1600;
const mostListBytes = 8192;

/** Offset of the bracket that opens what is assigned to the name that ends at `from`; -1 where another thing stands. */
function openingAt(bytes: Uint8Array, from: number): number {
  let hasOperator = false;
  for (let i = from; i < from + mostHead; i++) {
    const byte = bytes[i];
    if (byte === undefined || isNewline(byte) || byte === 0x3b || byte === comma) return -1;
    if (byte === 0x3d || byte === 0x3a) hasOperator = true;
    // `[]byte{`, `[16]byte{`: a type before the brace.
    else if (
      byte === openBracket &&
      (bytes[i + 1] === 0x5d || /^\[\d{1,3}\]/.test(latin1(bytes, i, i + 5)))
    ) {
      while (bytes[i] !== 0x5d) i++;
    } else if (byte === openBracket || byte === openBrace) return hasOperator ? i : -1;
    else if (!isBlank(byte) && !isName(byte) && !isQuote(byte) && byte !== 0x3e && byte !== 0x28) return -1;
  }
  return -1;
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(
    bytes.buffer,
    bytes.byteOffset + from,
    Math.max(0, Math.min(bytes.length, to) - from),
  ).toString('latin1');
}

/** The strings of the list that opens at `open`; empty when something else is in it. */
function elementsAt(bytes: Uint8Array, open: number, reach: ListReach): Value[] {
  const found: Value[] = [];
  let at = skipSpace(bytes, open + 1, 80);
  while (found.length < mostElements && reach.upTo(at + 1) > at && isQuote(bytes[at])) {
    const value = quotedValue(bytes, at);
    if (value === undefined || reach.upTo(value.end + 1) <= value.end) break;
    found.push(value);
    at = skipSpace(bytes, value.end + 1, 80);
    if (bytes[at] !== comma) break;
    at = skipSpace(bytes, at + 1, 80);
  }
  return found;
}

/** What one of them would be called: `tokens` are each a token. */
function weightOfOne(name: string): { name: string; weight: NameWeight } {
  const one = name.replace(/(?<=[a-z])s$|(?<=[A-Z])S$/, '');
  return { name: one, weight: one === name ? 'none' : nameWeightOf(one) };
}

/** A random value in hex is the shape of an id, but ids in a list are not called tokens. */
function verdictOn(name: string, weight: NameWeight, text: string): Verdict | undefined {
  const verdict = judgeAssigned({
    name,
    weight,
    text,
    form: 'quoted',
    isQuoted: true,
    isTight: false,
    hasUser: false,
    isSetting: true,
  });
  if (verdict === undefined || isAtLeast(verdict.confidence, 'medium')) return verdict;
  const isRandomId = weight === 'secret' && verdict.reasons.includes('random') && text.length >= 16;
  return isRandomId && looksRandom(text) ? { confidence: 'medium', reasons: verdict.reasons } : undefined;
}

/** Octets in decimal or hex that a machine drew: of all sizes, hardly any twice, in no order. */
function isDrawnOctets(text: string): boolean {
  const numbers = text.match(/0x[0-9a-f]{1,2}\b|\b\d{1,3}\b/gi)?.map(Number) ?? [];
  if (numbers.length < leastNumbers || numbers.some((octet) => octet > 255)) return false;
  if (new Set(numbers).size * 4 < numbers.length * 3 || numbers.filter((octet) => octet > 96).length < 5)
    return false;
  const steps = new Set(numbers.slice(1).map((octet, i) => octet - (numbers[i] as number)));
  return steps.size * 2 > numbers.length;
}

function octetsAt(bytes: Buffer, open: number, reach: ListReach): Value | undefined {
  const text = bytes.toString('latin1', open + 1, reach.upTo(open + mostNumberBytes));
  const body =
    /^\s*((?:\(byte\)\s?)?(?:0x[0-9a-f]{1,2}|\d{1,3})(?:\s*,\s*(?:\(byte\)\s?)?(?:0x[0-9a-f]{1,2}|\d{1,3}))+)\s*(?:,\s*)?[\]}]/i.exec(
      text,
    );
  if (body?.[1] === undefined || !isDrawnOctets(body[1])) return undefined;
  const start = open + 1 + text.indexOf(body[1]);
  return { start, end: start + body[1].length, quote: 0 };
}

/**
 * Whether bytes behind a trigger still decide about it, as the locality contract has it (detector-reach.ts): within so many
 * bytes, and not far behind the end of its line. That end is sought only as far as the list goes: a long line may hold
 * a trigger every few bytes.
 */
class ListReach {
  readonly #bytes: Buffer;
  /** No newline stands between the trigger and here. */
  #line: number;
  #ceiling: number;
  #isSettled = false;

  constructor(bytes: Buffer, from: number) {
    this.#bytes = bytes;
    this.#line = from;
    this.#ceiling = Math.min(bytes.length, from + mostListBytes);
  }

  /** The offset itself, or the end of the reach when that comes first. */
  upTo(offset: number): number {
    while (!this.#isSettled && this.#line < offset) {
      if (this.#line >= this.#ceiling) this.#isSettled = true;
      else if (isNewline(this.#bytes[this.#line])) {
        this.#ceiling = Math.min(this.#ceiling, reachBehind(this.#bytes, this.#line + 1));
        this.#isSettled = true;
      } else this.#line++;
    }
    return Math.min(offset, this.#ceiling);
  }
}

/** Emits what the list behind the trigger at `[hitStart, hitEnd)` holds. */
export function detectAssignedList(
  rule: CompiledRule,
  bytes: Buffer,
  hitStart: number,
  hitEnd: number,
  emit: Emit,
): void {
  let behind = hitEnd;
  while (isName(bytes[behind]) && behind - hitEnd < 24) behind++;
  const open = openingAt(bytes, isQuote(bytes[behind]) ? behind + 1 : behind);
  if (open < 0) return;
  const first = bytes[skipSpace(bytes, open + 1, 80)] as number;
  const isNumber = first >= 0x30 && first <= 0x39;
  if (!isNumber && (bytes[open] !== openBracket || !isQuote(first))) return;
  const span = nameAround(bytes, hitStart, hitEnd);
  if (span === undefined) return;
  const slot = bytes.toString('utf8', span.start, span.end);
  const reach = new ListReach(bytes, hitEnd);
  const draft = (value: Value, { confidence, reasons }: Verdict): void =>
    emit({
      rule,
      value: new SecretValue(Buffer.from(bytes.subarray(value.start, value.end))),
      start: value.start,
      end: value.end,
      layers: [],
      confidence: lowerOf(confidence, rule.confidence),
      reasons: ['listed', ...reasons],
      slot,
    });
  if (isNumber) {
    const weight = nameWeightOf(slot);
    const octets = weight === 'secret' || weight === 'password' ? octetsAt(bytes, open, reach) : undefined;
    if (octets !== undefined) draft(octets, { confidence: 'medium', reasons: ['octets', 'random'] });
    return;
  }
  const { name, weight } = weightOfOne(slot);
  if (weight !== 'secret' && weight !== 'password') return;
  const judged = elementsAt(bytes, open, reach).map(
    (value) => [value, verdictOn(name, weight, bytes.toString('utf8', value.start, value.end))] as const,
  );
  // One that is none makes it a list of other things, wherever it stands.
  if (judged.some(([, verdict]) => verdict === undefined)) return;
  for (const [value, verdict] of judged) if (verdict !== undefined) draft(value, verdict);
}
