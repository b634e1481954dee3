import { describe, expect, test } from 'vitest';
import { repairJson } from '../../../../src/sources/exports/json-repair.js';

describe('repairing a JSON value', () => {
  test.each([
    ['whole', '{"a":[1,true,null,"x\\u00e9\\n"],"b":{}}', { a: [1, true, null, 'xé\n'], b: {} }],
    ['cut in a string', '{"a":"one","b":"two words', { a: 'one', b: 'two ' }],
    ['cut in an escape', '{"a":["x","y z\\u00', { a: ['x', 'y '] }],
    ['cut in a key', '{"a":1,"b', { a: 1 }],
    ['cut in a word', '{"a":1,"b":tr', { a: 1 }],
    ['a raw newline in a string', '{"a":"x\ny","b":1}', { a: 'x\ny', b: 1 }],
    ['an escape that is none', '{"a":"C:\\work \\x","b":1}', { a: 'C:\\work \\x', b: 1 }],
    ['quotes within a string', '{"a":"say "hi" to","b":1}', { a: 'say "hi" to', b: 1 }],
    ['a lost closing quote', '{"a":"x,"b":"y"}', { a: 'x', b: 'y' }],
    ['a lost closing quote before a new line', '{"a":"x,\n  "b":"y"}', { a: 'x', b: 'y' }],
    ['a lost opening quote', '{"a":x y","b":"z"}', { a: 'x y', b: 'z' }],
    ['a bracket of the wrong kind', '{"a":[1,2},"b":3', { a: [1, 2] }],
    ['a lost bracket of an array', '{"a":{"x":[1,{"y":"t"}},"b":3}', { a: { x: [1, { y: 't' }] }, b: 3 }],
    ['a member without a key', '{"a":1,{"b":"t"}}', { a: 1, '': { b: 't' } }],
    ['garbage', '\0\0\0', undefined],
  ])('%s', (_, text, value) => {
    expect(repairJson(text)).toEqual(value);
  });

  test('long strings with escapes keep every character', () => {
    const value = 'é\\"\n👍\u0001x'.repeat(5000);
    const literal = JSON.stringify(value);
    const escaped = literal.replace(
      /[^\x20-\x7e]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    for (const text of [literal, escaped]) {
      for (const before of ['', 'a', 'ab']) {
        const given = `{"t":"${before}${text.slice(1)},"x":`;
        expect(repairJson(given)).toEqual({ t: before + value });
      }
    }
  });

  test('what is nested too deeply is left out', () => {
    const value = repairJson(`{"a":"kept","b":${'[{"c":'.repeat(10_000)}`);
    expect(value).toMatchObject({ a: 'kept' });
  });
});
