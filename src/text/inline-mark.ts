/**
 * Inline marks: comments by which an author tells a scanner to leave a finding alone, ours and those of
 * other scanners. Whether a mark counts is decided by the reader of the finding (suppression is a view).
 */

/** Marker as shown -> how it is written. All are searched within one line, without regard to case. */
const sameLine: readonly (readonly [string, RegExp])[] = [
  ['sprawl:allow', mark('sprawl:allow')],
  ['gitleaks:allow', mark('gitleaks:allow')],
  ['betterleaks:allow', mark('betterleaks:allow')],
  // detect-secrets; "whitelist" is its older word.
  ['pragma: allowlist secret', mark('pragma: ?(?:allow|white)list[ -]secret')],
  ['trufflehog:ignore', mark('trufflehog:ignore')],
  ['secretlint-disable-line', mark('secretlint-disable-line')],
  // ggshield
  ['ggignore', mark('ggignore')],
  ['kingfisher:ignore', mark('kingfisher:ignore')],
];

/** Marks that stand on the line before. */
const nextLine: readonly (readonly [string, RegExp])[] = [
  ['sprawl:allow-next-line', mark('sprawl:allow-next-line')],
  ['pragma: allowlist nextline secret', mark('pragma: ?(?:allow|white)list[ -]nextline[ -]secret')],
  ['secretlint-disable-next-line', mark('secretlint-disable-next-line')],
];

/** With borders: `sprawl:allow-next-line` is no `sprawl:allow`, `piggignored` is nothing. */
function mark(source: string): RegExp {
  return new RegExp(`(?<![\\w-])${source}(?![\\w-])`, 'i');
}

/**
 * Bytes looked at on each side of a finding. A bound keeps the verdict local (minified files have lines of
 * megabytes), and a comment stands near what it is about.
 */
export const inlineMarkReach: number = 2048;

const newline = 0x0a;

/**
 * Gives the mark that covers `[start, end)` of a text in an ASCII-compatible encoding: on a line that the
 * range touches, or in the next-line form on the line before it.
 */
export function inlineMarkAt(bytes: Buffer, start: number, end: number): string | undefined {
  const lineStart = lineStartOf(bytes, start);
  const lineEnd = lineEndOf(bytes, end);
  const own = findMark(sameLine, bytes, lineStart, Math.min(lineEnd, start + inlineMarkReach), lineEnd);
  if (own !== undefined) return own;
  // Reached the limit before a line break: the line before is out of sight.
  if (lineStart === 0 || bytes[lineStart - 1] !== newline) return undefined;
  const previousEnd = lineStart - 1;
  const previousStart = lineStartOf(bytes, previousEnd);
  return findMark(nextLine, bytes, previousStart, previousEnd, previousEnd);
}

/** Start of the line, or of what is looked at of it. */
function lineStartOf(bytes: Buffer, at: number): number {
  const floor = Math.max(0, at - inlineMarkReach);
  for (let i = at; i > floor; i--) if (bytes[i - 1] === newline) return i;
  return floor;
}

function lineEndOf(bytes: Buffer, at: number): number {
  const ceiling = Math.min(bytes.length, at + inlineMarkReach);
  // A range that ends with its line break (a PEM block) does not reach into the next line.
  const from = at > 0 && bytes[at - 1] === newline ? at - 1 : at;
  for (let i = from; i < ceiling; i++) if (bytes[i] === newline) return i;
  return ceiling;
}

/** Looks from `from` to `firstEnd` and, when the range is long, at its last stretch before `end`. */
function findMark(
  marks: readonly (readonly [string, RegExp])[],
  bytes: Buffer,
  from: number,
  firstEnd: number,
  end: number,
): string | undefined {
  const pieces = [bytes.toString('latin1', from, firstEnd)];
  const tail = Math.max(firstEnd, end - 2 * inlineMarkReach);
  if (tail < end) pieces.push(bytes.toString('latin1', tail, end));
  for (const piece of pieces) {
    const found = marks.find(([, pattern]) => pattern.test(piece));
    if (found !== undefined) return found[0];
  }
  return undefined;
}
