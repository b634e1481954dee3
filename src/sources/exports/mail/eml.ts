/** Single messages: .eml, Maildir and MH files, Apple's .emlx, and pages saved as .mht. */

import type { ExportFile, ExportReader, Probe } from '../contract.js';
import { isTooLarge } from '../contract.js';
import { decodeText, encodingOf } from '../decode-text.js';
import { type MessageOrigin, readMessage } from './message-records.js';
import { mailScore } from './recognise.js';

/** Longest message that is read. */
const maxBytes = 64 * 1024 * 1024;
/** Apple Mail writes the length of the message on a line of its own, and a property list behind it. */
const emlxLine = /^(\d{1,10})[ \t]*\r?\n/;

export const emlReader: ExportReader = {
  id: 'mail-message',
  system: 'mail',
  label: 'Mail message',
  most: 0.95,
  isNeverJson: true,
  recognise(probe: Probe) {
    const text = probe.text.replace(emlxLine, '').replace(/^(?:\r?\n){1,5}/, '');
    const score = mailScore(text);
    return score === 0 ? undefined : { score, reason: 'header lines of a mail' };
  },
  async read(file, sink) {
    const bytes = await wholeOrHead(file, () => {
      sink.note('truncated');
      sink.damaged(`a message longer than ${maxBytes} bytes: its rest was not read`);
    });
    const message = unwrapped(bytes);
    await readMessage(message, { ...mailFolder(file.name), isLast: 'alone' }, sink);
    await sink.drained();
  },
};

async function wholeOrHead(file: ExportFile, onCut: () => void): Promise<Buffer> {
  if (file.size !== undefined && file.size <= maxBytes) return file.bytes(maxBytes);
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of file.chunks()) {
      pieces.push(chunk);
      length += chunk.length;
      if (length > maxBytes) {
        onCut();
        break;
      }
    }
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    onCut();
  }
  return Buffer.concat(pieces).subarray(0, maxBytes);
}

/** UTF-16 (a redirect of PowerShell), a byte order mark, blank lines and Apple's first line undone. */
function unwrapped(bytes: Buffer): Buffer {
  const encoding = encodingOf(bytes.subarray(0, 4096));
  const isWide = encoding === 'utf-16le' || encoding === 'utf-16be';
  let message = isWide ? Buffer.from(decodeText(bytes, encoding), 'utf8') : bytes;
  if (message[0] === 0xef && message[1] === 0xbb && message[2] === 0xbf) message = message.subarray(3);
  const first = emlxLine.exec(message.toString('latin1', 0, 32));
  if (first !== null) {
    const start = first[0].length;
    message = message.subarray(start, Math.min(start + Number(first[1]), message.length));
  }
  let start = 0;
  while (message[start] === 0x0a || message[start] === 0x0d) start++;
  return message.subarray(start);
}

/** A message that does not tell its mailbox stands in its folder; one without an id has the file's name. */
export function mailFolder(name: string): MessageOrigin {
  const parts = name.split('/');
  const folder = parts.slice(0, -1).filter(isTelling).join('/');
  const id = folder === '' ? 'messages' : folder;
  return {
    place: { kind: 'mailbox', id, name: id, audience: 'unknown' },
    id: (parts.at(-1) ?? name).replace(maildirFlags, ''),
  };
}

/** Read, answered, moved: those change with what becomes of a message. */
const maildirFlags = /[:;!]2,[A-Za-z]{0,20}$/;

/** Maildir's own folders say nothing of the mailbox. */
function isTelling(part: string): boolean {
  return part !== '' && part !== 'cur' && part !== 'new' && part !== 'tmp' && part !== '.';
}
