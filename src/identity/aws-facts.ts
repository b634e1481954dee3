/**
 * What an AWS access key id tells: its type by prefix, and, for ids issued since 2019, the account in the
 * bits of the base32 body (published by Aidan Steele and Tal Be'ery): the first 6 bytes of the decoded body,
 * masked with 0x7fffffffff80 and shifted right by 7.
 */
import type { Attribute } from '../model/finding.js';
import { attribute } from './attribute.js';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Account of a key id of 20 characters; undefined for ids of the older form, whose bodies encode none. */
export function awsAccountOf(keyId: string): string | undefined {
  if (!/^[A-Z0-9]{4}[A-Z2-7]{16}$/.test(keyId)) return undefined;
  const body = keyId.slice(4);
  // The top bit marks the encoding; ids without it are from before.
  if (base32.indexOf(body[0] ?? 'A') < 16) return undefined;
  let bits = 0n;
  for (const char of body.slice(0, 10)) bits = bits * 32n + BigInt(base32.indexOf(char));
  const account = ((bits >> 2n) & 0x7fffffffff80n) >> 7n;
  return account.toString().padStart(12, '0');
}

const types: Readonly<Record<string, string>> = {
  AKIA: 'long-lived',
  ASIA: 'session',
  ABIA: 'service-bearer',
  ACCA: 'context-specific',
};

export function awsKeyAttributes(keyId: string): Attribute[] {
  return [
    ...attribute('aws-key-id', keyId),
    ...attribute('aws-key-type', types[keyId.slice(0, 4)]),
    ...attribute('aws-account', awsAccountOf(keyId)),
  ];
}

const userArn = /arn:aws[a-z-]{0,8}:iam::(\d{12}):user\/(?:[\w+=,.@-]{1,128}\/){0,8}([\w+=,.@-]{1,64})/g;
const userMember = /"UserName\\{0,4}"\s{0,20}:\s{0,20}\\{0,4}"([\w+=,.@-]{1,64})\\{0,4}"/g;

/** The user whose key it is, where the text beside it names exactly one: an ARN, or what the provider's tools print. */
export function awsUserAttributes(near: string): Attribute[] {
  const arns = [...near.matchAll(userArn)];
  const users = new Set([
    ...arns.map(([, , user]) => user),
    ...[...near.matchAll(userMember)].map(([, user]) => user),
  ]);
  const accounts = new Set(arns.map(([, account]) => account));
  const [user, ...others] = users;
  if (user === undefined || others.length > 0 || accounts.size > 1) return [];
  return [...attribute('aws-user', user), ...attribute('aws-account', [...accounts][0])];
}
