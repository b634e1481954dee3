/** Header blocks of messages and of MIME parts: lines joined, names kept, values not yet decoded. */
import { isUtf8 } from 'node:buffer';
import { decodeWords } from 'postal-mime';
import { windows1252Text } from '../../../text/windows-1252.js';

export interface HeaderField {
  /** As written. */
  readonly name: string;
  /** Lower case. */
  readonly key: string;
  /** Continuation lines joined; encoded words still encoded. */
  readonly value: string;
}

/** A header block with what stands behind it: a message, or a part of one. */
export interface Entity {
  readonly fields: readonly HeaderField[];
  readonly body: Buffer;
}

const lf = 0x0a;
const fieldLine = /^([!-9;-~]+)[ \t]*:(.*)$/s;
/** An mbox separator that slipped into a header block, e.g. of an attached message. */
const separatorLine = /^>?From /;

/**
 * Splits a message or part at its first empty line. A line that belongs to no header ends the header block as well,
 * and is the body's first: nothing is lost of a block that was cut or never had an end.
 */
export function splitEntity(bytes: Buffer): Entity {
  const fields: { name: string; key: string; pieces: string[] }[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(lf, at);
    const next = end < 0 ? bytes.length : end + 1;
    const line = lineText(bytes.subarray(at, end < 0 ? bytes.length : end));
    if (line === '') {
      at = next;
      break;
    }
    const last = fields.at(-1);
    if (last !== undefined && (line[0] === ' ' || line[0] === '\t')) last.pieces.push(line);
    else {
      const match = fieldLine.exec(line);
      if (match?.[1] !== undefined)
        fields.push({ name: match[1], key: match[1].toLowerCase(), pieces: [match[2] ?? ''] });
      else if (at > 0 || !separatorLine.test(line)) break;
    }
    at = next;
  }
  return {
    fields: fields.map(({ name, key, pieces }) => ({ name, key, value: pieces.join('').trim() })),
    body: bytes.subarray(at),
  };
}

function lineText(line: Buffer): string {
  const end = line[line.length - 1] === 0x0d ? line.length - 1 : line.length;
  const bytes = line.subarray(0, end);
  return isUtf8(bytes) ? bytes.toString('utf8') : windows1252Text(bytes);
}

/** Value of the first field of a name (lower case). */
export function fieldValue(fields: readonly HeaderField[], key: string): string | undefined {
  return fields.find((field) => field.key === key)?.value;
}

/** A field's value for people: encoded words decoded. */
export function decodedValue(fields: readonly HeaderField[], key: string): string | undefined {
  const value = fieldValue(fields, key);
  return value === undefined ? undefined : decodeWords(value);
}
