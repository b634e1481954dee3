/** Where bytes lie: offsets, lines and columns, and nothing else. */

/** Half-open range `[start, end)` of byte offsets in the raw document. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Position for people: lines and columns count from 1, columns in Unicode code points, `endColumn`
 * exclusive; an undecodable byte is one column.
 */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

export function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
