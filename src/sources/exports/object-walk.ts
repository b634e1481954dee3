/** Visits objects within objects in their order, whatever their nesting, without recursion. */
import { isObject, type JsonObject } from './object-texts.js';

/** An object still to be visited, with what it inherits. */
export interface Pending<C> {
  readonly value: unknown;
  readonly context: C;
}

export interface ObjectVisitor<C> {
  /** Handles an object and gives the records within it, which are visited next. */
  object(object: JsonObject, context: C): readonly Pending<C>[];
  /** A string where an object was expected. */
  text?(text: string, context: C): void;
}

/** Elements of arrays are visited with the pointer of each. */
export function visitObjects<C extends { readonly pointer: string }>(
  value: unknown,
  context: C,
  visitor: ObjectVisitor<C>,
): void {
  const pending: Pending<C>[] = [{ value, context }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value: current, context: at } = next;
    let inner: readonly Pending<C>[] = [];
    if (Array.isArray(current))
      inner = current.map((element: unknown, i) => ({
        value: element,
        context: { ...at, pointer: `${at.pointer}/${i}` },
      }));
    else if (isObject(current)) inner = visitor.object(current, at);
    else if (typeof current === 'string' && current !== '') visitor.text?.(current, at);
    for (let i = inner.length - 1; i >= 0; i--) {
      const one = inner[i];
      if (one !== undefined) pending.push(one);
    }
  }
}
