/** Reads conditions: `field: value`, `field: [a, b]`, `field: { gt: 1 }`, combined by `all`, `any` and `not`. */
import type { Condition, Test } from './condition.js';
import { durationGrammar, durationMs } from './duration.js';
import { type FieldName, type FieldSort, fieldNames, fieldSorts, isFieldName } from './fields.js';
import { maxGlobLength, parseGlob } from './glob.js';
import type { PolicyEntry, PolicyFaults, PolicyNode } from './policy-tree.js';
import type { Scalar } from './seen.js';

const operators = ['gt', 'gte', 'lt', 'lte', 'ne', 'in', 'not_in', 'matches', 'unknown', 'stale'] as const;
type Operator = (typeof operators)[number];

/** The fields that share its first word, for who mistyped the second. */
export function siblings(name: string): string {
  const group = `${name.split('.')[0]}.`;
  const near = fieldNames.filter((known) => known.startsWith(group));
  return near.length === 0 ? '' : `; known are ${near.join(', ')}`;
}

/** Reads one value of a field; undefined after a fault. */
export function readScalar(node: PolicyNode, field: FieldName, faults: PolicyFaults): Scalar | undefined {
  const value = node.type === 'scalar' ? node.value : null;
  const read = value === null ? undefined : typed(value, fieldSorts[field]);
  if (read !== undefined) return read;
  faults.add(node.at, `${field} ${value === 'unknown' ? unknownHint : expected(fieldSorts[field])}`);
  return undefined;
}

const unknownHint = 'cannot be compared with unknown; write { unknown: true }';

/** `true` and `false` are other words for `yes` and `no`, quoted or not. */
function yesOrNo(value: string | number | boolean): string | number {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
}

function typed(value: string | number | boolean, sort: FieldSort): Scalar | undefined {
  switch (sort.type) {
    case 'choice':
      return sort.words.find((word) => word === (sort.words.includes('yes') ? yesOrNo(value) : value));
    case 'text':
      return typeof value === 'string' && value !== '' && value !== 'unknown' ? value : undefined;
    case 'flag':
      return new Map<unknown, boolean>([
        ['yes', true],
        ['no', false],
      ]).get(yesOrNo(value));
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'duration':
      return typeof value === 'string' ? durationMs(value) : undefined;
  }
}

function expected(sort: FieldSort): string {
  switch (sort.type) {
    case 'choice':
      return `must be one of ${sort.words.join(', ')}`;
    case 'text':
      return 'must be a text';
    case 'flag':
      return 'must be true or false';
    case 'number':
      return 'must be a number';
    case 'duration':
      return durationGrammar;
  }
}

export class ConditionReader {
  readonly #faults: PolicyFaults;

  constructor(faults: PolicyFaults) {
    this.#faults = faults;
  }

  /** A map holds when all of its entries do. */
  read(node: PolicyNode): Condition {
    if (node.type !== 'map') {
      this.#faults.add(node.at, 'a condition must be a map of fields, all, any and not');
      return { type: 'all', of: [], at: node.at };
    }
    const parts = node.entries.flatMap((entry) => this.#entry(entry));
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { type: 'all', of: parts, at: node.at };
  }

  #entry({ key, at, value }: PolicyEntry): Condition[] {
    if (key === 'not') return [{ type: 'not', of: this.read(value), at }];
    if (key === 'all' || key === 'any') {
      if (value.type === 'list' && value.items.length > 0) {
        return [{ type: key, of: value.items.map((item) => this.read(item)), at }];
      }
      this.#faults.add(value.at, `${key} must be a list of at least one condition`);
      return [];
    }
    if (isFieldName(key))
      return this.#field(key, value).map((test) => ({ type: 'field', field: key, test, at }));
    this.#faults.add(at, `"${key}" is not a known field${siblings(key)}`);
    return [];
  }

  #field(field: FieldName, value: PolicyNode): Test[] {
    if (value.type === 'map') return this.#operators(field, value.entries, value);
    const values = this.#values(field, value);
    return values.length === 0 ? [] : [{ op: 'is', values }];
  }

  /** One value or a list of at least one. */
  #values(field: FieldName, node: PolicyNode): Scalar[] {
    const items = node.type === 'list' ? node.items : [node];
    if (items.length === 0) this.#faults.add(node.at, `${field} needs at least one value`);
    return items.flatMap((item) => readScalar(item, field, this.#faults) ?? []);
  }

  #operators(field: FieldName, entries: readonly PolicyEntry[], node: PolicyNode): Test[] {
    if (entries.length === 0) this.#faults.add(node.at, `${field} needs one of ${operators.join(', ')}`);
    return entries.flatMap(({ key, at, value }) => {
      const operator = operators.find((known) => known === key);
      if (operator !== undefined) return this.#test(field, operator, value);
      this.#faults.add(at, `"${key}" is not a comparison; known are ${operators.join(', ')}`);
      return [];
    });
  }

  #test(field: FieldName, operator: Operator, node: PolicyNode): Test[] {
    switch (operator) {
      case 'ne':
      case 'not_in': {
        const values = this.#values(field, node);
        return values.length === 0 ? [] : [{ op: 'is-not', values }];
      }
      case 'in': {
        const values = this.#values(field, node);
        return values.length === 0 ? [] : [{ op: 'is', values }];
      }
      case 'matches':
        return this.#matches(field, node);
      case 'unknown':
      case 'stale':
        return this.#state(field, operator, node);
      default:
        return this.#order(field, operator, node);
    }
  }

  #state(field: FieldName, op: 'unknown' | 'stale', node: PolicyNode): Test[] {
    if (node.type === 'scalar' && typeof node.value === 'boolean') return [{ op, value: node.value }];
    this.#faults.add(node.at, `${field}: ${op} must be true or false`);
    return [];
  }

  #order(field: FieldName, op: 'gt' | 'gte' | 'lt' | 'lte', node: PolicyNode): Test[] {
    const { type } = fieldSorts[field];
    if (type !== 'number' && type !== 'duration') {
      this.#faults.add(node.at, `${field} has no order; ${op} is for numbers and durations`);
      return [];
    }
    const value = readScalar(node, field, this.#faults);
    return typeof value === 'number' ? [{ op, value }] : [];
  }

  #matches(field: FieldName, node: PolicyNode): Test[] {
    const { type } = fieldSorts[field];
    if (type !== 'text' && type !== 'choice') {
      this.#faults.add(node.at, `${field} is no text; matches is for texts`);
      return [];
    }
    const items = node.type === 'list' ? node.items : [node];
    const globs = items.flatMap((item) => {
      const text = item.type === 'scalar' ? item.value : null;
      if (typeof text === 'string' && text !== '' && text.length <= maxGlobLength) return [parseGlob(text)];
      this.#faults.add(item.at, `${field}: matches must be a glob of at most ${maxGlobLength} characters`);
      return [];
    });
    return globs.length === 0 ? [] : [{ op: 'matches', globs }];
  }
}
