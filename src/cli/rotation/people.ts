/**
 * Who the pseudonyms of the evidence log are. Parties that were imported are found by computing their pseudonyms; names
 * of others stand in the database, apart from the log, so that they can be erased without breaking it.
 */
import { userInfo } from 'node:os';
import { addressIdentity, pseudonymOf } from '../../identity/pseudonym.js';
import { ProblemError } from '../../model/problem.js';
import { partyBook } from '../../rotation/derive/owners/people.js';
import type { Imports } from '../../rotation/imports.js';
import type { People } from '../../rotation/log/people.js';
import type { Context } from '../context.js';
import type { Session } from '../session.js';

/** Source of the statements that keep names. */
const namesSource = 'evidence log';
const maxNameLength = 200;

const address = /^[^\s@]+@[^\s@]+$/;

/** What names somebody: an address is the same in every system, everything else is told apart from addresses. */
function identityOf(name: string): string {
  const text = name.trim();
  return address.test(text) ? addressIdentity(text) : `name\0${text.toLowerCase()}`;
}

export async function openPeople(session: Session, { parties }: Pick<Imports, 'parties'>): Promise<People> {
  const hash = (name: string): string => pseudonymOf(session.keys.pseudonym, identityOf(name));
  const book = partyBook(parties);
  const canonical = new Map<string, string>();
  const names = new Map<string, string>();
  for (const { key, data } of await session.store.statements(['actor-name'])) {
    names.set(key, (data as { readonly name: string }).name);
  }
  for (const { id, emails, handles } of parties) {
    // The pseudonym of the address, where there is one: exports know the person under it too.
    const main = hash(emails[0] ?? id);
    for (const name of [id, ...emails, ...handles]) canonical.set(hash(name), main);
    names.set(main, id);
  }
  const nameOf = (pseudonym: string): string | undefined =>
    names.get(canonical.get(pseudonym) ?? pseudonym) ?? names.get(pseudonym);
  return {
    pseudonymOf: (name) => {
      const own = hash(book.find(name).id);
      return canonical.get(own) ?? own;
    },
    canonical: (pseudonym) => canonical.get(pseudonym) ?? pseudonym,
    nameOf: (pseudonym) => nameOf(pseudonym) ?? pseudonym,
  };
}

/** Who acts: `--by`, else `SPRAWL_ACTOR`, else the user of the system. */
export function actorName({ io }: Context, by: string | undefined): string {
  const name = (by ?? io.env['SPRAWL_ACTOR'] ?? userInfo().username).trim();
  if (name === '' || name.length > maxNameLength) {
    throw new ProblemError({
      code: 'usage',
      message: 'It is not clear who records this.',
      hint: 'Name yourself with --by, as the inventory names you: id, mail address or handle.',
    });
  }
  return name;
}

/** Keeps names for display, of those who are not imported parties. */
export async function rememberNames(
  { store }: Session,
  people: People,
  written: readonly string[],
  at: string,
): Promise<void> {
  const items = [...new Set(written)].flatMap((name) => {
    const pseudonym = people.pseudonymOf(name);
    if (people.nameOf(pseudonym) !== pseudonym) return [];
    return [{ type: 'actor-name' as const, key: pseudonym, data: { name: name.trim() } }];
  });
  if (items.length > 0) await store.replaceStatements(namesSource, items, at);
}
