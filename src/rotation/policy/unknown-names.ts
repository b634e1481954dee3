/** Kinds and rows of provider facts that a policy names and that nothing here has: such a condition never holds. */
import type { Condition, FieldCondition } from './condition.js';
import type { Policy, PolicyFault } from './policy.js';

/** Names that exist. */
export interface KnownNames {
  readonly kinds: ReadonlySet<string>;
  /** Ids of rows of provider facts. */
  readonly rows: ReadonlySet<string>;
}

function fieldsIn(condition: Condition): readonly FieldCondition[] {
  switch (condition.type) {
    case 'field':
      return [condition];
    case 'not':
      return fieldsIn(condition.of);
    default:
      return condition.of.flatMap(fieldsIn);
  }
}

function noteOf(field: string, value: string, { kinds, rows }: KnownNames): string | undefined {
  if (field === 'secret.kind' && !kinds.has(value)) {
    const hint = rows.has(value) ? '; it is a row of provider facts: write provider.fact' : '';
    return `secret.kind: no rule finds the kind ${value}${hint}`;
  }
  if (field === 'provider.fact' && !rows.has(value)) {
    const hint = kinds.has(value) ? '; it is a kind: write secret.kind' : '';
    return `provider.fact: there is no row ${value}${hint}`;
  }
  return undefined;
}

/** In the order of the file. No faults: rules and facts of another checkout may have what is not known here. */
export function unknownNames(policy: Policy, known: KnownNames): PolicyFault[] {
  return [...policy.rules, ...policy.requirements]
    .flatMap(({ when }) => fieldsIn(when))
    .flatMap(({ field, test, at }) => {
      const values = test.op === 'is' || test.op === 'is-not' ? test.values : [];
      return values.flatMap((value) => {
        const message = noteOf(field, String(value), known);
        return message === undefined ? [] : [{ file: policy.file, ...at, message }];
      });
    });
}
