/**
 * Hits that held nothing are passed over where all that decides about them comes again (assembly/scan/quiet.ts). One
 * engine reads texts that differ in one place, near a keyword or far from it, and finds in each what an engine without a
 * memory finds.
 */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { cachedCore } from '../../scripts/build-core.mjs';
import type { Analyzer } from '../../src/detect/analysis.js';
import { createAnalyzer } from '../../src/detect/create-analyzer.js';
import { loadCoreModule } from '../../src/prefilter/core-module.js';
import { EngineCores } from '../../src/prefilter/engine-cores.js';
import { loadRuleSet } from '../../src/rules/load-bundle.js';
import { fakeSecret } from '../support/fake-secret.js';
import { testKeys } from '../unit/detect/rule-fixture.js';

const word = fakeSecret('github-pat', 'a quiet hit').slice(4, 30);

/** What is read, each with a value that is found as it stands or with one change. */
const texts = [
  `password = "${word}"\n`,
  `DB_PASSWORD=${word}\n`,
  `const apiKey = decode('${word}');\n`,
  `secret:\n  value: ${word}\n`,
  `<key>password</key>\n<string>${word}</string>\n`,
  `- name: DB_PASSWORD\n  value: ${word}\n`,
  `password:\n\n${word}\n`,
  `"name": "api_token",\n"description": "of the mailer",\n"value": "${word}"\n`,
  `"client_secret": "${word}",\n`,
  `the password for the staging box is ${word} by the way\n`,
  `postgres://deploy:${word}@db.internal:5432/app\n`,
  `Authorization: Bearer ${word}${word}\n`,
  `curl -u deploy:${word} https://repo.internal/x\n`,
  `| user | password |\n|------|----------|\n| deploy | ${word} |\n`,
  `aws_access_key_id = AKIA${word.slice(0, 16).toUpperCase()}\naws_secret_access_key = ${word}${word.slice(0, 14)}\n`,
  `token = os.environ["TOKEN"] or "${word}"\n`,
  `// example only\nprivate static String PASSWD = "${word}";\n`,
];

const filler = (size: number): string =>
  'nothing of interest stands in this line\n'.repeat(Math.ceil(size / 40)).slice(-size - 1);

interface Draft {
  readonly text: number;
  readonly before: number;
  readonly behind: number;
  /** Where one byte is another, as a share of the whole, and which; or what stands in place of the value. */
  readonly at: number;
  readonly byte: string;
  readonly value: string | undefined;
  readonly isMinified: boolean;
}

const drafts = fc.record<Draft>({
  text: fc.nat(texts.length - 1),
  before: fc.constantFrom(0, 3, 90, 400, 639, 640, 641, 900),
  behind: fc.constantFrom(0, 2, 60, 109, 111, 380, 500, 1500),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  byte: fc.constantFrom('"', "'", ' ', '\n', 'x', '=', '$', '{', '<', '\\', '%', '*', 'é', '@'),
  value: fc.constantFrom(undefined, '$PASSWORD', '<password>', 'changeme', '********', 'null', ''),
  isMinified: fc.boolean(),
});

function textOf({ text, before, behind, isMinified }: Draft): string {
  const whole = `${filler(before)}${texts[text]}${filler(behind)}`;
  return isMinified ? whole.replaceAll('\n', ';') : whole;
}

function changed(draft: Draft): string {
  const whole = textOf(draft);
  if (draft.value !== undefined) return whole.replaceAll(word, draft.value);
  const at = Math.floor(draft.at * (whole.length - 1));
  return whole.slice(0, at) + draft.byte + whole.slice(at + 1);
}

function foundIn(analyzer: Analyzer, text: string): unknown {
  const { findings, encoding, caps } = analyzer.analyze({
    bytes: Buffer.from(text),
    chain: [],
    collectTags: false,
  });
  return { findings, encoding, caps };
}

let engine: Analyzer;
let oracle: Analyzer;
beforeAll(async () => {
  const module = loadCoreModule(await cachedCore());
  const rules = await loadRuleSet();
  const cores = module && EngineCores.open(module, testKeys.sweep, []);
  expect(cores).toBeDefined();
  engine = createAnalyzer({ rules, keys: testKeys, known: new Map(), cores });
  oracle = createAnalyzer({ rules, keys: testKeys, known: new Map() });
});

test('an engine that remembers hits finds what one without a memory finds', () => {
  let loud = 0;
  fc.assert(
    fc.property(fc.array(drafts, { minLength: 1, maxLength: 3 }), fc.boolean(), (many, isChangedFirst) => {
      for (const draft of many) {
        const both = [textOf(draft), changed(draft)];
        for (const text of isChangedFirst ? both.reverse() : both) {
          const wanted = foundIn(oracle, text);
          if ((wanted as { findings: unknown[] }).findings.length > 0) loud++;
          expect(foundIn(engine, text)).toEqual(wanted);
          expect(foundIn(engine, text)).toEqual(wanted);
        }
      }
    }),
    { numRuns: 400 },
  );
  expect(loud).toBeGreaterThan(300);
});

test('a list is read as far as its name reaches, however its lines end', () => {
  const item = (n: number): string => `"${fakeSecret('github-pat', `one of many ${n}`).slice(4, 30)}"`;
  const many = (from: number, count: number): string =>
    Array.from({ length: count }, (_, i) => item(from + i)).join(', ');
  for (let size = 100; size < 116; size++) {
    const first = `${many(0, 3)},`.padStart(size);
    // Words among values make a list one of other things, and stand where only the line's end says that it goes on.
    const text = (last: string): string => `"passwords": [\n${first}\n${many(3, 18)}, ${last}\n]\n`;
    expect(foundIn(engine, text('"the mailer"'))).toEqual(foundIn(oracle, text('"the mailer"')));
    expect(foundIn(engine, text(item(99)))).toEqual(foundIn(oracle, text(item(99))));
  }
});
