import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ProblemError } from '../../../../src/model/problem.js';
import { readSmallFile } from '../../../../src/sources/files/small-file.js';
import { expandTargets } from '../../../../src/sources/files/target-patterns.js';
import { scratch } from '../../../support/scratch.js';

test('patterns are expanded, what exists and what is no path stays', async () => {
  const cwd = scratch();
  for (const name of ['repos/a', 'repos/b', 'repos/.c', 'odd[1]'])
    mkdirSync(join(cwd, name), { recursive: true });
  writeFileSync(join(cwd, 'repos/file.zip'), '');
  const targets = [
    'repos/*',
    'odd[1]',
    '-',
    'https://example.org/x/*.git',
    'git@example.org:x/y',
    'repos/a',
    'none/*',
    'missing',
  ];
  expect(await expandTargets(targets, cwd)).toEqual({
    targets: [
      'repos/.c',
      'repos/a',
      'repos/b',
      'repos/file.zip',
      'odd[1]',
      '-',
      'https://example.org/x/*.git',
      'git@example.org:x/y',
      'missing',
    ],
    unmatched: ['none/*'],
  });
  expect((await expandTargets([join(cwd, 'repos', '{a,b}')], '/')).targets).toEqual([
    join(cwd, 'repos/a'),
    join(cwd, 'repos/b'),
  ]);
});

test('small files: read, missing, too large, linked, no file', () => {
  const folder = scratch();
  writeFileSync(join(folder, 'a'), 'alpha');
  symlinkSync('a', join(folder, 'link'));
  expect(readSmallFile(join(folder, 'a'))?.toString()).toBe('alpha');
  expect(readSmallFile(join(folder, 'none'))).toBeUndefined();
  expect(readSmallFile(join(folder, 'a', 'below'))).toBeUndefined();
  for (const bad of [
    () => readSmallFile(join(folder, 'a'), 3),
    () => readSmallFile(join(folder, 'link')),
    () => readSmallFile(folder),
  ]) {
    expect(bad).toThrow(ProblemError);
  }
});
