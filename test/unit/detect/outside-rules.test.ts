/** Rules of a configuration in the engine: where they look, what they give up, how they stand beside built-in ones. */
import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/detect/create-analyzer.js';
import { makeOutsideRules } from '../../../src/detect/outside-rules.js';
import { fingerprintOf } from '../../../src/identity/fingerprint.js';
import type { Finding } from '../../../src/model/finding.js';
import { parseRuleId } from '../../../src/model/ids.js';
import { everywhereReach, nearReach, openReach } from '../../../src/rules/linear-pattern.js';
import type { ValueList } from '../../../src/rules/rule-set.js';
import {
  compileUserRules,
  noUserRules,
  type UserRuleSource,
  type UserRules,
  withUserRules,
} from '../../../src/rules/user-rules.js';
import { allTestRules, testKeys, userRule } from './rule-fixture.js';

function listOf(more: Partial<ValueList>): ValueList {
  return {
    id: 'allowlist-00000001',
    origin: { file: 'config.toml', line: 1 },
    rules: [],
    own: [],
    paths: [],
    regexes: [],
    regexTarget: 'secret',
    stopwords: [],
    commits: [],
    condition: 'or',
    ...more,
  };
}

type Find = (text: string) => readonly Finding[];

function finder(rules: readonly UserRuleSource[], more: Partial<UserRules> = {}): Find {
  const user: UserRules = { ...noUserRules, rules, ...more };
  const { rules: compiled, faults } = compileUserRules(user, allTestRules);
  expect(faults).toEqual([]);
  const set = withUserRules(allTestRules, user, compiled);
  const outside = makeOutsideRules(set);
  const analyzer = createAnalyzer({ rules: set, outside, keys: testKeys, known: new Map() });
  return (text) => analyzer.analyze({ bytes: Buffer.from(text), chain: [], collectTags: false }).findings;
}

const print = (value: string): string => fingerprintOf(testKeys.fingerprint, Buffer.from(value));
const rulesIn = (found: readonly Finding[]): string[] => found.map(({ rule }) => rule);
const value = ['k3j5h2g9', 'f8d7s6a4', 'q1w2e3r4'].join('');

describe('which text is the secret', () => {
  const cases: readonly (readonly [string, string, number, string])[] = [
    ['the whole match without a group', 'acme_[a-z0-9]{24}', 0, `acme_${value}`],
    ['the first group that has some text', 'acme_(x)?([a-z0-9]{24})', 0, value],
    ['the group that is named by its number', '(acme)_([a-z0-9]{24})', 2, value],
    ['a group by name, flags inside', '(?i)ACME_(?P<secret>[A-Z0-9]{24})', 0, value],
  ];
  for (const [name, pattern, secretGroup, expected] of cases) {
    test(name, () => {
      const found = finder([userRule('acme', pattern, { secretGroup })])(`é x = acme_${value};\n`);
      expect(found).toMatchObject([{ rule: 'acme', confidence: 'high', fingerprint: print(expected) }]);
      expect(found[0]?.position).toMatchObject({
        line: 1,
        column: 7 + (`acme_${value}`.length - expected.length),
      });
    });
  }
});

describe('where a rule looks', () => {
  test('without keywords it is found by a literal of its pattern', () => {
    expect(rulesIn(finder([userRule('acme', 'acme[_-][a-z0-9]{24}')])(`acme-${value}`))).toEqual(['acme']);
  });

  test('a keyword that matches need not hold must stand near', () => {
    const find = finder([userRule('hex', '\\b[a-f0-9]{32}\\b', { keywords: ['acme'] })]);
    const hex = '9f86d081884c7d659a2feaa0c55ad015';
    expect(rulesIn(find(`acme\n${hex}\n`))).toEqual(['hex']);
    expect(rulesIn(find(`${hex}\n${'x '.repeat(nearReach / 2 - 20)}acme\n`))).toEqual(['hex']);
    expect(rulesIn(find(`acme${' '.repeat(nearReach + 10)}${hex}\n`))).toEqual([]);
    expect(rulesIn(find(`${hex}\n`))).toEqual([]);
  });

  test('with neither keyword nor literal it looks at every line, in binary text at none', () => {
    const find = finder([userRule('sid', '\\bS[A-Z][0-9a-f]{32}\\b')]);
    const sid = `SK${'9f86d081884c7d65'.repeat(2)}`;
    expect(rulesIn(find(`${'some text\n'.repeat(2000)}x ${sid} y\n`))).toEqual(['sid']);
    expect(rulesIn(find(`${'z'.repeat(10_000)} ${sid} ${'z'.repeat(10_000)}`))).toEqual(['sid']);
    expect(rulesIn(find(`\0\0\0\u0001${sid}\0\0`))).toEqual([]);
  });

  test('there, a match that is longer than the stated window is not seen', () => {
    const find = finder([userRule('run', '<[a-z0-9]+>')]);
    expect(rulesIn(find(`<${'ab1'.repeat(100)}>`))).toEqual(['run']);
    expect(rulesIn(find(`<${'ab1'.repeat(everywhereReach)}>`))).toEqual([]);
  });

  test('a match without a bound is cut at its window and says so', () => {
    const find = finder([userRule('long', 'blob:[a-z0-9]+')]);
    const whole = find(`blob:${'ab1'.repeat(300)} end`);
    expect(whole).toMatchObject([{ rule: 'long', reasons: ['user-rule'] }]);
    const cut = find(`blob:${'ab1'.repeat(openReach)} end`);
    expect(cut[0]?.reasons).toContain('cut-at-window');
    expect(cut[0]?.span.end).toBeLessThan(openReach + 100);
  });

  test('the end of a window is not the end of the text', () => {
    const find = finder([userRule('ended', 'tail:[a-z]{8}$')]);
    expect(rulesIn(find('tail:qwmnbvcx'))).toEqual(['ended']);
    expect(rulesIn(find(`tail:qwmnbvcx${' '.repeat(50)}`))).toEqual([]);
    expect(rulesIn(find('tail:qwmnbvcxz'))).toEqual([]);
  });

  test('characters beyond ASCII are what they are in UTF-8', () => {
    const find = finder([userRule('es', 'contraseña[=:] ?([^\\s"]{6,30})', { keywords: ['contraseña'] })]);
    expect(find('contraseña: jamón77x')).toMatchObject([{ fingerprint: print('jamón77x') }]);
  });
});

describe('what a rule discards', () => {
  const find = finder([userRule('acme', 'acme_([a-z0-9]{8,24})', { minEntropy: 2, stopWords: ['Docs'] })]);
  test('a value of its stop words, or of too little entropy', () => {
    expect(rulesIn(find(`acme_${value}`))).toEqual(['acme']);
    expect(rulesIn(find('acme_xdocsk3j5h2g9'))).toEqual([]);
    expect(rulesIn(find('acme_aabbaabb'))).toEqual([]);
  });
  test('a stand-in is kept at low confidence', () => {
    const found = finder([userRule('acme', 'acme_(\\S{8,24})')])('acme_your_token_here');
    expect(found).toMatchObject([{ rule: 'acme', confidence: 'low' }]);
  });
});

describe('allow lists', () => {
  const rules = [userRule('acme', 'acme_[a-z0-9]{24}'), userRule('beta', 'beta_[a-z0-9]{24}')];
  const own = ['acme', 'beta'];
  const text = `acme_${value} # fixture\nbeta_${value}\n`;
  test('of its own configuration take a match away, for the rules that they name', () => {
    const lists = [listOf({ own, rules: ['acme'], regexes: ['^acme_k3'] })];
    expect(rulesIn(finder(rules, { lists })(text))).toEqual(['beta']);
  });
  test('look at the secret, the match or the line', () => {
    const on = (regexTarget: ValueList['regexTarget'], regex: string): string[] =>
      rulesIn(
        finder([userRule('acme', 'acme_([a-z0-9]{24})')], {
          lists: [listOf({ own, regexTarget, regexes: [regex] })],
        })(text),
      );
    expect(on('secret', 'acme')).toEqual(['acme']);
    expect(on('match', 'acme')).toEqual([]);
    expect(on('match', 'fixture')).toEqual(['acme']);
    expect(on('line', 'fixture$')).toEqual([]);
  });
  test('with all criteria demanded, a value alone takes nothing away but is noted', () => {
    const lists = [listOf({ own, condition: 'and', paths: ['^test/'], stopwords: ['k3j5'] })];
    const found = finder(rules, { lists })(text);
    expect(rulesIn(found)).toEqual(['acme', 'beta']);
    expect(found[0]?.reasons).toContain('allowlist-00000001');
  });
  test('note the values of built-in rules, and take none of them away', () => {
    const token = `tst_${'k7Qx2mV9tR4wZ8bN'}${'c3Hy6pLd5sGf1jAe'}`;
    const find = finder([], { lists: [listOf({ stopwords: ['wz8bn'] })] });
    expect(find(`x = "${token}"`)).toMatchObject([
      { rule: 'test-token', reasons: expect.arrayContaining(['allowlist-00000001']) },
    ]);
  });
});

describe('beside other rules', () => {
  const token = `tst_${'k7Qx2mV9tR4wZ8bN'}${'c3Hy6pLd5sGf1jAe'}`;
  test('the same value has the same fingerprint, and a provider’s own label', () => {
    const [found, ...others] = finder([userRule('mine', 'tst_\\w{32}')])(`x = "${token}"`);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ rule: 'test-token', fingerprint: print(token) });
  });
  test('a rule for some paths hides nothing at the others', () => {
    const find = finder([
      userRule('mine', 'pass(?:word|phrase)? = "(\\S+)"', { paths: ['conf/**'], confidence: 'high' }),
    ]);
    const found = find('password = "gT7#kQ9!vB2x"');
    expect(found.map(({ rule, pathCondition }) => [rule, pathCondition]).toSorted()).toEqual([
      ['generic-secret', undefined],
      ['mine', 'conf/**'],
    ]);
  });
  test('a changed rule has its new confidence, stop words and paths', () => {
    const change = {
      origin: { file: 'c', line: 1 },
      id: parseRuleId('test-token'),
      confidence: 'medium',
      stopWords: ['zzz'],
      paths: ['*.env'],
    } as const;
    const find = finder([], { changes: [change] });
    expect(find(`x = "${token}"`)).toMatchObject([{ confidence: 'medium', pathCondition: '**/*.env' }]);
    expect(rulesIn(find(`x = "${token.replace('7Qx', 'zzz')}"`))).not.toContain('test-token');
  });
});

describe('a rule that requires another', () => {
  const rules = [
    userRule('secret', 'sec_[a-z0-9]{24}', { required: [{ rule: parseRuleId('user'), lines: 2 }] }),
    userRule('user', 'usr_[a-z]{6}', { silent: true }),
  ];
  test('is at low confidence unless the other one stands near, which is not reported itself', () => {
    const find = finder(rules);
    expect(find(`usr_abcdef\n\nsec_${value}\n`)).toMatchObject([
      { rule: 'secret', confidence: 'high', attributes: [], relations: [] },
    ]);
    expect(find(`usr_abcdef\n\n\nsec_${value}\n`)).toMatchObject([
      { rule: 'secret', confidence: 'low', reasons: expect.arrayContaining(['unpaired']) },
    ]);
    expect(find('usr_abcdef\n')).toEqual([]);
  });
});

describe('rules that cannot be', () => {
  test('are faults with file, line and field', () => {
    const user: UserRules = {
      ...noUserRules,
      rules: [
        userRule('open', 'a(b'),
        userRule('looks', 'a(?=b)'),
        userRule('group', 'abc', { secretGroup: 2 }),
        userRule('empty', '\\b'),
        userRule('large', '(?:[a-z]{1,1000}x){1,1000}'),
        userRule('test-token', 'abc'),
        userRule('alone', 'abc', { required: [{ rule: parseRuleId('nobody') }] }),
      ],
      disabled: [{ id: parseRuleId('no-such'), origin: { file: 'config.yaml', line: 9 } }],
    };
    const { faults } = compileUserRules(user, allTestRules);
    expect(faults.map(({ file, line, field, message }) => `${file}:${line} ${field} ${message}`)).toEqual([
      'config.yaml:1 open.pattern is no RE2 pattern: a ( without its ) (character 2)',
      'config.yaml:1 looks.pattern is no RE2 pattern: RE2 has no lookahead and no lookbehind (character 2)',
      'config.yaml:1 group.pattern has 0 groups, so none with the number 2',
      'config.yaml:1 empty.pattern matches nothing but the empty text',
      'config.yaml:1 large.pattern is too large: its repeats multiply',
      'config.yaml:1 test-token.id is the id of a built-in rule; change that one instead',
      'config.yaml:1 alone.required names the rule nobody, which is not there',
      'config.yaml:9 rules.disable no-such is no rule',
    ]);
  });
});
