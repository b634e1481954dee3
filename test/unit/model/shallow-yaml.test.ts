import { expect, test } from 'vitest';
import { isShallowYaml } from '../../../src/model/shallow-yaml.js';

test.each([
  ['brackets', '['.repeat(250_000)],
  ['braces', '{a: '.repeat(200)],
  ['lists in one line', `${'- '.repeat(400)}x`],
  ['keys in one line', `${'? '.repeat(400)}x`],
  ['anchors in one line', `${'&a '.repeat(400)}x`],
])('%s nested deeply are refused', (_name, text) => {
  expect(isShallowYaml(text)).toBe(false);
});

test.each([
  ['what people write', 'a:\n  - b: [1, 2, {c: d}]\n    e: |\n      text\n'],
  ['many brackets beside each other', '[a] '.repeat(10_000)],
  ['a long line', `key: ${'x'.repeat(100_000)}`],
  ['nothing', ''],
])('%s is let through', (_name, text) => {
  expect(isShallowYaml(text)).toBe(true);
});
