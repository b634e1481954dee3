import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkRules, hasKeyword, matchPattern } from '../../../src/rules/check.js';
import { compileWithFaults } from '../../../src/rules/compile.js';
import { renderExample } from '../../../src/rules/generate.js';
import { loadRuleSources } from '../../../src/rules/load.js';
import { packageRoot } from '../../../src/rules/load-bundle.js';
import { faultText } from '../../../src/rules/rule-source.js';

const sources = loadRuleSources(join(packageRoot(), 'rules'));
const { ruleSet, faults } = compileWithFaults(sources);

/** Words that stand beside every sort of value: a rule that is woken by one of them alone runs everywhere. */
const commonWords = new Set(
  'key keys token tokens auth api pass password passwd pwd secret user name id app client access private public data value'.split(
    ' ',
  ),
);

describe('the rules folder', () => {
  test('compiles without a fault', () => {
    expect(faults.map(faultText)).toEqual([]);
  });

  test('every example is found by its own rule, no negative is', { timeout: 120_000 }, () => {
    expect(checkRules(sources).map(faultText)).toEqual([]);
  });

  test('covers the kinds that text alone can show', () => {
    const covered = new Set(ruleSet.rules.map((rule) => rule.kind));
    const open = [...sources.kinds.values()].filter(
      (kind) => kind.status !== 'deprecated' && !covered.has(kind.id),
    );
    // Kinds that are a file's name, a mere spelling of another kind, or off by design.
    expect(open.map((kind) => kind.id).sort()).toMatchInlineSnapshot(`
      [
        "appsettings-secret",
        "aws-credentials-file",
        "dbeaver-datasources",
        "dotenv-assignment",
        "generic-credential-ini",
        "generic-credential-json",
        "generic-credential-xml",
        "generic-credential-yaml",
        "github-app-private-key",
        "gnupg-keyring-file",
        "history-file",
        "pem-base64-wrapped",
        "private-key-in-env",
        "pubdev-credentials",
        "ssh-private-key-file-name",
        "uuid-secret-context",
      ]
    `);
  });

  test('no named rule is woken by a common word', () => {
    const woken = sources.rules
      .filter((rule) => rule.recognition.by === 'named')
      .flatMap((rule) => {
        const keywords = ruleSet.rules.find((compiled) => compiled.id === rule.id)?.keywords ?? [];
        return keywords
          .filter((keyword) => commonWords.has(keyword.text))
          .map((keyword) => `${rule.id}: ${keyword.text}`);
      });
    expect(woken).toEqual([]);
  });

  test('a digest stands for the rules and not for their order', () => {
    const turned = compileWithFaults({ ...sources, rules: sources.rules.toReversed() });
    expect(turned.ruleSet.digest).toBe(ruleSet.digest);
    const [, ...fewer] = sources.rules;
    expect(compileWithFaults({ ...sources, rules: fewer }).ruleSet.digest).not.toBe(ruleSet.digest);
  });

  test('plain JSON: the bundle is the rule set', () => {
    expect(JSON.parse(JSON.stringify(ruleSet))).toEqual(ruleSet);
  });

  test('the prefilter drops no rule that would match', { timeout: 120_000 }, () => {
    const texts = sources.rules.flatMap((source) => {
      const rule = ruleSet.rules.find((compiled) => compiled.id === source.id);
      const [example] = source.examples;
      return rule === undefined || example === undefined
        ? []
        : [renderExample(rule, example, 'law', ruleSet.rules).text];
    });
    const sample = texts.filter((_text, index) => index % 25 === 0);
    for (const text of sample) {
      for (const rule of ruleSet.rules) {
        if ((matchPattern(rule, text)?.length ?? 0) > 0)
          expect(hasKeyword(text, rule.keywords), rule.id).toBe(true);
      }
    }
  });
});
