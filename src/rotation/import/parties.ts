/** People, teams and vendors. */
import type { Party } from '../imports.js';
import { type Fields, given } from './fields.js';
import { partyStatuses, partyTypes } from './vocabulary.js';

const common = ['id', 'emails', 'handles', 'status', 'contact', 'can_read'];
const partyKeys = [...common, 'type', 'left_on', 'manager', 'successor'];
const vendorKeys = [...common, 'ended_on'];
const vendorStatuses = ['active', 'ended', 'unknown'] as const;

function emailsOf(fields: Fields): string[] {
  const emails = fields.texts('emails');
  if (emails.some((email) => !/^[^\s@]+@[^\s@]+$/.test(email))) {
    fields.fault('emails', 'must be addresses such as jo@acme.example');
  }
  return emails;
}

function listed(name: 'canRead', texts: readonly string[]): { readonly canRead?: readonly string[] } {
  return texts.length === 0 ? {} : { [name]: texts };
}

/** One party of `parties`, or one row of a list of people, in which a type may be left out. */
export function readParty(fields: Fields, defaultType?: Party['type']): Party | undefined {
  fields.only(partyKeys);
  const id = fields.needed('id');
  const type = fields.has('type') || defaultType === undefined ? typeOf(fields) : defaultType;
  const leftOn = fields.date('left_on');
  const stated = fields.word('status', partyStatuses);
  if (leftOn !== undefined && stated === 'active') fields.fault('left_on', 'stands beside the status active');
  const contact = fields.text('contact');
  const [manager, successor] = [fields.text('manager'), fields.text('successor')];
  const status = stated ?? (leftOn === undefined ? 'unknown' : 'left');
  const [emails, handles] = [emailsOf(fields), fields.texts('handles')];
  const canRead = listed('canRead', fields.texts('can_read'));
  if (id === undefined || type === undefined) return undefined;
  return {
    id,
    type,
    emails,
    handles,
    status,
    ...given('leftOn', leftOn),
    ...given('manager', manager),
    ...given('successor', successor),
    ...given('contact', contact),
    ...canRead,
  };
}

function typeOf(fields: Fields): Party['type'] | undefined {
  return fields.has('type') ? fields.word('type', partyTypes) : fields.fault('type', 'is missing');
}

/** One entry of `vendors`: a party whose contract ends instead of one who leaves. */
export function readVendor(fields: Fields): Party | undefined {
  fields.only(vendorKeys);
  const id = fields.needed('id');
  const endedOn = fields.date('ended_on');
  const stated = fields.word('status', vendorStatuses);
  if (endedOn !== undefined && stated === 'active')
    fields.fault('ended_on', 'stands beside the status active');
  const status = stated ?? (endedOn === undefined ? 'unknown' : 'ended');
  const contact = fields.text('contact');
  const [emails, handles] = [emailsOf(fields), fields.texts('handles')];
  const canRead = listed('canRead', fields.texts('can_read'));
  if (id === undefined) return undefined;
  return {
    id,
    type: 'vendor',
    emails,
    handles,
    status: status === 'ended' ? 'left' : status,
    ...given('leftOn', endedOn),
    ...given('contact', contact),
    ...canRead,
  };
}
