import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { cachedCore } from '../../scripts/build-core.mjs';
import type { Analyzer, TagSink } from '../../src/detect/analysis.js';
import { createAnalyzer } from '../../src/detect/create-analyzer.js';
import type { DocumentMemory } from '../../src/detect/document-memory.js';
import { makeOutsideRules } from '../../src/detect/outside-rules.js';
import { sipKeyOf, sipTag } from '../../src/identity/siphash.js';
import { anchorTableOf, visitStrongRuns } from '../../src/identity/sweep.js';
import type { KnownAnchor } from '../../src/model/finding.js';
import { parseRuleId } from '../../src/model/ids.js';
import { loadCoreModule } from '../../src/prefilter/core-module.js';
import { EngineCores } from '../../src/prefilter/engine-cores.js';
import { compileUserRules, noUserRules, withUserRules } from '../../src/rules/user-rules.js';
import { type Edit, history, token, versionOf } from '../support/text-versions.js';
import {
  allTestRules as basicRules,
  makeRule,
  ruleSetOf,
  testKeys,
  userRule,
} from '../unit/detect/rule-fixture.js';

/** All detectors that are code. */
const allTestRules = ruleSetOf(
  ...basicRules.rules,
  makeRule('k8s-secret', ['kind: secret'], { detector: 'kubernetes-secret', specificity: 1 }),
  makeRule('table', ['insert into ', ',password', '| password'], { detector: 'table', specificity: 0 }),
  makeRule('idiom', ['curl ', '@tcp(', '| chpasswd', 'mysqli_connect(', 'creds:'], {
    detector: 'idiom',
    specificity: 0,
  }),
);

/** Rules of a configuration: across lines, near a keyword, without a bound, with another one nearby. */
const userRules = {
  ...noUserRules,
  rules: [
    userRule('next-line', 'default:\\s+"([A-Za-z0-9]{10,400})"'),
    userRule('far-on', 'curl (?s:.){0,900}?-u (\\S+)'),
    userRule('near', '\\b[A-Z][a-z]\\d{2}[A-Za-z]{6,20}', { keywords: ['acme'] }),
    userRule('open', 'stringData:(?s:.)*?value: (\\S+)'),
    userRule('paired', 'see %2F(\\w+)', { required: [{ rule: parseRuleId('beside'), lines: 30 }] }),
    userRule('beside', 'user = (\\w+)', { silent: true }),
  ],
};
const withOwnRules = withUserRules(allTestRules, userRules, compileUserRules(userRules, allTestRules).rules);

const plain = createAnalyzer({
  rules: allTestRules,
  keys: testKeys,
  known: new Map(),
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

class TagSet implements TagSink {
  readonly tags = new Set<number>();

  tagRuns(
    bytes: Buffer,
    from: number,
    to: number,
    visit: ((start: number, end: number) => void) | undefined,
  ): void {
    const isRun = (at: number): boolean => /[A-Za-z0-9]/.test(String.fromCharCode(bytes[at] ?? 0));
    let start = from;
    let end = to;
    while (start > 0 && isRun(start - 1)) start--;
    while (end < bytes.length && isRun(end)) end++;
    visitStrongRuns(bytes, start, end, (runStart, runEnd) => {
      this.tags.add(sipTag(sipKey, bytes, runStart, runEnd));
      visit?.(runStart, runEnd);
    });
  }

  add(tags: Float64Array): void {
    for (const tag of tags) this.tags.add(tag);
  }
}

const sipKey = sipKeyOf(testKeys.sweep);

/** Reads all versions with memory, and each alone; what is found must be the same. */
function compare(analyzer: Analyzer, oracle: Analyzer, first: Buffer, edits: readonly Edit[]): void {
  const made: { bytes: Buffer; memory: DocumentMemory | undefined; tags: ReadonlySet<number> }[] = [];
  for (const edit of [undefined, ...edits]) {
    const base = edit === undefined ? undefined : made[Math.max(0, made.length - 1 - edit.back)];
    const version = base === undefined ? undefined : versionOf(base.bytes, edit?.steps ?? []);
    const bytes = version?.bytes ?? first;
    const memory = base?.memory;
    const tagSink = new TagSet();
    const delta =
      memory === undefined || version === undefined ? {} : { delta: { ...version, base: memory } };
    const got = analyzer.analyze({ bytes, chain: [], collectTags: true, remembers: true, tagSink, ...delta });
    const wanted = oracle.analyze({ bytes, chain: [], collectTags: true });
    expect(got.findings).toEqual(wanted.findings);
    expect(got.encoding).toBe(wanted.encoding);
    expect(got.caps).toEqual(wanted.caps);
    // What the base had may stay in the index of a version that lost it, never the other way round.
    const tags = 'delta' in delta ? new Set([...(base?.tags ?? []), ...tagSink.tags]) : tagSink.tags;
    expect(wanted.tags.filter((tag) => !tags.has(tag))).toEqual(new Float64Array(0));
    made.push({
      bytes,
      memory: got.memory,
      tags: new Set([...tags, ...(got.memory?.decodedTags ?? [])]),
    });
  }
}

const ofUserRules = 'all that rules of a configuration find';

let cores: EngineCores | undefined;
beforeAll(async () => {
  const module = loadCoreModule(await cachedCore());
  if (module !== undefined)
    cores = EngineCores.open(
      module,
      testKeys.sweep,
      anchors.map(({ tag }) => tag),
    );
});

describe('a document made from another', () => {
  it.each([
    { what: 'all that a scan of it alone finds', known: false, runs: 60 },
    { what: 'all copies of known secrets', known: true, runs: 25 },
    { what: ofUserRules, known: false, runs: 25 },
  ])('gives $what', ({ what, known, runs }) => {
    expect(cores).toBeDefined();
    const own = { rules: withOwnRules, outside: makeOutsideRules(withOwnRules) };
    const options = {
      ...(what === ofUserRules ? own : { rules: allTestRules }),
      keys: testKeys,
      known: anchorTableOf(known ? anchors : []),
    };
    const oracle = createAnalyzer(options);
    const analyzers = [createAnalyzer({ ...options, cores }), createAnalyzer(options)];
    fc.assert(
      fc.property(history, fc.constantFrom(...analyzers), ({ first, edits }, analyzer) =>
        compare(analyzer, oracle, first, edits),
      ),
      { numRuns: runs },
    );
  });
});
