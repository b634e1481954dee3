/** Credentials that belong to a person: the address of somebody stands in them. */
import type { Exposure } from '../../../model/exposure.js';
import { attributeReader } from '../attribute-reader.js';
import { isBot, type PartyBook } from './people.js';

/** Attributes in which an address is that of the one who holds the credential. */
const subjects = ['jwt-sub', 'jwt-email', 'comment', 'x509-subject'] as const;
const address = /(?:^|[\s=,/])([\w.+-]+@[\w-]+(?:\.[\w-]+)+)(?=$|[\s,/])/;
/** Domains of accounts that no person has. */
const serviceDomain = /(?:gserviceaccount\.com|\.local|\.internal|\.localdomain|\.cluster\.local)$/i;

export interface PersonalSubject {
  readonly owner: string;
  /** Name of the attribute that says so. */
  readonly attribute: string;
}

export function personalSubject(exposure: Exposure, parties: PartyBook): PersonalSubject | undefined {
  const attributes = attributeReader(exposure);
  for (const attribute of subjects) {
    const email = address.exec(attributes.only(attribute) ?? '')?.[1];
    if (email === undefined || serviceDomain.test(email) || isBot({ name: '', email })) continue;
    const party = parties.find(email);
    if (!party.isTeam) return { owner: party.id, attribute };
  }
  return undefined;
}
