import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Bundle, loadBundle } from '../../../src/cli/code-cache.js';
import { scratch } from '../../support/scratch.js';

test('bundles of two versions that take turns keep a cache each, and many versions few', () => {
  const folder = scratch();
  const env = { XDG_CACHE_HOME: join(folder, 'cache') };
  const kept = join(folder, 'cache', 'sprawl', 'code');
  const bundle = (id: string): Bundle => {
    const file = join(folder, `${id}.cjs`);
    writeFileSync(file, `exports.answer = () => '${id}';\n`);
    return { file, id: id.padEnd(32, '0'), use: 'hook' };
  };
  const load = (one: Bundle): string => {
    const { exports, save } = loadBundle(one, env);
    const answer = (exports as { answer: () => string }).answer();
    save();
    return answer;
  };
  const [old, young] = [bundle('0a'), bundle('1b')];
  expect([load(old), load(young)]).toEqual(['0a', '1b']);
  const files = readdirSync(kept).map((name) => join(kept, name));
  expect(files).toHaveLength(2);
  const past = new Date(2001, 1, 1);
  for (const file of files) utimesSync(file, past, past);
  expect([load(old), load(young), load(old)]).toEqual(['0a', '1b', '0a']);
  expect(files.map((file) => statSync(file).mtimeMs)).toEqual(files.map(() => past.getTime()));
  for (const digit of '0123456789abcdef') load(bundle(`${digit}c`));
  expect(readdirSync(kept).length).toBeLessThanOrEqual(8);
});
