import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/detect/create-analyzer.js';
import { deriveKeys } from '../../../src/identity/hkdf-keys.js';
import { Redactor } from '../../../src/scan/redactor.js';
import { builtInRules, fakeSecret } from '../../support/fake-secret.js';

const keys = deriveKeys(randomBytes(32));
const redactor = new Redactor(createAnalyzer({ rules: builtInRules(), keys, known: new Map() }));

test('a mark that stands in a text already is left alone, and what stands beside it is found', () => {
  const value = fakeSecret('github-pat', 'beside a mark');
  const mark = '‹secret f66f82b59f0f›';
  for (const text of [`/srv/${mark}/fold`, `an owner of /srv/${mark}`, `${mark} ${mark}`, `é ${mark}`]) {
    expect(redactor.check(text)).toEqual({ text, findings: [] });
  }
  const { text, findings } = redactor.check(`/srv/${mark}/${value}`);
  expect([findings.length, text]).toEqual([
    1,
    expect.stringMatching(/^\/srv\/‹secret f66f82b59f0f›\/‹secret [0-9a-f]{12}›$/),
  ]);
  // Something like a mark is none.
  expect(redactor.check(`‹secret ${value}›`).text).not.toContain(value);
});

test('many marks in a text cost time that grows with their number', () => {
  const line = 'secret: ‹secret f66f82b59f0f›/fold\n';
  expect(redactor.check(line.repeat(20_000)).findings).toEqual([]);
});
