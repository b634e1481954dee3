/** Spaces, people and addresses of a Confluence site, as far as an export tells them. */
import type { RecordActor, RecordPlace } from '../contract.js';
import { siteOfBase } from './atlassian-site.js';
import {
  type ConfluenceObject,
  containerNames,
  pageClasses,
  propertyText,
  referenceOf,
} from './confluence-objects.js';

/** Where a page lies, for comments and attachments that know the page only. */
interface Whereabouts {
  readonly space: string | undefined;
  readonly container: string | undefined;
  readonly isPage: boolean;
  readonly title: string | undefined;
}

/** Objects that are remembered by id. */
const maxRemembered = 1_000_000;
/** Pages, comments and attachments in one another. */
const maxContainers = 6;

export class ConfluenceSite {
  readonly #spaces = new Map<string, string>();
  readonly #spaceNames = new Map<string, string>();
  readonly #contents = new Map<string, Whereabouts>();
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

  /** The address in the site's own settings; what was handed over before is not moved. */
  foundBase(address: string): void {
    if (!this.#isSettled) this.#isSettled = this.#setBase(address);
  }

  learn(object: ConfluenceObject): void {
    if (object.class === 'Space') {
      const key = propertyText(object, 'key') ?? object.id;
      this.#spaces.set(object.id, key);
      this.#spaceNames.set(key, propertyText(object, 'name') ?? key);
    } else if (object.class === 'ConfluenceUserImpl') {
      const name = propertyText(object, 'name');
      if (name !== undefined) this.#userNames.set(object.id, name);
      this.#learnPerson(name ?? object.id, object);
    } else if (object.class === 'InternalUser' || object.class === 'DefaultHibernateUser')
      this.#learnPerson(propertyText(object, 'name'), object);
  }

  learnContent(object: ConfluenceObject): void {
    if (this.#contents.size < maxRemembered)
      this.#contents.set(object.id, {
        space: referenceOf(object, 'space'),
        container: referenceOf(object, ...containerNames, 'originalVersion'),
        isPage: pageClasses.has(object.class),
        title: propertyText(object, 'title'),
      });
  }

  titleOf(content: string | undefined): string | undefined {
    return content === undefined ? undefined : this.#contents.get(content)?.title;
  }

  /** Key of the space in which a content lies: its own, or that of what holds it. */
  #spaceOf(content: string): string | undefined {
    let next: string | undefined = content;
    for (let i = 0; i < maxContainers && next !== undefined; i++) {
      const known: Whereabouts | undefined = this.#contents.get(next);
      if (known?.space !== undefined) return this.#spaces.get(known.space);
      next = known?.container;
    }
    return undefined;
  }

  /** Id of the page on which a content stands: what holds it, or what holds that. */
  pageOf(object: ConfluenceObject): string | undefined {
    for (const name of containerNames) {
      const reference = object.properties.get(name)?.reference;
      if (reference !== undefined && pageClasses.has(reference.class)) return reference.id;
    }
    let next = referenceOf(object, ...containerNames);
    for (let i = 0; i < maxContainers && next !== undefined; i++) {
      const known: Whereabouts | undefined = this.#contents.get(next);
      if (known?.isPage === true) return next;
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

  /** Person of a reference (newer exports) or of a name. */
  actor(object: ConfluenceObject, ...roles: readonly string[]): RecordActor | undefined {
    for (const role of roles) {
      const key = referenceOf(object, role);
      const userName = key === undefined ? propertyText(object, `${role}Name`) : this.#userNames.get(key);
      const id = key ?? userName;
      if (id === undefined) continue;
      const person = this.#people.get(userName ?? id);
      const name = person?.name ?? userName;
      return {
        id,
        ...(name === undefined ? {} : { name }),
        ...(person?.email === undefined ? {} : { email: person.email }),
        kind: 'user',
      };
    }
    return undefined;
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
    const name = propertyText(object, 'displayName', 'fullName');
    const email = propertyText(object, 'emailAddress', 'email');
    const known = this.#people.get(key);
    this.#people.set(key, {
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
