/**
 * Joins the objects of a Confluence export: a body names its page, which may come before or after it; an old version
 * names its page, which knows the space. What waits is bounded; beyond that it is handed over with what is known.
 */
import type { FieldRole, RevisionState } from '../../../model/appearance.js';
import type { ExportRecord, RecordSink, RecordText, RecordType } from '../contract.js';
import { defined } from '../defined.js';
import { fromIso, recordTime } from '../times.js';
import { append } from './append.js';
import { type ContentFacts, contentType, factsOf, isContent, isPageClass } from './confluence-facts.js';
import { type ConfluenceObject, propertyText, referenceOf } from './confluence-objects.js';
import type { ConfluenceSite } from './confluence-site.js';
import { bodyTexts, linkText, otherTexts, settingTexts } from './confluence-texts.js';
import { lifeTime } from './life-time.js';
import { ownCopy } from './own-copy.js';

/** What an object costs besides its text. */
const objectCost = 600;

/** Objects that only say who may do what, or which objects belong together. */
const relations = new Set([
  'SpacePermission',
  'ContentPermission',
  'ContentPermissionSet',
  'Notification',
  'Labelling',
  'HibernateMembership',
  'InternalMembership',
  'DirectoryMapping',
  'User2ContentRelationEntity',
  'Content2ContentRelationEntity',
  'LikeEntity',
]);
/** Different texts kept of them. */
const maxRelationTexts = 20_000;
/** Properties of contents that are handled by name. */
const contentProperties = new Set([
  'title',
  'fileName',
  'versionComment',
  'comment',
  'contentStatus',
  'creatorName',
  'lastModifierName',
  'spaceStatus',
  'contentType',
]);
const partProperties = new Set([
  'body',
  'bodyType',
  'destinationSpaceKey',
  'destinationPageTitle',
  'lowerDestinationSpaceKey',
  'lowerDestinationPageTitle',
  'name',
  'stringValue',
  'creatorName',
  'lastModifierName',
]);

/** Objects that are part of a content. */
const partClasses = new Set(['BodyContent', 'OutgoingLink', 'ContentProperty']);

/** Something of a content that comes as an object of its own. */
interface Part {
  readonly isBody: boolean;
  readonly ownerClass: string;
  readonly texts: readonly RecordText[];
  readonly raw: ConfluenceObject['raw'];
}

export class ConfluenceContents {
  readonly #sink: RecordSink;
  readonly #site: ConfluenceSite;
  readonly #hasAttachments: boolean;
  #contents = new Map<string, ConfluenceObject>();
  #parts = new Map<string, Part[]>();
  #settings: ConfluenceObject[] = [];
  readonly #relationTexts = new Set<string>();
  #waiting = 0;
  /** Contents whose id another has: files that were joined, or damage. */
  #repeated = 0;

  readonly #maxWaiting: number;

  /**
   * @param hasAttachments false when the export was made without them
   * @param maxWaiting characters of objects that may wait to be joined
   */
  constructor(sink: RecordSink, site: ConfluenceSite, hasAttachments: boolean, maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
    this.#sink = sink;
    this.#site = site;
    this.#hasAttachments = hasAttachments;
  }

  add(object: ConfluenceObject): void {
    this.#site.learn(object);
    this.#waiting += lengthOf(object);
    if (partClasses.has(object.class)) this.#part(object);
    else if (isContent(object)) {
      const isKnown = this.#contents.has(object.id);
      this.#contents.set(isKnown ? `${object.id} again ${this.#repeated++}` : object.id, object);
    } else if (relations.has(object.class)) this.#relation(object);
    else this.#settings.push(object);
    if (this.#waiting > this.#maxWaiting) this.#makeRoom();
  }

  /** Hands over all that waits. */
  async finish(): Promise<void> {
    let count = 0;
    const pause = async (): Promise<boolean> => {
      if (++count % 500 === 0) await this.#sink.drained();
      return this.#sink.aborted;
    };
    this.#relations();
    for (const object of this.#settings) {
      this.#setting(object);
      if (await pause()) return;
    }
    for (const object of this.#contents.values()) {
      this.#content(object);
      if (await pause()) return;
    }
    for (const [owner, parts] of this.#parts) {
      this.#orphans(owner, parts);
      if (await pause()) return;
    }
  }

  /** Names of groups and the like, the same in thousands of objects. */
  #relation(object: ConfluenceObject): void {
    this.#waiting -= lengthOf(object);
    for (const { text } of otherTexts(object, noProperties, 'setting'))
      if (this.#relationTexts.size < maxRelationTexts) this.#relationTexts.add(ownCopy(text));
  }

  #relations(): void {
    if (this.#relationTexts.size === 0) return;
    const text = [...this.#relationTexts].join('\n');
    this.#sink.record({
      place: this.#site.place(),
      type: 'setting',
      id: 'relations',
      revision: { state: 'current' },
      action: 'ask-admin',
      texts: [{ text, dialect: 'plain', field: { path: 'relations', role: 'setting' } }],
    });
  }

  /** First goes what is complete, then what has waited in vain. */
  #makeRoom(): void {
    for (const object of this.#settings) this.#setting(object);
    this.#settings = [];
    for (const [id, object] of this.#contents) {
      if (!this.#parts.has(id) || !this.#site.isPlaced(id)) continue;
      this.#content(object);
      this.#contents.delete(id);
    }
    const parts = this.#parts;
    this.#parts = new Map();
    this.#waiting = 0;
    for (const object of this.#contents.values()) this.#waiting += lengthOf(object);
    for (const [owner, waiting] of parts) this.#orphans(owner, waiting);
    if (this.#waiting < this.#maxWaiting / 2) return;
    for (const object of this.#contents.values()) this.#content(object);
    this.#contents = new Map();
    this.#waiting = 0;
  }

  #part(object: ConfluenceObject): void {
    const owner = object.properties.get(
      object.class === 'OutgoingLink' ? 'sourceContent' : 'content',
    )?.reference;
    const ownerClass = owner?.class ?? '';
    const texts = partTexts(object, contentType(ownerClass) === 'comment' ? 'comment' : 'body');
    if (texts.length === 0) return;
    const part: Part = { isBody: object.class === 'BodyContent', ownerClass, texts, raw: object.raw };
    const key = owner?.id || `${object.class}/${object.id}`;
    const parts = this.#parts.get(key);
    if (parts === undefined) this.#parts.set(key, [part]);
    else parts.push(part);
  }

  #content(object: ConfluenceObject): void {
    const parts = this.#parts.get(object.id) ?? [];
    this.#parts.delete(object.id);
    const facts = factsOf(object);
    const { type } = facts;
    if (type === 'attachment' && !this.#hasAttachments) this.#sink.note('attachment-missing');
    const texts: RecordText[] = [];
    const add = (path: string, role: FieldRole): void => {
      const text = propertyText(object, path);
      if (text !== undefined) texts.push({ text, dialect: 'plain', field: { path, role } });
    };
    const titleRole = type === 'attachment' ? 'attachment-name' : 'title';
    add('title', titleRole);
    add('fileName', titleRole);
    const bodies = parts.filter(({ isBody }) => isBody);
    const others = parts.filter(({ isBody }) => !isBody);
    // A page can have thousands of links, too many for the arguments of one call.
    for (const part of [...bodies, ...others]) for (const text of part.texts) texts.push(text);
    add('versionComment', 'comment');
    add('comment', 'comment');
    append(texts, otherTexts(object, contentProperties, 'metadata'));
    if (texts.length === 0) return;
    const raw = bodies[0]?.raw ?? object.raw;
    this.#sink.record({ ...this.#frame(facts), texts, raw });
  }

  #frame(facts: ContentFacts): Omit<ExportRecord, 'texts' | 'raw'> {
    const { type, state, version, container } = facts;
    const title = facts.title ?? (container === undefined ? undefined : this.#site.factsOf(container)?.title);
    const actor = this.#site.actor(facts.author);
    const time = timeOf(facts);
    const permalink = this.#link(facts);
    return {
      place: this.#site.placeOf(facts.id),
      type,
      id: facts.original ?? facts.id,
      ...(title === undefined ? {} : { title }),
      ...(container === undefined ? {} : { thread: container }),
      ...(actor === undefined ? {} : { actor }),
      ...(time === undefined ? {} : { time }),
      revision: { state, ...(version === undefined ? {} : { id: version }) },
      ...(permalink === undefined ? {} : { permalink }),
      action: actionOf(type, state),
    };
  }

  #link(facts: ContentFacts): ExportRecord['permalink'] {
    if (isPageClass(facts.class)) {
      const url = this.#site.pageLink(facts.id);
      return url === undefined ? undefined : { url };
    }
    const holder = this.#site.pageOf(facts);
    const page = holder === undefined ? undefined : this.#site.pageLink(holder);
    if (page === undefined) return undefined;
    if (facts.type === 'comment') {
      const id = encodeURIComponent(facts.original ?? facts.id);
      return { url: `${page}&focusedCommentId=${id}#comment-${id}` };
    }
    return { url: page, level: 'record' };
  }

  /** Parts whose content was told before, or is not there: then their id and address are known all the same. */
  #orphans(owner: string, parts: readonly Part[]): void {
    const texts = parts.flatMap((part) => part.texts);
    const raw = parts[0] === undefined ? {} : { raw: parts[0].raw };
    const facts = this.#site.factsOf(owner);
    if (facts !== undefined) {
      this.#sink.record({ ...this.#frame(facts), texts, ...raw });
      return;
    }
    const ownerClass = parts[0]?.ownerClass ?? '';
    const isPage = isPageClass(ownerClass) && /^\d+$/.test(owner);
    const url = isPage ? this.#site.pageLink(owner) : undefined;
    this.#sink.note('incomplete');
    this.#sink.record({
      place: this.#site.placeOf(owner),
      type: contentType(ownerClass),
      id: owner,
      revision: { state: 'unknown' },
      ...(url === undefined ? {} : { permalink: { url } }),
      action: 'edit',
      texts,
      ...raw,
    });
  }

  /** Spaces, people, templates, and settings of the site. */
  #setting(object: ConfluenceObject): void {
    const texts = settingObjectTexts(object);
    if (texts.length === 0) return;
    const space = object.class === 'Space' ? object.id : referenceOf(object, 'space');
    const spaceKey = space === undefined ? undefined : this.#site.spaceKey(space);
    const title = propertyText(object, 'name', 'displayName', 'key');
    const named = [propertyText(object, 'entityName'), propertyText(object, 'key')].join('/');
    this.#sink.record(
      defined<ExportRecord>({
        place: spaceKey === undefined ? this.#site.place() : this.#site.spacePlace(spaceKey),
        type: settingType(object.class),
        id: `${object.class}/${object.id === '' ? named : object.id}`,
        title,
        revision: { state: 'current' },
        action: object.class === 'PageTemplate' ? 'edit' : 'ask-admin',
        texts,
        raw: object.raw,
      }),
    );
  }
}

const people = new Set(['ConfluenceUserImpl', 'InternalUser', 'DefaultHibernateUser']);
const valueProperties = ['value', 'stringVal', 'textVal', 'content'];
const settingProperties = new Set([...valueProperties, 'creatorName', 'lastModifierName']);
const noProperties: ReadonlySet<string> = new Set();

function settingType(className: string): RecordType {
  if (people.has(className)) return 'profile';
  return className === 'PageTemplate' ? 'page' : 'setting';
}

function settingObjectTexts(object: ConfluenceObject): RecordText[] {
  const role = people.has(object.class) ? 'profile' : 'setting';
  // Its value is a credential of the product, whatever it looks like.
  if (object.class === 'InternalUserAttribute') return otherTexts(object, noProperties, role);
  const others = otherTexts(object, settingProperties, role);
  if (object.class === 'PageTemplate') {
    const content = propertyText(object, 'content') ?? '';
    return [...bodyTexts(content, propertyText(object, 'bodyType'), 'body'), ...others];
  }
  const key = propertyText(object, 'key', 'name') ?? '';
  const values = valueProperties.flatMap((name) => {
    const value = propertyText(object, name);
    return value === undefined ? [] : settingTexts(value, name, key);
  });
  return [...values, ...others];
}

function actionOf(type: RecordType, state: RevisionState): NonNullable<ExportRecord['action']> {
  if (type === 'attachment') return 'purge-attachment';
  if (state === 'previous') return 'delete-revision';
  return state === 'deleted' ? 'delete' : 'edit';
}

function partTexts(object: ConfluenceObject, role: FieldRole): RecordText[] {
  const texts = otherTexts(object, partProperties, 'metadata');
  if (object.class === 'BodyContent')
    // Blanks around the section are layout of the file.
    texts.unshift(...bodyTexts(propertyText(object, 'body') ?? '', propertyText(object, 'bodyType'), role));
  else if (object.class === 'OutgoingLink')
    texts.unshift({
      text: linkText(object),
      dialect: 'plain',
      field: { path: `outgoingLinks.${object.id}`, role: 'link' },
    });
  else {
    const name = propertyText(object, 'name') ?? object.id;
    const value = propertyText(object, 'stringValue');
    // A property with a number has its name only.
    texts.unshift(...propertyTexts(value ?? name, name));
    if (value !== undefined && !plainName.test(name))
      texts.push({
        text: name,
        dialect: 'plain',
        field: { path: `contentProperties.${object.id}.name`, role: 'metadata' },
      });
  }
  return texts;
}

/** Names that programs give; whatever else is called a property may be anything. */
const plainName = /^(?:[A-Za-z_.:-]{1,100}|[\w.:-]{1,15})$/;

function propertyTexts(value: string, name: string): RecordText[] {
  return settingTexts(value, `contentProperties.${name}`, name).map((text) => ({
    ...text,
    field: { ...text.field, role: 'metadata' as const },
  }));
}

function lengthOf(object: ConfluenceObject): number {
  let length = objectCost;
  for (const { text } of object.properties.values()) length += text.length;
  for (const { text } of object.elements) length += text.length;
  return length;
}

/** An old version dates from its own last change; the page as a whole from its creation. */
function timeOf({ state, created, changed }: ContentFacts): ExportRecord['time'] {
  return state === 'previous' ? recordTime(fromIso(changed)) : lifeTime(fromIso(created), fromIso(changed));
}
