/**
 * Records of a JSON text survive damage: whatever a random damage does not touch comes back with equal values. One
 * neighbour may be lost, as a record cannot always be told from what was written over the one beside it.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonRecord } from '../../src/sources/exports/json-records.js';
import { readJson } from '../support/read-json.js';

interface Layout {
  readonly text: string;
  readonly paths: readonly string[];
  readonly values: readonly Readonly<Record<string, unknown>>[];
}

/** Texts with all that JSON's syntax is made of. */
const prose = fc.string({
  unit: fc.constantFrom(...'abcdefg XYZ019,:{}[]"\\\n/é–👍'),
  maxLength: 40,
});

const message = fc
  .record({
    user: prose,
    text: prose,
    tags: fc.array(prose, { maxLength: 3 }),
    files: fc.array(fc.record({ name: prose, size: fc.nat() }), { maxLength: 2 }),
    thread: fc.option(fc.record({ id: fc.nat(), replies: fc.array(fc.nat(), { maxLength: 3 }) })),
  })
  .map((rest) => rest as Record<string, unknown>);

const messages = fc
  .array(message, { minLength: 5, maxLength: 20 })
  .map((list) => list.map((rest, i) => ({ id: `M${i}`, ...rest })));

const layouts = fc
  .tuple(
    messages,
    fc.constantFrom('array', 'pretty', 'rows', 'member', 'lines', 'channels'),
    fc.constantFrom(0, 1, 2, 4),
  )
  .map(([values, kind, indent]): Layout => {
    switch (kind) {
      case 'array':
        return { text: JSON.stringify(values), paths: ['/*'], values };
      case 'pretty':
        return { text: JSON.stringify(values, null, indent), paths: ['/*'], values };
      case 'rows':
        return {
          text: `[\n${values.map((value) => JSON.stringify(value)).join(',\n')}\n]`,
          paths: ['/*'],
          values,
        };
      case 'member':
        return {
          text: JSON.stringify(
            { channel: { id: 'C1', topic: 'x' }, messages: values, count: 3 },
            null,
            indent,
          ),
          paths: ['/messages/*'],
          values,
        };
      case 'lines':
        return { text: values.map((value) => `${JSON.stringify(value)}\n`).join(''), paths: [''], values };
      default:
        return {
          text: JSON.stringify({
            chats: [
              { name: 'a', type: 'x', messages: values.slice(0, 3) },
              { name: 'b', type: 'y', messages: values.slice(3) },
            ],
          }),
          paths: ['/chats/*/messages/*'],
          values,
        };
    }
  });

interface Damage {
  readonly from: number;
  readonly to: number;
  readonly bytes: Buffer;
}

const damages = fc.record({
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 300 })),
  kind: fc.constantFrom('delete', 'zero', 'noise', 'syntax', 'cut'),
  noise: fc.uint8Array({ minLength: 300, maxLength: 300 }),
});

function damageOf(
  size: number,
  drawn: { place: number; length: number; kind: string; noise: Uint8Array },
): Damage {
  const from = Math.floor(drawn.place * (size - 1));
  const to = drawn.kind === 'cut' ? size : Math.min(size, from + drawn.length);
  const length = to - from;
  if (drawn.kind === 'zero') return { from, to, bytes: Buffer.alloc(length) };
  if (drawn.kind === 'noise') return { from, to, bytes: Buffer.from(drawn.noise).subarray(0, length) };
  if (drawn.kind === 'syntax') {
    const syntax = '{}[]",:\\';
    return {
      from,
      to,
      bytes: Buffer.from([...drawn.noise.subarray(0, length)].map((n) => syntax.charCodeAt(n & 7))),
    };
  }
  return { from, to, bytes: Buffer.alloc(0) };
}

/** What leads to records: keys, and all that stands before the first. */
function holders(text: string): { start: number; end: number }[] {
  return [...text.matchAll(/(?:\{\s*"chats": *\[\s*\{[^[]*|\{\s*"channel"[^[]*|"messages": *)\[/g)].map(
    (match) => {
      const start = Buffer.byteLength(text.slice(0, match.index));
      return { start, end: start + Buffer.byteLength(match[0]) };
    },
  );
}

/** Keys by which the records of the whole text are looked for in those of the damaged one. */
const spellings = (records: readonly JsonRecord[]): string[] =>
  records.map(({ value }) => JSON.stringify(value));

describe('records of a JSON text', () => {
  test('come whole from pieces of any size, with their places', async () => {
    await fc.assert(
      fc.asyncProperty(layouts, fc.integer({ min: 1, max: 400 }), async ({ text, paths, values }, piece) => {
        const bytes = Buffer.from(text);
        const read = await readJson(bytes, paths, { piece });
        expect(read.records.map(({ value }) => value)).toEqual(values);
        expect(read.damage).toEqual([]);
        for (const { raw, value } of read.records) {
          expect(JSON.parse(bytes.toString('utf8', raw.start, raw.end))).toEqual(value);
          expect(raw.line).toBe(bytes.toString('latin1', 0, raw.start).split('\n').length);
        }
      }),
    );
  });

  test('come from UTF-16 with their places', async () => {
    await fc.assert(
      fc.asyncProperty(
        layouts,
        fc.boolean(),
        fc.integer({ min: 2, max: 400 }),
        async (layout, isBig, piece) => {
          const bytes = Buffer.from(`\ufeff${layout.text}`, 'utf16le');
          if (isBig) bytes.swap16();
          const read = await readJson(bytes, layout.paths, { piece });
          const little = Buffer.from(bytes);
          if (isBig) little.swap16();
          expect(read.records.map(({ value }) => value)).toEqual(layout.values);
          for (const { raw, value } of read.records)
            expect(JSON.parse(little.toString('utf16le', raw.start, raw.end))).toEqual(value);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('survive where damage does not touch them', async () => {
    await fc.assert(
      fc.asyncProperty(layouts, damages, fc.integer({ min: 1, max: 2000 }), async (layout, drawn, piece) => {
        const bytes = Buffer.from(layout.text);
        const whole = await readJson(bytes, layout.paths);
        const { from, to, bytes: written } = damageOf(bytes.length, drawn);
        // Another mark or bracket before all records, and another name for what holds them, make another text of it.
        fc.pre(from > 0 || (drawn.kind !== 'syntax' && drawn.kind !== 'noise'));
        fc.pre(!holders(layout.text).some(({ start, end }) => from < end && to > start));
        // In the first channel the first record shows what records are like.
        fc.pre(layout.paths[0] !== '/chats/*/messages/*' || from >= (whole.records[0]?.raw.end ?? 0));
        const damaged = Buffer.concat([bytes.subarray(0, from), written, bytes.subarray(to)]);
        const read = await readJson(damaged, layout.paths, { piece });
        const untouched = whole.records.filter(({ raw }) => raw.end <= from || raw.start >= to);
        const found = spellings(read.records.filter(({ damage }) => damage === undefined));
        const missing = spellings(untouched).filter((value) => !found.includes(value));
        expect(missing.length).toBeLessThanOrEqual(1);
        if (damaged.equals(bytes)) expect(read.damage).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test('and what is read of them never crash or hang, whatever the bytes', async () => {
    const soup = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '"',
        '\\',
        ',',
        ':',
        '"id":',
        '1',
        'x',
        '\n',
        '\u0000',
        '"messages":[',
      ),
      { maxLength: 200 },
    );
    await fc.assert(
      fc.asyncProperty(
        soup,
        fc.constantFrom(['/*'], [''], ['/messages/*'], ['/a', '/*/messages/*'], ['/*/*/*']),
        fc.integer({ min: 1, max: 50 }),
        async (parts, paths, piece) => {
          const text = parts.join('');
          const read = await readJson(Buffer.from(text), paths, { piece });
          let isJson = true;
          try {
            JSON.parse(text);
          } catch {
            isJson = false;
          }
          if (isJson) expect(read.damage).toEqual([]);
          for (const { raw } of read.records) expect(raw.start).toBeLessThan(raw.end);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
