/** The tree of a MIME message, as a list of its leaves with their IMAP part paths (`1.2`). */
import { type Entity, fieldValue, type HeaderField, splitEntity } from './header-fields.js';
import { parseStructured, type StructuredValue } from './parameters.js';

/** A part that holds no others. */
export interface MimeLeaf {
  /** `1`, `2.1` ... as IMAP counts; `2.0` and the like for what stands before, between and after parts. */
  readonly path: string;
  readonly fields: readonly HeaderField[];
  readonly type: StructuredValue;
  readonly disposition: StructuredValue;
  /** As it lies: transfer encoding not undone. */
  readonly body: Buffer;
  /** Preamble or epilogue of a multipart: no part, but text can stand there. */
  readonly isOutside: boolean;
}

export interface MimeLeaves {
  readonly leaves: readonly MimeLeaf[];
  /** True when the message has more levels or parts than are read. */
  readonly isCut: boolean;
  /** True when the outermost multipart has no end. */
  readonly isOpen?: boolean;
}

const maxDepth = 40;
const maxLeaves = 5000;
const lf = 0x0a;

/** Leaves of a message in order. An attached message is a leaf. */
export function mimeLeaves(message: Entity, root = ''): MimeLeaves {
  const walk: Walk = { leaves: [], isCut: false, isOpen: false };
  collect(message, root, 0, 'text/plain', walk);
  return walk;
}

interface Walk {
  readonly leaves: MimeLeaf[];
  isCut: boolean;
  isOpen: boolean;
}

function collect(entity: Entity, path: string, depth: number, defaultType: string, walk: Walk): void {
  if (walk.leaves.length >= maxLeaves) {
    walk.isCut = true;
    return;
  }
  const type = parseStructured(fieldValue(entity.fields, 'content-type') ?? defaultType);
  const boundary = type.value.startsWith('multipart/') ? type.params.get('boundary') : undefined;
  const pieces = boundary ? splitAtBoundary(entity.body, boundary) : undefined;
  if (depth === 0 && boundary && pieces?.isEnded !== true) walk.isOpen = true;
  if (pieces === undefined || depth >= maxDepth) {
    if (pieces !== undefined) walk.isCut = true;
    // Without a delimiter in it, or too deep, a multipart is read as the text that it is.
    walk.leaves.push(leafOf(entity, path === '' ? '1' : path, boundary === undefined ? type : plain));
    return;
  }
  const prefix = path === '' ? '' : `${path}.`;
  const childType = type.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
  for (const outside of pieces.outside) {
    if (outside.length > 0 && !isBoilerplate(outside))
      walk.leaves.push({ ...leafOf({ fields: [], body: outside }, `${prefix}0`, plain), isOutside: true });
  }
  pieces.parts.forEach((part, index) => {
    collect(splitEntity(part), `${prefix}${index + 1}`, depth + 1, childType, walk);
  });
}

const plain = parseStructured('text/plain');

function leafOf(entity: Entity, path: string, type: StructuredValue): MimeLeaf {
  const disposition = parseStructured(fieldValue(entity.fields, 'content-disposition') ?? '');
  return { path, fields: entity.fields, type, disposition, body: entity.body, isOutside: false };
}

/** Blank lines, and the one sentence that mail programs write for readers without MIME. */
function isBoilerplate(text: Buffer): boolean {
  if (text.length > 400) return false;
  return /^\s*(?:This is a (?:cryptographically signed |MIME-encapsulated |multi-?part )?message(?: in MIME format)?\.?)?\s*$/i.test(
    text.toString('latin1'),
  );
}

interface Pieces {
  readonly parts: readonly Buffer[];
  readonly outside: readonly Buffer[];
  /** True when the last delimiter is the closing one. */
  readonly isEnded: boolean;
}

/** Undefined when no delimiter stands in it. */
function splitAtBoundary(body: Buffer, boundary: string): Pieces | undefined {
  const mark = Buffer.from(`--${boundary}`, 'utf8');
  const parts: Buffer[] = [];
  const outside: Buffer[] = [];
  let start = 0;
  let isInside = false;
  let isFound = false;
  const finish = (end: number): void => {
    (isInside ? parts : outside).push(body.subarray(start, end));
  };
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + 1)) {
    if (at > 0 && body[at - 1] !== lf) continue;
    const line = delimiterEnd(body, at + mark.length);
    if (line === undefined) continue;
    finish(lineBreakBefore(body, at, start));
    isFound = true;
    isInside = !line.isLast;
    start = line.next;
    at = Math.max(at, line.next - 2);
  }
  if (!isFound) return undefined;
  finish(body.length);
  return { parts, outside, isEnded: !isInside };
}

/** The line break before a delimiter belongs to it, not to the part. */
function lineBreakBefore(body: Buffer, at: number, start: number): number {
  let end = at;
  if (end > start && body[end - 1] === lf) end--;
  if (end > start && body[end - 1] === 0x0d) end--;
  return end;
}

function delimiterEnd(body: Buffer, from: number): { isLast: boolean; next: number } | undefined {
  const isLast = body[from] === 0x2d && body[from + 1] === 0x2d;
  let at = isLast ? from + 2 : from;
  while (body[at] === 0x20 || body[at] === 0x09 || body[at] === 0x0d) at++;
  if (at < body.length && body[at] !== lf) return undefined;
  return { isLast, next: Math.min(at + 1, body.length) };
}
