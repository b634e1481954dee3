import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecodeBudget } from '../../../src/text/decode-budget.js';
import { findEncodedRuns } from '../../../src/text/encoded-runs.js';
import { hullOf } from '../../../src/text/offset-map.js';

const message =
  'DB_PASSWORD=Tr0ub4dor&3 plus ümlaut; and some more text to be long enough for several lines of it';

function decoded(text: string, budget?: DecodeBudget): { text: string; spelling: string }[] {
  return findEncodedRuns(Buffer.from(text), budget).map((view) => ({
    text: view.bytes.toString(),
    spelling: view.spelling.join('+'),
  }));
}

function wrap(text: string, width: number, between: string): string {
  return (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(between);
}

describe('findEncodedRuns', () => {
  const base64 = Buffer.from(message).toString('base64');
  const url = Buffer.from(`${message}???>>>`).toString('base64url');
  it.each([
    ['base64', `x: ${base64}\n`, 'base64'],
    ['unpadded', `x: "${base64.replace(/=/g, '')}"`, 'base64'],
    ['base64url', `x=${url}`, 'base64url'],
    ['hex', `0x${Buffer.from(message).toString('hex')};`, 'hex'],
    ['upper hex', Buffer.from(message).toString('hex').toUpperCase(), 'hex'],
    ['64 columns', wrap(base64, 64, '\n'), 'base64'],
    ['76 columns, indented', `data: |\n    ${wrap(base64, 76, '\r\n    ')}\nnext: 1`, 'base64'],
    ['escaped newlines', `"${wrap(base64, 64, '\\n')}\\n"`, 'base64'],
    ['concatenated', `"${wrap(base64, 64, '" +\n  "')}";`, 'base64'],
    ['behind a path', `secrets/prod/${base64}`, 'base64'],
    ['behind an escape', `"a\\n${base64}"`, 'base64'],
    ['behind a prefix', `my_key_${base64}`, 'base64'],
    ['gzip', `H: ${gzipSync(message).toString('base64')}`, 'base64+gzip'],
    ['zlib', `H: ${deflateSync(message).toString('base64')}`, 'base64+gzip'],
    ['PowerShell', `powershell -enc ${Buffer.from(message, 'utf16le').toString('base64')}`, 'base64+utf-16'],
    ['percent', `q=${encodeURIComponent(message)}&x=1`, 'percent'],
    ['twice', Buffer.from(base64).toString('base64'), 'base64+base64'],
    ['base64 in percent', `a=${encodeURIComponent(`x ${base64}`)}`, 'percent+base64'],
  ])('%s', (_name, text, spelling) => {
    const found = decoded(text).filter((view) => view.text.includes(message.slice(0, 60)));
    expect(found.map((view) => view.spelling)).toContain(spelling);
    expect(found.at(-1)?.text).toContain(message);
  });

  it.each([
    'const getElementsByClassNameFromDocument = createDocumentFragmentFromTemplateElement();',
    'src/main/java/org/springframework/boot/autoconfigure/condition/ConditionalOnProperty.java',
    'commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '--------------------------------------------------------------------------------',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'ghp_short and some-kebab-case-identifier-that-is-long_enough_to_be_a_run',
    '100% sure, 50%, %s %d',
  ])('rejects %s', (text) => {
    expect(decoded(text)).toEqual([]);
  });

  it('maps every decoded span back to the characters that encode it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-ascii', minLength: 20, maxLength: 200 }),
        fc.nat(),
        fc.nat(),
        fc.constantFrom('base64', 'base64url', 'hex') as fc.Arbitrary<'base64' | 'base64url' | 'hex'>,
        (text, from, size, encoding) => {
          const encoded = Buffer.from(text).toString(encoding);
          const bytes = Buffer.from(`k: "${encoded}"`);
          const view = findEncodedRuns(bytes).find((each) => each.bytes.toString() === text);
          if (encoding === 'hex' && text.length < 16) return;
          expect(view).toBeDefined();
          if (view === undefined) return;
          const start = from % text.length;
          const end = start + 1 + (size % (text.length - start));
          const hull = hullOf(view.map.toRaw({ start, end }));
          // Decoding the raw range from its group's border gives the span back.
          const unit = encoding === 'hex' ? 2 : 4;
          const lead = (hull.start - 4) % unit;
          const again = Buffer.from(bytes.toString('latin1', hull.start - lead, hull.end), encoding).toString(
            'latin1',
          );
          expect(again.includes(text.slice(start, end))).toBe(true);
          expect(hull.end - hull.start).toBeLessThanOrEqual(
            Math.ceil(((end - start) * unit) / (unit === 2 ? 1 : 3)) + 2,
          );
        },
      ),
    );
  });

  it('keeps one raw range over wrapped lines', () => {
    const text = `data: |\n  ${wrap(base64, 64, '\n  ')}\n`;
    const bytes = Buffer.from(text);
    const [view] = findEncodedRuns(bytes);
    const raw = view?.map.toRaw({ start: 0, end: Buffer.byteLength(message) });
    expect(raw).toEqual({
      ranges: [{ start: 10, end: text.trimEnd().replace(/=+$/, '').length }],
      exact: true,
    });
  });

  it('does not take a following word for the last line', () => {
    const body = Buffer.from('x'.repeat(96)).toString('base64');
    expect(decoded(`${wrap(body, 64, '\n')}\nnext line`)[0]?.text).toContain('x'.repeat(96));
  });

  it('stops at its budget and says so', () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000, 'a')).toString('base64');
    const budget = new DecodeBudget({ maxBytes: 1 << 20 });
    expect(decoded(bomb, budget)).toEqual([]);
    expect(budget.isExhausted).toBe(true);
  });

  it('stays linear on lines that all look like the start of a block', () => {
    const line = Buffer.from(`${'a'.repeat(30)}\u0000\u0001\u0002\u0003${'b'.repeat(14)}`).toString('base64');
    expect(decoded(`${line}\n`.repeat(20_000)).length).toBeLessThan(20_001);
  });
});
