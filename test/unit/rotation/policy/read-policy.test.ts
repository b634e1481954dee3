import { describe, expect, it } from 'vitest';
import { fieldNames, fieldSorts } from '../../../../src/rotation/policy/fields.js';
import { faultsOf, policyOf } from '../../../support/policy-builder.js';

const end = '  - { id: end, when: {}, then: { strategy: manual, reason: r } }';

/** A policy of one rule with this condition before the rule for everything. */
function withWhen(when: string): string {
  return `version: 1\nrules:\n  - { id: a, when: ${when}, then: { strategy: manual, reason: r } }\n${end}\n`;
}

/** A policy of one requirement that asks for this. */
function withRequire(require: string): string {
  return `version: 1\nrules:\n${end}\nrequirements:\n  - { id: q, when: {}, require: ${require} }\n`;
}

describe('a policy file', () => {
  it('is read with its settings, and the default ones where it names none', () => {
    const { settings } = policyOf(`version: 1\nsettings: { soak: 90m }\nrules:\n${end}\n`);
    expect(settings).toEqual({
      ephemeralMaxMs: 86_400_000,
      longLivedMs: 90 * 86_400_000,
      staleInventoryMs: 180 * 86_400_000,
      overlapMs: 86_400_000,
      soakMs: 90 * 60_000,
      exceptionMaxMs: 90 * 86_400_000,
    });
  });

  it('may name environments with rank and paths', () => {
    const text = `version: 1\nenvironments: [{ name: live, rank: 60, match: ["deploy/live/**"] }]\nrules:\n${end}\n`;
    expect(policyOf(text).environments).toEqual([{ name: 'live', rank: 60, match: ['deploy/live/**'] }]);
  });

  it('may hold notes of its authors under x-', () => {
    expect(faultsOf(`version: 1\nx-owner: security\nrules:\n${end}\n`)).toEqual([]);
  });

  it.each([
    ['version: 2\n', 'p.yaml:1:10: version must be a whole number from 1 to 1'],
    ['', 'p.yaml:1:1: version is missing'],
    ['version: 1\nsettings: { sok: 1h }\n', 'p.yaml:2:13: "sok" is not a field of settings; known are'],
    ['version: 1\nsettings: { soak: 400d }\n', 'p.yaml:2:19: soak must be from 0d to 366d'],
    ['version: 1\nsettings: { overlap: 5 }\n', 'p.yaml:2:22: overlap must be a text'],
    [
      'version: 1\nsettings: { overlap: 1 day }\n',
      'p.yaml:2:22: overlap must be a whole number and m, h or d',
    ],
    ['version: 1\nbogus: 1\n', 'p.yaml:2:1: "bogus" is not a field of a policy'],
    ['version: 1\nenvironments: [{ rank: 5 }]\n', 'p.yaml:2:16: name is missing'],
    ['version: 1\ntests: [{ name: t, expect: {} }]\n', 'p.yaml:2:28: expect expects nothing'],
    [
      'version: 1\ntests: [{ name: t, facts: { secret.age: [1d, 2d] }, expect: { rule: end } }]\n',
      'p.yaml:2:41: secret.age has one value, not a list',
    ],
    [
      'version: 1\ntests: [{ name: t, facts: { secret.agee: 1d }, expect: { rule: end } }]\n',
      'p.yaml:2:29: "secret.agee" is not a known field; known are secret.kind',
    ],
  ])('%j: %s', (head, fault) => {
    expect(faultsOf(`${head}rules:\n${end}\n`).join('\n')).toContain(fault);
  });

  it.each([
    ['{ secret.kid: x }', '3:22: "secret.kid" is not a known field; known are secret.kind'],
    ['{ nonsense: x }', '3:22: "nonsense" is not a known field'],
    ['{ secret.class: statik }', '3:36: secret.class must be one of static, renewable, ephemeral'],
    [
      '{ secret.class: unknown }',
      '3:36: secret.class cannot be compared with unknown; write { unknown: true }',
    ],
    ['{ secret.kind: unknown }', '3:35: secret.kind cannot be compared with unknown'],
    ['{ owner.known: maybe }', '3:35: owner.known must be true or false'],
    ['{ owner.known: { gt: 1 } }', '3:41: owner.known has no order'],
    ['{ sharing.score: ten }', '3:37: sharing.score must be a number'],
    ['{ sharing.score: { gt: ten } }', '3:43: sharing.score must be a number'],
    ['{ sharing.score: { over: 1 } }', '3:39: "over" is not a comparison'],
    ['{ sharing.score: { matches: "1*" } }', '3:48: sharing.score is no text'],
    ['{ sharing.score: {} }', '3:37: sharing.score needs one of gt'],
    ['{ secret.age: { gt: 90 } }', '3:40: secret.age must be a whole number and m, h or d'],
    ['{ secret.kind: { unknown: perhaps } }', '3:46: secret.kind: unknown must be true or false'],
    ['{ secret.kind: [] }', '3:35: secret.kind needs at least one value'],
    ['{ path: { matches: 3 } }', '3:39: path: matches must be a glob'],
    ['{ any: [] }', '3:27: any must be a list of at least one condition'],
    ['{ all: { owner.known: true } }', '3:27: all must be a list of at least one condition'],
    ['{ not: [] }', '3:27: a condition must be a map'],
    ['[]', '3:20: a condition must be a map'],
    ['{ owner.known: true, owner.known: false }', 'a key stands twice in one map'],
  ])('condition %s: %s', (when, fault) => {
    expect(faultsOf(withWhen(when)).join('\n')).toContain(fault);
  });

  it.each([
    ['{}', 'require asks for nothing'],
    ['{ gates: [happy] }', 'gates must be one of auth_success'],
    ['{ gates: 3 }', 'gates must be a text'],
    ['{ approvals: { role: owner } }', 'approvals must be a list'],
    ['{ approvals: [{ count: 1 }] }', 'role is missing'],
    ['{ approvals: [{ role: Owner }] }', 'role must be lower-case words'],
    ['{ approvals: [{ role: owner, count: 0 }] }', 'count must be a whole number from 1 to 9'],
    ['{ approvals: [{ role: owner, not: [anybody] }] }', 'not must be one of introducer, executor'],
    ['{ window: "Tue-Thu 9-16" }', 'window must be days, hours and UTC'],
    ['{ freeze: "2026-02-30" }', 'freeze must be a day or two'],
    ['{ deadline: soon }', 'deadline must be a whole number and m, h or d'],
  ])('requirement %s: %s', (require, fault) => {
    expect(faultsOf(withRequire(require)).join('\n')).toContain(fault);
  });

  it.each([
    ['{ strategy: automatc, reason: r }', 'strategy must be one of emergency'],
    ['{ reason: r }', 'strategy is missing'],
    ['{ strategy: manual }', 'reason is missing'],
    ['{ strategy: manual, reason: " " }', 'reason must be a text'],
    ['{ strategy: manual, reason: r, steps_add: [dance] }', 'steps_add must be one of assign'],
    ['{ strategy: manual, reason: r, step_add: [split] }', '"step_add" is not a field of then'],
  ])('then %s: %s', (then, fault) => {
    const faults = faultsOf(
      `version: 1\nrules:\n  - { id: a, when: { owner.known: true }, then: ${then} }\n${end}\n`,
    );
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });

  it('says that an id stands twice, and which rule lacks one', () => {
    const rule = (id: string, score: number): string =>
      `  - { ${id}when: { sharing.score: ${score} }, then: { strategy: manual, reason: r } }\n`;
    const text = `version: 1\nrules:\n${rule('id: a, ', 1)}${rule('id: a, ', 2)}${rule('', 3)}${end}\n`;
    expect(faultsOf(text)).toEqual(['p.yaml:4:11: id stands twice', 'p.yaml:5:5: id is missing']);
  });

  it('is not read when it is nested deeply, or repeats parts by aliases', () => {
    expect(faultsOf(`version: ${'['.repeat(5000)}`)).toEqual(['p.yaml:1:1: nested too deeply']);
    expect(
      faultsOf(
        `version: 1\nrules:\n  - &a { id: a, when: {}, then: { strategy: manual, reason: r } }\n  - *a\n`,
      ),
    ).toContain('p.yaml:4:5: aliases are not read; write it out');
  });

  it('says where it is no YAML, and quotes nothing of it', () => {
    expect(faultsOf('version: 1\nrules: [unclosed secret-text\n').join('\n')).toMatch(
      /^p\.yaml:\d+:\d+: not valid YAML/,
    );
    expect(faultsOf('version: 1\nrules: [unclosed secret-text\n').join('\n')).not.toContain('secret-text');
  });
});

describe('fields', () => {
  it('take no word for unknown: a condition asks for it', () => {
    const words = fieldNames.flatMap((name) => {
      const sort = fieldSorts[name];
      return sort.type === 'choice' ? sort.words : [];
    });
    expect(words).not.toContain('unknown');
  });

  it('take true and false for yes and no, and the other way round', () => {
    const rule = policyOf(withWhen('{ secret.lapsed: true, owner.known: "yes" }')).rules[0];
    expect(rule?.when).toMatchObject({
      of: [{ test: { op: 'is', values: ['yes'] } }, { test: { op: 'is', values: [true] } }],
    });
  });
});
