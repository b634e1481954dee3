/** Text of RTF (version 1.9 of the specification): control words undone, tables and styles left out. */

import { type BytesDecoder, decoderOfLabel, windows1252Decoder } from '../../../text/windows-1252.js';

export interface RtfTexts {
  readonly body: string;
  /** Field instructions (addresses of links), properties, what else is no running text. */
  readonly asides: readonly { readonly name: string; readonly text: string }[];
  /** True when the body is HTML that was packed into RTF. */
  readonly isHtml: boolean;
}

/** Groups that hold no text of people. */
const silent = new Set(
  (
    'fonttbl colortbl stylesheet listtable listoverridetable rsidtbl latentstyles themedata colorschememapping pict ' +
    'objdata datastore xmlnstbl generator filetbl revtbl wgrffmtfilter mmathPr pgptbl fchars lchars panose blipuid ' +
    'defchp defpap aftnsep ftnsep aftnsepc ftnsepc listpicture picprop sp shppict'
  ).split(' '),
);
/** Groups whose text is kept apart. */
const apart = new Set(
  'fldinst title subject author operator manager company keywords doccomm comment hlinkbase category userprops propname staticval atnid atnauthor annotation bkmkstart template'.split(
    ' ',
  ),
);
const characters = new Map<string, string>([
  ['par', '\n'],
  ['line', '\n'],
  ['sect', '\n'],
  ['page', '\n'],
  ['row', '\n'],
  ['nestrow', '\n'],
  ['tab', '\t'],
  ['cell', '\t'],
  ['nestcell', '\t'],
  ['emdash', '\u2014'],
  ['endash', '\u2013'],
  ['lquote', '\u2018'],
  ['rquote', '\u2019'],
  ['ldblquote', '\u201c'],
  ['rdblquote', '\u201d'],
  ['bullet', '\u2022'],
  ['emspace', ' '],
  ['enspace', ' '],
]);
const maxGroups = 2000;

interface Group {
  /** Undefined: to the body. */
  readonly apart: string | undefined;
  readonly isSilent: boolean;
  /** Characters that stand in for a `\u`. */
  readonly skip: number;
  /** `\htmlrtf`: text that only RTF readers show. */
  readonly isHidden: boolean;
}

/** @param rtf the file, one character a byte */
export function rtfTexts(rtf: string): RtfTexts {
  return new RtfScan(rtf).run();
}

const codePages = new Map<number, string>([
  [874, 'windows-874'],
  [932, 'shift_jis'],
  [936, 'gbk'],
  [949, 'euc-kr'],
  [950, 'big5'],
  [65001, 'utf-8'],
]);

class RtfScan {
  readonly #rtf: string;
  #group: Group = { apart: undefined, isSilent: false, skip: 1, isHidden: false };
  readonly #stack: Group[] = [];
  #tooDeep = 0;
  readonly #body: string[] = [];
  readonly #asides: { name: string; parts: string[] }[] = [];
  #decoder: BytesDecoder = windows1252Decoder;
  /** Bytes of `\'hh` that wait for the rest of their character. */
  #bytes: number[] = [];
  #toSkip = 0;
  #isHtml = false;
  #isStarred = false;

  constructor(rtf: string) {
    this.#rtf = rtf;
  }

  run(): RtfTexts {
    const token = /\\(?:'([0-9a-fA-F]{2})|([a-zA-Z]{1,32})(-?\d{1,10})? ?|([^a-zA-Z]))|[{}]|[^\\{}]+/g;
    for (let match = token.exec(this.#rtf); match !== null; match = token.exec(this.#rtf)) {
      const [whole, hex, word, number, symbol] = match;
      if (hex !== undefined) this.#byte(Number.parseInt(hex, 16));
      else if (word === 'bin') token.lastIndex += Math.max(0, Number(number ?? 0));
      else if (word !== undefined) this.#word(word, number === undefined ? undefined : Number(number));
      else if (symbol !== undefined) this.#symbol(symbol);
      else if (whole === '{') this.#open();
      else if (whole === '}') this.#close();
      else this.#text(whole.replace(/[\r\n\0]/g, ''));
    }
    this.#flushBytes();
    const asides = this.#asides.map(({ name, parts }) => ({ name, text: parts.join('').trim() }));
    return {
      body: this.#body.join(''),
      asides: asides.filter(({ text }) => text !== ''),
      isHtml: this.#isHtml,
    };
  }

  #open(): void {
    this.#flushBytes();
    this.#isStarred = false;
    if (this.#stack.length >= maxGroups) this.#tooDeep++;
    else this.#stack.push(this.#group);
  }

  #close(): void {
    this.#flushBytes();
    this.#toSkip = 0;
    this.#isStarred = false;
    if (this.#tooDeep > 0) this.#tooDeep--;
    else this.#group = this.#stack.pop() ?? this.#group;
  }

  #word(word: string, number: number | undefined): void {
    const character = characters.get(word);
    if (word !== 'u') this.#flushBytes();
    if (character !== undefined) {
      this.#text(character);
      return;
    }
    if (word === 'u' && number !== undefined) this.#unicode(number);
    else if (word === 'uc' && number !== undefined)
      this.#group = { ...this.#group, skip: Math.min(Math.max(number, 0), 16) };
    else if (word === 'ansicpg' && number !== undefined) this.#codePage(number);
    else if (word === 'fromhtml') this.#isHtml = true;
    else if (word === 'htmlrtf') this.#group = { ...this.#group, isHidden: number !== 0 };
    else if (word === 'htmltag' && this.#isStarred) this.#group = { ...this.#group, isSilent: false };
    else if (silent.has(word)) this.#group = { ...this.#group, isSilent: true };
    else if (apart.has(word)) this.#apart(word);
    else if (this.#isStarred) this.#group = { ...this.#group, isSilent: !starred.has(word) };
    this.#isStarred = false;
  }

  #apart(word: string): void {
    this.#group = { ...this.#group, apart: word, isSilent: false };
    this.#asides.push({ name: word, parts: [] });
  }

  #symbol(symbol: string): void {
    if (symbol === '*') this.#isStarred = true;
    else if (symbol === '~') this.#text('\u00a0');
    else if (symbol === '_') this.#text('-');
    else if (symbol === '\n' || symbol === '\r') this.#text('\n');
    else if (symbol === '{' || symbol === '}' || symbol === '\\') this.#text(symbol);
  }

  #unicode(number: number): void {
    this.#flushBytes();
    this.#text(String.fromCharCode(number < 0 ? number + 0x10000 : number & 0xffff));
    this.#toSkip = this.#group.skip;
  }

  #byte(byte: number): void {
    if (this.#toSkip > 0) this.#toSkip--;
    else this.#bytes.push(byte);
  }

  #flushBytes(): void {
    if (this.#bytes.length === 0) return;
    const text = this.#decoder.decode(Buffer.from(this.#bytes));
    this.#bytes = [];
    this.#write(text);
  }

  #text(text: string): void {
    this.#flushBytes();
    const skipped = Math.min(this.#toSkip, text.length);
    this.#toSkip -= skipped;
    this.#write(skipped === 0 ? text : text.slice(skipped));
  }

  #write(text: string): void {
    const { isSilent, isHidden, apart: where } = this.#group;
    if (isSilent || (this.#isHtml && isHidden) || text === '') return;
    if (where === undefined) this.#body.push(text);
    else this.#asides.at(-1)?.parts.push(text);
  }

  #codePage(number: number): void {
    // Of an encoding that nobody knows, the one before stays.
    this.#decoder = decoderOfLabel(codePages.get(number) ?? `windows-${number}`) ?? this.#decoder;
  }
}

/** Starred groups that hold text all the same. */
const starred = new Set([
  'shptxt',
  'shpinst',
  'footnote',
  'annotation',
  'nonshppict',
  'do',
  'dptxbxtext',
  'xmlopen',
  'ud',
  'upr',
  'nesttableprops',
]);
