/** mbox files: Gmail Takeout, Thunderbird, Mailman and Pipermail archives, Google Vault. */

import type { ExportFile, ExportReader, Probe, RecordPlace } from '../contract.js';
import { decodeHead, encodingOf } from '../decode-text.js';
import { endsInLine } from '../file-ending.js';
import { Ordinals } from '../ordinals.js';
import { splitEntity } from './header-fields.js';
import { separatorTime } from './mail-date.js';
import { mailboxOf } from './mailbox.js';
import { beginsLikeMbox, type MboxMessage, MboxSplitter } from './mbox-messages.js';
import { readMessage } from './message-records.js';

export const mboxReader: ExportReader = {
  id: 'mail-mbox',
  system: 'mail',
  label: 'Mailbox (mbox)',
  isNeverJson: true,
  most: 0.97,
  ending: endsInLine,
  recognise(probe: Probe) {
    if (!beginsLikeMbox(probe.text)) return undefined;
    return { score: 0.97, reason: 'an mbox separator line and a header block' };
  },
  async read(file, sink) {
    const splitter = new MboxSplitter();
    const place = placeOf(file);
    const unnamed = new Ordinals();
    const give = async (messages: readonly MboxMessage[], isEnd = false): Promise<void> => {
      for (const [index, message] of messages.entries()) {
        if (sink.aborted) return;
        if (message.isCut) {
          sink.note('truncated');
          sink.damaged(`a message that is too long: its rest was not read, at byte ${message.start}`);
        }
        const time = separatorTime(message.separator);
        const origin = {
          place,
          id: `at ${message.start}`,
          unnamed,
          time,
          ...(time === undefined ? {} : { separator: message.separator }),
          // Places in decoded text are none in the file.
          ...(isWide(file) ? {} : { raw: { start: message.start, end: message.end } }),
          ...(isEnd && index === messages.length - 1 ? ({ isLast: 'in-mailbox' } as const) : {}),
        };
        await readMessage(message.bytes, origin, sink);
      }
      await sink.drained();
    };
    for await (const chunk of inUtf8(file)) {
      await give(splitter.push(chunk));
      if (sink.aborted) return;
    }
    await give(splitter.end(), true);
  },
};

function isWide(file: ExportFile): boolean {
  return encodingOf(file.head).startsWith('utf-16');
}

/** The pieces of a file; one in UTF-16 (a redirect of PowerShell) comes in UTF-8. */
async function* inUtf8(file: ExportFile): AsyncGenerator<Buffer> {
  const encoding = encodingOf(file.head);
  const decoder = isWide(file) ? new TextDecoder(encoding) : undefined;
  for await (const chunk of file.chunks())
    yield decoder === undefined ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
}

function headOf({ head }: ExportFile): Buffer {
  return encodingOf(head).startsWith('utf-16') ? Buffer.from(decodeHead(head)) : head;
}

/**
 * Where messages stand that do not tell: sent mail has no delivery headers, so it goes to the mailbox that the first
 * received message names, else to one of the file's name.
 */
function placeOf(file: ExportFile): RecordPlace {
  const splitter = new MboxSplitter();
  for (const message of [...splitter.push(headOf(file)), ...splitter.end()]) {
    const place = mailboxOf(splitEntity(message.bytes).fields);
    if (place !== undefined) return place;
  }
  const base = file.name.slice(file.name.lastIndexOf('/') + 1);
  const id = base.replace(/\.(?:mbox|mbx|txt)$/i, '') || 'mailbox';
  return { kind: 'mailbox', id, name: id, audience: 'unknown' };
}
