/** The text that a match of a pattern stands in, for the facts beside its value: the address that it signs, say. */

/** Bytes of an address before and behind its signature. */
const before = 2048;
const behind = 1024;
/** Bytes to either side in which the members of the same object stand. */
const nearReach = 1024;

/** Ends an address in running text; of escapes only that of the ampersand may stand in one. */
function endsAddress(text: string, at: number): boolean {
  const char = text[at] as string;
  return char === '\\' ? !text.startsWith('\\u0026', at) : /[\s"'`<>]/.test(char);
}

/** The address round `[start, end)`, as it is written. */
export function addressAround(bytes: Buffer, start: number, end: number): string {
  const head = bytes.toString('latin1', Math.max(0, start - before), start);
  const tail = bytes.toString('latin1', end, Math.min(bytes.length, end + behind));
  let from = head.length;
  while (from > 0 && !endsAddress(head, from - 1)) from--;
  let to = 0;
  while (to < tail.length && !endsAddress(tail, to)) to++;
  return `${head.slice(from)}${bytes.toString('latin1', start, end)}${tail.slice(0, to)}`;
}

/** The text to either side of `[start, end)`, without it. */
export function textNear(bytes: Buffer, start: number, end: number): string {
  const head = bytes.toString('latin1', Math.max(0, start - nearReach), start);
  return `${head}\n${bytes.toString('latin1', end, Math.min(bytes.length, end + nearReach))}`;
}
