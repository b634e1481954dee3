/** Takes secrets out of what was captured beside a value: claims, comments and user names come from the target too. */
import type { Attribute, Finding, PublicFact } from '../model/finding.js';

type Redact = (text: string) => string;

/** Hashes, numbers and ids of a fixed form: nothing that anybody could have written a secret into. */
const fixedForms: ReadonlySet<string> = new Set([
  'age-recipient',
  'aws-account',
  'aws-key-id',
  'aws-key-type',
  'bits',
  'checksum',
  'encrypted',
  'gcp-key-id',
  'jwt-exp',
  'jwt-iat',
  'jwt-nbf',
  'pgp-fingerprint',
  'pgp-key-id',
  'port',
  'public-key-sha256',
  'ssh-ca-fingerprint',
  'ssh-fingerprint',
  'x509-not-after',
  'x509-not-before',
  'x509-serial',
  'x509-spki-sha256',
]);

function redactedAttribute(fact: Attribute, redact: Redact): Attribute {
  if (fixedForms.has(fact.name)) return fact;
  const text = redact(fact.text);
  return text === fact.text ? fact : { name: fact.name, text };
}

export function redactedFact(fact: PublicFact, redact: Redact): PublicFact {
  return { ...fact, attributes: fact.attributes.map((own) => redactedAttribute(own, redact)) };
}

/** The finding with its account, its slot and its attributes checked; itself when nothing stood in them. */
export function redactedFinding(finding: Finding, redact: Redact): Finding {
  const { account, slot } = finding;
  const attributes = finding.attributes.map((own) => redactedAttribute(own, redact));
  const own = {
    ...(account === undefined ? {} : { account: redact(account) }),
    ...(slot === undefined ? {} : { slot: redact(slot) }),
  };
  const isSame =
    own.account === account &&
    own.slot === slot &&
    attributes.every((fact, i) => fact === finding.attributes[i]);
  return isSame ? finding : { ...finding, ...own, attributes };
}
