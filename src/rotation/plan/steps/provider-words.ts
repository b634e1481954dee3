/** What a row of the provider table lets a step say, and how far to trust it. */
import type { ProviderRow } from '../../facts/provider-table.js';
import type { PlanContext } from '../plan-context.js';

/** Put behind what the table says from general knowledge. */
export function checkNote({ checked }: ProviderRow): string {
  return checked ? '' : ' (check with the provider)';
}

/** A command template, when the table has one. */
export function commandOf(command: string | undefined): { readonly command?: string } {
  return command === undefined ? {} : { command };
}

/** Name of the provider, or of what the value opens. */
export function providerName({ provider }: ProviderRow): string {
  return provider === '' || provider === 'unknown' || provider === 'generic' ? 'what it opens' : provider;
}

/** The principal in words: the account of a nameless secret is not known. */
export function subjectOf({ lead }: Pick<PlanContext, 'lead'>): string {
  return lead.principal.key.startsWith('anon:') ? 'the account it belongs to' : lead.principal.key;
}

/** Where the new value goes. */
export function vaultOf({ members }: Pick<PlanContext, 'members'>): string {
  const paths = members.flatMap(({ vault }) => vault);
  return paths.length === 0 ? '<vault-path> (none is mapped yet: choose one)' : paths.join(' and ');
}

/** What else ends with it, in the words of the table; undefined when it says nothing. */
export function alsoBreaks({ alsoBreaks: text }: ProviderRow): string | undefined {
  if (text === '' || text === 'unknown' || text === 'nothing known') return undefined;
  return text.replace(/(?:^|; )(?:derived|second ring): /g, (mark) => (mark.startsWith(';') ? '; ' : ''));
}

const chosenKinds: ReadonlySet<string> = new Set(['database-user']);
const chosenRows =
  /password|basic-auth|^redis\.|^ldap\.|^kafka\.|^rabbitmq\.|login$|webhook-secret|hmac-secret|framework-key|\.salts$/;

/** Whoever sets it may set the old one again: passwords and shared strings, not what a provider draws. */
export function isChosenByHolder({ lead, row }: Pick<PlanContext, 'lead' | 'row'>): boolean {
  if (row.id === 'generic.password') return chosenKinds.has(lead.principal.kind);
  return chosenRows.test(row.id) || chosenKinds.has(lead.principal.kind);
}

/** `2 d`, `36 h`, `90 min`: whole units only. */
export function spanText(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes % 1440 === 0) return `${minutes / 1440} d`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
