/** The way back from a decoded value to the bytes of its literal, for every way in which JSON may spell it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { locateLeaf } from '../../src/sources/exports/json-locate.js';

/** Characters of one to four bytes, and such as JSON must escape. */
const value = fc.string({ unit: fc.constantFrom(...'ab"\\/\n\t\u0001é–👍\u2028=<'), maxLength: 12 });

const escapeUnits = (text: string): string =>
  Array.from(
    { length: text.length },
    (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');

/** One spelling of each character, drawn anew. */
const spelled = fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }).map(
  (choices) =>
    (text: string): string =>
      [...text]
        .map((character, i) =>
          choices[i % choices.length]
            ? escapeUnits(character)
            : character === '/' && choices[0]
              ? '\\/'
              : JSON.stringify(character).slice(1, -1),
        )
        .join(''),
);

describe('a leaf of a record', () => {
  test('is found by its pointer, and each character of it by its spelling', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 4 }),
        value,
        spelled,
        fc.nat(1000),
        (texts, key, spell, base) => {
          const literals = texts.map((text) => `"${spell(text)}"`);
          const prefix = `{"other": [1, {"x": "y"}],\n "${spell(key)}" : [null, `;
          const bytes = Buffer.from(`${prefix}${literals.join(' , ')} ] }`);
          texts.forEach((text, i) => {
            const pointer = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}/${i + 1}`;
            const leaf = locateLeaf(bytes, pointer, base);
            const literal = bytes.toString('utf8', (leaf?.start ?? 0) - base, (leaf?.end ?? 0) - base);
            expect(literal).toBe(literals[i]);
            let at = 0;
            for (const character of text) {
              const size = Buffer.byteLength(character);
              const raw = leaf?.map.toRaw({ start: at, end: at + size });
              const [range] = raw?.ranges ?? [];
              const written = bytes.toString('utf8', (range?.start ?? 0) - base, (range?.end ?? 0) - base);
              expect(JSON.parse(`"${written}"`)).toBe(character);
              expect(raw?.exact).toBe(true);
              at += size;
            }
            expect(leaf?.map.length).toBe(at);
          });
        },
      ),
    );
  });

  test('is found in UTF-16 too', () => {
    fc.assert(
      fc.property(value, fc.boolean(), (text, isBig) => {
        const bytes = Buffer.from(JSON.stringify({ a: { b: text } }), 'utf16le');
        const file = isBig ? Buffer.from(bytes).swap16() : bytes;
        const leaf = locateLeaf(file, '/a/b', 0, isBig ? 'utf-16be' : 'utf-16le');
        expect(bytes.toString('utf16le', leaf?.start, leaf?.end)).toBe(JSON.stringify(text));
        let at = 0;
        for (const character of text) {
          const size = Buffer.byteLength(character);
          const [range] = leaf?.map.toRaw({ start: at, end: at + size }).ranges ?? [];
          expect(JSON.parse(`"${bytes.toString('utf16le', range?.start, range?.end)}"`)).toBe(character);
          at += size;
        }
      }),
    );
  });
});

test('of equal keys the last is meant, as it is for the value', () => {
  const bytes = Buffer.from('{"a":"one","a":"two"}');
  expect(locateLeaf(bytes, '/a')).toMatchObject({ start: 15, end: 20 });
});

test('bytes of windows-1252 stand for characters of several bytes', () => {
  const bytes = Buffer.from('{"a":"caf\u00e9 x"}', 'latin1');
  const leaf = locateLeaf(bytes, '/a', 100);
  expect(leaf?.map.toRaw({ start: 6, end: 7 })).toEqual({ ranges: [{ start: 111, end: 112 }], exact: true });
});

test('an escaped lone surrogate keeps the places behind it', () => {
  const bytes = Buffer.from('{"a":"\\ud83dx"}');
  const decoded = Buffer.from(JSON.parse(bytes.toString()).a as string);
  const at = decoded.indexOf('x');
  expect(locateLeaf(bytes, '/a')?.map.toRaw({ start: at, end: at + 1 }).ranges).toEqual([
    { start: 12, end: 13 },
  ]);
});

test('numbers and words have places; objects, and what is not there, have none', () => {
  const bytes = Buffer.from('{"n": 12.5, "o": {}, "l": [true]}');
  expect(locateLeaf(bytes, '/n')).toMatchObject({ start: 6, end: 10 });
  expect(locateLeaf(bytes, '/l/0')).toMatchObject({ start: 27, end: 31 });
  expect(['/o', '/x', '/l/1', '/l/x', '/n/0'].map((pointer) => locateLeaf(bytes, pointer))).toEqual(
    Array(5).fill(undefined),
  );
});

test('what stands before the cut of a record that is cut off is found', () => {
  expect(locateLeaf(Buffer.from('{"a":"one","b":{"c":"tw'), '/a')).toMatchObject({ start: 5, end: 10 });
});
