/**
 * One text for equal data: keys sorted by code points, no white space, numbers and strings as JSON writes them. What is
 * hashed is hashed in this form, so that the order in which a program built an object does not matter.
 */

/** By code points: unlike `<`, right for characters beyond U+FFFF too. */
function byCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const order = (a.codePointAt(at) ?? 0) - (b.codePointAt(at) ?? 0);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function keysOf(object: object): string[] {
  return Object.keys(object).sort(byCodePoints);
}

/**
 * Canonical JSON of plain data. Members that are undefined are left out, as JSON does.
 *
 * Throws a TypeError on what JSON has no text for: functions, numbers that are not finite, undefined in a list.
 */
export function canonicalJson(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map(canonicalJson).join(',')}]`;
  if (typeof data === 'object' && data !== null) {
    const members: string[] = [];
    for (const key of keysOf(data)) {
      const value = (data as Readonly<Record<string, unknown>>)[key];
      if (value !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(value)}`);
    }
    return `{${members.join(',')}}`;
  }
  if (typeof data === 'number' && !Number.isFinite(data))
    throw new TypeError('a number that JSON cannot hold');
  const text: string | undefined = JSON.stringify(data);
  if (text === undefined) throw new TypeError(`JSON has no text for a ${typeof data}`);
  return text;
}
