import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TagCollector } from '../../src/detect/tag-collector.js';
import { sipKeyOf, sipTag } from '../../src/identity/siphash.js';
import { maxRunBytes, minRunBytes, visitStrongRuns } from '../../src/identity/sweep.js';

/** Runs by their definition: maximal runs of letters and digits, mixed from 6, uniform from 16 bytes. */
function runsOf(text: string): string[] {
  const runs: string[] = [];
  for (const match of text.matchAll(/[A-Za-z0-9]+/g)) {
    const run = match[0].slice(0, maxRunBytes);
    const isMixed = /\d/.test(run) && /[A-Za-z]/.test(run);
    if (run.length >= minRunBytes && (isMixed || run.length >= 16)) runs.push(`${match.index}:${run}`);
  }
  return runs;
}

function visited(text: string): string[] {
  const bytes = Buffer.from(text, 'latin1');
  const runs: string[] = [];
  visitStrongRuns(bytes, 0, bytes.length, (start, end) =>
    runs.push(`${start}:${bytes.toString('latin1', start, end)}`),
  );
  return runs;
}

const piece = fc.oneof(
  fc.constantFrom(' ', '.', '-', '\n', 'a', '7', 'ab1', 'secret', 'abcdef1', '1234567890123456', 'Ümlaut9'),
  fc.stringMatching(/^[a-c0-2]{1,20}$/),
);
const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

describe('strong runs', () => {
  it('are those of the definition', () => {
    fc.assert(
      fc.property(text, (whole) => {
        expect(visited(whole)).toEqual(runsOf(whole));
      }),
      { numRuns: 2000 },
    );
  });

  it('give the same distinct tags through the cache as without it', () => {
    const key = sipKeyOf(Buffer.alloc(16, 5));
    const collector = new TagCollector(key);
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), (parts) => {
        const bytes = Buffer.from(parts.concat(parts).join(' '), 'latin1');
        const expected = new Set<number>();
        visitStrongRuns(bytes, 0, bytes.length, (start, end) => expected.add(sipTag(key, bytes, start, end)));
        collector.clear();
        collector.collect(bytes, 0, bytes.length);
        expect([...collector.result()]).toEqual([...expected].sort((a, b) => a - b));
      }),
    );
  });
});
