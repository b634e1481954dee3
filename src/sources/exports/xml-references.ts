/** Character and entity references of XML texts; the names are those of HTML, since exports use them undeclared. */
import { Tokenizer } from 'htmlparser2';

const reference = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));/g;

const named = new Map<string, string>([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
/** Names that a hostile file makes up must not fill the memory. */
const maxNamed = 4096;

/** Resolves each reference once; what is no reference, or has no `;`, stays. */
export function decodeReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(reference, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return entity(name) ?? whole;
    return character(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)) ?? whole;
  });
}

function character(codePoint: number): string | undefined {
  const isScalar = codePoint > 0 && codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint <= 0xdfff);
  return isScalar ? String.fromCodePoint(codePoint) : undefined;
}

/** Text of a name, from the HTML table that comes with the tokenizer. */
function entity(name: string): string | undefined {
  const known = named.get(name);
  if (known !== undefined) return known === '' ? undefined : known;
  let text = '';
  let isWhole = true;
  const ignore = (): void => undefined;
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      ontextentity: (codePoint) => {
        text += String.fromCodePoint(codePoint);
      },
      ontext: () => {
        isWhole = false;
      },
      onattribdata: ignore,
      onattribentity: ignore,
      onattribend: ignore,
      onattribname: ignore,
      oncdata: ignore,
      onclosetag: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onend: ignore,
      onopentagend: ignore,
      onopentagname: ignore,
      onprocessinginstruction: ignore,
      onselfclosingtag: ignore,
    },
  );
  tokenizer.write(`&${name};`);
  tokenizer.end();
  const found = isWhole ? text : '';
  if (named.size < maxNamed) named.set(name, found);
  return found === '' ? undefined : found;
}
