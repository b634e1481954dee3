/** Remembers what a look-up gave, up to a bound. */

/** Most values that one memory holds before it begins anew. */
const maxRemembered = 50_000;

export interface Memo<Key, Value> {
  (key: Key): Value;
  /** Forgets all: rows may have changed since. */
  forget(): void;
}

export function memo<Key, Value>(load: (key: Key) => Value): Memo<Key, Value> {
  const known = new Map<Key, Value>();
  const look = (key: Key): Value => {
    let value = known.get(key);
    if (value === undefined) {
      value = load(key);
      if (known.size >= maxRemembered) known.clear();
      known.set(key, value);
    }
    return value;
  };
  return Object.assign(look, { forget: () => known.clear() });
}
