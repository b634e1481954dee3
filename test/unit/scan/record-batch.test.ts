import { expect, test } from 'vitest';
import { RecordBatch } from '../../../src/scan/records/record-batch.js';
import { joinParts, viewsOf } from '../../../src/scan/records/record-views.js';
import type { ExportRecord, RecordText } from '../../../src/sources/exports/contract.js';

function record(id: string, texts: readonly Partial<RecordText>[]): ExportRecord {
  return {
    place: { kind: 'channel', id: 'C1', name: '#c', audience: 'unknown' },
    type: 'message',
    id,
    revision: { state: 'current' },
    texts: texts.map((text, i) => ({
      text: '',
      dialect: 'slack-mrkdwn',
      field: { path: `t${i}`, role: 'body' },
      ...text,
    })),
  };
}

const records = [
  record('1', [{ text: 'plain words' }, { text: 'plain words' }]),
  record('2', [{ text: 'a &amp; b <https://x.example|x>' }, { text: 'value', label: 'pass word' }]),
  record('3', [
    { text: 'größe' },
    { text: 'with "quotes"', label: 'key' },
    { text: 'x', label: 'schlüssel' },
  ]),
  record('4', [{ text: 'last', dialect: 'plain' }]),
];

test('the joined text holds each form of each text, and leads back to it', () => {
  const batch = new RecordBatch();
  for (const one of records) batch.add(one);
  const joined = batch.joined();
  expect(joined.length).toBe(batch.bytes);
  for (const [owner, one] of records.entries()) {
    for (const part of viewsOf(one).parts) {
      const at = joined.indexOf(part.bytes);
      expect(at).toBeGreaterThanOrEqual(0);
      const piece = batch.piece(batch.at(at));
      expect(piece).toMatchObject({ owner, start: at, text: part.text, view: part.view });
    }
  }
});

test('it holds what the views hold, and no more', () => {
  const batch = new RecordBatch();
  const parts = records.flatMap((one) => {
    batch.add(one);
    return viewsOf(one).parts;
  });
  const lines = (bytes: Buffer): string[] => bytes.toString().split('\n').sort();
  expect(lines(batch.joined())).toEqual(lines(joinParts(parts).bytes));
});
