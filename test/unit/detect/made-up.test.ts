/** What tells values that somebody thought up to show something; passwords that are drawn anew pass. */
import { describe, expect, it } from 'vitest';
import { madeUpReason } from '../../../src/detect/made-up.js';
import { isPatterned } from '../../../src/detect/randomness.js';
import { makeRandom } from '../../../src/rules/random.js';

const random = makeRandom('made up');
const draw = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet.charAt(random.below(alphabet.length))).join('');
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const printable = `${letters}0123456789!@#$%^&*-_+`;

describe('a value that somebody thought up', () => {
  it.each([
    ['Cl1ent$ecret!', 'names-itself'],
    ['S3cretP@ssw0rd', 'names-itself'],
    ['03#pa33w0rd', 'names-itself'],
    ['testpw', 'names-itself'],
    ['Forge123', 'counted-word'],
    ['Test@12345', 'counted-word'],
    ['test-alias-404', 'numbered-name'],
    ['iWishIWereCoolEnough!', 'words'],
    ['Scenic-Improving-Telephone', 'words'],
    [Buffer.from('wrong_regexp_example').toString('base64'), 'encoded-words'],
  ])('%s says so itself', (text, reason) => {
    expect(madeUpReason(text)).toBe(reason);
  });

  it.each(['q1w2e3', 'abc123', 'AbcDef123!@#'])('%s is a pattern', (text) => {
    expect(isPatterned(text)).toBe(true);
  });
});

describe('a value that a machine drew', () => {
  it('is hardly ever taken for made up', () => {
    const wrong = [12, 16, 24, 32, 40].flatMap((length) =>
      Array.from({ length: 2000 }, () => draw(printable, length)).filter(
        (text) => madeUpReason(text) !== undefined,
      ),
    );
    expect(wrong.length).toBeLessThan(10);
  });

  it('may be written in base64', () => {
    const values = Array.from({ length: 2000 }, () =>
      Buffer.from(Array.from({ length: 24 }, () => random.below(256))).toString('base64'),
    );
    expect(values.filter((text) => madeUpReason(text) !== undefined)).toHaveLength(0);
    const document = Buffer.from(JSON.stringify({ kid: draw(letters, 20), typ: 'x' })).toString('base64');
    expect(madeUpReason(document)).toBeUndefined();
  });
});
