/** Who wrote a record, as far as the user wants to know it. */
import { createHmac } from 'node:crypto';
import type { Person } from '../../model/appearance.js';
import type { PeopleMode } from '../../model/people-mode.js';
import type { RecordActor, RecordPlace } from '../../sources/exports/contract.js';
import { cleanText } from './record-place.js';

/** Hex digits of a pseudonym: 2^40 people before two are likely to share one in a database of a million. */
const pseudonymDigits = 10;
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
    // An address is the same in every system; an id and a name only within one.
    const identity =
      actor.email !== undefined && actor.email !== ''
        ? `email\0${actor.email.trim().toLowerCase()}`
        : `${system}\0${tenant ?? ''}\0${actor.id ?? `name\0${name}`}`;
    return this.#pseudonym(identity);
  }

  #pseudonym(identity: string): Person {
    const known = this.#known.get(identity);
    if (known !== undefined) return known;
    const digest = createHmac('sha256', this.#key).update(identity).digest('hex');
    const person: Person = { name: `person-${digest.slice(0, pseudonymDigits)}`, email: '' };
    if (this.#known.size >= maxRemembered) this.#known.clear();
    this.#known.set(identity, person);
    return person;
  }
}
