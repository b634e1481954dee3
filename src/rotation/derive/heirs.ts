/** Who stands in for somebody who left: the successor that is stated, else the manager, as far as they are still there. */
import type { Party } from '../imports.js';

export interface Heir {
  /** Who left, as they are called where they answer for something. */
  readonly former: string;
  /** Undefined: nobody who is still there is named in their place. */
  readonly name?: string;
}

type PartyOf = (name: string) => Party | undefined;

/** Follows successors who left in their turn; one who stands in for themselves ends it. */
function followed(
  party: Party,
  next: (party: Party) => string | undefined,
  partyOf: PartyOf,
): string | undefined {
  const seen = new Set<string>();
  for (let at = party; ; ) {
    seen.add(at.id);
    const name = next(at);
    if (name === undefined) return undefined;
    const found = partyOf(name);
    if (found?.status !== 'left') return name;
    if (seen.has(found.id)) return undefined;
    at = found;
  }
}

/** The party with a successor and a manager who are there; both are dropped where nobody is. */
function withPresent(party: Party, partyOf: PartyOf): Party {
  const { successor: _successor, manager: _manager, ...rest } = party;
  const successor = followed(party, (own) => own.successor ?? own.manager, partyOf);
  const manager = followed(party, (own) => own.manager, partyOf);
  return {
    ...rest,
    ...(party.successor === undefined || successor === undefined ? {} : { successor }),
    ...(manager === undefined ? {} : { manager }),
  };
}

/** The same parties by the same names; whoever left has only those in their place who did not. */
export function presentHeirs(book: ReadonlyMap<string, Party>): ReadonlyMap<string, Party> {
  const partyOf: PartyOf = (name) => book.get(name.toLowerCase());
  if (![...book.values()].some(({ status }) => status === 'left')) return book;
  return new Map(
    [...book].map(([name, party]) => [name, party.status === 'left' ? withPresent(party, partyOf) : party]),
  );
}

/** Undefined for whoever has not left or is not known, and for teams and vendors. @param book of {@link presentHeirs} */
export function heirOf(book: ReadonlyMap<string, Party>, name: string): Heir | undefined {
  const party = book.get(name.toLowerCase());
  if (party?.status !== 'left' || party.type !== 'person') return undefined;
  const heir = party.successor ?? party.manager;
  return { former: party.id, ...(heir === undefined ? {} : { name: heir }) };
}

/** `ana has left: bo stands in`, for steps and issues. */
export function heirText(former: string, heir: string | undefined): string {
  return heir === undefined
    ? `${former} has left, and nobody is named in their place`
    : `${former} has left: ${heir} stands in`;
}
