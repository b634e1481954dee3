import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readExport } from '../../../src/index.js';
import { slackExport, zipOf } from '../../support/exports-of-acme.js';
import { scratch } from '../../support/scratch.js';

const messages = Array.from({ length: 9000 }, (_, i) => ({
  ts: `${1709287200 + i}.000100`,
  user: 'U01ANA',
  text: `message ${i}`,
}));

test('records of an archive come one by one, with their source', async () => {
  const path = join(scratch(), 'export.zip');
  writeFileSync(path, await zipOf(slackExport(messages)));
  const texts: string[] = [];
  const sources = new Set<string>();
  for await (const { record, source, system } of readExport(path)) {
    expect(system).toBe('slack');
    if (record.type !== 'message') continue;
    sources.add(source);
    texts.push(record.texts[0]?.text ?? '');
  }
  expect(texts).toEqual(messages.map(({ text }) => text));
  expect([...sources]).toEqual(['export.zip!/deploys/2024-03-01.json']);
});

test('a consumer may stop early', async () => {
  const path = join(scratch(), 'export.zip');
  writeFileSync(path, await zipOf(slackExport(messages)));
  let count = 0;
  for await (const _ of readExport(path)) if (++count === 3) break;
  expect(count).toBe(3);
});
