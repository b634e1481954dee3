import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { expect, it } from 'vitest';
import { exposure, location } from '../../support/exposures.js';
import { completeInput, hostileInput, rendered, reportInput } from '../../support/rendered-report.js';

const permitted = new Set(
  'html head meta title style body header main section h1 h2 h3 p a ul li code bdi br small span strong'.split(
    ' ',
  ),
);

/** Controls but the line feed, and those that reorder text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** The page as a browser takes it: the tags in their order and the text between them. */
function read(page: string): { readonly tags: string[]; readonly text: string } {
  const tags: string[] = [];
  let text = '';
  const parser = new Parser({
    onopentag(name, attributes) {
      tags.push(name);
      expect(permitted).toContain(name);
      for (const [key, value] of Object.entries(attributes)) {
        expect(['lang', 'charset', 'http-equiv', 'content', 'name', 'class', 'id', 'href']).toContain(key);
        if (key === 'href') expect(value).toBe('#coverage');
      }
    },
    ontext(piece) {
      text += piece;
    },
    oncomment() {
      expect.fail('a comment');
    },
  });
  parser.end(page);
  return { tags, text };
}

it('is one page with a section a secret and one about coverage', async () => {
  const page = await rendered('html');
  const { tags, text } = read(page);
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(page).toContain('name="viewport"');
  expect(page).not.toMatch(/url\(|@import|https?:\/\/(?!chat\.example\.org)/);
  expect(tags.filter((tag) => tag === 'section')).toHaveLength(3);
  for (const told of [
    'github-pat aaaaaaaaaaaa',
    'src/config.ts:12:18',
    'since 1111111111 by Ana <ana@example.org> on 2024-01-02',
    'as json-escaped+base64',
    'under GITHUB_TOKEN',
    'allowed (allow entry by ana: rotated)',
    'Read 3 documents, 1.0 kB.',
    'Not covered: broken archive (1).',
    'a\\x1b[2Jb.zip: broken archive',
    'example.org/acme/api: read today, incomplete (broken archive (1))',
  ]) {
    expect(text).toContain(told);
  }
});

it('says at its head and at its end whether it is the whole answer', async () => {
  const incomplete = read(await rendered('html', { ...reportInput, exposures: [] })).text;
  expect(incomplete).toContain('No secret in this report.');
  expect(incomplete.match(/Coverage is incomplete/g)).toHaveLength(2);
  const complete = read(await rendered('html', { ...completeInput, exposures: [] })).text;
  expect(complete.match(/Coverage is complete/g)).toHaveLength(2);
  expect(complete).not.toContain('incomplete');
});

it('refers to show for the copies that it leaves out', async () => {
  const locations = Array.from({ length: 30 }, () => location());
  const { tags, text } = read(
    await rendered('html', { ...completeInput, exposures: [exposure({ locations })] }),
  );
  expect(text).toContain('10 more copies left out: sprawl show aaaaaaaaaaaa');
  expect(tags.filter((tag) => tag === 'small')).toHaveLength(20);
});

it('has the same tags whatever a target calls its things, and shows the names', async () => {
  const plain = read(await rendered('html', hostileInput('name'))).tags;
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.constantFrom(
      '</section>',
      '<script>alert(1)</script>',
      '"><img src=x onerror=y>',
      '<!--',
      '</style>',
      '&lt;',
    ),
  );
  await fc.assert(
    fc.asyncProperty(nasty, async (text) => {
      const page = await rendered('html', hostileInput(text));
      expect(read(page).tags).toEqual(plain);
      expect(steering.exec(page)?.[0]).toBeUndefined();
    }),
    { numRuns: 40 },
  );
  for (const name of ['<script>&"\'', '\u2039secret f66f82b59f0f\u203a']) {
    expect(read(await rendered('html', hostileInput(name))).text).toContain(`${name}!/${name}:12:18`);
  }
});
