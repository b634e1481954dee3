/** Names near one that was mistyped. */

/** Most names that are offered. */
const mostNames = 5;

/** Insertions, deletions and replacements that lead from one text to the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** How far a name is from what was given, which may be a part of it or its beginning; letters to change. */
function rankOf(given: string, name: string): number {
  // A part of a few letters stands in too many names to mean one.
  if (given.length >= 3 && name.includes(given)) return (name.length - given.length) / 100;
  return Math.min(distance(given, name), distance(given, name.slice(0, given.length)) + 0.5);
}

/** Up to five names, the nearest first: those that the given one is part of, and those a few letters away. */
export function nearest(given: string, names: Iterable<string>): string[] {
  const most = Math.max(1, given.length / 3);
  const ranked: [rank: number, name: string][] = [];
  for (const name of names) {
    const rank = rankOf(given, name);
    if (rank <= most) ranked.push([rank, name]);
  }
  ranked.sort(([a, x], [b, y]) => a - b || (x < y ? -1 : 1));
  return ranked.slice(0, mostNames).map(([, name]) => name);
}
