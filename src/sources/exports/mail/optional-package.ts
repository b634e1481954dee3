/** Packages that a user may install beside this one, for formats that few need. */
import type { RecordSink } from '../contract.js';

export type LoadPackage = (name: string) => Promise<unknown>;

/** Resolved where this program lies, at run time: the package is no dependency. */
export const loadPackage: LoadPackage = (name) => import(name);

/**
 * Makes objects of a class that an optional package exports. Undefined when it is not installed, which the sink is told.
 */
export async function outlookPackage<T>(
  load: LoadPackage,
  name: string,
  exported: string,
  sink: RecordSink,
): Promise<((...args: readonly unknown[]) => T) | undefined> {
  let module: unknown;
  try {
    module = await load(name);
  } catch {
    sink.note('undecodable');
    sink.damaged(`needs the optional package ${name}`);
    return undefined;
  }
  const found = classIn(module, exported);
  if (found === undefined) {
    sink.note('undecodable');
    sink.damaged(`needs another version of the optional package ${name}`);
    return undefined;
  }
  return (...args) => new found(...args) as T;
}

type Class = new (...args: readonly unknown[]) => unknown;

/** A CommonJS package's `default` is its exports, whose own `default` may be the class. */
function classIn(module: unknown, exported: string, depth = 0): Class | undefined {
  if (typeof module === 'function') return exported === 'default' ? (module as Class) : undefined;
  if (typeof module !== 'object' || module === null || depth > 2) return undefined;
  const members = module as Readonly<Record<string, unknown>>;
  const found = members[exported];
  if (typeof found === 'function') return found as Class;
  return classIn(members['default'], exported, depth + 1);
}
