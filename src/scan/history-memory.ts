/**
 * Binds what is kept of a store's history to the links that were followed in the same scan: it numbers objects by the
 * packs that those name. A state that came otherwise (a merge, another place at the same path) has no history then.
 */
import { createHash } from 'node:crypto';
import type { EarlierHistory } from '../sources/git/history/known-history.js';
import type { RememberedLinks } from './link-memory.js';

const checkBytes = 16;

/** What is stored: 16 bytes over links and history, then the history. */
export function sealHistory(links: RememberedLinks, history: Uint8Array): Buffer {
  return Buffer.concat([checkOf(links, history), history]);
}

/** Undefined where the history was not kept with these links. */
export function unsealHistory(links: RememberedLinks, stored: Uint8Array): EarlierHistory | undefined {
  const history = stored.subarray(checkBytes);
  return checkOf(links, history).equals(stored.subarray(0, checkBytes)) ? { links, history } : undefined;
}

function checkOf(links: RememberedLinks, history: Uint8Array): Buffer {
  return createHash('sha256').update(links.toBuffer()).update(history).digest().subarray(0, checkBytes);
}
