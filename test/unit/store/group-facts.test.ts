/** Facts of all secrets at once, beside those that are asked for one by one; and the order of a list. */
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { confidences } from '../../../src/model/finding.js';
import { groupFactsReader, readAllGroupFacts } from '../../../src/store/group-facts.js';
import { begin, content, finding, fingerprint, newStore, place, removeFolders, rootOf } from './fixtures.js';

afterEach(removeFolders);

const facts = fc.record({
  secret: fc.nat(30),
  alias: fc.option(fc.nat(8), { nil: undefined }),
  weak: fc.boolean(),
  strengthBits: fc.integer({ min: 1, max: 90 }),
  preview: fc.option(fc.constantFrom('abc…', 'abd…', '\u{1f600}…', '\uff5e…'), { nil: undefined }),
  knownPublic: fc.option(fc.constantFrom('docs', 'a book'), { nil: undefined }),
  lengthClass: fc.constantFrom('8-19', '20-39'),
  confidence: fc.constantFrom(...confidences),
  rule: fc.constantFrom('demo-token', 'known-value'),
});

test('the facts of all secrets are those of each', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(facts, { minLength: 1, maxLength: 60 }), async (items) => {
      const store = await newStore();
      const writer = await begin(store);
      const p = place('p');
      await writer.upsertPlace(p);
      const findings = items.map(({ secret, alias, rule, preview, knownPublic, ...more }, i) => ({
        ...finding(fingerprint(secret), more),
        rule: rule as ReturnType<typeof finding>['rule'],
        ...(preview === undefined ? {} : { preview }),
        ...(knownPublic === undefined ? {} : { knownPublic }),
        aliases: alias === undefined ? [] : [{ domain: 'd', fingerprint: fingerprint(`alias ${alias}`) }],
        span: { start: i * 100, end: i * 100 + 40 },
      }));
      await writer.writeBatch(rootOf(p), { contents: [content(1, { findings })], chunks: [] });
      await writer.holdings(rootOf(p));
      await store.close();
      const db = new Database(store.path, { readonly: true });
      const all = readAllGroupFacts(db);
      const one = groupFactsReader(db);
      const groups = db.prepare('SELECT DISTINCT canonical FROM secret').pluck().all() as number[];
      expect([...all.keys()].sort((a, b) => a - b)).toEqual(groups.sort((a, b) => a - b));
      for (const group of groups) expect(all.get(group)).toEqual(one(group));
      db.close();
    }),
    { numRuns: 15 },
  );
});

test('a list begins with what most needs an act', async () => {
  const store = await newStore();
  const writer = await begin(store);
  const p = place('p');
  await writer.upsertPlace(p);
  const wanted = [
    { confidence: 'high', copies: 2 },
    { confidence: 'high', copies: 1 },
    { confidence: 'medium', copies: 3 },
    { confidence: 'low', copies: 9 },
  ] as const;
  const file = (name: string) => ({
    type: 'file' as const,
    locationKind: 'loose-file' as const,
    path: { text: name },
    ignored: false,
    tracked: false,
  });
  for (const [n, { confidence, copies }] of [...wanted.entries()].reverse()) {
    const appearances = Array.from({ length: copies }, (_, k) => file(`${n}-${k}`));
    const own = content(n, { findings: [finding(fingerprint(n), { confidence })], appearances });
    await writer.writeBatch(rootOf(p), { contents: [own], chunks: [] });
  }
  const listed = await store.listSecrets({});
  expect(listed.map((secret) => secret.fingerprint)).toEqual(wanted.map((_, n) => fingerprint(n)));
  await store.close();
});
