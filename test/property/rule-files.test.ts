/** Configurations are written by hand and by strangers: none may crash the reader, and no fault may quote one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProblemError } from '../../src/model/problem.js';
import type { RuleSet } from '../../src/rules/rule-set.js';
import { parseConfig } from '../../src/suppress/config.js';
import { effectiveRules, readRuleFiles } from '../../src/suppress/rule-files.js';

const builtIn: RuleSet = { digest: '0'.repeat(64), rules: [] };
/** Nothing of this may come back in a message. */
const planted = ['pl4nted', 'S3cret', 'V4lue'].join('');

const tomlLines = fc.constantFrom(
  '[[rules]]',
  'id = "a-rule"',
  `id = "${planted}"`,
  `regex = '''${planted}('''`,
  "regex = '''[a-z]{20}'''",
  `regex = "${planted}[0-9]{4}"`,
  'regex = 5',
  'secretGroup = 3',
  'secretGroup = "x"',
  'entropy = 3.5',
  'entropy = -1',
  `keywords = ["${planted}"]`,
  'keywords = "x"',
  'path = "(?i)\\\\.env$"',
  `path = "${planted}["`,
  '[[rules.required]]',
  'withinLines = 3',
  '[rules.allowlist]',
  '[[rules.allowlists]]',
  `regexes = ['''${planted}(?=x)''', 'a+']`,
  `stopwords = ["${planted}"]`,
  'condition = "AND"',
  `condition = "${planted}"`,
  `regexTarget = "${planted}"`,
  '[extend]',
  'useDefault = true',
  'path = "other.toml"',
  `disabledRules = ["${planted}"]`,
  `${planted} = "`,
  `["${planted}`,
  'skipReport = true',
  `filter = '''${planted}'''`,
);

async function outcome(work: () => Promise<readonly string[]>): Promise<string> {
  try {
    return (await work()).join('\n');
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'config-invalid') {
      expect(error.message).toMatch(/line \d+/);
      return error.message;
    }
    throw error;
  }
}

test('a configuration in gitleaks’ format is taken or refused in words of our own', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(tomlLines, { maxLength: 20 }), fc.boolean(), async (lines, isNamed) => {
      const text = lines.join('\n');
      const told = await outcome(async () => {
        const foreign = { name: 'team.toml', text, isNamed };
        const read = async (): Promise<string> => text;
        const files = await readRuleFiles({ foreign, read, readImport: read, builtIn });
        return files === undefined ? [] : effectiveRules(builtIn, [files]).notes;
      });
      expect(told).not.toContain(planted);
    }),
    { numRuns: 1500 },
  );
});

const yamlLines = fc.constantFrom(
  'rules:',
  '  add:',
  '    - id: a-rule',
  `    - id: ${planted}`,
  `      pattern: '${planted}('`,
  "      pattern: 'tok_[a-z]{20}'",
  '      pattern: [1]',
  `      confidence: ${planted}`,
  '      minEntropy: 9',
  '      minEntropy: x',
  `      keywords: [${planted}, ab]`,
  '      group: 1.5',
  `      paths: ['${planted}']`,
  '  change:',
  '    - id: b-rule',
  '      stopWords: {a: 1}',
  '  disable: [c-rule]',
  `  disable: ["${planted}"]`,
  '  import: [team.toml]',
  `  import: ["../${planted}"]`,
  `  "${planted} with blanks": 1`,
  `allow: [{secret: ${planted}, reason: x}]`,
  `${planted}: &a [*a]`,
  '\t- x',
  `"${planted}`,
);

test('a configuration of ours is taken or refused in words of our own', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(yamlLines, { maxLength: 16 }), async (lines) => {
      const told = await outcome(async () => {
        const config = parseConfig(Buffer.from(lines.join('\n')), '.sprawl/config.yaml');
        const read = async (): Promise<string> => '[[rules]]\nid = "t"\nregex = "tt[0-9]{9}"\n';
        const files = await readRuleFiles({
          config: { name: '.sprawl/config.yaml', config },
          read,
          readImport: read,
          builtIn,
        });
        return files === undefined ? [] : effectiveRules(builtIn, [files]).notes;
      });
      expect(told).not.toContain(planted);
    }),
    { numRuns: 1500 },
  );
});
