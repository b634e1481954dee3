/** Exports that were packed with a folder around them have the places and ids of those that were not. */
import { describe, expect, it } from 'vitest';
import { readExport } from '../../../support/read-export.js';

const mail = [
  'From: ana@acme.example',
  'To: ben@acme.example',
  'Subject: x',
  'Date: Mon, 4 Mar 2024 10:00:00 +0000',
  '',
  'words',
  '',
].join('\r\n');
const canvas = '<div class="quip-canvas-content"><p class="line">words</p></div>';

/** Place and id of each record of a file, which lies among `others` below `folder`. */
async function placed(folder: string, name: string, content: string, others: readonly string[]) {
  const files = Object.fromEntries([...others, name].map((each) => [`${folder}${each}`, content]));
  const litter = folder === '' ? {} : { [`__MACOSX/${folder}._${name}`]: '\0\u0005', '.DS_Store': '\0' };
  const { records } = await readExport({ ...files, ...litter }, `${folder}${name}`);
  expect(records.length).toBeGreaterThan(0);
  return records.map(({ place, id }) => [place.id, id]);
}

describe('a folder around an export', () => {
  it.each([
    ['mails in folders', 'inbox/1.eml', mail, ['sent/2.eml']],
    ['mails in one folder of several', 'inbox/1.eml', mail, ['inbox/2.eml', 'sent/2.eml']],
    ['a canvas without an id', 'ops/plan.html', canvas, ['dev/other.html']],
  ])('says nothing: %s', async (_, name, content, others) => {
    const bare = await placed('', name, content, others);
    for (const folder of ['acme/', './', 'export-2024-03/', 'Downloads/acme export (1)/'])
      expect(await placed(folder, name, content, others)).toEqual(bare);
  });

  it('is none when it is a lone folder of files, unless its name says what it is', async () => {
    expect((await placed('inbox/', '1.eml', mail, ['2.eml']))[0]?.[0]).toBe('inbox');
    expect((await placed('export-2024-03/', '1.eml', mail, ['2.eml']))[0]?.[0]).toBe('messages');
  });
});
