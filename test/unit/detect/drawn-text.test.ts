/** What tells passwords that were drawn from letters, digits and signs from the code and data that look like them. */
import { describe, expect, it } from 'vitest';
import { isDrawnText } from '../../../src/detect/drawn-text.js';
import { makeRandom } from '../../../src/rules/random.js';

const random = makeRandom('drawn text');
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const allSigns = `${letters}0123456789!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`;
const fewSigns = `${letters}0123456789!@#$%^&*`;

function drawn(alphabet: string, length: number): string {
  const text = Array.from({ length }, () => alphabet.charAt(random.below(alphabet.length))).join('');
  return /\d/.test(text) && /[^A-Za-z\d]/.test(text) ? text : drawn(alphabet, length);
}

const shareOf = (alphabet: string, length: number): number =>
  Array.from({ length: 500 }, () => drawn(alphabet, length)).filter(isDrawnText).length / 500;

describe('passwords of generators', () => {
  it.each([
    [12, 0.85],
    [16, 0.9],
    [24, 0.95],
    [32, 0.95],
  ])('of %i characters are told', (length, least) => {
    expect(shareOf(allSigns, length)).toBeGreaterThan(least);
    expect(shareOf(fewSigns, length)).toBeGreaterThan(least);
  });

  it('are not told when they are too short to say anything', () => {
    expect(isDrawnText('$k3s')).toBe(false);
  });
});

describe('parts of programs and data', () => {
  it.each([
    'user.profile.name',
    '(\\w+):(\\d{2,4})$',
    '[A-Za-z0-9._%+-]{8,64}',
    '%E6%B1%89%E5%AD%97',
    '#{user.name}-2',
    '${NAME:-x9}/a',
    'acme_Cf9Qyq5${SUFFIX%%.*}',
    '{{ .Values.db }}',
    'fn(a1,b2[0],c)',
    'e(i+1)=s,t[n]=2',
    '$this->opts["a1"]',
    '@media(min-width:2px)',
    'SELECT*FROM t1;',
    '0+2+3+4+5+6a',
    'rgba(12,34,56,.7)',
    '%02d:%02d:%02dZ',
    'amy@acme.io,bob@acme.io',
    '<p1>Hi&nbsp;you</p1>',
    '../lib/Foo2.js:12',
  ])('%s is none', (text) => {
    expect(isDrawnText(text)).toBe(false);
  });
});
