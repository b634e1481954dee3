/** Outlook's mailboxes (`.pst`, `.ost`), read by the optional package pst-extractor. */
import { type ExportReader, isTooLarge, type Probe, type RecordSink } from '../contract.js';
import { mailFolder } from './eml.js';
import { readParsed } from './message-records.js';
import { type LoadPackage, outlookPackage } from './optional-package.js';
import {
  addressOf,
  type OutlookAttachment,
  type OutlookMessage,
  parsedOutlook,
  textOf,
} from './outlook-message.js';

const packageName = 'pst-extractor';
const magic = Buffer.from('!BDN', 'latin1');
const maxDepth = 100;
const maxNesting = 20;
const maxAttachmentBytes = 64 * 1024 * 1024;

/** As far as it is used here; the package computes members when they are asked for, and may throw. */
interface PstFile {
  getRootFolder(): PstFolder;
}

interface PstFolder {
  readonly displayName?: unknown;
  getSubFolders(): readonly PstFolder[];
  getNextChild(): PstMessage | null | undefined;
}

interface PstMessage {
  readonly [key: string]: unknown;
  getAttachment(index: number): Readonly<Record<string, unknown>>;
}

export function pstReader(load: LoadPackage): ExportReader {
  return {
    id: 'mail-outlook-pst',
    system: 'mail',
    label: 'Outlook mailbox (.pst)',
    isNeverJson: true,
    most: 0.98,
    recognise(probe: Probe) {
      return probe.head.subarray(0, 4).equals(magic)
        ? { score: 0.98, reason: 'the first bytes of an Outlook mailbox' }
        : undefined;
    },
    async read(file, sink, hints) {
      const create = await outlookPackage<PstFile>(load, packageName, 'PSTFile', sink);
      if (create === undefined) return;
      let bytes: Buffer;
      try {
        bytes = await file.bytes();
      } catch (error) {
        if (!isTooLarge(error)) throw error;
        sink.note('incomplete');
        sink.damaged('a mailbox that is too large to be read in memory');
        return;
      }
      const walk = new MailboxWalk(file.name, hints.includeDirect, sink);
      try {
        await walk.folder(create(bytes).getRootFolder(), [], 0);
      } catch {
        walk.broken('a mailbox that the package for it cannot read');
      }
    },
  };
}

class MailboxWalk {
  readonly #fileName: string;
  readonly #includeDirect: boolean;
  readonly #sink: RecordSink;

  constructor(fileName: string, includeDirect: boolean, sink: RecordSink) {
    this.#fileName = fileName;
    this.#includeDirect = includeDirect;
    this.#sink = sink;
  }

  async folder(folder: PstFolder, path: readonly string[], depth: number): Promise<void> {
    if (depth > maxDepth || this.#sink.aborted) return;
    const name = textOf(folder.displayName);
    const own = name === '' ? path : [...path, name];
    await this.#messages(folder, own);
    let folders: readonly PstFolder[] = [];
    try {
      folders = folder.getSubFolders();
    } catch {
      this.broken('a folder whose folders cannot be read');
    }
    for (const child of folders) await this.folder(child, own, depth + 1);
  }

  async #messages(folder: PstFolder, path: readonly string[]): Promise<void> {
    for (let index = 0; !this.#sink.aborted; index++) {
      try {
        const message = folder.getNextChild();
        if (message === null || message === undefined) return;
        await this.#message(message, path.join('/'), index);
      } catch {
        // The package stands where it was: the next call would fail again.
        this.broken('a message that cannot be read, and those behind it in its folder');
        return;
      }
      await this.#sink.drained();
    }
  }

  async #message(source: PstMessage, folder: string, index: number): Promise<void> {
    // Copies of chats of Teams lie in a hidden folder of each person's mailbox.
    if (textOf(source['messageClass']).startsWith('IPM.SkypeTeams') && !this.#includeDirect) {
      this.#sink.note('direct-message');
      return;
    }
    const origin = mailFolder(this.#fileName);
    const base = origin.id.replace(/\.(?:pst|ost)$/i, '');
    const place = { ...origin.place, id: base, name: base };
    await readParsed(
      parsedOutlook(messageOf(source, folder, 0)),
      { place, id: `${folder}/${index}` },
      this.#sink,
    );
  }

  broken(detail: string): void {
    this.#sink.note('malformed');
    this.#sink.damaged(detail);
  }
}

function messageOf(source: PstMessage, folder: string, depth: number): OutlookMessage {
  const count = Number(source['numberOfAttachments']) || 0;
  const body = textOf(source['body']);
  const html = textOf(source['bodyHTML']);
  return {
    headers: textOf(source['transportMessageHeaders']),
    subject: textOf(source['subject']),
    from: addressOf(source['senderName'], source['senderEmailAddress']),
    to: textOf(source['displayTo']),
    cc: textOf(source['displayCC']),
    messageId: textOf(source['internetMessageId']),
    date: textOf(source['clientSubmitTime']) || textOf(source['messageDeliveryTime']),
    body,
    html,
    rtf: html === '' ? textOf(source['bodyRTF']) : '',
    folder,
    attachments: Array.from({ length: count }, (_, index) => attachmentOf(source, index, depth)),
  };
}

interface ByteStream {
  readCompletely(target: Buffer): void;
}

function attachmentOf(source: PstMessage, index: number, depth: number): OutlookAttachment {
  let name = '';
  try {
    const attachment = source.getAttachment(index);
    name = textOf(attachment['longFilename']) || textOf(attachment['filename']);
    const inner = attachment['embeddedPSTMessage'];
    if (typeof inner === 'object' && inner !== null && depth < maxNesting)
      return { name, type: '', bytes: undefined, message: messageOf(inner as PstMessage, '', depth + 1) };
    const size = Number(attachment['filesize']) || 0;
    const stream = attachment['fileInputStream'] as ByteStream | null | undefined;
    if (stream === null || stream === undefined || size > maxAttachmentBytes)
      return { name, type: '', bytes: undefined };
    const bytes = Buffer.alloc(size);
    stream.readCompletely(bytes);
    return { name, type: textOf(attachment['mimeTag']), bytes };
  } catch {
    return { name, type: '', bytes: undefined };
  }
}
