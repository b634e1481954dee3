/** Spaces, people and addresses of a Confluence site, as far as an export tells them. */
import type { RecordActor, RecordPlace } from '../contract.js';
import { siteOfBase } from './atlassian-site.js';
import { type ContentFacts, factsOf, isContent, isPageClass } from './confluence-facts.js';
import { type ConfluenceObject, propertyText } from './confluence-objects.js';
import { ownCopy } from './own-copy.js';

/** Objects that are remembered by id. */
const maxRemembered = 300_000;
/** Pages, comments and attachments in one another. */
const maxContainers = 6;

export class ConfluenceSite {
  readonly #spaces = new Map<string, string>();
  readonly #spaceNames = new Map<string, string>();
  readonly #contents = new Map<string, ContentFacts>();
  readonly #userNames = new Map<string, string>();
  readonly #people = new Map<string, { name?: string; email?: string }>();
  readonly #onlySpace: string | undefined;
  #base: string | undefined;
  #tenant: string | undefined;
  #isSettled: boolean;

  /**
   * @param told base address that the user named
   * @param onlySpace key of the space, of an export of one
   */
  constructor(told: string | undefined, onlySpace: string | undefined) {
    this.#onlySpace = onlySpace;
    this.#isSettled = this.#setBase(told);
  }

  learn(object: ConfluenceObject): void {
    if (isContent(object)) {
      const facts = factsOf(object);
      if (this.#contents.size < maxRemembered) this.#contents.set(facts.id, facts);
    } else if (object.class === 'Space') {
      const key = ownCopy(propertyText(object, 'key') ?? object.id);
      this.#spaces.set(ownCopy(object.id), key);
      this.#spaceNames.set(key, ownCopy(propertyText(object, 'name') ?? key));
    } else if (object.class === 'ConfluenceUserImpl') {
      const name = ownCopy(propertyText(object, 'name'));
      if (name !== undefined) this.#userNames.set(ownCopy(object.id), name);
      this.#learnPerson(name ?? object.id, object);
    } else if (object.class === 'InternalUser' || object.class === 'DefaultHibernateUser')
      this.#learnPerson(propertyText(object, 'name'), object);
    else if (object.class === 'ConfluenceBandanaRecord' && !this.#isSettled) {
      const base = /<baseUrl>\s*([^<\s]{1,2000})/.exec(propertyText(object, 'value') ?? '')?.[1];
      // What was handed over before is not moved.
      this.#isSettled = this.#setBase(base);
    }
  }

  /** What the export told of a content so far. */
  factsOf(content: string): ContentFacts | undefined {
    return this.#contents.get(content);
  }

  /** Key of the space in which a content lies: its own, or that of what holds it. */
  #spaceOf(content: string): string | undefined {
    let next: string | undefined = content;
    for (let i = 0; i < maxContainers && next !== undefined; i++) {
      const known: ContentFacts | undefined = this.#contents.get(next);
      if (known?.space !== undefined) return this.#spaces.get(known.space);
      next = known?.container ?? known?.original;
    }
    return undefined;
  }

  /** Id of the page on which a comment or an attachment stands: what holds it, or what holds that. */
  pageOf(facts: ContentFacts): string | undefined {
    if (facts.isOnPage) return facts.container;
    let next = facts.container;
    for (let i = 0; i < maxContainers && next !== undefined; i++) {
      const known: ContentFacts | undefined = this.#contents.get(next);
      if (known !== undefined && isPageClass(known.class)) return next;
      next = known?.container;
    }
    return undefined;
  }

  isPlaced(content: string): boolean {
    return this.#onlySpace !== undefined || this.#spaceOf(content) !== undefined;
  }

  /** Place of a content. From now on the site's address stays as it is, so that all records agree. */
  placeOf(content: string | undefined): RecordPlace {
    const found = content === undefined ? undefined : this.#spaceOf(content);
    const key = found ?? this.#onlySpace ?? (this.#spaces.size === 1 ? this.#first() : undefined);
    return key === undefined ? this.place() : this.spacePlace(key);
  }

  spacePlace(key: string): RecordPlace {
    this.#isSettled = true;
    return {
      kind: 'space',
      ...(this.#tenant === undefined ? {} : { tenant: this.#tenant }),
      id: key,
      name: this.#spaceNames.get(key) ?? key,
      audience: 'unknown',
    };
  }

  spaceKey(id: string): string | undefined {
    return this.#spaces.get(id);
  }

  /** Place of what belongs to the whole site. */
  place(): RecordPlace {
    this.#isSettled = true;
    return {
      kind: 'workspace',
      ...(this.#tenant === undefined ? {} : { tenant: this.#tenant }),
      id: 'site',
      name: this.#tenant ?? 'Confluence',
      audience: 'unknown',
    };
  }

  /** Person by key, or in older exports by name. */
  actor(author: string | undefined): RecordActor | undefined {
    if (author === undefined) return undefined;
    const userName = this.#userNames.get(author);
    const person = this.#people.get(userName ?? author);
    const name = person?.name ?? userName;
    return {
      id: author,
      ...(name === undefined ? {} : { name }),
      ...(person?.email === undefined ? {} : { email: person.email }),
      kind: 'user',
    };
  }

  pageLink(page: string): string | undefined {
    return this.#base === undefined
      ? undefined
      : `${this.#base}/pages/viewpage.action?pageId=${encodeURIComponent(page)}`;
  }

  #first(): string | undefined {
    return this.#spaces.values().next().value;
  }

  #learnPerson(key: string | undefined, object: ConfluenceObject): void {
    if (key === undefined) return;
    const name = ownCopy(propertyText(object, 'displayName', 'fullName'));
    const email = ownCopy(propertyText(object, 'emailAddress', 'email'));
    const known = this.#people.get(key);
    this.#people.set(ownCopy(key), {
      ...known,
      ...(name === undefined ? {} : { name }),
      ...(email === undefined ? {} : { email }),
    });
  }

  #setBase(address: string | undefined): boolean {
    const { base, tenant } = siteOfBase(address);
    this.#base = base;
    this.#tenant = tenant;
    return base !== undefined;
  }
}
