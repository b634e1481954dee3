import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Condition,
  evaluate,
  type FieldCondition,
  type Test,
} from '../../../../src/rotation/policy/condition.js';
import { type FieldName, fieldSorts } from '../../../../src/rotation/policy/fields.js';
import { parseGlob } from '../../../../src/rotation/policy/glob.js';
import { covers, neverHolds } from '../../../../src/rotation/policy/implies.js';
import { type Seen, unknownField } from '../../../../src/rotation/policy/seen.js';
import { faultsOf } from '../../../support/policy-builder.js';

/** Faults of a policy whose rules have these conditions, before one for everything. */
function reachFaults(...conditions: readonly string[]): string[] {
  const rules = conditions.map(
    (when, index) => `  - { id: r${index}, when: ${when}, then: { strategy: manual, reason: r } }\n`,
  );
  return faultsOf(
    `version: 1\nrules:\n${rules.join('')}  - { id: end, when: {}, then: { strategy: manual, reason: r } }\n`,
  );
}

describe('a rule that nothing reaches', () => {
  it.each<readonly [covering: string, covered: string]>([
    ['{ owner.known: true }', '{ owner.known: true }'],
    ['{ owner.known: true }', '{ owner.known: true, secret.class: static }'],
    ['{ secret.class: [static, ephemeral] }', '{ secret.class: static }'],
    ['{ any: [{ owner.known: true }, { secret.class: static }] }', '{ secret.class: static, path: x }'],
    ['{ sharing.score: { gt: 10 } }', '{ sharing.score: { gte: 11 } }'],
    ['{ sharing.score: { gte: 10 } }', '{ sharing.score: [10, 30] }'],
    ['{ sharing.score: { lt: 10 } }', '{ sharing.score: { lt: 3 } }'],
    ['{ secret.class: { unknown: false } }', '{ secret.class: static }'],
    ['{ secret.class: { ne: static } }', '{ secret.class: ephemeral }'],
    ['{ secret.class: { ne: static } }', '{ secret.class: { not_in: [static, ephemeral] } }'],
    ['{ path: { matches: "deploy/**" } }', '{ path: [deploy/a, deploy/b/c] }'],
    ['{ environment.set: [prod, dr] }', '{ environment.set: prod }'],
    ['{ not: { secret.class: static } }', '{ secret.class: ephemeral }'],
    ['{ not: { owner.known: true, secret.class: static } }', '{ not: { owner.known: true } }'],
    ['{}', '{ owner.known: true }'],
  ])('%s covers %s', (covering, covered) => {
    expect(reachFaults(covering, covered)).toContain(
      'p.yaml:4:5: rule r1 is never reached: r0 (line 3) matches all that it would',
    );
  });

  it('may be covered by several, each of which takes some of its cases', () => {
    const faults = reachFaults(
      '{ secret.class: static }',
      '{ owner.known: true }',
      '{ secret.class: renewable }',
      '{ any: [{ secret.class: [static, renewable] }, { owner.known: true, path: x }] }',
    );
    expect(faults).toEqual([
      'p.yaml:6:5: rule r3 is never reached: r0 (line 3) and r1 (line 4) and r2 (line 5) match all that it would',
    ]);
  });

  it.each([
    '{ secret.class: static, all: [{ secret.class: ephemeral }] }',
    '{ sharing.score: { gt: 5, lt: 5 } }',
    '{ sharing.score: 3, all: [{ sharing.score: { gt: 5 } }] }',
    '{ secret.class: { unknown: true }, all: [{ secret.class: static }] }',
    '{ secret.class: { stale: true }, all: [{ secret.class: { stale: false } }] }',
    '{ path: x, not: { path: [x, y] } }',
    '{ secret.class: static, all: [{ secret.class: { ne: static } }] }',
    '{ repository: a, all: [{ repository: { not_in: [a, b] } }] }',
    '{ not: {} }',
    '{ any: [{ not: {} }, { owner.known: true, all: [{ owner.known: false }] }] }',
  ])('contradicts itself: %s', (when) => {
    expect(reachFaults(when)).toEqual([
      'p.yaml:3:5: rule r0 is never reached: its conditions contradict each other',
    ]);
  });

  it.each<readonly [earlier: string, later: string]>([
    ['{ owner.known: true, secret.class: static }', '{ owner.known: true }'],
    ['{ secret.class: static }', '{ secret.class: [static, ephemeral] }'],
    ['{ sharing.score: { gt: 10 } }', '{ sharing.score: { gte: 10 } }'],
    // A set may hold both.
    ['{ environment.set: { ne: prod } }', '{ environment.set: staging }'],
    // What is unknown is neither.
    ['{ owner.known: false }', '{ not: { owner.known: true } }'],
    ['{ secret.class: { unknown: true } }', '{ secret.class: { stale: true } }'],
  ])('is not found where %s leaves something of %s', (earlier, later) => {
    expect(reachFaults(earlier, later)).toEqual([]);
  });

  it('is looked for also among many rules that are nested', () => {
    const deep = (levels: number): string =>
      levels === 0
        ? '{ owner.known: true }'
        : `{ any: [{ all: [${deep(levels - 1)}, { path: p${levels} }] }, { repository: r${levels} }] }`;
    const faults = reachFaults(deep(20), deep(20));
    expect(faults).toHaveLength(1);
  });
});

const at = { line: 1, column: 1 };
const numberField: FieldName = 'sharing.score';
const wordField: FieldName = 'secret.class';
const setField: FieldName = 'environment.set';
const words = ['static', 'renewable', 'ephemeral'];
const names = ['prod', 'staging', 'dev'];

const stateTest: fc.Arbitrary<Test> = fc.record({
  op: fc.constantFrom('unknown' as const, 'stale' as const),
  value: fc.boolean(),
});

function valueTest(values: readonly string[]): fc.Arbitrary<Test> {
  const some = fc.subarray([...values], { minLength: 1 });
  return fc.oneof(
    fc.record({ op: fc.constantFrom('is' as const, 'is-not' as const), values: some }),
    some.map(
      (texts): Test => ({ op: 'matches', globs: texts.map((text) => parseGlob(`${text.slice(0, 2)}*`)) }),
    ),
    stateTest,
  );
}

const numberTest: fc.Arbitrary<Test> = fc.oneof(
  fc.record({
    op: fc.constantFrom('gt', 'gte', 'lt', 'lte'),
    value: fc.nat({ max: 3 }),
  }) as fc.Arbitrary<Test>,
  fc.record({
    op: fc.constantFrom('is' as const, 'is-not' as const),
    values: fc.uniqueArray(fc.nat({ max: 3 }), { minLength: 1, maxLength: 3 }),
  }),
  stateTest,
);

const leaf: fc.Arbitrary<FieldCondition> = fc.oneof(
  valueTest(words).map((test): FieldCondition => ({ type: 'field', field: wordField, test, at })),
  valueTest(names).map((test): FieldCondition => ({ type: 'field', field: setField, test, at })),
  numberTest.map((test): FieldCondition => ({ type: 'field', field: numberField, test, at })),
);

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record({
      type: fc.constantFrom('all' as const, 'any' as const),
      of: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }),
      at: fc.constant(at),
    }),
    fc.record({ type: fc.constant('not' as const), of: tie('condition'), at: fc.constant(at) }),
  ),
}));

/** Everything that the three fields can be, small enough to try it all. */
function worlds(): ReadonlyMap<FieldName, Seen>[] {
  const stale: Seen = { values: undefined, stale: true };
  const one = (value: string | number): Seen => ({ values: [value], stale: false });
  const classes = [unknownField, stale, ...words.map(one)];
  const sets = [[], ['prod'], ['staging'], ['prod', 'staging'], names].map((values) => ({
    values,
    stale: false,
  }));
  const scores = [unknownField, one(0), one(1), one(2), one(3), one(4), { ...one(2), isAtLeast: true }];
  const part: Seen = { values: ['prod'], stale: false, isAtLeast: true };
  return classes.flatMap((word) =>
    [unknownField, part, ...sets].flatMap((set) =>
      scores.map(
        (score) =>
          new Map<FieldName, Seen>([
            [wordField, word],
            [setField, set],
            [numberField, score],
          ]),
      ),
    ),
  );
}
const allWorlds = worlds();

function holdsIn(when: Condition, world: ReadonlyMap<FieldName, Seen>): boolean {
  return evaluate(when, (field) => world.get(field) ?? unknownField).holds;
}

describe('what is shown about conditions', () => {
  it('is true: where the later one holds, one of those that cover it holds', () => {
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 4 }), condition, (earlier, later) => {
        const covering = covers(earlier, later);
        if (covering.length === 0) return;
        for (const world of allWorlds) {
          if (!holdsIn(later, world)) continue;
          expect(covering.some((index) => holdsIn(earlier[index] as Condition, world))).toBe(true);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('is true: what never holds holds in no world', () => {
    fc.assert(
      fc.property(condition, (when) => {
        if (neverHolds(when)) expect(allWorlds.filter((world) => holdsIn(when, world))).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  it('finds every rule that only narrows an earlier one', () => {
    fc.assert(
      fc.property(
        condition,
        fc.array(condition, { maxLength: 2 }),
        fc.boolean(),
        (earlier, extra, isFirst) => {
          const of = isFirst ? [earlier, ...extra] : [...extra, earlier];
          expect(covers([earlier], { type: 'all', of, at })).toEqual([0]);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('finds every rule of which an earlier one allows more', () => {
    fc.assert(
      fc.property(condition, condition, (later, extra) => {
        expect(covers([{ type: 'any', of: [extra, later], at }], later)).toEqual([0]);
      }),
      { numRuns: 1500 },
    );
  });
});

describe('what is unknown', () => {
  it('equals nothing, differs from nothing, and has no order', () => {
    fc.assert(
      fc.property(leaf, fc.boolean(), (when, stale) => {
        fc.pre(when.test.op !== 'unknown' && when.test.op !== 'stale');
        expect(evaluate(when, () => ({ values: undefined, stale })).holds).toBe(false);
      }),
    );
    expect(fieldSorts[setField].isSet).toBe(true);
  });
});
