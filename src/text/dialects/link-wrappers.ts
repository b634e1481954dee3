/** Addresses that mail filters put round the links of a mail. The address within is percent-encoded, or masked. */
import { hexDigitValue } from '../run-classes.js';
import { type Rewritten, ViewWriter } from '../view-writer.js';
import { ForwardSearch } from './byte-search.js';

/** A link within a link within a link: forwarded mails pass several filters. */
const longestAddress = 16_384;
/** Bytes between the scheme and the host that gives a wrapper away. */
const longestHost = 80;

const percent = 0x25;
const ampersand = 0x26;
const underscore = 0x5f;
const hyphen = 0x2d;
const asterisk = 0x2a;
const empty = Buffer.alloc(0);
const slash = Buffer.from('/');

/** Host -> parameters that hold the address. */
const hosts: readonly (readonly [string, readonly string[]])[] = [
  ['safelinks.protection.', ['?url=', '&url=']],
  ['urldefense', ['?u=', '&u=']],
  ['linkprotect.cudasvc.com', ['?a=', '&a=']],
];

/** What gives a wrapper away. */
export const wrapperHosts: readonly string[] = hosts.map(([host]) => host);

/** Whether a wrapper may be in the text. */
export function hasLinkWrapper(input: Buffer): boolean {
  return hosts.some(([host]) => input.includes(host, 0, 'latin1'));
}

/** Each wrapped address replaced by the one within; undefined when there is none. */
export function undoLinkWrappers(input: Buffer): Rewritten | undefined {
  const searches = hosts.map(([host, parameters]) => ({ hits: new ForwardSearch(input, host), parameters }));
  let out: ViewWriter | undefined;
  let copied = 0;
  for (let at = 0; ; ) {
    const next = searches
      .map(({ hits, parameters }) => ({ hit: hits.next(at), parameters }))
      .filter(({ hit }) => hit >= 0)
      .sort((a, b) => a.hit - b.hit)[0];
    if (next === undefined) break;
    const start = schemeBefore(input, next.hit, copied);
    const end = addressEnd(input, next.hit);
    const write = start < 0 ? undefined : unwrapper(input, start, end, next.parameters);
    if (write !== undefined) {
      out ??= new ViewWriter(input);
      out.copy(copied, start);
      write(out);
      copied = end;
    }
    at = end;
  }
  out?.copy(copied, input.length);
  return out?.finish();
}

/** Offset of the `http` that begins the address in which `hit` lies; -1 when it is not near. */
function schemeBefore(input: Buffer, hit: number, floor: number): number {
  const from = Math.max(floor, hit - longestHost);
  const before = input.toString('latin1', from, hit).toLowerCase();
  const found = before.lastIndexOf('http');
  return found < 0 || /[\s"'<>]/.test(before.slice(found)) ? -1 : from + found;
}

function addressEnd(input: Buffer, from: number): number {
  const limit = Math.min(input.length, from + longestAddress);
  let i = from;
  while (i < limit && isAddressByte(input[i] as number)) i++;
  return Math.max(i, from + 1);
}

function isAddressByte(byte: number): boolean {
  return (
    byte > 0x20 &&
    byte !== 0x22 &&
    byte !== 0x27 &&
    byte !== 0x3c &&
    byte !== 0x3e &&
    byte !== 0x5d &&
    byte < 0x7f
  );
}

/** What writes the address within the one at `[start, end)`; undefined when it holds none. */
function unwrapper(
  input: Buffer,
  start: number,
  end: number,
  parameters: readonly string[],
): ((out: ViewWriter) => void) | undefined {
  const address = input.toString('latin1', start, end);
  const masked = address.indexOf('/v3/__');
  if (masked >= 0) return maskedUnwrapper(input, start, end, start + masked + 6);
  const found = parameters.map((name) => ({ name, at: address.indexOf(name) })).find(({ at }) => at >= 0);
  if (found === undefined) return undefined;
  const valueStart = start + found.at + found.name.length;
  const ampersandAt = input.subarray(valueStart, end).indexOf(ampersand);
  const valueEnd = ampersandAt < 0 ? end : valueStart + ampersandAt;
  const isMasked = address.includes('/v2/url');
  return (out) => {
    out.put(start, valueStart, empty);
    if (isMasked) copyProofpoint2(out, input, valueStart, valueEnd);
    else copyPercentDecoded(out, input, valueStart, valueEnd, percent);
    out.put(valueEnd, end, empty);
  };
}

/** @param mark what stands for `%` */
function copyPercentDecoded(out: ViewWriter, input: Buffer, start: number, end: number, mark: number): void {
  let copied = start;
  for (let i = start; i + 2 < end; i++) {
    if (input[i] !== mark) continue;
    const high = hexDigitValue[input[i + 1] as number] as number;
    const low = hexDigitValue[input[i + 2] as number] as number;
    if (high > 15 || low > 15) continue;
    out.copy(copied, i);
    out.put(i, i + 3, Buffer.of(high * 16 + low));
    i += 2;
    copied = i + 1;
  }
  out.copy(copied, end);
}

/** Proofpoint's second form: `-` for `%`, `_` for `/`. */
function copyProofpoint2(out: ViewWriter, input: Buffer, start: number, end: number): void {
  let from = start;
  for (let i = start; i < end; i++) {
    if (input[i] !== underscore) continue;
    copyPercentDecoded(out, input, from, i, hyphen);
    out.put(i, i + 1, slash);
    from = i + 1;
  }
  copyPercentDecoded(out, input, from, end, hyphen);
}

const runAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * Proofpoint's third form: `__address__;characters!!...`, in which `*` stands for the next of the base64-coded
 * characters, and `**` with a letter for as many as it says, two at least.
 */
function maskedUnwrapper(
  input: Buffer,
  start: number,
  end: number,
  valueStart: number,
): ((out: ViewWriter) => void) | undefined {
  const mark = input.subarray(valueStart, end).indexOf('__;');
  if (mark < 0) return undefined;
  const valueEnd = valueStart + mark;
  const tail = input.toString('latin1', valueEnd + 3, end);
  const characters = [...Buffer.from(tail.split('!', 1)[0] ?? '', 'base64url').toString('utf8')];
  return (out) => {
    out.put(start, valueStart, empty);
    let copied = valueStart;
    let used = 0;
    for (let i = valueStart; i < valueEnd; i++) {
      if (input[i] !== asterisk) continue;
      const isRun = input[i + 1] === asterisk && i + 2 < valueEnd;
      const count = isRun ? runAlphabet.indexOf(String.fromCharCode(input[i + 2] as number)) + 2 : 1;
      if (used + count > characters.length || count < 1) break;
      out.copy(copied, i);
      const length = isRun ? 3 : 1;
      out.put(i, i + length, Buffer.from(characters.slice(used, used + count).join('')));
      used += count;
      i += length - 1;
      copied = i + 1;
    }
    out.copy(copied, valueEnd);
    out.put(valueEnd, end, empty);
  };
}
