import { expect, test } from 'vitest';
import { dialects } from '../../../src/text/dialects/dialect.js';
import { isUntouched, viewWords } from '../../../src/text/dialects/untouched.js';

test.each(viewWords)('a text with %s is looked at in each dialect', (word) => {
  for (const dialect of dialects) {
    expect(isUntouched(word, dialect)).toBe(false);
    expect(isUntouched(`some words ${word} and more`, dialect)).toBe(false);
  }
});

test('what only looks like one of them at a glance is untouched', () => {
  expect(isUntouched('a well-known snake_case name, Jira, A BIT of fensible.path', 'plain')).toBe(true);
});
