/** The user that stands beside a password: part of a weak value's identity, and a sign that the pair is real. */

/** Bytes to either side that are searched. Part of the locality contract: not above the rules' context. */
export const accountReach = 160;

const userName =
  /(?:user(?:[_ -]?(?:name|id))?|usr|uid|login|e-?mail|account(?:[_ -]?name)?|principal)["'`\]]{0,2}\s{0,4}(?:=>|:=|[=:, ])\s{0,4}["'`]?([\w.@\\+-]{2,64})/gi;
const noName = /^(?:string|text|null|none|undefined|name|password|true|false|is|and|or|for|the)$/i;
/** What may stand before `user` within its name, and how much of it. */
const inName = /[\w.-]/;
const letter = /[A-Za-z]/;
const mostPrefix = 24;

/** Whether a name that begins at `from` or behind, where no letter stands before it, goes on to `at`. */
function isPartOfName(text: string, from: number, at: number): boolean {
  for (let start = at; start >= Math.max(from, at - mostPrefix); start--) {
    if (start === 0) return true;
    const before = text.charAt(start - 1);
    if (start > from && !letter.test(before)) return true;
    if (!inName.test(before)) return false;
  }
  return false;
}

/** The user name nearest to `at` in `text`; undefined when none stands there. */
export function accountNear(text: string, at: number): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  let done = 0;
  for (const match of text.matchAll(userName)) {
    const name = match[1];
    if (name === undefined || !isPartOfName(text, done, match.index)) continue;
    done = match.index + match[0].length;
    if (noName.test(name)) continue;
    const distance = Math.abs(done - at);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}
