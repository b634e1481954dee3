import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideEncoding, documentView, valueAsUtf8 } from '../../../src/text/decode.js';

const utf16le = (text: string): Buffer => Buffer.from(text, 'utf16le');
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('decideEncoding', () => {
  it.each([
    ['empty', Buffer.alloc(0), 'ascii'],
    ['ASCII', Buffer.from('a=1\n'), 'ascii'],
    ['UTF-8', Buffer.from('name=Müller\n'), 'utf-8'],
    ['UTF-8 mark', Buffer.from('\ufeffa=1'), 'utf-8'],
    ['cut-off UTF-8', Buffer.from('name=Müller €').subarray(0, -1), 'utf-8'],
    ['Latin-1', Buffer.from('name=Müller\n', 'latin1'), 'latin-1'],
    ['UTF-16LE mark', utf16le('\ufeffpassword=x'), 'utf-16le'],
    ['UTF-16BE mark', utf16be('\ufeffpassword=x'), 'utf-16be'],
    ['UTF-16LE', utf16le('password=x\r\nuser=y'), 'utf-16le'],
    ['UTF-16BE', utf16be('password=x\r\nuser=y'), 'utf-16be'],
    ['environ dump', Buffer.from('HOME=/root\0TOKEN=abcdefgh\0PATH=/bin\0'), 'ascii'],
    ['stray controls', Buffer.from('a\x02b\x1cc'), 'ascii'],
    ['ANSI log', Buffer.from('\x1b[31merror\x1b[0m\n'.repeat(20)), 'ascii'],
    ['PNG', Buffer.from('89504e470d0a1a0a0000000d', 'hex'), 'binary'],
    ['zeros', Buffer.alloc(100), 'binary'],
    [
      'random',
      Buffer.concat([1, 2, 3, 4].map((n) => createHash('sha512').update(`${n}`).digest())),
      'binary',
    ],
  ])('%s', (_name, bytes, encoding) => {
    expect(decideEncoding(bytes)).toBe(encoding);
  });

  it('is not changed by what follows a text head', () => {
    const payload = Buffer.alloc(100_000);
    expect(decideEncoding(Buffer.concat([Buffer.from('#!/bin/sh\n'.repeat(900)), payload]))).toBe('ascii');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        (bytes) => void documentView(Buffer.from(bytes), decideEncoding(Buffer.from(bytes))),
      ),
    );
  });
});

describe('documentView', () => {
  it('keeps the way back from UTF-16, at any length', () => {
    const characters = fc.constantFrom('a', 'é', '€', '😀', '\n', '\ud800');
    fc.assert(
      fc.property(
        fc.array(characters, { maxLength: 40 }),
        fc.nat(3000),
        fc.boolean(),
        (parts, lead, isBig) => {
          const text = 'x'.repeat(lead) + parts.join('');
          const raw = isBig ? utf16be(`\ufeff${text}`) : utf16le(`\ufeff${text}`);
          const view = documentView(raw, isBig ? 'utf-16be' : 'utf-16le');
          expect(view.bytes.toString('utf8')).toBe(Buffer.from(text, 'utf8').toString('utf8'));
          // The span behind the lead, up to each character of the whole text.
          let derived = lead;
          let units = lead;
          for (const character of text.slice(lead)[Symbol.iterator]()) {
            const next = derived + Buffer.byteLength(character);
            expect(view.map.toRaw({ start: derived, end: next })).toEqual({
              ranges: [{ start: 2 + units * 2, end: 2 + (units + character.length) * 2 }],
              exact: true,
            });
            derived = next;
            units += character.length;
          }
        },
      ),
    );
  });
});

describe('valueAsUtf8', () => {
  it('makes one value of Latin-1 and UTF-8', () => {
    expect(valueAsUtf8(Buffer.from('café', 'latin1')).toString()).toBe('café');
    expect(valueAsUtf8(Buffer.from('café')).toString()).toBe('café');
    expect(valueAsUtf8(Buffer.from([0x80, 0x61])).toString()).toBe('€a');
  });

  it('leaves the inside of keys alone', () => {
    const der = Buffer.from('30820122020100ff80', 'hex');
    expect(valueAsUtf8(der)).toBe(der);
  });
});
