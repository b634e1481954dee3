/** The quick look at a string must never say "untouched" of a text that a view would change. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compactView } from '../../src/text/dialects/compact-view.js';
import { dialects } from '../../src/text/dialects/dialect.js';
import { plainView } from '../../src/text/dialects/plain-view.js';
import { tokenAnchors } from '../../src/text/dialects/token-anchors.js';
import { isUntouched } from '../../src/text/dialects/untouched.js';

const pieces = [
  'hello ',
  'a b',
  '\n',
  '\t',
  '\r\n',
  '-----BEGIN KEY-----\nab',
  '--password x',
  'https://a.example/?x=1&y=2',
  'https://x.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example',
  'https://urldefense.com/v3/__https://a.example__;',
  '<b>',
  '&amp;',
  '&#8211;',
  '{code}',
  '\\*',
  '[a|b]',
  '*bold*',
  "''x''",
  '> quoted\n',
  '\u001b[31m',
  '\u200b',
  '\u2013',
  'é',
  '2024-03-05T06:07:08.1234567Z ',
  ...tokenAnchors.map(({ prefix }) => `${prefix}abc\ndef`),
];

test('a text that is untouched has no view but itself', () => {
  const text = fc.array(
    fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'grapheme-ascii', maxLength: 6 })),
    {
      maxLength: 6,
    },
  );
  let untouched = 0;
  fc.assert(
    fc.property(text, fc.constantFrom(...dialects), (parts, dialect) => {
      const joined = parts.join('');
      if (!isUntouched(joined, dialect)) return;
      untouched++;
      const bytes = Buffer.from(joined);
      expect(bytes.length).toBe(joined.length);
      expect(plainView(bytes, dialect)).toBeUndefined();
      expect(compactView(bytes)).toBeUndefined();
    }),
    { numRuns: 5000 },
  );
  expect(untouched).toBeGreaterThan(500);
});
