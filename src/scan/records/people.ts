/** Who wrote a record, as far as the user wants to know it. */
import { addressIdentity, pseudonymOf } from '../../identity/pseudonym.js';
import type { Person } from '../../model/appearance.js';
import type { PeopleMode } from '../../model/people-mode.js';
import type { RecordActor, RecordPlace } from '../../sources/exports/contract.js';
import { cleanText } from './record-place.js';

/** People remembered, so that a chat of millions needs no digest for each message. */
const maxRemembered = 50_000;

const maxName = 300;

export class People {
  readonly #key: Buffer;
  readonly #mode: PeopleMode;
  readonly #known = new Map<string, Person>();

  constructor(key: Buffer, mode: PeopleMode) {
    this.#key = key;
    this.#mode = mode;
  }

  /** Undefined when nobody is named, or nobody is to be. */
  personOf(actor: RecordActor | undefined, system: string, { tenant }: RecordPlace): Person | undefined {
    if (actor === undefined || this.#mode === 'none') return undefined;
    const name = actor.name ?? actor.id ?? actor.email;
    if (name === undefined || name === '') return undefined;
    if (this.#mode === 'full')
      return { name: cleanText(name, maxName), email: cleanText(actor.email ?? '', maxName) };
    // An id and a name are those of one system only.
    const identity =
      actor.email !== undefined && actor.email !== ''
        ? addressIdentity(actor.email)
        : `${system}\0${tenant ?? ''}\0${actor.id ?? `name\0${name}`}`;
    return this.#pseudonym(identity);
  }

  #pseudonym(identity: string): Person {
    const known = this.#known.get(identity);
    if (known !== undefined) return known;
    const person: Person = { name: pseudonymOf(this.#key, identity), email: '' };
    if (this.#known.size >= maxRemembered) this.#known.clear();
    this.#known.set(identity, person);
    return person;
  }
}
