/** Tickets of help desks (Zendesk, Freshdesk), with comments, audits and what their interfaces answer besides. */

import type {
  ExportRecord,
  RecordActor,
  RecordPlace,
  RecordSink,
  RecordText,
  RecordType,
} from '../contract.js';
import { defined } from '../defined.js';
import {
  idOf,
  type JsonObject,
  lastKey,
  memberOf,
  type ObjectFormat,
  objectOf,
  stringOf,
  type TextField,
  textsOf,
} from '../object-texts.js';
import { type Pending, visitObjects } from '../object-walk.js';
import { fromIso, recordTime } from '../times.js';
import { htmlOr, tidyRecord } from './tidy-record.js';

export interface Helpdesk {
  /** Host of the site, when the user or the data says it. */
  readonly host: string | undefined;
  /** Page of a ticket. */
  link(host: string, ticket: string): string;
}

type Kind = 'ticket' | 'comment' | 'change' | 'user' | 'article' | 'rule' | 'audit';

interface Context {
  readonly pointer: string;
  readonly under: string;
  readonly host: string | undefined;
  readonly ticket: string | undefined;
  readonly title: string | undefined;
  readonly actor: RecordActor | undefined;
  readonly created: string | undefined;
}

const recordTypes: Readonly<Record<Kind, RecordType>> = {
  ticket: 'issue',
  comment: 'comment',
  change: 'change',
  user: 'profile',
  article: 'page',
  rule: 'setting',
  audit: 'change',
};

const prose: ReadonlyMap<string, TextField['role']> = new Map<string, TextField['role']>([
  ['subject', 'title'],
  ['raw_subject', 'title'],
  ['title', 'title'],
  ['description', 'body'],
  ['description_text', 'body'],
  ['description_html', 'body'],
  ['body', 'comment'],
  ['plain_body', 'comment'],
  ['html_body', 'comment'],
  ['body_text', 'comment'],
  ['body_html', 'comment'],
  ['full_text', 'comment'],
  ['quoted_text', 'comment'],
  ['message', 'comment'],
  ['file_name', 'attachment-name'],
  ['attachment_file_name', 'attachment-name'],
  ['content_file_name', 'attachment-name'],
]);

/** Signed addresses: whoever holds one can fetch the file. */
const signedLink =
  /^https?:\/\/\S{1,2000}(?:\/attachments\/token\/|[?&](?:X-Amz-Signature|Signature|token)=)/;
const linkKeys = /(?:^|_)(?:url|link|href)$/;
const plainLink = /^https?:\/\/[^?@\s]{1,400}$/;

const known: ReadonlySet<string> = new Set(
  `tags name email address value previous_value field_name from to source via client location user_agent ip_address
   custom_fields fields recipient external_id type status priority url content_url mapped_content_url attachment_url
   to_emails cc_emails fwd_emails reply_cc_emails ticket_cc_emails from_email support_email phone mobile twitter_id
   alias signature details notes role organization_id content_type raw_email_identifier json_email_identifier
   message_id conditions actions any all field operator display_name responder_name requester_name status_name
   priority_name source_name product_id next_page after_url after_cursor previous_page html_url text formatted_from
   formatted_to ticket_type locale time_zone channel rel attachments label_names summary subdomain endpoint target_url
   username password method comment score sort_by sort_order preview_text token data authentication`.split(
    /\s+/,
  ),
);

const format: ObjectFormat = {
  known,
  noise: new Set(['after_cursor', 'before_cursor', 'transcription_status', 'thumbnails']),
  isRecord: (value, path) => {
    const kind = kindOf(value, lastKey(path));
    return kind === 'comment' || kind === 'change' || kind === 'ticket' || kind === 'audit';
  },
  field: (path, text, holder) => {
    // XML has no other way to say these.
    if (text === 'true' || text === 'false') return 'skip';
    const key = lastKey(path);
    if (linkKeys.test(key)) {
      if (signedLink.test(text)) return { role: 'link', dialect: 'plain', artifact: true };
      if (plainLink.test(text) && /\/api\//.test(text)) return 'skip';
    }
    // Old Zendesk exports keep the text of a comment in `value`.
    if (key === 'value' && path.length === 1 && kindOf(holder, 'comments') === 'comment')
      return { role: 'comment', dialect: 'plain' };
    if (key === 'name' && path.includes('attachments')) return { role: 'attachment-name', dialect: 'plain' };
    if (path.some((part) => part === 'custom_field' || part === 'custom_fields'))
      return key === 'value' || key === 'id'
        ? undefined
        : { role: 'custom-field', dialect: 'plain', label: key };
    return proseOf(key, text, holder);
  },
};

function proseOf(key: string, text: string, holder: JsonObject): TextField | undefined {
  const role = prose.get(key);
  if (role === undefined) return undefined;
  if (role === 'title' || role === 'attachment-name') return { role, dialect: 'plain' };
  if (key === 'body' && typeof memberOf(holder, 'html_body') === 'string')
    return { role, dialect: 'markdown' };
  return { role, dialect: /html/.test(key) ? 'html' : htmlOr(text, 'plain') };
}

function has(object: JsonObject, ...keys: readonly string[]): boolean {
  return keys.some((key) => memberOf(object, key) !== undefined);
}

function kindOf(object: JsonObject, under: string): Kind | undefined {
  if (has(object, 'field_name') && has(object, 'value', 'previous_value')) return 'change';
  if (Array.isArray(memberOf(object, 'events')) || has(object, 'child_events')) return 'audit';
  const isSubject =
    typeof memberOf(object, 'subject') === 'string' || typeof memberOf(object, 'raw_subject') === 'string';
  if (isSubject && has(object, 'status', 'requester_id', 'priority', 'display_id', 'nice_id'))
    return 'ticket';
  if (has(object, 'title') && has(object, 'body') && has(object, 'locale', 'section_id')) return 'article';
  if (isComment(object, under) && !isSubject) return 'comment';
  if (has(object, 'actions', 'conditions') && has(object, 'title', 'name')) return 'rule';
  if (has(object, 'email') && has(object, 'name') && has(object, 'role', 'active', 'mobile', 'phone'))
    return 'user';
  return undefined;
}

function isComment(object: JsonObject, under: string): boolean {
  const isText = ['body', 'html_body', 'plain_body', 'body_text', 'body_html'].some(
    (key) => typeof memberOf(object, key) === 'string',
  );
  if (isText)
    return has(object, 'author_id', 'user_id', 'public', 'private', 'incoming', 'is_public', 'ticket_id');
  return (
    typeof memberOf(object, 'value') === 'string' &&
    (under === 'comments' || under === 'comment') &&
    has(object, 'author_id')
  );
}

export class HelpdeskWalk {
  readonly #sink: RecordSink;
  readonly #desk: Helpdesk;

  constructor(sink: RecordSink, desk: Helpdesk) {
    this.#sink = sink;
    this.#desk = desk;
  }

  walk(value: unknown, pointer: string, raw: ExportRecord['raw']): void {
    const context: Context = {
      pointer,
      under: lastKey(pointer.split('/').slice(1)),
      host: this.#desk.host,
      ticket: undefined,
      title: undefined,
      actor: undefined,
      created: undefined,
    };
    visitObjects(value, context, { object: (object, at) => this.#object(object, at, raw) });
  }

  #object(object: JsonObject, context: Context, raw: ExportRecord['raw']): Pending<Context>[] {
    const kind = kindOf(object, context.under);
    const host = hostOf(object) ?? context.host;
    const { texts, inner } = textsOf(object, format, (key) => this.#sink.unknownKey(key));
    const ownTicket = kind === 'ticket' ? ticketId(object) : idOf(object, 'ticket_id');
    const ticket = ownTicket ?? context.ticket;
    const title =
      kind === 'ticket'
        ? `#${ticket} ${stringOf(object, 'subject', 'raw_subject') ?? ''}`.trim()
        : context.title;
    const actor = actorOf(object) ?? context.actor;
    const created = stringOf(object, 'created_at', 'created') ?? context.created;
    if (texts.length > 0) {
      const at = { kind, host, ticket, title, actor, created, context, raw };
      this.#give(object, texts, at);
    }
    return inner.map(({ value, path }) => ({
      value,
      context: {
        pointer: `${context.pointer}/${path.join('/')}`,
        under: lastKey(path),
        host,
        ticket,
        title,
        actor,
        created,
      },
    }));
  }

  #give(
    object: JsonObject,
    texts: readonly RecordText[],
    at: {
      readonly kind: Kind | undefined;
      readonly host: string | undefined;
      readonly ticket: string | undefined;
      readonly title: string | undefined;
      readonly actor: RecordActor | undefined;
      readonly created: string | undefined;
      readonly context: Context;
      readonly raw: ExportRecord['raw'];
    },
  ): void {
    const { kind, ticket, host } = at;
    this.#count(object, texts);
    const own = kind === 'article' ? texts.map(asBody) : texts;
    const isInTicket = kind !== undefined && inTicket.has(kind);
    const page =
      isInTicket && host !== undefined && ticket !== undefined ? this.#desk.link(host, ticket) : undefined;
    const record = tidyRecord({
      place: placeOf(kind, host),
      type: kind === undefined ? 'setting' : recordTypes[kind],
      id: idOfKind(object, kind, at),
      title: kind === undefined || isInTicket ? at.title : stringOf(object, 'title', 'name'),
      thread: isInTicket && kind !== 'ticket' ? ticket : undefined,
      actor: kind === 'user' ? undefined : at.actor,
      time: recordTime(fromIso(at.created)),
      permalink:
        page === undefined
          ? articleLink(object, kind)
          : { url: page, level: kind === 'ticket' ? 'exact' : 'record' },
      action: kind === 'change' || kind === 'audit' ? 'ask-admin' : 'edit',
      texts: own,
      raw: at.raw,
    });
    if (kind === 'change') this.#change(object, record);
    else this.#sink.record(record);
  }

  /** Both wordings of a field, as records of their own. */
  #change(object: JsonObject, record: ExportRecord): void {
    const isOld = (text: RecordText): boolean => text.field.path.startsWith('previous_value');
    const old = record.texts.filter(isOld).map(changeText(object, 'history-old'));
    const rest = record.texts.filter((text) => !isOld(text)).map(changeText(object, 'history-new'));
    if (rest.length > 0) this.#sink.record({ ...record, texts: rest });
    if (old.length > 0)
      this.#sink.record({ ...record, revision: { state: 'previous', id: 'previous' }, texts: old });
  }

  /** Counts what the exporter left out. */
  #count(object: JsonObject, texts: readonly RecordText[]): void {
    // Zendesk writes blocks over what was redacted.
    if (texts.some((text) => text.text.includes('\u2587'))) this.#sink.note('redacted');
    const files = memberOf(object, 'attachments');
    if (Array.isArray(files) && files.length > 0) this.#sink.note('attachment-missing', files.length);
  }
}

const inTicket: ReadonlySet<Kind> = new Set(['ticket', 'comment', 'change', 'audit']);

/** Articles say where they can be read. */
function articleLink(object: JsonObject, kind: Kind | undefined): ExportRecord['permalink'] {
  const url = kind === 'article' ? stringOf(object, 'html_url') : undefined;
  return url !== undefined && /^https:\/\//.test(url) ? { url } : undefined;
}

/** What is a comment's text elsewhere is an article's own. */
function asBody(text: RecordText): RecordText {
  return text.field.role === 'comment' ? { ...text, field: { ...text.field, role: 'body' } } : text;
}

/** Values of a changed field stand under its name. */
function changeText(object: JsonObject, role: TextField['role']): (text: RecordText) => RecordText {
  const label = stringOf(object, 'field_name');
  return (text) =>
    /^(?:previous_)?value(?:\.|$)/.test(text.field.path)
      ? { ...text, field: { ...text.field, role }, ...(label === undefined ? {} : { label }) }
      : text;
}

function ticketId(object: JsonObject): string | undefined {
  return idOf(object, 'display_id', 'nice_id', 'id');
}

function idOfKind(
  object: JsonObject,
  kind: Kind | undefined,
  at: {
    readonly ticket: string | undefined;
    readonly created: string | undefined;
    readonly context: Context;
  },
): string {
  if (kind === 'ticket') return at.ticket ?? at.context.pointer;
  const id = idOf(object, 'id');
  if (id !== undefined) return kind === undefined || kind === 'rule' ? `${at.context.under}/${id}` : id;
  const ordinal = /(\d+)$/.exec(at.context.pointer)?.[1] ?? '0';
  return at.ticket === undefined
    ? at.context.pointer || '/'
    : [at.ticket, at.created ?? '', ordinal].join('/');
}

function placeOf(kind: Kind | undefined, host: string | undefined): RecordPlace {
  const tenant = host === undefined ? {} : { tenant: host };
  const name = host ?? 'help desk';
  if (kind === 'article')
    return { kind: 'space', ...tenant, id: 'help-center', name: `${name} help center`, audience: 'unknown' };
  if (kind === 'user') return { kind: 'workspace', ...tenant, id: 'people', name, audience: 'unknown' };
  return { kind: 'project', ...tenant, id: 'tickets', name: `${name} tickets`, audience: 'unknown' };
}

function actorOf(object: JsonObject): RecordActor | undefined {
  const person = objectOf(object, 'author', 'submitter', 'requester', 'user');
  const id = idOf(object, 'author_id', 'submitter_id', 'requester_id', 'user_id') ?? idOf(person ?? {}, 'id');
  const name = stringOf(person ?? {}, 'name') ?? stringOf(object, 'requester_name');
  const email = stringOf(person ?? {}, 'email') ?? stringOf(object, 'from_email');
  if (id === undefined && name === undefined && email === undefined) return undefined;
  return defined({ id, name, email });
}

/** Host of the site by the address that each object of the interface has. */
function hostOf(object: JsonObject): string | undefined {
  const url = stringOf(object, 'url', 'html_url');
  return /^https:\/\/([\w-]{1,100}(?:\.[\w-]{1,100}){0,4})\/(?:api\/v2|hc|a|helpdesk|agent)\//
    .exec(url ?? '')?.[1]
    ?.toLowerCase();
}

/** Host of the address that the user gave. */
export function hintedHost(baseUrl: string | undefined): string | undefined {
  return /^https?:\/\/([^/?#\s]{1,255})/.exec(baseUrl ?? '')?.[1]?.toLowerCase();
}
