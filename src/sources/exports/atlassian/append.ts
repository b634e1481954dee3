/** Adds to a list what may be too many for the arguments of one call of `push`. */
export function append<T>(list: T[], more: Iterable<T> | undefined): void {
  if (more !== undefined) for (const each of more) list.push(each);
}
