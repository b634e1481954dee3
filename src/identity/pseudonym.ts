/** Pseudonyms of people: the same for the same person wherever an address or an id says so, and nothing without the key. */
import { createHmac } from 'node:crypto';

/** Hex digits: 2^40, so that two of a million people hardly share one. */
const digits = 10;

/** An address is the same in every system. */
export function addressIdentity(email: string): string {
  return `email\0${email.trim().toLowerCase()}`;
}

/** @param identity {@link addressIdentity}, or whatever names a person within one system */
export function pseudonymOf(key: Buffer, identity: string): string {
  return `person-${createHmac('sha256', key).update(identity).digest('hex').slice(0, digits)}`;
}
