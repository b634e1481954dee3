/**
 * What stands at the start of each line of a block that was quoted, commented out, added by a patch or printed to a
 * log: `> `, `# `, `+`, `#6 0.245 `, `2024-05-01 12:36:01 app[7]: `.
 */

export interface LinePrefix {
  /** Marks are the same on each line; of other prefixes the digits may differ. Empty when there is none. */
  readonly text: string;
  readonly isMark: boolean;
}

const none: LinePrefix = { text: '', isMark: true };
/** Longest prefix of a log line that is looked for. */
const mostPrefix = 120;
const markOnly = /^[ \t]*[#>*+|;/-]{1,3}[ \t]*$/;
/** A line of a log ends its prefix with a blank or a bracket and has a number in it: a time, a process, a line. */
const logPrefix = /^(?=.*\d)[\x20-\x7e]*[\s\]|:>]$/;

/** The prefix of the line on which `start` stands; lines may end in escapes. */
export function prefixBefore(bytes: Buffer, start: number): LinePrefix {
  const from = Math.max(0, start - mostPrefix);
  const near = bytes.toString('latin1', from, start);
  const line = near.lastIndexOf('\n') + 1;
  const escaped = near.lastIndexOf('\\n', near.length - 1);
  const isCut = line === 0 && from > 0;
  const text = near.slice(escaped >= line ? escaped + 2 : line);
  if ((isCut && escaped < 0) || text === '') return none;
  if (markOnly.test(text)) return text.length > 17 ? none : { text: text.trim(), isMark: true };
  return logPrefix.test(text) ? { text, isMark: false } : none;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** Length of the prefix, with blanks before a mark, at `at`; 0 when another text stands there. */
export function behindPrefix({ text: prefix, isMark }: LinePrefix, text: string, at: number): number {
  if (prefix === '') return 0;
  if (!isMark) return behindNumbers(prefix, text, at);
  let start = at;
  while (text[start] === ' ' || text[start] === '\t') start++;
  return text.startsWith(prefix, start) ? start - at + prefix.length : 0;
}

/** As long as the characters are those of the prefix, numbers of which may be others, and blanks of any width. */
function behindNumbers(prefix: string, text: string, at: number): number {
  let i = at;
  for (let k = 0; k < prefix.length; ) {
    const code = prefix.charCodeAt(k);
    const same = isDigit(code) ? isDigit : code === 0x20 ? (other: number) => other === 0x20 : undefined;
    if (same === undefined) {
      if (text.charCodeAt(i) !== code) return 0;
      i++;
      k++;
      continue;
    }
    if (!same(text.charCodeAt(i))) return 0;
    while (k < prefix.length && same(prefix.charCodeAt(k))) k++;
    while (i < text.length && same(text.charCodeAt(i))) i++;
  }
  return i - at;
}
