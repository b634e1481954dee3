/** The shape of a short text comes from the parser, that of any other from a look at its tokens: they say the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonShapeOf } from '../../src/sources/exports/json-shape.js';

const key = fc.oneof(
  fc.constantFrom('ts', 'messages', '__proto__', '1', '02', '', 'é'),
  fc.string({ maxLength: 4 }),
);

/** Members in an order of their own, which objects with numbers as keys would not keep. */
const { value } = fc.letrec<{ value: string; object: string }>((tie) => ({
  object: fc
    .uniqueArray(fc.tuple(key, tie('value')), { maxLength: 4, selector: ([name]) => name })
    .map((members) => `{${members.map(([name, text]) => ` ${JSON.stringify(name)} :${text}`).join(',')}}`),
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('1', '-2.5e3', 'true', 'null', '"a\\"b"', '""'),
    tie('object'),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(' , ')}]`),
  ),
}));

test('the shape of a text does not depend on how it is found out', () => {
  fc.assert(
    fc.property(value, fc.constantFrom('', ' \n', '\ufeff'), (text, before) => {
      const short = before + text;
      expect(jsonShapeOf(short)).toEqual(jsonShapeOf(short + ' '.repeat(4000)));
    }),
    { numRuns: 500 },
  );
});
