/** docs/policy.md against the code: its fields, its rules, and every policy that it shows. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fieldNames, fieldSorts } from '../../../../src/rotation/policy/fields.js';
import { runTests } from '../../../../src/rotation/policy/run-tests.js';
import { defaultPolicy, policyOf } from '../../../support/policy-builder.js';

const text = readFileSync(new URL('../../../../docs/policy.md', import.meta.url), 'utf8');
const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
const policies = blocks.filter((block) => block.startsWith('version: 1'));

/** Rows of the table under a heading: the first and second cell. */
function rows(heading: string): (readonly [string, string])[] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([^|]*)` \| ([^|]*) \|/gm)].map(([, name = '', cell = '']) => [
    name,
    cell,
  ]);
}

describe('docs/policy.md', () => {
  it('describes every field with the values that it can have', () => {
    const expected = fieldNames.map((name) => {
      const sort = fieldSorts[name];
      const words = sort.type === 'choice' ? sort.words.join(', ') : '';
      if (sort.isSet === true) return [name, sort.type === 'choice' ? `set: ${words}` : 'set of texts'];
      return [
        name,
        { choice: words, text: 'text', number: 'number', duration: 'length', flag: 'true, false' }[sort.type],
      ];
    });
    expect(rows('Fields')).toEqual(expected);
  });

  it('explains the default rules in their order, and its requirements', () => {
    const { rules, requirements } = defaultPolicy();
    const names = rows('The default policy').map(([name]) => name);
    expect(names.slice(0, rules.length)).toEqual(rules.map(({ id }) => id));
    for (const { id } of requirements) expect(text).toContain(`\`${id}\``);
    for (const [name, strategy] of rows('The default policy').slice(0, rules.length)) {
      expect(strategy.split(',')[0]).toBe(rules.find(({ id }) => id === name)?.ruling.strategy);
    }
  });

  it('shows policies without faults, whose tests hold', () => {
    expect(policies).toHaveLength(2);
    for (const policy of policies) {
      const results = runTests(policyOf(policy));
      expect(results.length).toBeGreaterThan(0);
      expect(results.flatMap(({ differences }) => differences)).toEqual([]);
    }
  });

  it('shows conditions that can be read', () => {
    const conditions = blocks.find((block) => block.startsWith('x-conditions:')) ?? '';
    const lines = [...conditions.matchAll(/^ {2}- (\{.*\}) #/gm)].map(([, line]) => line ?? '');
    expect(lines).toHaveLength(11);
    const requirements = lines.map(
      (when, index) => `  - { id: r${index}, when: ${when}, require: { max_age: 1d } }\n`,
    );
    policyOf(
      `version: 1\nrules: [{ id: all, when: {}, then: { strategy: manual, reason: r } }]\nrequirements:\n${requirements.join('')}`,
    );
  });
});
