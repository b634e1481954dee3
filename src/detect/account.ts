/** The user that stands beside a password: part of a weak value's identity, and a sign that the pair is real. */

/** Bytes to either side that are searched. Part of the locality contract: not above the rules' context. */
export const accountReach = 160;

const userName =
  /(?:^|[^A-Za-z])(?:[\w.-]{0,24}?)(?:user(?:[_ -]?(?:name|id))?|usr|uid|login|e-?mail|account(?:[_ -]?name)?|principal)["'`\]]{0,2}\s{0,4}(?:=>|:=|[=:, ])\s{0,4}["'`]?([\w.@\\+-]{2,64})/gi;

/** The user name nearest to `at` in `text`; undefined when none stands there. */
export function accountNear(text: string, at: number): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const match of text.matchAll(userName)) {
    const name = match[1];
    if (
      name === undefined ||
      /^(?:string|text|null|none|undefined|name|password|true|false|is|and|or|for|the)$/i.test(name)
    )
      continue;
    const distance = Math.abs(match.index + match[0].length - at);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}
