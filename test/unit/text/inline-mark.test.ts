import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inlineMarkAt, inlineMarkReach } from '../../../src/text/inline-mark.js';

/** The mark that covers VALUE in the text. */
function markOf(text: string): string | undefined {
  const bytes = Buffer.from(text);
  const start = bytes.indexOf('VALUE');
  return inlineMarkAt(bytes, start, start + 5);
}

describe('on the same line', () => {
  test.each([
    ['key = "VALUE" # sprawl:allow', 'sprawl:allow'],
    ['key = "VALUE" // gitleaks:allow', 'gitleaks:allow'],
    ['key = "VALUE" # betterleaks:allow', 'betterleaks:allow'],
    ['key = "VALUE"  # pragma: allowlist secret', 'pragma: allowlist secret'],
    ['key = "VALUE"  # pragma: whitelist secret', 'pragma: allowlist secret'],
    ['key = "VALUE"  # pragma:allowlist-secret', 'pragma: allowlist secret'],
    ['<!-- trufflehog:ignore --> VALUE', 'trufflehog:ignore'],
    ['VALUE // secretlint-disable-line', 'secretlint-disable-line'],
    ['VALUE // secretlint-disable-line @secretlint/rule', 'secretlint-disable-line'],
    ['VALUE # ggignore', 'ggignore'],
    ['VALUE # kingfisher:ignore', 'kingfisher:ignore'],
    ['VALUE # GITLEAKS:ALLOW', 'gitleaks:allow'],
    ['VALUE # gitleaks:allow\r\nnext', 'gitleaks:allow'],
    ['VALUE', undefined],
    ['VALUE piggignored', undefined],
    ['VALUE mygitleaks:allowed', undefined],
    ['VALUE sprawl:allow-next-line', undefined],
    ['VALUE secretlint-disable-next-line', undefined],
    ['VALUE\n# gitleaks:allow', undefined],
    ['# gitleaks:allow\nVALUE', undefined],
  ])('%j', (text, expected) => {
    expect(markOf(text)).toBe(expected);
  });
});

describe('on the line before', () => {
  test.each([
    ['# sprawl:allow-next-line\nVALUE', 'sprawl:allow-next-line'],
    ['# pragma: allowlist nextline secret\nVALUE', 'pragma: allowlist nextline secret'],
    ['// secretlint-disable-next-line\r\n  VALUE', 'secretlint-disable-next-line'],
    ['// secretlint-disable-next-line\n\nVALUE', undefined],
    ['VALUE\n// secretlint-disable-next-line', undefined],
  ])('%j', (text, expected) => {
    expect(markOf(text)).toBe(expected);
  });
});

test('a range of several lines is covered by a mark on any of them', () => {
  const text = 'a\nBEGIN\nbody # gitleaks:allow\nEND\nafter # ggignore\n';
  const bytes = Buffer.from(text);
  expect(inlineMarkAt(bytes, text.indexOf('BEGIN'), text.indexOf('after'))).toBe('gitleaks:allow');
  expect(inlineMarkAt(bytes, 0, 1)).toBeUndefined();
});

test('a mark behind a long range is seen, one far off on the line is not', () => {
  const long = 'x'.repeat(20_000);
  const near = Buffer.from(`${long} # gitleaks:allow`);
  expect(inlineMarkAt(near, 0, long.length)).toBe('gitleaks:allow');
  expect(inlineMarkAt(near, 0, 10)).toBeUndefined();
});

test('the verdict depends on nothing beyond the reach', () => {
  const word = fc.constantFrom('\n', ' ', 'x', '# gitleaks:allow', '# sprawl:allow-next-line', 'ggignore');
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), fc.array(word, { maxLength: 30 }), (before, after) => {
      const core = `${before.join('')}VALUE${after.join('')}`;
      const far = 'f'.repeat(2 * inlineMarkReach + 64);
      const framed = `ggignore ${far}\n${core}\n${far} ggignore`;
      expect(markOf(framed)).toBe(markOf(`\n${core}\n`));
    }),
  );
});
