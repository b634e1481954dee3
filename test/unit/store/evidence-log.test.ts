import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChainEntry, verifyChain } from '../../../src/store/evidence-chain.js';
import { openEvidenceLog } from '../../../src/store/evidence-log.js';
import '../../support/fixed-seed.js';
import { scratch } from '../../support/scratch.js';

const entry = (subject: string): ChainEntry => ({ action: 'verdict', subject, data: { n: subject.length } });
const at = '2026-11-22T10:00:00.000Z';

async function written(path: string, subjects: readonly string[]): Promise<Buffer> {
  const log = openEvidenceLog(path, 'append');
  for (const subject of subjects) await log.append([entry(subject)], { at, actor: 'sprawl' });
  return readFileSync(log.path);
}

const textsOf = (bytes: Buffer): string[] => bytes.toString('latin1').split('\n').slice(0, -1);

describe('the evidence log', () => {
  test('lies beside its database, private, one canonical record a line', async () => {
    const folder = scratch();
    const log = openEvidenceLog(join(folder, 'estate.db'), 'append');
    expect([...log.records()]).toEqual([]);
    const { records, head } = await log.append([entry('a'), entry('bb')], { at, actor: 'person-1' });
    expect(log.path).toBe(join(folder, 'estate.evidence.jsonl'));
    expect(statSync(log.path).mode & 0o777).toBe(0o600);
    expect([...log.records()]).toEqual(records);
    expect(records.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(records[1]?.prevHash).toBe(records[0]?.hash);
    expect(log.verify()).toEqual({ ok: true, head });
    expect(log.verify(records[0]?.hash)).toMatchObject({ ok: true, expectedAt: 1 });
    // Reading needs no right to write, neither on the file nor on its folder.
    chmodSync(log.path, 0o400);
    expect([...openEvidenceLog(join(folder, 'estate.db'), 'read').records()]).toHaveLength(2);
  });

  test('times never run backwards', async () => {
    const log = openEvidenceLog(join(scratch(), 'a.db'), 'append');
    await log.append([entry('a')], { at: '2026-11-22T12:00:00+02:00', actor: 'sprawl' });
    expect([...log.records()][0]?.at).toBe('2026-11-22T10:00:00.000Z');
    await expect(log.append([entry('b')], { at: '2026-11-22T09:59:59Z', actor: 'sprawl' })).rejects.toThrow(
      'already has a record of 2026-11-22T10:00:00.000Z',
    );
    // What the clock said at the start of a run may be older than what another process recorded meanwhile.
    await log.append([entry('b')], { at: '2026-11-22T09:59:59Z', actor: 'sprawl', isClock: true });
    await expect(
      log.append([entry('c')], { at: '2026-11-22T09:00:00Z', actor: 'sprawl', isClock: true }),
    ).rejects.toThrow('nothing is recorded before that');
    expect([...log.records()].map(({ at: time }) => time)).toEqual(Array(2).fill('2026-11-22T10:00:00.000Z'));
  });

  test('a decision on a state that has changed is refused', async () => {
    const log = openEvidenceLog(join(scratch(), 'a.db'), 'append');
    const first = await log.append([entry('a')], { at, actor: 'sprawl' });
    await log.append([entry('b')], { at, actor: 'sprawl' });
    await expect(log.append([entry('c')], { at, actor: 'sprawl', after: first.head.hash })).rejects.toThrow(
      'meanwhile',
    );
    expect([...log.records()]).toHaveLength(2);
  });

  test('links and what is no file are refused', async () => {
    const folder = scratch();
    writeFileSync(join(folder, 'elsewhere'), '');
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'a.evidence.jsonl'));
    const log = openEvidenceLog(join(folder, 'a.db'), 'append');
    await expect(log.append([entry('a')], { at, actor: 'sprawl' })).rejects.toThrow('symbolic link');
    expect(() => [...log.records()]).toThrow('symbolic link');
    expect(readFileSync(join(folder, 'elsewhere'), 'utf8')).toBe('');
  });

  test('a record that a crash cut off is moved aside, told, and the chain goes on', async () => {
    const path = join(scratch(), 'a.db');
    const bytes = await written(path, ['a', 'bb', 'ccc']);
    const log = openEvidenceLog(path, 'append');
    const lastStart = bytes.lastIndexOf('\n', bytes.length - 2) + 1;
    for (let cut = lastStart + 1; cut < bytes.length - 1; cut += 7) {
      writeFileSync(log.path, bytes.subarray(0, cut));
      expect(log.verify()).toMatchObject({ ok: false, seq: 3 });
      expect([...log.records()].map(({ subject }) => subject)).toEqual(['a', 'bb']);
      const { torn, records } = await log.append([entry('d')], { at, actor: 'sprawl' });
      expect(torn?.bytes).toBe(cut - lastStart);
      expect(readFileSync(torn?.file ?? '')).toEqual(bytes.subarray(lastStart, cut));
      expect(records[0]?.seq).toBe(3);
      expect(log.verify().ok).toBe(true);
    }
  });

  test('a last record that only lacks its line end is kept', async () => {
    const path = join(scratch(), 'a.db');
    const bytes = await written(path, ['a', 'bb']);
    const log = openEvidenceLog(path, 'append');
    writeFileSync(log.path, bytes.subarray(0, -1));
    expect(log.verify()).toMatchObject({ ok: false });
    expect([...log.records()]).toHaveLength(2);
    const { torn } = await log.append([entry('d')], { at, actor: 'sprawl' });
    expect(torn).toBeUndefined();
    expect([...log.records()].map(({ subject }) => subject)).toEqual(['a', 'bb', 'd']);
    expect(log.verify().ok).toBe(true);
  });

  test('nothing is added to a log whose last record was changed', async () => {
    const path = join(scratch(), 'a.db');
    const bytes = await written(path, ['a', 'bb', 'ccc']);
    const log = openEvidenceLog(path, 'append');
    writeFileSync(log.path, bytes.toString('latin1').replace('"subject":"ccc"', '"subject":"cxc"'), 'latin1');
    await expect(log.append([entry('d')], { at, actor: 'sprawl' })).rejects.toThrow('record 3 was changed');
    expect(() => [...log.records()]).toThrow('record 3 was changed');
  });

  test('records longer than a piece of the file are read and continued', async () => {
    const path = join(scratch(), 'a.db');
    const log = openEvidenceLog(path, 'append');
    const long = 'é'.repeat(1_500_000);
    for (const subject of [long, 'b', long]) await log.append([entry(subject)], { at, actor: 'sprawl' });
    expect([...log.records()].map(({ subject }) => subject.length)).toEqual([long.length, 1, long.length]);
    expect(log.verify().ok).toBe(true);
  });
});

describe('any change of a log is found', () => {
  const subjects = ['a', 'bb', 'ccc', '\u{fffd}é', 'e'];

  test('a changed, added or missing byte', async () => {
    const path = join(scratch(), 'a.db');
    const bytes = await written(path, subjects);
    const { path: file } = openEvidenceLog(path, 'read');
    const change = fc.record({
      at: fc.nat(bytes.length - 1),
      by: fc.integer({ min: 1, max: 255 }),
      how: fc.constantFrom('change', 'delete', 'insert'),
    });
    fc.assert(
      fc.property(change, ({ at: position, by, how }) => {
        const byte = ((bytes[position] ?? 0) + by) & 0xff;
        const middle = how === 'delete' ? [] : how === 'change' ? [byte] : [byte, bytes[position] ?? 0];
        const changed = Buffer.concat([
          bytes.subarray(0, position),
          Buffer.from(middle),
          bytes.subarray(position + 1),
        ]);
        // The same byte put in beside its like moves nothing.
        if (changed.equals(bytes)) return;
        writeFileSync(file, changed);
        const verdict = openEvidenceLog(path, 'read').verify();
        const line = bytes.subarray(0, position).filter((one) => one === 0x0a).length + 1;
        expect(verdict).toMatchObject({ ok: false });
        if (!verdict.ok) expect(Math.abs(verdict.seq - line)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 600 },
    );
  });

  test('a record less, two in another order, one twice, a cut end', async () => {
    const bytes = await written(join(scratch(), 'a.db'), subjects);
    const lines = bytes.toString('utf8').split('\n').slice(0, -1);
    const head = (JSON.parse(lines.at(-1) ?? '') as { hash: string }).hash;
    const number = fc.nat(lines.length - 1);
    fc.assert(
      fc.property(number, number, (one, other) => {
        const without = lines.filter((_, index) => index !== one);
        // Without the expected head nobody can know that there was a last one.
        expect(verifyChain(without, one === lines.length - 1 ? head : undefined)).toMatchObject({
          ok: false,
          seq: one + 1,
        });
        const twice = [...lines.slice(0, one + 1), ...lines.slice(one)];
        expect(verifyChain(twice)).toMatchObject({ ok: false, seq: one + 2 });
        expect(verifyChain(lines.slice(0, one), head)).toMatchObject({ ok: false, seq: one + 1 });
        if (one === other) return;
        const swapped = [...lines];
        [swapped[one], swapped[other]] = [lines[other] ?? '', lines[one] ?? ''];
        expect(verifyChain(swapped)).toMatchObject({ ok: false, seq: Math.min(one, other) + 1 });
      }),
    );
    expect(verifyChain(lines, head)).toMatchObject({ ok: true, expectedAt: lines.length });
    expect(textsOf(bytes)).toHaveLength(lines.length);
  });
});
