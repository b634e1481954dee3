import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RecordAppearance } from '../../../src/model/appearance.js';
import { ExportTexts } from '../../../src/scan/records/export-texts.js';
import { zipOf } from '../../support/exports-of-acme.js';
import { chatLocation, placeOf, secretOf } from '../../support/exposure-builder.js';
import { fakeStore } from '../../support/fake-store.js';
import { scratch } from '../../support/scratch.js';

const file = '2020-09-13.json';
const messages = Array.from({ length: 6 }, (_, i) => ({
  type: 'message',
  user: 'U0AAAAAA1',
  ts: `1600000000.00000${i}`,
  text: `words of ${i}`,
}));

/** The text of a message, as a location has it. */
function inMessage(index: number): RecordAppearance {
  const { appearance } = chatLocation('C1', `1600000000.00000${index}`);
  if (appearance.type !== 'record') throw new Error('a message is a record');
  return {
    ...appearance,
    recordType: 'message',
    recordId: `1600000000.00000${index}`,
    field: 'text',
    revision: 'current',
    facts: { reader: 'slack-messages', source: file, role: 'body' },
  };
}

test('a file of an export is read once for all its locations, and again for what is not known of', async () => {
  const folder = scratch();
  writeFileSync(join(folder, file), JSON.stringify(messages));
  const drafts = [0, 1, 2].map((i) => ({ ...chatLocation('C1', `${i}`), appearance: inMessage(i) }));
  const { store } = fakeStore({ exposures: [secretOf('old', { locations: drafts })] });
  const texts = new ExportTexts(store, new AbortController().signal);
  const place = placeOf(chatLocation('C1', '0'));
  const root = Buffer.from(folder).toString('base64');
  const textOf = async (index: number): Promise<string[]> =>
    (await texts.of(root, place, inMessage(index))).map(({ decoded }) => decoded.toString());
  expect(await textOf(1)).toEqual(['words of 1']);
  // What is asked for now was kept when the file was read.
  const changed = messages.map((message) => ({ ...message, text: `${message.text} now` }));
  writeFileSync(join(folder, file), JSON.stringify(changed));
  expect(await textOf(0)).toEqual(['words of 0']);
  expect(await textOf(2)).toEqual(['words of 2']);
  expect(await textOf(4)).toEqual(['words of 4 now']);
  expect(await textOf(0)).toEqual(['words of 0 now']);
  rmSync(join(folder, file));
  expect(await textOf(2)).toEqual(['words of 2 now']);
  expect(await textOf(5)).toEqual([]);
});

test('an archive is read once for the locations in all of its files', async () => {
  const folder = scratch();
  const days = ['2020-09-13.json', '2020-09-14.json'];
  const zipped = (word: string): Promise<Buffer> =>
    zipOf(
      Object.fromEntries(
        days.map((day, i) => [`ops/${day}`, JSON.stringify([{ ...messages[i], text: word }])]),
      ),
    );
  writeFileSync(join(folder, 'all.zip'), await zipped('before'));
  const inDay = (i: number): RecordAppearance => ({
    ...inMessage(i),
    facts: { reader: 'slack-messages', source: `all.zip!/ops/${days[i]}`, role: 'body' },
  });
  const drafts = [0, 1].map((i) => ({ ...chatLocation('C1', `${i}`), appearance: inDay(i) }));
  const { store } = fakeStore({ exposures: [secretOf('old', { locations: drafts })] });
  const texts = new ExportTexts(store, new AbortController().signal);
  const place = placeOf(chatLocation('C1', '0'));
  const root = Buffer.from(folder).toString('base64');
  const textOf = async (index: number): Promise<string[]> =>
    (await texts.of(root, place, inDay(index))).map(({ decoded }) => decoded.toString());
  expect(await textOf(0)).toEqual(['before']);
  writeFileSync(join(folder, 'all.zip'), await zipped('behind'));
  expect(await textOf(1)).toEqual(['before']);
});
