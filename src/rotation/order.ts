/** Orders that are the same on every machine: by code points, never by locale. */

/** By UTF-16 code units, which for the identifiers and paths here is by code points. */
export function codePointOrder(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Order of plain data by its JSON text; equal data, equal text as long as its keys stand in one order. */
export function deepOrder(a: unknown, b: unknown): number {
  return codePointOrder(JSON.stringify(a) ?? '', JSON.stringify(b) ?? '');
}

/** Sorted and without repetitions. */
export function sortedSet(texts: Iterable<string>): string[] {
  const all = [...texts];
  return all.length < 2 ? all : [...new Set(all)].sort(codePointOrder);
}
