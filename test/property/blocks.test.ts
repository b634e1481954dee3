import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Analysis, Analyzer } from '../../src/detect/analysis.js';
import { createAnalyzer } from '../../src/detect/create-analyzer.js';
import { anchorTableOf } from '../../src/identity/sweep.js';
import type { KnownAnchor } from '../../src/model/finding.js';
import { allTestRules as basicRules, makeRule, ruleSetOf, testKeys } from '../unit/detect/rule-fixture.js';

const token = `tst_${'Zx81kQp0aa7Lm3Wq'}${'55Yt29Cv64Bn83Pd'}`;

/** All detectors that are code. */
const allTestRules = ruleSetOf(
  ...basicRules.rules,
  makeRule('k8s-secret', ['kind: secret'], { detector: 'kubernetes-secret', specificity: 1 }),
  makeRule('idiom', ['curl ', '@tcp(', '| chpasswd', 'mysqli_connect(', 'creds:'], {
    detector: 'idiom',
    specificity: 0,
  }),
);

/** Lines of the sorts that detectors, escape regions and encoded runs look at, and of none. */
const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.integer({ min: 0, max: 400 }).map((n) => `  if (count_${n} > 7) return next(${n});`),
  },
  { weight: 2, arbitrary: fc.constantFrom('', '}', '  /* the token of the key, see auth */') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'password = "',
      'config.token: ',
      '  "name": "api_secret",',
      '  "value": "Zx81kQp0aa7Lm3Wq55"',
      'password',
      'user = alice',
      'printf("a\\n\\"token\\": \\"%s\\"\\n", token);',
      'x = "{\\"password\\": \\"Xk29dkeoQ1mzP0s\\"}"',
      'url = https://bob:Tr0ub4dor%21x9@db.example.net/main',
      'see %2Fhome%2Ftoken%3Dabc&amp;x',
      'password = "Xk29dkeoQ1mzP0s"',
      `acme ${token}`,
      `-----BEGIN ${'RSA'} PRIVATE KEY-----`,
      Buffer.from('password = "kQ81zzLm0paW44" and more of it\n').toString('base64'),
      'password:',
      '  "db_password": {',
      '    default: "Xk29dkeoQ1mzP0s"',
      `    default: "Xk29dkeoQ1mzP0s${'pQ7'.repeat(120)}"`,
      '    type: string # of a definition that says more before it comes to its default, as they do',
      '<property name="password"',
      '  kind="text">',
      '<value>Xk29dkeoQ1mzP0s</value></property>',
      '<password>',
      'password=',
      '- name: DB_PASSWORD',
      '  value: Xk29dkeoQ1mzP0s',
      `${' '.repeat(300)}value: "Xk29dkeoQ1mzP0s"`,
      'kind: Secret',
      'data:',
      `  token: ${Buffer.from('Zx81kQp0aa7Lm3').toString('base64')}`,
      'stringData:',
      '---',
      'curl https://x.internal \\',
      '  -u bob:Tr0ub4dor!x9 \\',
      'mysqli_connect("db", "bob",',
      '  "Tr0ub4dor!x9");',
      'dsn := "bob:Tr0ub4dor!x9@tcp(db)/main"',
      'echo "bob:Tr0ub4dor!x9" | chpasswd',
      'q'.repeat(900),
      ' '.repeat(700),
    ),
  },
);
const lines = fc.array(line, { minLength: 90, maxLength: 260 });
interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly add: readonly string[];
}
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.integer({ min: 0, max: 12 }),
  add: fc.array(line, { maxLength: 6 }),
});

function edited(text: readonly string[], { at, remove, add }: Edit): string[] {
  const from = Math.floor(at * text.length);
  return [...text.slice(0, from), ...add, ...text.slice(from + remove)];
}

/** Versions of one file, each an edit of the one before, and the first one again at the end. */
const versions = fc.tuple(lines, fc.array(edit, { minLength: 1, maxLength: 6 })).map(([first, edits]) => {
  const chain = [first];
  for (const change of edits) chain.push(edited(chain[chain.length - 1] ?? first, change));
  chain.push(first);
  return chain.map((text) => Buffer.from(text.join('\n')));
});

const plain = createAnalyzer({
  rules: allTestRules,
  keys: testKeys,
  known: new Map(),
  remembersBlocks: false,
});
const anchors = plain
  .analyze({ bytes: Buffer.from(`acme ${token}\n`), chain: [], collectTags: true })
  .findings.flatMap((finding): KnownAnchor[] =>
    finding.anchor === undefined
      ? []
      : [
          {
            ...finding.anchor,
            fingerprint: finding.fingerprint,
            kind: finding.kind,
            confidence: finding.confidence,
            strengthBits: finding.strengthBits,
          } as KnownAnchor,
        ],
  );

function analyzers(known: readonly KnownAnchor[]): { remembering: Analyzer; oracle: Analyzer } {
  const options = { rules: allTestRules, keys: testKeys, known: anchorTableOf(known) };
  return {
    remembering: createAnalyzer(options),
    oracle: createAnalyzer({ ...options, remembersBlocks: false }),
  };
}

function analyzed(analyzer: Analyzer, bytes: Buffer): Analysis {
  return analyzer.analyze({ bytes, chain: [], collectTags: true });
}

describe('remembered blocks', () => {
  it('change nothing in what is found, whatever was read before', () => {
    const { remembering, oracle } = analyzers([]);
    fc.assert(
      fc.property(versions, (chain) => {
        for (const bytes of chain) expect(analyzed(remembering, bytes)).toEqual(analyzed(oracle, bytes));
      }),
      { numRuns: 60 },
    );
  });

  it('change nothing in which copies of known secrets are found', () => {
    expect(anchors).toHaveLength(1);
    const { remembering, oracle } = analyzers(anchors);
    fc.assert(
      fc.property(versions, (chain) => {
        for (const bytes of chain) expect(analyzed(remembering, bytes)).toEqual(analyzed(oracle, bytes));
      }),
      { numRuns: 20 },
    );
  });

  it('are forgotten when they grow too many', () => {
    const { remembering, oracle } = analyzers([]);
    // 40 texts of 1 MB pass through a ring of 24 MB; the first one comes again at the end.
    const text = (seed: number): Buffer =>
      Buffer.from(
        Array.from(
          { length: 26_000 },
          (_, i) => `  row ${(i * 7919 + seed * 104_729) % 999_983} of ${seed} x${i};`,
        ).join('\n'),
      );
    const planted = Buffer.concat([text(1), Buffer.from('\npassword = "Xk29dkeoQ1mzP0s"\n'), text(2)]);
    const wanted = analyzed(oracle, planted);
    expect(wanted.findings).toHaveLength(1);
    for (let seed = 1; seed < 40; seed++) analyzed(remembering, text(seed));
    expect(analyzed(remembering, planted)).toEqual(wanted);
  });
});
