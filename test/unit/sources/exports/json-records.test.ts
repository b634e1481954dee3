import { describe, expect, test } from 'vitest';
import type { JsonRecord } from '../../../../src/sources/exports/json-records.js';
import { readJson } from '../../../support/read-json.js';

const pieces = [1, 7, 65_536];

const brief = (records: readonly JsonRecord[]): unknown[] =>
  records.map(({ pointer, value }) => [pointer, value]);

describe('records of a JSON text', () => {
  test('know the members of all that leads to them, as far as they stand before', async () => {
    const text =
      '{"team":"T","rooms":[{"id":1,"topic":{"by":"u"},"log":["a"],"late":2},{"id":3,"log":["b"]}],"end":[]}';
    for (const piece of pieces) {
      const seen: unknown[] = [];
      const read = await readJson(text, ['/rooms/*/log/*'], {
        piece,
        onRecord: ({ pointer, value, ancestors }) => seen.push([pointer, value, structuredClone(ancestors)]),
      });
      expect(seen).toEqual([
        ['/rooms/0/log/0', 'a', [{ team: 'T' }, { id: 1, topic: { by: 'u' } }]],
        ['/rooms/1/log/0', 'b', [{ team: 'T' }, { id: 3 }]],
      ]);
      expect(read.roots).toEqual([
        {
          team: 'T',
          rooms: [
            { id: 1, topic: { by: 'u' }, log: [], late: 2 },
            { id: 3, log: [] },
          ],
          end: [],
        },
      ]);
    }
  });

  test('may stand under several patterns, as members of objects, and be anything', async () => {
    const text = '{"by":{"a/b":{"x":1},"c~d":[2]},"one":"text","list":[null,true,-1.5e3,"s",[]]}';
    for (const piece of pieces) {
      const read = await readJson(text, ['/by/*', '/one', '/list/*'], { piece });
      expect(brief(read.records)).toEqual([
        ['/by/a~1b', { x: 1 }],
        ['/by/c~0d', [2]],
        ['/one', 'text'],
        ['/list/0', null],
        ['/list/1', true],
        ['/list/2', -1500],
        ['/list/3', 's'],
        ['/list/4', []],
      ]);
      expect(read.damage).toEqual([]);
    }
  });

  test('a key like __proto__ is a member like any other', async () => {
    const read = await readJson('{"__proto__":{"polluted":1},"list":[{}]}', ['/list/*']);
    const [ancestor] = read.records[0]?.ancestors ?? [];
    expect(Object.keys(ancestor ?? {})).toContain('__proto__');
    expect((ancestor as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('lines are roots, whatever ends them, and whatever they hold', async () => {
    const values = [{ a: 'x\u2028y' }, { a: 'é' }, {}, [1], { a: '{"b":1}\n{' }];
    for (const separator of ['\n', '\r\n', '\n\n', '', ' ', ',\n', '\u001e']) {
      for (const piece of pieces) {
        const read = await readJson(values.map((value) => JSON.stringify(value)).join(separator), [''], {
          piece,
        });
        expect(read.records.map(({ value }) => value)).toEqual(values);
        expect(read.damage).toEqual([]);
      }
    }
  });

  test('roots over several lines are roots all the same, and marks between joined files are nothing', async () => {
    const root = JSON.stringify({ a: [{ b: 1 }] }, null, 2);
    const read = await readJson(`\ufeff${root}\n\ufeff${root}\n${root}`, [''], { piece: 5 });
    expect(read.records.map(({ value }) => value)).toEqual(Array(3).fill({ a: [{ b: 1 }] }));
    expect(read.records[0]?.raw).toMatchObject({ start: 3, line: 1 });
    expect(read.damage).toEqual([]);
  });

  test('bytes of windows-1252 and of UTF-8 are told apart record by record', async () => {
    const bytes = Buffer.concat([Buffer.from('["caf\xe9","', 'latin1'), Buffer.from('é"]')]);
    const read = await readJson(bytes, ['/*']);
    expect(read.records.map(({ value }) => value)).toEqual(['café', 'é']);
  });
});

describe('a damaged JSON text', () => {
  const records = Array.from({ length: 6 }, (_, i) => ({
    id: i,
    text: `text ${i}`,
    tags: ['x'],
    by: { name: 'n' },
  }));
  const whole = `{"name":"general","messages":${JSON.stringify(records)},"count":6}`;

  /** Ids of the records that came whole. */
  const ids = (read: readonly JsonRecord[]): unknown[] =>
    read
      .filter(({ damage, value }) => damage === undefined && typeof value === 'object')
      .map(({ value }) => (value as { id: number }).id);

  test('cut at any byte gives every record before the cut, and what is left of the one in it', async () => {
    for (let cut = 1; cut < whole.length; cut++) {
      const read = await readJson(whole.slice(0, cut), ['/messages/*'], { piece: 64 });
      const before = records.filter((record) => whole.slice(0, cut).includes(JSON.stringify(record)));
      expect(ids(read.records)).toEqual(before.map(({ id }) => id));
      expect(read.damage.length).toBe(1);
      const inside = read.records.filter(({ damage }) => damage !== undefined);
      expect(inside.length).toBeLessThanOrEqual(1);
      expect(inside.every(({ damage }) => damage === 'incomplete')).toBe(true);
    }
  });

  test('the leaves before a cut are given, of the one that is cut all whole words', async () => {
    const read = await readJson('[{"id":7,"text":"all of it","more":{"a":"some words and ha', ['/*']);
    expect(read.records).toMatchObject([
      {
        value: { id: 7, text: 'all of it', more: { a: 'some words and ' } },
        damage: 'incomplete',
        pointer: '/0',
      },
    ]);
    expect(read.notes).toEqual({ incomplete: 1 });
  });

  const first = JSON.stringify(records[2]);
  const faults: readonly (readonly [string, string])[] = [
    ['a lost quote', first.replace('"text 2"', '"text 2')],
    ['a lost opening quote', first.replace('"text 2"', 'text 2"')],
    ['a lost closing bracket', first.replace('"n"}', '"n"')],
    ['a lost opening bracket', first.slice(1)],
    ['a lost bracket of an array', first.replace('["x"]', '["x"')],
    ['NULs', first.replace('text 2', '\0'.repeat(6))],
    ['NULs over syntax', first.replace('"tags":["x"]', '\0'.repeat(12))],
    ['another file in it', `${first.slice(0, 14)}{"name":"other","messages":[`],
    ['a word that is none', first.replace('2', 'nil')],
  ];
  test.each(faults)('with %s gives all records before and after', async (name, fault) => {
    for (const piece of pieces) {
      const read = await readJson(whole.replace(first, fault), ['/messages/*'], { piece });
      expect(ids(read.records)).toEqual([0, 1, 3, 4, 5]);
      expect(read.damage[0]).toMatch(/^at byte \d+$/);
      expect(read.damage.length).toBeLessThanOrEqual(name === 'another file in it' ? 2 : 1);
      expect(Object.keys(read.notes).every((note) => note === 'malformed')).toBe(true);
    }
  });

  test('a lost comma costs nothing', async () => {
    const read = await readJson('[{"a":1}{"a":2},{"a":3}]', ['/*']);
    expect(read.records.map(({ value }) => value)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
    expect(read.damage).toEqual(['at byte 8']);
  });

  test('a lost comma between lines makes no lines of an array', async () => {
    const lines = records.map((record) => JSON.stringify(record));
    const read = await readJson(`[\n${lines.join(',\n').replace('},\n', '}\n')}\n]`, ['/*']);
    expect(ids(read.records)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(read.damage.length).toBe(1);
  });

  test('what can be read of a lost record is given', async () => {
    const read = await readJson(whole.replace(first, first.replace('"text 2"', '"text 2')), ['/messages/*']);
    const [lost] = read.records.filter(({ damage }) => damage !== undefined);
    expect(lost).toMatchObject({
      damage: 'malformed',
      value: { id: 2, text: 'text 2', tags: ['x'], by: { name: 'n' } },
    });
  });

  test('records behind damage stand in their own containers', async () => {
    const chat = (name: string, list: readonly object[]): string =>
      `{"name":"${name}","messages":${JSON.stringify(list)}}`;
    const text = `{"chats":[${chat('a', records.slice(0, 3))},${chat('b', records.slice(3))}]}`;
    const read = await readJson(text.replace('"text 2"', '"text 2'), ['/chats/*/messages/*']);
    expect(
      read.records
        .filter(({ damage }) => damage === undefined)
        .map(({ value, ancestors }) => [(value as { id: number }).id, ancestors.at(-1)?.['name']]),
    ).toEqual([
      [0, 'a'],
      [1, 'a'],
      [3, 'b'],
      [4, 'b'],
      [5, 'b'],
    ]);
  });

  test('a line that is cut off costs no other line', async () => {
    const lines = records.map((record) => JSON.stringify(record));
    lines[1] = lines[1]?.slice(0, 20) ?? '';
    lines[3] = lines[3]?.slice(0, 13) ?? '';
    for (const piece of pieces) {
      const read = await readJson(lines.join('\n'), [''], { piece });
      expect(ids(read.records)).toEqual([0, 2, 4, 5]);
      expect(read.notes).toEqual({ malformed: 2 });
      expect(read.damage.length).toBe(2);
    }
  });

  test('two files written one behind the other are both read', async () => {
    const list = JSON.stringify(records);
    const read = await readJson(`${list}${list}`, ['/*']);
    expect(ids(read.records)).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
    expect(read.damage).toEqual([]);
  });

  test('what is no JSON is said to be none', async () => {
    expect((await readJson('hello world', ['/*'])).damage.length).toBe(1);
    expect(await readJson('', ['/*'])).toMatchObject({ records: [], damage: [] });
  });
});

describe('what is too large for memory', () => {
  const limits = { maxRecordBytes: 4096, maxMemberBytes: 2048, maxKeptBytes: 4096 };

  test('a record is cut off, and those behind it are whole', async () => {
    const text = JSON.stringify([{ id: 1 }, { id: 2, text: 'word '.repeat(5000), late: 'x' }, { id: 3 }]);
    const read = await readJson(text, ['/*'], { piece: 512, limits });
    expect(read.records.map(({ value }) => (value as { id: number }).id)).toEqual([1, 2, 3]);
    const cut = read.records[1]?.value as { text: string };
    expect(cut.text.startsWith('word word')).toBe(true);
    expect(cut.text.length).toBeLessThan(limits.maxRecordBytes);
    expect(JSON.parse(text.slice(read.records[1]?.raw.start, read.records[1]?.raw.end)).late).toBe('x');
    expect(read.notes).toEqual({ 'too-large': 1 });
    expect(read.damage).toEqual([]);
  });

  test('members around records are kept as far as there is room', async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`key${i}`, 'v'.repeat(100)]));
    const read = await readJson(JSON.stringify({ ...many, list: [{ id: 1 }] }), ['/list/*'], {
      piece: 512,
      limits,
    });
    expect(read.records.length).toBe(1);
    expect(read.notes['too-large']).toBeGreaterThan(100);
  });

  test('deep nesting is damage, and what is behind it is read', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const rest = [5, 6, 7].map((id) => JSON.stringify({ id, text: 'x' })).join(',');
    const read = await readJson(`[${rest},{"id":8,"text":${deep}},${rest}]`, ['/*']);
    const ids = read.records
      .filter(({ damage }) => damage === undefined)
      .map(({ value }) => (value as { id: number }).id);
    expect(ids).toEqual([5, 6, 7, 5, 6, 7]);
  });
});
