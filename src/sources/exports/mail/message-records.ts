/** One message to records: itself, and each message attached to it. */
import type { Dialect, ExportRecord, RecordPlace, RecordSink, RecordText, RecordTime } from '../contract.js';
import type { Ordinals } from '../ordinals.js';
import { documentTexts, mayHoldText, unzippedText } from './attached-documents.js';
import { attachmentKind, attachmentText, attachmentTitle, isEncrypted } from './attachments.js';
import { type Entity, fieldValue, type HeaderField, splitEntity } from './header-fields.js';
import { headerTexts } from './header-texts.js';
import { lastingId } from './lasting-id.js';
import { headerTime } from './mail-date.js';
import { firstAddress, mailboxOf, messageId, messageIds } from './mailbox.js';
import { beginsLikeMbox, mboxMessages } from './mbox-messages.js';
import { type MimeLeaf, mimeLeaves } from './mime-parts.js';
import { parsedOutlook } from './outlook-message.js';
import type { ParsedMessage } from './parsed-message.js';
import { partBytes, partHead, partText, transferEncodingOf } from './part-content.js';
import { signedEntity } from './signed-data.js';
import { isTnef, tnefMessage } from './tnef.js';
import { isUnended, strayLines } from './transfer-encoding.js';

/** What is known of a message beside its own bytes. */
export interface MessageOrigin {
  /** Where it lies when its headers do not tell. */
  readonly place: RecordPlace;
  /** Its id when it has none of its own, and nothing that lasts. */
  readonly id: string;
  readonly time?: RecordTime | undefined;
  readonly raw?: ExportRecord['raw'];
  /** The line before it in its mailbox, when that has a time. */
  readonly separator?: string;
  /** Tells mails of its mailbox apart that have no id, and one date. */
  readonly unnamed?: Ordinals;
  /** Set when nothing stands behind it, so that it may have been cut off: in its mailbox, or as a file of its own. */
  readonly isLast?: 'in-mailbox' | 'alone';
}

/** Bytes of an attachment's body that its recognisers get to see, before base64 is undone. */
const probedBytes = 96 * 1024;
/** Messages attached to messages attached to ... */
const maxNesting = 20;

/** Hands over a message as it lies in a file, and the ones attached to it, the outer one first. */
export function readMessage(bytes: Buffer, origin: MessageOrigin, sink: RecordSink): Promise<void> {
  const message = parsed(splitEntity(bytes), '');
  if (origin.isLast !== undefined && isCutOff(message)) {
    sink.note('incomplete');
    sink.damaged('a message ends within a part');
  } else if (origin.isLast === 'alone' && isMaybeCutOff(message)) sink.note('incomplete');
  return readParsed(message, origin, sink);
}

/** The same for a message that was taken apart already. */
export async function readParsed(
  message: ParsedMessage,
  origin: MessageOrigin,
  sink: RecordSink,
): Promise<void> {
  const place = mailboxOf(message.fields) ?? origin.place;
  const id = messageId(fieldValue(message.fields, 'message-id')) ?? lastingIdIn(message, origin) ?? origin.id;
  const time = headerTime(fieldValue(message.fields, 'date')) ?? origin.time;
  await new MessageReader(place, id, origin.raw, sink).read(message, { path: '', depth: 0, time });
}

function lastingIdIn({ fields }: ParsedMessage, { unnamed, separator }: MessageOrigin): string | undefined {
  const id = lastingId(fields, separator);
  return id === undefined ? undefined : (unnamed?.next(id) ?? id);
}

/** Whether a message ends before its parts, or the one part before a unit of its transfer encoding. */
function isCutOff({ leaves, isOpen }: ParsedMessage): boolean {
  if (isOpen === true) return true;
  const [only, other] = leaves;
  return only !== undefined && other === undefined && isUnended(only.body, transferEncodingOf(only));
}

/** Whether its text ends within a line, which some programs write and others do not. */
function isMaybeCutOff({ leaves }: ParsedMessage): boolean {
  const [only, other] = leaves;
  if (only === undefined || other !== undefined || !isBody(only)) return false;
  return only.body.length > 0 && only.body.at(-1) !== 0x0a;
}

/** @param path of the part that the message is attached as */
function parsed(entity: Entity, path: string): ParsedMessage {
  return { fields: entity.fields, ...mimeLeaves(entity, path) };
}

interface Standing {
  /** Path of the part that the message is attached as; empty for the outermost. */
  readonly path: string;
  readonly depth: number;
  readonly time: RecordTime | undefined;
}

class MessageReader {
  readonly #place: RecordPlace;
  /** Of the outermost message. */
  readonly #id: string;
  readonly #raw: ExportRecord['raw'];
  readonly #sink: RecordSink;

  constructor(place: RecordPlace, id: string, raw: ExportRecord['raw'], sink: RecordSink) {
    this.#place = place;
    this.#id = id;
    this.#raw = raw;
    this.#sink = sink;
  }

  async read(message: ParsedMessage, standing: Standing): Promise<void> {
    if (message.isCut) {
      this.#sink.note('incomplete');
      this.#sink.damaged('a message with more MIME parts or levels than are read');
    }
    if (message.missing) this.#sink.note('attachment-missing', message.missing);
    const texts: RecordText[] = [];
    const attached: MimeLeaf[] = [];
    for (const leaf of message.leaves) {
      if (leaf.fields !== message.fields) texts.push(...headerTexts(leaf.fields, leaf.path));
      texts.push(...this.#strayTexts(leaf));
      const packed = packedLeaves(leaf);
      if (packed === undefined) texts.push(...(await this.#leafTexts(leaf, standing.depth)));
      else {
        if (packed.missing) this.#sink.note('attachment-missing', packed.missing);
        texts.push(...headerTexts(packed.fields, leaf.path));
        for (const inner of packed.leaves) texts.push(...(await this.#leafTexts(inner, standing.depth)));
      }
      const all = packed?.leaves ?? [leaf];
      if (standing.depth < maxNesting) attached.push(...all.filter(isMessage));
    }
    this.#sink.record(this.#record(message.fields, [...texts, ...headerTexts(message.fields)], standing));
    for (const leaf of attached) {
      for (const { inner, path } of attachedMessages(leaf, message)) {
        const time = headerTime(fieldValue(inner.fields, 'date'));
        await this.read(inner, { path, depth: standing.depth + 1, time });
      }
    }
  }

  #record(fields: readonly HeaderField[], texts: readonly RecordText[], standing: Standing): ExportRecord {
    const own = messageId(fieldValue(fields, 'message-id'));
    const isOutermost = standing.path === '';
    const title = texts.find((text) => text.field.role === 'title')?.text;
    const thread =
      messageIds(fieldValue(fields, 'references'))[0] ?? messageIds(fieldValue(fields, 'in-reply-to'))[0];
    const actor = firstAddress(fieldValue(fields, 'from') ?? fieldValue(fields, 'sender'));
    const permalink = isOutermost ? permalinkOf(fields, own) : undefined;
    return {
      place: this.#place,
      type: 'mail',
      id: isOutermost ? this.#id : `${this.#id}/${standing.path}`,
      revision: isOutermost
        ? { state: 'current' }
        : { state: 'quoted-copy', ...(own === undefined ? {} : { of: own }) },
      texts,
      action: 'delete',
      ...(title === undefined ? {} : { title }),
      ...(thread === undefined || thread === own ? {} : { thread }),
      ...(actor === undefined ? {} : { actor }),
      ...(standing.time === undefined ? {} : { time: standing.time }),
      ...(permalink === undefined ? {} : { permalink }),
      ...(this.#raw === undefined ? {} : { raw: this.#raw }),
    };
  }

  /** What stands in the encoded body of a part, and is not encoded. */
  #strayTexts(leaf: MimeLeaf): RecordText[] {
    const text = strayLines(leaf.body, transferEncodingOf(leaf));
    if (text === '') return [];
    this.#sink.note('malformed');
    return [{ text, dialect: 'mail', field: { path: leaf.path, role: 'attachment-text' } }];
  }

  async #leafTexts(leaf: MimeLeaf, depth: number): Promise<RecordText[]> {
    const name = attachmentTitle(leaf);
    const texts: RecordText[] = [];
    if (name !== undefined)
      texts.push({ text: name, dialect: 'plain', field: { path: leaf.path, role: 'attachment-name' } });
    if (isMessage(leaf) && depth < maxNesting) return texts;
    if (name === undefined && isBody(leaf)) {
      const text = this.#bodyText(leaf);
      if (text.text !== '') texts.push(text);
      return texts;
    }
    const kind = attachmentKind(leaf);
    if (kind === 'text') {
      const found = attachmentText(leaf);
      if (found.text === '') return texts;
      this.#noteUnreadable(found.text);
      texts.push({
        ...found,
        field: { path: leaf.path, role: 'attachment-text' },
        ...(name === undefined ? {} : { chain: [name] }),
      });
    } else if (kind === 'binary') texts.push(...(await this.#binaryTexts(leaf, name)));
    else if (kind === 'encrypted') this.#sink.note('encrypted');
    return texts;
  }

  async #binaryTexts(leaf: MimeLeaf, name = 'attachment'): Promise<RecordText[]> {
    const isReadable = mayHoldText(name, partHead(leaf, probedBytes));
    const bytes = isReadable ? partBytes(leaf) : Buffer.alloc(0);
    const found = unzippedText(bytes, name) ?? (await documentTexts(name, bytes, this.#sink));
    if (found === undefined) this.#sink.note('undecodable');
    return (found ?? []).map((text) => ({
      ...text,
      field: { path: `${leaf.path}/${text.field.path}`, role: 'attachment-text' },
    }));
  }

  #bodyText(leaf: MimeLeaf): RecordText {
    const isHtml = leaf.type.value === 'text/html';
    const dialect: Dialect = isHtml ? 'html' : 'mail';
    const text = withoutEnd(partText(leaf));
    this.#noteUnreadable(text);
    return { text, dialect, field: { path: leaf.path, role: 'body' } };
  }

  #noteUnreadable(text: string): void {
    if (text.includes('-----BEGIN PGP MESSAGE-----')) this.#sink.note('encrypted');
    if (text.includes('\ufffd')) this.#sink.note('undecodable');
  }
}

/** Without the empty lines at its end: `/\n+$/` would try each run of line ends in the text. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === 0x0a) end--;
  return text.slice(0, end);
}

function isBody(leaf: MimeLeaf): boolean {
  if (leaf.disposition.value === 'attachment') return false;
  return leaf.isOutside || leaf.type.value === 'text/plain' || leaf.type.value === 'text/html';
}

/** What is packed in a part: a signed message, or Outlook's own form of the message and its attachments. */
function packedLeaves(leaf: MimeLeaf): ParsedMessage | undefined {
  if (isEncrypted(leaf)) {
    const signed = signedEntity(partBytes(leaf));
    return signed && parsed(splitEntity(signed), leaf.path);
  }
  const isNamed =
    /^application\/(?:vnd\.)?ms-tnef$/.test(leaf.type.value) ||
    /^winmail\.dat$/i.test(attachmentTitle(leaf) ?? '');
  if (!isNamed || !isTnef(partHead(leaf))) return undefined;
  const { fields, ...rest } = parsedOutlook(tnefMessage(partBytes(leaf)), leaf.path);
  // The subject is that of the message.
  return { ...rest, fields: fields.filter((field) => field.key !== 'subject') };
}

/** An mbox holds several messages; their paths count on from its own. */
function attachedMessages(leaf: MimeLeaf, outer: ParsedMessage): { inner: ParsedMessage; path: string }[] {
  const known = outer.attached?.get(leaf);
  if (known !== undefined) return [{ inner: known, path: leaf.path }];
  const bytes = partBytes(leaf);
  if (!isMbox(leaf)) return [{ inner: parsed(splitEntity(bytes), leaf.path), path: leaf.path }];
  return mboxMessages(bytes).map((message, index) => {
    const path = `${leaf.path}.${index + 1}`;
    return { inner: parsed(splitEntity(message.bytes), path), path };
  });
}

function isMbox(leaf: MimeLeaf): boolean {
  const isNamed =
    leaf.type.value === 'application/mbox' || /\.(?:mbox|mbx)$/i.test(attachmentTitle(leaf) ?? '');
  return isNamed && beginsLikeMbox(partHead(leaf).toString('latin1'));
}

function isMessage(leaf: MimeLeaf): boolean {
  const { value } = leaf.type;
  if (isMbox(leaf)) return true;
  if (value === 'message/rfc822' || value === 'message/global' || value === 'text/rfc822-headers')
    return true;
  // Programs that do not know the type name it by its ending alone.
  return value === 'application/octet-stream' && /\.eml$/i.test(attachmentTitle(leaf) ?? '');
}

/** What the export says: the address in the list's archive; the search of Gmail, for what lies there. */
function permalinkOf(
  fields: readonly HeaderField[],
  id: string | undefined,
): ExportRecord['permalink'] | undefined {
  const archived = /<?(https?:\/\/[^\s<>]{1,2000})>?/.exec(fieldValue(fields, 'archived-at') ?? '')?.[1];
  if (archived !== undefined) return { url: archived, level: 'exact' };
  if (id === undefined || fieldValue(fields, 'x-gm-thrid') === undefined) return undefined;
  const query = encodeURIComponent(`rfc822msgid:${id}`);
  return { url: `https://mail.google.com/mail/u/0/#search/${query}`, level: 'record' };
}
