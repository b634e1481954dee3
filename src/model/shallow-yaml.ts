/**
 * Which YAML may be handed to the parser. It calls itself for each level and matches lines with patterns, so that what is
 * nested deeply enough ends the process, which no `catch` prevents; and errors that quote their line cost the square of a
 * long one (ask it for `prettyErrors: false`).
 */

const maxBrackets = 100;
/** Levels that one line can open: indentation, items of lists, keys, anchors and tags. */
const deepLine = /^(?:[ \t]|[-?] |[&!][^\s]* ){200}/m;

/** False for a text that nobody has written by hand. */
export function isShallowYaml(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5b || code === 0x7b) {
      if (++depth > maxBrackets) return false;
    } else if ((code === 0x5d || code === 0x7d) && depth > 0) depth--;
  }
  return !deepLine.test(text);
}
