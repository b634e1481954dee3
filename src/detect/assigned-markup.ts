/** Values in elements, tags, tables and bold text: XML, HTML, plists, wiki and Markdown markup. */
import { proseWord } from './assigned-bytes.js';
import { hasFoldedAt, isBlank, isLetter, isName, isNewline, isQuote, skipBlanks } from './byte-class.js';
import { mostValueBytes, quotedValue, skipSpace, type Value } from './literal.js';

const lessThan = 0x3c;
const greaterThan = 0x3e;
const colon = 0x3a;
const asterisk = 0x2a;
const pipe = 0x7c;

const cdata = '<![cdata[';
/** Bytes before a name in which its tag opens. */
const tagReach = 80;
/** Bytes of attributes behind a name. */
const attributesReach = 200;

/** Text of an element from behind its `>` to the next tag, blanks and line ends round it dropped. */
export function elementText(bytes: Uint8Array, at: number): Value | undefined {
  let start = skipSpace(bytes, at, 80);
  const isCdata = hasFoldedAt(bytes, start, cdata);
  if (isCdata) start += cdata.length;
  const ceiling = Math.min(bytes.length, start + mostValueBytes);
  let end = start;
  while (end < ceiling && !isNewline(bytes[end])) {
    if (isCdata ? bytes[end] === 0x5d && bytes[end + 1] === 0x5d : bytes[end] === lessThan) break;
    end++;
  }
  const next = isCdata ? end : skipSpace(bytes, end, 80);
  if (isCdata ? bytes[next] !== 0x5d : bytes[next] !== lessThan || bytes[next + 1] !== 0x2f) return undefined;
  while (end > start && isBlank(bytes[end - 1])) end--;
  return end > start ? { start, end, quote: 0 } : undefined;
}

/** Behind at most four tags (`</b>`, `</td><td>`, `</name>\n<value>`): where text begins again; -1 without a tag. */
export function behindTags(bytes: Uint8Array, at: number): number {
  let i = skipSpace(bytes, at, 40);
  let isAfterTag = false;
  for (let tags = 0; tags < 4 && bytes[i] === lessThan; tags++) {
    const first = bytes[i + 1] === 0x2f ? bytes[i + 2] : bytes[i + 1];
    if (!isLetter(first)) break;
    let end = i + 2;
    while (end - i < 80 && bytes[end] !== greaterThan && bytes[end] !== lessThan && !isNewline(bytes[end]))
      end++;
    if (bytes[end] !== greaterThan) return -1;
    i = skipSpace(bytes, end + 1, 40);
    isAfterTag = true;
  }
  return isAfterTag ? i : -1;
}

/** The text behind the tags at `at`. */
export function behindMarkup(bytes: Uint8Array, at: number): Value | undefined {
  const text = behindTags(bytes, at);
  if (text < 0 || bytes[text] === lessThan) return undefined;
  return elementText(bytes, text) ?? proseWordOrQuoted(bytes, text);
}

function opensTagBefore(bytes: Uint8Array, nameStart: number): boolean {
  const floor = Math.max(0, nameStart - tagReach);
  let tag = nameStart - 1;
  while (tag >= floor && bytes[tag] !== lessThan && bytes[tag] !== greaterThan && !isNewline(bytes[tag]))
    tag--;
  return bytes[tag] === lessThan;
}

/** The value within `<password>value</password>`, `<string name="password">value<`, `<property name="password"><value>value<`. */
export function xmlText(bytes: Uint8Array, nameStart: number, at: number): Value | undefined {
  if (!opensTagBefore(bytes, nameStart)) return undefined;
  const text = elementText(bytes, at + 1);
  if (text !== undefined) return text;
  const inner = skipSpace(bytes, at + 1, 80);
  return hasFoldedAt(bytes, inner, '<value>') ? elementText(bytes, inner + 7) : undefined;
}

/** Offset of the `>` that ends the tag with the attributes at `at`; -1 for an empty element or none. */
function attributesEnd(bytes: Uint8Array, at: number): number {
  for (let i = at; i < at + attributesReach; i++) {
    if (bytes[i] === greaterThan) return bytes[i - 1] === 0x2f ? -1 : i;
    if (bytes[i] === lessThan || bytes[i] === undefined) return -1;
  }
  return -1;
}

/** `<wsse:Password Type="...">`: offset of the `>` that ends the tag whose name the trigger stands in; -1 when it is none. */
export function tagEnd(bytes: Uint8Array, nameStart: number, at: number): number {
  let tag = nameStart;
  if (bytes[tag - 1] === colon)
    while (tag > 0 && nameStart - tag < 40 && (isName(bytes[tag - 1]) || bytes[tag - 1] === colon)) tag--;
  return bytes[tag - 1] === lessThan ? attributesEnd(bytes, at) : -1;
}

/** `<setting name="Password" serializeAs="String">`: the text of the element whose attribute names it. */
export function namedElementText(bytes: Uint8Array, nameStart: number, at: number): Value | undefined {
  const isNaming =
    hasFoldedAt(bytes, nameStart - 6, 'name="') ||
    hasFoldedAt(bytes, nameStart - 5, 'key="') ||
    hasFoldedAt(bytes, nameStart - 4, 'id="');
  if (!isNaming || !opensTagBefore(bytes, nameStart)) return undefined;
  const end = attributesEnd(bytes, at);
  return end < 0 ? undefined : xmlText(bytes, nameStart, end);
}

/** `.value = "x"` of a document, `.type("x")`, `.fill("x")`, `.send_keys("x")` of programs that drive a browser. */
const fieldSetter = /^\.(?:value\s{0,3}=\s{0,3}|(?:type|fill|val|send_?keys|set_?value)\(\s{0,3})(?=["'`])/i;

/** What is typed into the field that a selector names: behind `('#password')` or `("password"]`. */
export function typedIntoField(bytes: Buffer, at: number): Value | undefined {
  if (bytes[at] !== 0x2e) return undefined;
  const head = fieldSetter.exec(bytes.toString('latin1', at, at + 32))?.[0];
  return head === undefined ? undefined : quotedValue(bytes, at + head.length);
}

/** `name="password" type="hidden" value="x"`: the value some attributes behind the one that names the field; `at` is the quote. */
const laterValue = /^"(?:\s{1,8}[\w:-]{1,24}="[^"<>\n]{0,60}"){1,4}?\s{1,8}value="/i;

export function attributeValue(bytes: Buffer, nameStart: number, at: number): Value | undefined {
  if (bytes[at] !== 0x22 || !opensTagBefore(bytes, nameStart)) return undefined;
  const head = laterValue.exec(bytes.toString('latin1', at, at + attributesReach))?.[0];
  return head === undefined ? undefined : quotedValue(bytes, at + head.length - 1);
}

/** A word of running text or a quoted one, emphasis and a tag before it skipped. */
export function proseWordOrQuoted(bytes: Uint8Array, at: number): Value | undefined {
  if (bytes[at] === lessThan) return behindMarkup(bytes, at);
  let start = at;
  if (isQuote(bytes[start + 1]) || bytes[start + 1] === asterisk) while (bytes[start] === asterisk) start++;
  // "```value```"
  if (bytes[start] === 0x60 && bytes[start + 1] === 0x60 && bytes[start + 2] === 0x60) {
    const word = proseWord(bytes, start + 3);
    return word !== undefined && bytes[word.end] === 0x60 ? { ...word, quote: 0x60 } : undefined;
  }
  if (isQuote(bytes[start])) return quotedValue(bytes, start);
  return betweenMarks(bytes, start) ?? proseWord(bytes, start);
}

/** Quotation marks of books, by their bytes. */
const marks = ['“”', '„“', '””', '‘’', '«»', '‹›', '「」', '『』', '【】', '＂＂'].map(([open, close]) =>
  [open, close].map((mark) => Buffer.from(mark as string, 'utf8')),
) as [Buffer, Buffer][];
const mostBetweenMarks = 128;

/** `“value”`, `「value」`: the text between the marks; blanks inside them are none of it. */
function betweenMarks(bytes: Uint8Array, at: number): Value | undefined {
  if ((bytes[at] ?? 0) < 0xc2) return undefined;
  const pair = marks.find(([open]) => open.every((byte, i) => bytes[at + i] === byte));
  if (pair === undefined) return undefined;
  const [open, close] = pair;
  const start = skipBlanks(bytes, at + open.length);
  const line = bytes.subarray(start, start + mostBetweenMarks);
  const length = Buffer.from(line.buffer, line.byteOffset, line.length).indexOf(close);
  if (length < 1 || line.subarray(0, length).some(isNewline)) return undefined;
  let end = start + length;
  while (end > start && bytes[end - 1] === 0x20) end--;
  return end > start ? { start, end, quote: 0x27 } : undefined;
}

/** `| password | value |`, `|password|value|`, `||Password||value|`: the cell behind the one that ends at `at`. */
export function nextCell(bytes: Uint8Array, at: number): Value | undefined {
  if (bytes[at] !== pipe) return undefined;
  let start = at + 1;
  while (bytes[start] === pipe) start++;
  if (start - at > 2) return undefined;
  start = skipBlanks(bytes, start);
  const value = proseWordOrQuoted(bytes, start);
  if (value === undefined || value.quote !== 0) return value;
  let end = value.start;
  while (end < value.end && bytes[end] !== pipe) end++;
  return end > value.start ? { ...value, end } : undefined;
}
