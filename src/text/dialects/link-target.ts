/** What an author typed and what a client made a link of. */

const scheme = /^[a-z][a-z0-9+.-]{1,20}:/i;
const schemeAndSlashes = /^[a-z][a-z0-9+.-]{1,20}:(?:\/\/)?$/i;

/** True when the target says nothing that the label does not: its address, with or without scheme and last slash. */
export function isRedundantTarget(label: string, target: string): boolean {
  const address = target.endsWith('/') && !label.endsWith('/') ? target.slice(0, -1) : target;
  if (address === label || target === '') return true;
  return address.endsWith(label) && schemeAndSlashes.test(address.slice(0, address.length - label.length));
}

/** True for addresses of people and telephones, whose label is all that was typed. */
export function isContact(target: string): boolean {
  return /^(?:mailto|tel|sip|callto):/i.test(target);
}

/** True for what has a scheme, a host or an anchor of its own, which text in brackets has not. */
export function looksLikeTarget(target: string): boolean {
  return scheme.test(target) || /^(?:\/\/|www\.|#|\^|~)/i.test(target);
}
