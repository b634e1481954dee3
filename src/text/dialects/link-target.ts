/** What an author typed and what a client made a link of. */

const scheme = /^[a-z][a-z0-9+.-]{1,20}:/i;
const schemeAndSlashes = /^[a-z][a-z0-9+.-]{1,20}:(?:\/\/)?/i;

/** Longest link that is looked at closely; a longer target is always worth reading. */
const longest = 4096;

/** True when the target says nothing that the label does not: its address, with or without scheme and last slash. */
export function isRedundantTarget(label: string, target: string): boolean {
  if (target === '' || target === label) return true;
  if (target.length > longest) return false;
  const bare = (text: string): string => text.replace(schemeAndSlashes, '').replace(/\/$/, '');
  return bare(target) === bare(label);
}

/** True for addresses of people and telephones, whose label is all that was typed. */
export function isContact(target: string): boolean {
  return /^(?:mailto|tel|sip|callto):/i.test(target);
}

/** True for what has a scheme, a host or an anchor of its own, which text in brackets has not. */
export function looksLikeTarget(target: string): boolean {
  return scheme.test(target) || /^(?:\/\/|www\.|#|\^|~)/i.test(target);
}
