import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/cli/nearest.js';

const names = ['github-pat', 'github-oauth-token', 'gitlab-pat', 'slack-bot-token', 'npm-token', 'pat'];

describe('names near a mistyped one', () => {
  it.each([
    ['githup-pat', ['github-pat', 'gitlab-pat']],
    ['github', ['github-pat', 'github-oauth-token']],
    ['npm-tokens', ['npm-token']],
    ['nosuch', []],
  ])('of %s are the few that could be meant, the nearest first', (name, expected) => {
    expect(nearest(name, names)).toEqual(expected);
  });
});
