import { describe, expect, test } from 'vitest';
import { compileGlob as scanGlob } from '../../../src/sources/files/glob.js';
import { compileGlob as storeGlob } from '../../../src/store/glob.js';
import { type ImportedRules, importGitleaks } from '../../../src/suppress/gitleaks-import.js';
import { globsOfPathPattern } from '../../../src/suppress/path-globs.js';

async function imported(text: string, files: Readonly<Record<string, string>> = {}): Promise<ImportedRules> {
  return importGitleaks(
    text,
    '.gitleaks.toml',
    async (path) => files[path],
    (id) => id === 'built-in',
  );
}

describe('a configuration in gitleaks’ format', () => {
  test('gives rules with everything that decides about a finding', async () => {
    const { user, notes, faults } = await imported(`
[[rules]]
id = "Acme Key_2"
description = "Acme"
regex = '''acme-([a-z]+)-([0-9a-f]{16})'''
secretGroup = 2
entropy = 3.2
keywords = ["ACME-"]
path = '''(?i)\\.env$'''
  [[rules.required]]
  id = "acme-user"
  withinLines = 2
  withinColumns = 40
[[rules]]
id = "acme-user"
regex = "acme-user-[a-z]{4}"
skipReport = true
[[rules]]
id = "built-in"
regex = "x{20}"
`);
    expect({ notes, faults }).toEqual({ notes: [], faults: [] });
    expect(user.rules[0]).toMatchObject({
      origin: { file: '.gitleaks.toml', line: 5 },
      id: 'acme-key-2',
      kind: 'acme-key-2',
      name: 'Acme',
      secretGroup: 2,
      minEntropy: 3.2,
      keywords: ['ACME-'],
      paths: ['**/*.[Ee][Nn][Vv]'],
      required: [{ rule: 'acme-user', lines: 2, columns: 40 }],
      silent: false,
    });
    expect(user.rules.map(({ id, silent }) => [id, silent])).toEqual([
      ['acme-key-2', false],
      ['acme-user', true],
      ['gitleaks-built-in', false],
    ]);
  });

  test('is extended field by field, two files deep, without what it disables', async () => {
    const { user, notes } = await imported(
      `
[extend]
path = "base.toml"
disabledRules = ["gone"]
[[rules]]
id = "kept"
entropy = 4
keywords = ["more"]
[[rules.allowlists]]
stopwords = ["demo"]
`,
      {
        'base.toml': `
[extend]
path = "deep.toml"
[[rules]]
id = "kept"
regex = "kept[0-9]{8}"
keywords = ["kept"]
[[rules]]
id = "gone"
regex = "gone[0-9]{8}"
`,
        'deep.toml': '[[rules]]\nid = "deep"\nregex = "deep[0-9]{8}"\n[extend]\npath = "deeper.toml"\n',
        'deeper.toml': '[[rules]]\nid = "deeper"\nregex = "deeper[0-9]{8}"\n',
      },
    );
    expect(
      user.rules.map(({ id, minEntropy, keywords, origin }) => ({ id, minEntropy, keywords, ...origin })),
    ).toEqual([
      { id: 'deep', minEntropy: undefined, keywords: [], file: 'deep.toml', line: 3 },
      { id: 'kept', minEntropy: 4, keywords: ['kept', 'more'], file: 'base.toml', line: 6 },
    ]);
    expect(user.lists).toMatchObject([{ rules: ['kept'], own: ['deep', 'kept'], stopwords: ['demo'] }]);
    expect(notes).toEqual([]);
  });

  test('tells what of it has no effect here', async () => {
    const { user, notes, faults } = await imported(`
[extend]
useDefault = true
disabledRules = ["generic-api-key"]
[[rules]]
id = "files"
path = '''\\.p12$'''
[[rules]]
id = "gitlab-pat"
[[rules]]
id = "judged"
regex = "judged[0-9]{9}"
filter = "true"
[[rules]]
id = "pair"
regex = "pair[0-9]{9}"
[[rules.required]]
id = "nowhere"
`);
    expect(user.rules.map(({ id }) => id)).toEqual(['judged', 'pair']);
    expect(notes.join('\n')).toMatch(/1 rule\(s\) about names of files alone/);
    expect(notes.join('\n')).toMatch(/1 rule\(s\) without a regex/);
    expect(notes.join('\n')).toMatch(/disabledRules name rules of gitleaks' own set/);
    expect(notes.join('\n')).toMatch(/filter are expressions/);
    expect(faults).toEqual([{ line: 14, message: 'required.id of this rule is no rule of the file' }]);
  });
});

describe('a pattern over paths as globs', () => {
  const paths = [
    '.env',
    'a/.env',
    'prod.env',
    'a/prod.env.local',
    'config/prod.yml',
    'x/config/a/prod.yaml',
    'configs/prod.yml',
    'src/test/data.json',
    'test/deep/er/data.json',
    'Makefile',
    'sub/Makefile',
    'NuGet.Config',
    'a-b/c.tf',
  ];
  const exact = [
    '\\.env$',
    '(?i)nuget\\.config$',
    '(^|/)\\.env$',
    '(?:^|/)(?:test|spec)/.*\\.json$',
    'config/.*prod\\.ya?ml$',
    '\\.(?:tf|hcl)$',
    '^src/',
    'test',
    '\\.y[am]+l',
  ];
  for (const pattern of exact) {
    test(pattern, () => {
      const globs = globsOfPathPattern(pattern) ?? [];
      const isWidened = pattern.includes('+');
      const expected = new RegExp(pattern.replace('(?i)', ''), pattern.startsWith('(?i)') ? 'i' : '');
      for (const path of paths) {
        const [byScan, byStore] = [
          globs.some((glob) => scanGlob(glob).matches(path)),
          globs.some((glob) => storeGlob(glob)(path)),
        ];
        expect(byStore, `${path} by ${globs.join(' ')}`).toBe(byScan);
        if (isWidened) expect(byScan || !expected.test(path), path).toBe(true);
        else expect(byScan, `${path} by ${globs.join(' ')}`).toBe(expected.test(path));
      }
    });
  }

  test('too varied a pattern has none', () => {
    expect(globsOfPathPattern('(a|b|c|d)(a|b|c|d)(a|b|c|d)')).toBeUndefined();
  });
});
