import { expect, test } from 'vitest';
import { cachedCore } from '../../../scripts/build-core.mjs';
import { loadCoreModule } from '../../../src/prefilter/core-module.js';
import { JsonTape, jsonFlags, jsonKinds } from '../../../src/prefilter/json-tape.js';
import { drawer } from '../../support/draw.js';

const module = loadCoreModule(await cachedCore());
if (module === undefined) throw new Error('the core was not built');
const words = ['-----', 'ghp_', 'sk-', 'xox', 'safelinks.protection.'];
const tape = new JsonTape(module, words);
const keys = ['text', 'ts', 'a', 'blocks', 'a_rather_long_key_of_31_letters'];
tape.useKeys(keys);

/** The elements of an array that the tape reads, from behind its bracket on. */
function read(json: string, at = 1): number[] {
  const bytes = Buffer.from(json);
  expect(tape.put(bytes, at, bytes.length)).toBe(true);
  const count = tape.read(0);
  const elements: number[] = [];
  for (let element = 0; elements.length < count; element = tape.next(element)) elements.push(element);
  return elements;
}

/** The value at an entry, put together from entries alone. */
function rebuilt(entry: number): unknown {
  const kind = tape.kind(entry);
  if (kind === jsonKinds.string) return tape.string(entry);
  if (kind < jsonKinds.string) return tape.value(entry);
  const inner: unknown[] = [];
  const own: [number, unknown][] = [];
  for (let at = entry + 5; at < tape.next(entry); at = tape.next(at)) {
    inner.push(rebuilt(at));
    own.push([tape.key(at), rebuilt(at)]);
  }
  return kind === jsonKinds.array ? inner : own;
}

/** The same of a value that was parsed. */
function expected(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expected);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([key, member]) => [keys.indexOf(key) + 1, expected(member)]);
}

const strange = [
  '',
  'a',
  'text',
  '"',
  '\\',
  '/',
  '\n\t\r\b\f',
  'ü\u2028',
  '😀',
  '\ud800',
  '\u007f',
  '<&{[',
  'x'.repeat(70),
];

function made(seed: number): unknown {
  const { below, pick, chance } = drawer(seed);
  const value = (depth: number): unknown => {
    if (depth > 5 || chance(2))
      return pick<unknown>([null, true, false, 0, -1.5e-7, 12, 1e21, pick(strange), pick(strange)]);
    if (chance(2)) return Array.from({ length: below(4) }, () => value(depth + 1));
    return object(depth + 1);
  };
  const object = (depth: number): unknown =>
    Object.fromEntries(
      Array.from({ length: below(5) }, () => [
        pick([...keys, 'other', 'ü', 'x'.repeat(40), '']),
        value(depth),
      ]),
    );
  return Array.from({ length: 1 + below(6) }, () => object(0));
}

test('what is JSON is read to the letter', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const value = made(seed) as unknown[];
    for (const indent of [undefined, 1, 4, '\t']) {
      const json = JSON.stringify(value, null, indent);
      const elements = read(json);
      expect(elements.length, json).toBe(value.length);
      elements.forEach((element, i) => {
        expect(rebuilt(element)).toEqual(expected(value[i]));
        expect(tape.newlinesBefore(element)).toBe(
          Buffer.from(json)
            .subarray(1, 1 + tape.offset(element))
            .toString()
            .split('\n').length - 1,
        );
      });
    }
  }
});

test('what is not, ends the reading before it', () => {
  let broken = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const { below, pick } = drawer(seed);
    const value = made(seed) as unknown[];
    const json = Buffer.from(JSON.stringify(value, null, pick([undefined, 2])));
    const at = below(json.length);
    const part = pick(['', '"', '}', '{', ']', ',', ':', '\\', '0', '.', 'e', '-', '\n', '\u0001', 'x', 'ü']);
    const damaged = Buffer.concat([json.subarray(0, at), Buffer.from(part), json.subarray(at + below(3))]);
    const bytes = damaged[0] === 0x5b ? damaged : Buffer.concat([Buffer.from('['), damaged]);
    expect(tape.put(bytes, 1, bytes.length)).toBe(true);
    const count = tape.read(0);
    if (count < value.length) broken++;
    for (let i = 0, element = 0; i < count; i++, element = tape.next(element)) {
      const start = 1 + tape.offset(element);
      const own = bytes.subarray(start, start + tape.size(element)).toString();
      const parsed = JSON.parse(own) as object;
      if (!tape.has(element, jsonFlags.odd)) expect(rebuilt(element)).toEqual(expected(parsed));
    }
  }
  expect(broken).toBeGreaterThan(1000);
});

test('a key that comes twice, or in disguise, makes an element odd', () => {
  const odd = (json: string): boolean[] => read(json).map((element) => tape.has(element, jsonFlags.odd));
  expect(
    odd('[{"text":1,"text":2},{"text":1},{"t\\u0065xt":1},{"b":{"a":1,"a":2}},{"b":{"a":1},"a":2}]'),
  ).toEqual([true, false, true, true, false]);
});

test('flags say what a string may hold', () => {
  const flagsOf = (text: string): number => {
    const [element = 0] = read(JSON.stringify([{ text }]));
    return (tape.entries[element + 5] as number) & 0xfff8;
  };
  const filler = 'x'.repeat(23);
  for (const lead of ['', 'y', filler]) {
    expect(flagsOf(`${lead} plain words`)).toBe(0);
    expect(flagsOf(`${lead}<`)).toBe(jsonFlags.less);
    expect(flagsOf(`${lead}&${filler}`)).toBe(jsonFlags.ampersand);
    expect(flagsOf(`${lead}{`)).toBe(jsonFlags.brace);
    expect(flagsOf(`${lead}[`)).toBe(jsonFlags.bracket);
    expect(flagsOf(`${lead}ü`)).toBe(jsonFlags.beyondAscii);
    expect(flagsOf(`${lead}\u007f`)).toBe(jsonFlags.beyondAscii);
    expect(flagsOf(`${lead}\n`)).toBe(jsonFlags.escapes);
    expect(flagsOf(`${lead}\r`) & jsonFlags.odd).toBe(jsonFlags.odd);
    expect(flagsOf(`${lead}\\`)).toBe(jsonFlags.escapes | jsonFlags.backslash);
    for (const word of words) {
      expect(flagsOf(`${lead}${word}`) & jsonFlags.word, word).toBe(jsonFlags.word);
      expect(flagsOf(`${lead}a${word}b`) & jsonFlags.word, word).toBe(jsonFlags.word);
    }
  }
});

test('pairs are noted within a scope, for one owner at a time', () => {
  const [first = 0, second = 0, third = 0] = read('[{"a":1,"b":"one"},{"a":1,"b":"two"},{"a":1,"b":"one"}]');
  const pair = (element: number) => [tape.place(element + 5), tape.place(element + 10)] as const;
  const { notes } = tape;
  notes.belongTo({});
  expect(notes.add(0, ...pair(first))).toBe(1);
  expect(notes.find(0, ...pair(third))).toBe(1);
  expect(notes.find(1, ...pair(third))).toBe(0);
  expect(notes.find(0, ...pair(second))).toBe(0);
  expect(notes.add(1, ...pair(third))).toBe(2);
  expect(notes.add(1, ...pair(first))).toBe(2);
  notes.belongTo({});
  expect(notes.find(0, ...pair(first))).toBe(0);
});

test('a key is told as it is written', () => {
  const [element = 0] = read('[{"a" :\n1,"some key": {},"x":"y"}]');
  const members = [element + 5, element + 10, element + 15];
  expect(members.map((entry) => tape.keyText(entry))).toEqual(['a', 'some key', 'x']);
});

test('strings are undone as JSON.parse undoes them', () => {
  const { below, pick } = drawer(5);
  const pieces = [...strange, '\udc00\ud800', 'plain words', '\u07ff\u0800\uffff', '\ud83d', '\ude00'];
  const asUnit = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  for (let round = 0; round < 3000; round++) {
    const value = Array.from({ length: below(5) }, () => pick(pieces)).join('');
    const json = JSON.stringify(value)
      .slice(1, -1)
      .replace(/(?<!\\)[^\\"\w]|[é-\uffff]/g, (char) => (below(3) === 0 ? asUnit(char) : char));
    const [element = 0] = read(`[{"a":"${json}"}]`);
    const string = element + 5;
    const start = tape.undone.end;
    const end = tape.undone.add(tape.start(string), tape.endOf(string));
    const undone = tape.undone.bytes(start, end + 1);
    const parsed: string = JSON.parse(Buffer.from(`"${json}"`).toString());
    expect(undone.toString('hex'), json).toBe(Buffer.from(`${parsed}\n`).toString('hex'));
    if (below(20) === 0) tape.undone.clear();
  }
  expect(tape.undone.addBytes(Buffer.alloc(4 << 20))).toBe(false);
});
