/** Faults of a policy as a whole: rules that nothing reaches, and a list that lets secrets through. */
import type { Condition } from './condition.js';
import { covers, neverHolds } from './implies.js';
import type { Policy, PolicyRule } from './policy.js';
import type { PolicyFaults } from './policy-tree.js';

export function isCatchAll(condition: Condition): boolean {
  return condition.type === 'all' && condition.of.every(isCatchAll);
}

/** @param broken conditions that were not read in full: they are left out */
export function checkPolicy(policy: Policy, broken: ReadonlySet<Condition>, faults: PolicyFaults): void {
  const isWhole = ({ when }: { readonly when: Condition }): boolean => !broken.has(when);
  checkReach(policy.rules.filter(isWhole), faults);
  const last = policy.rules.at(-1);
  if (last === undefined || (isWhole(last) && !isCatchAll(last.when))) {
    const at = last?.at ?? { line: 1, column: 1 };
    faults.add(at, 'the last rule must match everything (when: {}), so that no secret is left undecided');
  }
  for (const { id, at, when } of policy.requirements.filter(isWhole)) {
    if (neverHolds(when))
      faults.add(at, `requirement ${id} never holds: its conditions contradict each other`);
  }
}

function checkReach(rules: readonly PolicyRule[], faults: PolicyFaults): void {
  rules.forEach(({ id, at, when }, index) => {
    if (neverHolds(when)) {
      faults.add(at, `rule ${id} is never reached: its conditions contradict each other`);
      return;
    }
    const earlier = rules.slice(0, index);
    const covering = covers(
      earlier.map((rule) => rule.when),
      when,
    );
    if (covering.length === 0) return;
    const names = covering.map((number) => `${rules[number]?.id} (line ${rules[number]?.at.line})`);
    const match = names.length === 1 ? 'matches' : 'match';
    faults.add(at, `rule ${id} is never reached: ${names.join(' and ')} ${match} all that it would`);
  });
}
