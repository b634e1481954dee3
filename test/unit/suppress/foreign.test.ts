import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ForeignAllowList } from '../../../src/suppress/foreign-allow.js';
import { parseGitleaksIgnore } from '../../../src/suppress/gitleaks-ignore.js';
import { parseGitleaksToml } from '../../../src/suppress/gitleaks-toml.js';
import { parseSecretsBaseline } from '../../../src/suppress/secrets-baseline.js';
import { parseToml } from '../../../src/suppress/toml.js';

const commit = 'ab12'.repeat(10);

describe('.gitleaksignore', () => {
  const { entries, faults } = parseGitleaksIgnore(
    [
      '# comment',
      '',
      `${commit}:src/a.ts:generic-api-key:12`,
      './b c.env:aws-access-token:3  ',
      'C:\\home\\c.txt:rule:1',
      'nonsense',
      'a:b',
      'a::1',
      'a:rule:x',
    ].join('\r\n'),
  );

  test('reads both forms, also with colons and blanks in the name', () => {
    expect(entries).toEqual([
      { format: '.gitleaksignore', commit, path: 'src/a.ts', rule: 'generic-api-key', line: 12 },
      { format: '.gitleaksignore', path: 'b c.env', rule: 'aws-access-token', line: 3 },
      { format: '.gitleaksignore', path: 'C:/home/c.txt', rule: 'rule', line: 1 },
    ]);
  });

  test('names the lines that make no sense', () => {
    expect(faults.map(({ line }) => line)).toEqual([6, 7, 8, 9]);
  });

  test('covers by path, line and commit', () => {
    const list = new ForeignAllowList(entries);
    expect(list.size).toBe(3);
    expect(list.find({ path: 'src/a.ts', line: 12, commit })?.rule).toBe('generic-api-key');
    expect(list.find({ path: 'src/a.ts', line: 12 })).toBeUndefined();
    expect(list.find({ path: 'src/a.ts', line: 13, commit })).toBeUndefined();
    expect(list.find({ path: 'b c.env', line: 3, commit })).toBeDefined();
    expect(list.find({ path: './b c.env', line: 3 })).toBeDefined();
  });
});

describe('.secrets.baseline', () => {
  test('takes over place and type, never the hash, and leaves audited secrets open', () => {
    const sha1 = '0123456789abcdef0123456789abcdef01234567';
    const finding = (line_number: unknown, more = {}): object => ({
      type: 'Secret Keyword',
      hashed_secret: sha1,
      line_number,
      ...more,
    });
    const { entries, faults } = parseSecretsBaseline(
      JSON.stringify({
        version: '1.4.0',
        results: {
          'a.py': [finding(3), finding(4, { is_secret: true }), finding(5, { is_secret: false })],
          'b.py': [finding('x')],
          'c.py': 7,
        },
      }),
    );
    expect(entries.map(({ path, line, rule }) => [path, line, rule])).toEqual([
      ['a.py', 3, 'Secret Keyword'],
      ['a.py', 5, 'Secret Keyword'],
    ]);
    expect(JSON.stringify(entries)).not.toContain(sha1);
    expect(faults).toHaveLength(2);
  });

  test('anything else is a fault', () => {
    for (const text of ['', 'x', '[]', '{}', '{"results":[]}', 'null']) {
      expect(parseSecretsBaseline(text).entries).toEqual([]);
      expect(parseSecretsBaseline(text).faults).toHaveLength(1);
    }
  });
});

describe('.gitleaks.toml', () => {
  test('reads the allow lists of the file and of its rules', () => {
    const { allowlists, faults } = parseGitleaksToml(`
title = "a # title"
[extend]
useDefault = true
[allowlist]
description = "old form"
paths = [
  '''(^|/)vendor/''', # comment
  "docs/.*\\\\.md",
]
stopwords = ["EXAMPLE"]
[[allowlists]]
condition = "AND"
targetRules = ["a-rule"]
commits = ["${commit}"]
regexTarget = "line"
regexes = ['fake']
[[rules]]
id = "b-rule"
regex = '''x{3}'''
  [[rules.allowlists]]
  paths = ['b']
  [rules.allowlist]
  paths = ['c']
[[rules]]
id = "c-rule"
`);
    expect(faults).toEqual([]);
    const empty = {
      rules: [],
      paths: [],
      regexes: [],
      regexTarget: 'secret',
      stopwords: [],
      commits: [],
      condition: 'or',
    };
    expect(allowlists.map(({ id: _, line: __, ...list }) => list)).toEqual([
      { ...empty, paths: ['(^|/)vendor/', 'docs/.*\\.md'], stopwords: ['example'] },
      {
        ...empty,
        condition: 'and',
        rules: ['a-rule'],
        commits: [commit],
        regexTarget: 'line',
        regexes: ['fake'],
      },
      { ...empty, rules: ['b-rule'], paths: ['c'] },
      { ...empty, rules: ['b-rule'], paths: ['b'] },
    ]);
  });

  test('a fault names its line', () => {
    expect(parseGitleaksToml('a = 1\nb = [1,\n').faults).toEqual([{ line: 3, message: 'value expected' }]);
    expect(parseGitleaksToml('[allowlist]\npaths = "x"').faults).toEqual([
      { line: 2, message: 'allowlist.paths must be a list of texts' },
    ]);
  });
});

describe('toml', () => {
  test('values of every sort', () => {
    const parsed = parseToml(
      'a.b = 1_000\n"quo ted" = -2.5\nc = {x = true, y = [1, [2]]}\nd = 2020-01-01\n' +
        'e = "tab\\t\\u00e9 \\"q\\""\nf = """\none \\\n   two"""\ng = \'\'\'it\'s\'\'\'\n[t."x.y"]\nz = false # end',
    );
    expect(JSON.parse(JSON.stringify(parsed))).toEqual({
      table: {
        a: { b: 1000 },
        'quo ted': -2.5,
        c: { x: true, y: [1, [2]] },
        d: '2020-01-01',
        e: 'tab\té "q"',
        f: 'one two',
        g: "it's",
        t: { 'x.y': { z: false } },
      },
    });
  });

  test.each([
    'a',
    'a =',
    'a = 1 b',
    '[a',
    'a = "x',
    'a = 1\na = 2',
    'a = 1\n[a]',
    'a = "\\q"',
    '= 1',
    `a = ${'['.repeat(100)}`,
  ])('fault in %s', (text) => {
    expect(parseToml(text)).toHaveProperty('fault');
  });

  test('never throws, never touches the prototype', () => {
    const piece = fc.constantFrom(
      'a',
      '=',
      '"',
      "'",
      '[',
      ']',
      '{',
      '}',
      ',',
      '\n',
      ' ',
      '\\',
      '#',
      '1',
      '.',
      '__proto__',
      '"""',
      "'''",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        parseToml(pieces.join(''));
      }),
      { numRuns: 2000 },
    );
    parseToml('[__proto__]\npolluted = 1\n[constructor.prototype]\npolluted = 1');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
