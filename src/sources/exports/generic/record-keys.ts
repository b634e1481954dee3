/**
 * What keys and column names of an unknown export mean: which hold the id, the author, the time, the text. Also the
 * sign by which exported records are told from configuration, source and data.
 */
import type { ExportRecord, RecordActor } from '../contract.js';
import { isObject, type JsonObject } from '../object-texts.js';
import { fromEpoch, fromIso, fromRfc822, type Instant, recordTime } from '../times.js';

export type KeyMeaning = 'id' | 'created' | 'edited' | 'author' | 'title' | 'text' | 'permalink';

const meanings: readonly (readonly [KeyMeaning, RegExp])[] = [
  [
    'id',
    /^(?:id|key|uuid|guid|iid|number|sysid|(?:issue|ticket|message|comment|case|record|row|entry|note|post)(?:id|key|number|no)|case|ticket|ref|reference)$/,
  ],
  [
    'created',
    /^(?:(?:sys)?(?:created|posted|sent|opened|published|submitted|received|reported|added)(?:on|at|date|time|datetime|ts|timestamp|utc)?|date(?:created|posted|sent|opened)?|datetime|creat(?:ion|e)(?:date|time)|time|timestamp|ts|when)$/,
  ],
  [
    'edited',
    /^(?:(?:sys|last)?(?:updated|modified|edited|changed)(?:on|at|date|time|datetime|utc)?|dateupdated|datemodified|lastmodifieddate|lastupdate)$/,
  ],
  [
    'author',
    /^(?:author(?:name|email|id)?|user(?:name|email|id)?|from(?:name|user|address)?|sender(?:name|email)?|creator|createdby|sys?createdby|postedby|sentby|openedby|submitter|submittedby|reporter|requester|requestedby|writtenby|addedby|by|owner|actor|assignee|who|nick|member)$/,
  ],
  ['title', /^(?:title|subject|summary|shortdescription|headline|topic|name)$/],
  [
    'text',
    /^(?:body(?:html|text|plain)?|text(?:html)?|html(?:body)?|plaintext|message(?:text|body)?|msg|description|descriptionhtml|content|contents|comments?(?:text|body)?|notes?|details?|reply|replies|worknotes?|resolution|closenotes?|question|answer|feedback|remarks?|transcript|snippet|conversation|subject|summary)$/,
  ],
  ['permalink', /^(?:permalink|permalinkurl|htmlurl|weburl|viewurl)$/],
];

const noMeanings: readonly KeyMeaning[] = [];
const remembered = new Map<string, readonly KeyMeaning[]>();
const maxRemembered = 4096;

/** What a key says; several when it serves several ends (`summary` is title and text). */
export function meaningsOf(key: string): readonly KeyMeaning[] {
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const plain = key.length > 60 ? '' : key.toLowerCase().replace(/[^a-z0-9]/g, '');
  const found =
    plain === '' ? noMeanings : meanings.filter(([, names]) => names.test(plain)).map(([name]) => name);
  if (remembered.size < maxRemembered) remembered.set(key, found);
  return found;
}

/**
 * Whether objects or rows with these keys look like messages, tickets or comments that somebody exported: a text, and
 * at least two of an id, a time and an author.
 */
export function looksLikeRecords(keys: readonly string[]): boolean {
  const found = new Set(keys.flatMap(meaningsOf));
  if (!found.has('text')) return false;
  const anchors = [found.has('id'), found.has('created') || found.has('edited'), found.has('author')];
  return anchors.filter(Boolean).length >= 2;
}

export type RecordFacts = Pick<ExportRecord, 'title' | 'actor' | 'time' | 'permalink'> & {
  /** Id that the record itself states. */
  readonly id?: string;
};

/** Gathers what a record says of itself; the first key of a meaning counts. */
export class FactsOf {
  #id: string | undefined;
  #title: string | undefined;
  #actor: RecordActor | undefined;
  #created: Instant | undefined;
  #edited: Instant | undefined;
  #url: string | undefined;

  add(key: string, value: unknown): void {
    if (value === null || value === undefined || value === '') return;
    for (const meaning of meaningsOf(key)) this.#take(meaning, key, value);
  }

  #take(meaning: KeyMeaning, key: string, value: unknown): void {
    if (meaning === 'author') this.#actor ??= actorOf(value);
    else if (meaning === 'created') this.#created ??= instantOf(value);
    else if (meaning === 'edited') this.#edited ??= instantOf(value);
    else if (meaning === 'id') {
      this.#id ??= idOfValue(key, value);
    } else if (typeof value !== 'string') return;
    else if (meaning === 'title') this.#title ??= titleOf(value);
    else if (meaning === 'permalink' && /^https?:\/\/[^\s"<>]{1,2000}$/.test(value)) this.#url ??= value;
  }

  get facts(): RecordFacts {
    const time = recordTime(this.#created, this.#edited);
    return {
      ...(this.#id === undefined ? {} : { id: this.#id }),
      ...(this.#title === undefined ? {} : { title: this.#title }),
      ...(this.#actor === undefined ? {} : { actor: this.#actor }),
      ...(time === undefined ? {} : { time }),
      ...(this.#url === undefined ? {} : { permalink: { url: this.#url, level: 'record' as const } }),
    };
  }
}

export function factsOfObject(object: JsonObject): RecordFacts {
  const facts = new FactsOf();
  for (const key of Object.keys(object)) facts.add(key, object[key]);
  return facts.facts;
}

/** An id is one word. Under `key` stand credentials as well, so only what looks like `API-12` or a number counts. */
export function idOfValue(key: string, value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return undefined;
  const id = value.trim();
  const isId = /^(?:\w{0,3}key)$/i.test(key)
    ? /^(?:[A-Za-z][A-Za-z0-9_]{0,15}-)?\d{1,12}$/
    : /^[\w.:/#@+-]{1,64}$/;
  return isId.test(id) ? id : undefined;
}

function instantOf(value: unknown): Instant | undefined {
  if (typeof value === 'number') return value > 1e8 ? fromEpoch(value) : undefined;
  if (typeof value !== 'string') return undefined;
  if (/^\d{9,}(?:\.\d+)?$/.test(value)) return fromEpoch(value);
  return fromIso(value) ?? fromRfc822(value);
}

/** Titles are one line. */
function titleOf(value: string): string | undefined {
  const line = value.trim().split(/[\r\n]/, 1)[0] ?? '';
  return line === '' ? undefined : line.slice(0, 200);
}

function actorOf(value: unknown): RecordActor | undefined {
  if (isObject(value)) {
    const text = (...keys: string[]): string | undefined => {
      for (const key of keys) {
        const found = Object.hasOwn(value, key) ? value[key] : undefined;
        if (typeof found === 'string' && found !== '') return found.slice(0, 200);
        if (typeof found === 'number') return String(found);
      }
      return undefined;
    };
    const id = text('id', 'user_id', 'userId', 'login', 'username');
    const name = text('name', 'displayName', 'display_name', 'full_name', 'real_name', 'username', 'login');
    const email = text('email', 'emailAddress', 'email_address', 'mail');
    if (id === undefined && name === undefined && email === undefined) return undefined;
    return { ...(id && { id }), ...(name && { name }), ...(email && { email }) };
  }
  if (typeof value === 'number') return { id: String(value) };
  if (typeof value !== 'string' || value.length > 200 || /[\r\n]/.test(value)) return undefined;
  const address = /^(.{0,120}?)\s*<([^\s<>@]{1,100}@[^\s<>@]{1,100})>$/.exec(value.trim());
  if (address?.[2] !== undefined)
    return { ...(address[1] ? { name: address[1].replace(/^"|"$/g, '') } : {}), email: address[2] };
  return /^[^\s@]{1,100}@[^\s@]{1,100}$/.test(value) ? { email: value } : { name: value };
}
