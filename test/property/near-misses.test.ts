import { describe, expect, it } from 'vitest';
import { type AliasForm, normalFormOf } from '../../src/identity/normal-forms.js';
import { makeRandom } from '../../src/rules/random.js';

/** Pairs a form: a few thousand in every run, `SPRAWL_NEAR_MISSES=100000` for the bar of the design. */
const pairs = Number(process.env['SPRAWL_NEAR_MISSES'] ?? 3000);
const random = makeRandom('near misses');
const draw = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet.charAt(random.below(alphabet.length))).join('');

const hex = '0123456789abcdef';
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const letters = 'abcdefghijklmnopqrstuvwxyzé';

/** What makes each form's texts, and the alphabet whose characters differ in value, not only in spelling. */
const makers: Readonly<Partial<Record<AliasForm, { make: () => string; alphabet: string }>>> = {
  'hex-lower': { make: () => draw(hex, 32), alphabet: hex },
  'uuid-lower': {
    make: () => [8, 4, 4, 4, 12].map((length) => draw(hex, length)).join('-'),
    alphabet: hex,
  },
  'base64-bytes': { make: () => draw(base64, 40), alphabet: base64 },
  'no-spaces': {
    make: () => [4, 4, 4, 4].map((length) => draw(letters, length)).join(' '),
    alphabet: letters,
  },
};

/** Texts one step away that are other values: a character changed, dropped, added, two swapped, composed otherwise. */
function nearMisses(text: string, alphabet: string): string[] {
  const places = [...text].flatMap((char, at) => (alphabet.includes(char) ? [at] : []));
  const at = places[random.below(places.length)] as number;
  const other = [...alphabet].filter((char) => char !== text[at])[
    random.below(alphabet.length - 1)
  ] as string;
  const next = text[at + 1] ?? '';
  return [
    text.slice(0, at) + other + text.slice(at + 1),
    text.slice(0, at) + text.slice(at + 1),
    text.slice(0, at) + other + text.slice(at),
    text.slice(0, at) + next + text.charAt(at) + text.slice(at + 2),
    text.normalize('NFD'),
    text.normalize('NFC'),
  ].filter((miss) => miss.replaceAll(' ', '') !== text.replaceAll(' ', ''));
}

describe.each(Object.entries(makers))('%s', (name, { make, alphabet }) => {
  it('keeps two values apart that differ by one step', () => {
    const form = name as AliasForm;
    for (let count = 0; count < pairs; ) {
      const text = make();
      const normal = normalFormOf(form, Buffer.from(text));
      expect(normal, text).toBeDefined();
      for (const miss of nearMisses(text, alphabet)) {
        count++;
        const other = normalFormOf(form, Buffer.from(miss));
        const isMerged =
          other?.domain === normal?.domain && other?.bytes.equals(normal?.bytes ?? Buffer.of());
        if (isMerged === true) expect.fail(`${text} and ${miss} have one ${form}`);
      }
    }
  });
});
