/** Whose mailbox a message lies in, as far as its headers tell. */
import { addressParser, decodeWords } from 'postal-mime';
import type { RecordActor, RecordPlace } from '../contract.js';
import { fieldValue, type HeaderField } from './header-fields.js';

/** Written at delivery, so they name the mailbox and not whom the sender had in mind. */
const deliveryKeys = ['delivered-to', 'x-delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to'];

/** Longest address header that is taken apart. */
const maxAddresses = 64 * 1024;

/** The mailbox that received it, else the list that it went over. */
export function mailboxOf(fields: readonly HeaderField[]): RecordPlace | undefined {
  for (const key of deliveryKeys) {
    const address = firstAddress(fieldValue(fields, key));
    if (address?.email !== undefined) {
      const id = address.email.toLowerCase();
      return { kind: 'mailbox', id, name: id, audience: 'restricted' };
    }
  }
  const list = fieldValue(fields, 'list-id');
  if (list === undefined) return undefined;
  const id = (/<([^<>\s]+)>/.exec(list)?.[1] ?? list.trim()).toLowerCase();
  return id === '' ? undefined : { kind: 'mailbox', id, name: id, audience: 'unknown' };
}

/** `ana at example.org (Ana R)`, as Mailman's archives hide addresses. */
const pipermailAddress = /^\s*([^\s<>"@]{1,100}) at ([\w-]+(?:\.[\w-]+)+)(?:\s+\((.{0,200})\))?\s*$/;

/** First address of a header. */
export function firstAddress(value: string | undefined): RecordActor | undefined {
  if (value === undefined) return undefined;
  const archived = pipermailAddress.exec(value.slice(0, 1000));
  if (archived !== null) {
    const [, local = '', domain = '', name = ''] = archived;
    return { ...(name === '' ? {} : { name: decodeWords(name) }), email: `${local}@${domain}`, kind: 'user' };
  }
  let first: { name: string; address?: string | undefined } | undefined;
  try {
    first = addressParser(value.slice(0, maxAddresses), { flatten: true })[0];
  } catch {
    return undefined;
  }
  const name = decodeWords(first?.name ?? '').trim();
  const email = (first?.address ?? '').trim();
  if (name === '' && email === '') return undefined;
  return { ...(name === '' ? {} : { name }), ...(email === '' ? {} : { email }), kind: 'user' };
}

/** A message's own id, without its angle brackets. */
export function messageId(value: string | undefined): string | undefined {
  return messageIds(value)[0];
}

/** All ids of a `References` or `In-Reply-To` header, oldest first. */
export function messageIds(value: string | undefined): string[] {
  if (value === undefined) return [];
  const source = value.slice(0, maxAddresses);
  const bracketed = [...source.matchAll(/<([^<>\s]{1,998})>/g)].map((match) => match[1] ?? '');
  if (bracketed.length > 0) return bracketed;
  const bare = source.trim();
  return bare !== '' && bare.length <= 998 && !/\s/.test(bare) ? [bare] : [];
}
