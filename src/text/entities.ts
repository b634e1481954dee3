/** Character references: numeric ones, and the named ones that stand for characters of credentials. */
import { windows1252CodePoint } from './windows-1252.js';

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  num: '#',
  excl: '!',
  dollar: '$',
  percnt: '%',
  lpar: '(',
  rpar: ')',
  ast: '*',
  plus: '+',
  comma: ',',
  period: '.',
  sol: '/',
  colon: ':',
  semi: ';',
  equals: '=',
  quest: '?',
  commat: '@',
  lsqb: '[',
  lbrack: '[',
  bsol: '\\',
  rsqb: ']',
  rbrack: ']',
  Hat: '^',
  lowbar: '_',
  UnderBar: '_',
  grave: '`',
  lcub: '{',
  lbrace: '{',
  verbar: '|',
  vert: '|',
  rcub: '}',
  rbrace: '}',
  tilde: '~',
  hyphen: '-',
  dash: '-',
  Tab: '\t',
  NewLine: '\n',
  zwnj: '',
  zwj: '',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
  euro: '€',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  lrm: '',
  rlm: '',
  minus: '−',
  prime: '′',
  sbquo: '‚',
  bdquo: '„',
};
/** Names of U+00A0 to U+00FF in order (HTML 2 and later). */
const latin1Names =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro ' +
  'para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil ' +
  'Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave ' +
  'Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml ' +
  'igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute ' +
  'thorn yuml';
const table = new Map(
  latin1Names.split(' ').map((name, i) => [name, Buffer.from(String.fromCodePoint(0xa0 + i), 'utf8')]),
);
// After the above: a no-break space and a soft hyphen stand for what they look like.
for (const [name, text] of Object.entries({ ...named, nbsp: ' ', shy: '' }))
  table.set(name, Buffer.from(text));

/** Text of the reference `&name;`, given without `&` and `;`; undefined when there is none. */
export function entityText(name: string): Buffer | undefined {
  if (!name.startsWith('#')) return table.get(name);
  const isHex = name[1] === 'x' || name[1] === 'X';
  const digits = name.slice(isHex ? 2 : 1);
  if (!(isHex ? /^[0-9a-fA-F]{1,6}$/ : /^[0-9]{1,7}$/).test(digits)) return undefined;
  const codePoint = Number.parseInt(digits, isHex ? 16 : 10);
  if (codePoint === 0 || codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff))
    return undefined;
  // Numbers of C1 controls mean what old editors meant by them, as in HTML.
  const meant = codePoint < 0x100 ? windows1252CodePoint(codePoint) : codePoint;
  return Buffer.from(String.fromCodePoint(meant), 'utf8');
}
