/**
 * Running text of Office Open XML parts (word processing, drawings, comments): runs of a paragraph are joined with
 * nothing, paragraphs end with a line end, cells with a tab.
 */
import type { FieldRole } from '../../../model/appearance.js';
import type { RecordText } from '../contract.js';
import type { XmlElement, XmlEvents, XmlText } from '../xml-pieces.js';
import type { DocumentOutput, Remark } from './document-output.js';

/** A block is given at the end of the paragraph by which it reaches this. */
const blockChars = 128 * 1024;
/** Text that stands in no paragraph (or in an endless one) is given when it reaches this. */
const mostChars = 4 * 1024 * 1024;

const textElements = new Set(['t', 'delText', 'text']);
const remarkKinds = new Map<string, Remark['kind']>([
  ['del', 'deleted'],
  ['moveFrom', 'deleted'],
  ['comment', 'comment'],
  ['cm', 'comment'],
  ['threadedComment', 'comment'],
]);
/** Elements whose attributes people write: alternative texts, tool tips, names of fields and bookmarks. */
const spoken = new Set([
  'docPr',
  'cNvPr',
  'hyperlink',
  'hlinkClick',
  'ffData',
  'sdtPr',
  'alias',
  'tag',
  'fldSimple',
  'sheet',
]);
const spokenAttributes = new Set(['descr', 'title', 'tooltip', 'instr', 'val']);

interface Target {
  readonly remark: Omit<Remark, 'text'> | undefined;
  readonly depth: number;
  parts: string[];
  chars: number;
}

/** Local name, without the prefix, which files choose as they like. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

export function attributeOf(element: XmlElement, name: string): string | undefined {
  const { attributes } = element;
  const own = attributes.get(name);
  if (own !== undefined) return own;
  for (const [key, value] of attributes) if (localName(key) === name) return value;
  return undefined;
}

export class MarkupText implements XmlEvents {
  readonly #output: DocumentOutput;
  readonly #where: string;
  readonly #authors: ReadonlyMap<string, string>;
  readonly #targets: Target[] = [{ remark: undefined, depth: -1, parts: [], chars: 0 }];
  readonly #asides: RecordText[] = [];
  /** Authors that the part itself lists, by index. */
  readonly #ownAuthors: string[] = [];
  #instruction = '';
  /** Depth of the alternative that repeats what another form says. */
  #fallbackDepth = -1;

  /** @param where name of the record; further blocks of a long part get numbers */
  constructor(output: DocumentOutput, where: string, authors: ReadonlyMap<string, string> = new Map()) {
    this.#output = output;
    this.#where = where;
    this.#authors = authors;
  }

  open(element: XmlElement, parents: readonly XmlElement[]): void {
    const name = localName(element.name);
    if (name === 'Fallback' && this.#fallbackDepth < 0) this.#fallbackDepth = element.depth;
    const kind = remarkKinds.get(name);
    // `del` within the properties of a paragraph or row marks it, and holds no text.
    if (kind !== undefined && !localName(parents.at(-1)?.name ?? '').endsWith('Pr'))
      this.#targets.push({
        remark: this.#remarkOf(kind, element),
        depth: element.depth,
        parts: [],
        chars: 0,
      });
    if (name === 'tab' && localName(parents.at(-1)?.name ?? '') === 'r') this.#write('\t');
    else if (name === 'br' || name === 'cr') this.#write('\n');
    else if (name === 'noBreakHyphen') this.#write('-');
    else if (spoken.has(name)) this.#spoken(element);
  }

  text(text: string, { parent }: XmlText): void {
    const name = parent === undefined ? '' : localName(parent.name);
    if (textElements.has(name)) this.#write(text);
    else if (name === 'instrText' || name === 'delInstrText') this.#instruction += text;
    else if (name === 'author') {
      this.#ownAuthors.push(text);
      this.#aside(text, 'author', 'profile');
    }
  }

  close(element: XmlElement): void {
    const name = localName(element.name);
    if (element.depth === this.#fallbackDepth) this.#fallbackDepth = -1;
    if (name === 'p') this.#endParagraph();
    else if (name === 'tc') this.#endCell();
    else if (name === 'tr') this.#write('\n');
    const target = this.#targets.at(-1);
    if (target?.remark !== undefined && target.depth === element.depth) {
      this.#targets.pop();
      this.#output.remark(`${this.#where} ${target.remark.kind}`, {
        ...target.remark,
        text: target.parts.join('').trim(),
      });
    }
  }

  /** Gives what is left. */
  end(): void {
    this.#flush();
  }

  #remarkOf(kind: Remark['kind'], element: XmlElement): Omit<Remark, 'text'> {
    const id = attributeOf(element, 'authorId') ?? attributeOf(element, 'personId') ?? '';
    const author =
      attributeOf(element, 'author') ?? this.#authors.get(id) ?? this.#ownAuthors[Number(id || NaN)];
    const date =
      attributeOf(element, 'date') ??
      attributeOf(element, 'dt') ??
      attributeOf(element, 'dT') ??
      attributeOf(element, 'created');
    return { kind, ...(author === undefined ? {} : { author }), ...(date === undefined ? {} : { date }) };
  }

  #write(text: string): void {
    if (this.#fallbackDepth >= 0) return;
    const target = this.#targets.at(-1);
    if (target === undefined) return;
    target.parts.push(text);
    target.chars += text.length;
    if (target.chars > mostChars && target.remark === undefined) this.#flush();
  }

  #endParagraph(): void {
    if (this.#instruction.trim() !== '') this.#aside(this.#instruction.trim(), 'field', 'link');
    this.#instruction = '';
    this.#write('\n');
    const target = this.#targets.at(-1);
    if (target?.remark === undefined && (target?.chars ?? 0) > blockChars) this.#flush();
  }

  #endCell(): void {
    const parts = this.#targets.at(-1)?.parts;
    if (parts?.at(-1) === '\n') parts[parts.length - 1] = '\t';
    else this.#write('\t');
  }

  #spoken(element: XmlElement): void {
    for (const [key, value] of element.attributes)
      if (spokenAttributes.has(localName(key)) && value.trim().length > 2)
        this.#aside(value, localName(element.name), 'description');
  }

  #aside(text: string, path: string, role: FieldRole): void {
    if (this.#fallbackDepth < 0)
      this.#asides.push({ text, dialect: 'plain', field: { path: `${this.#where}.${path}`, role } });
  }

  #flush(): void {
    const [main] = this.#targets;
    if (main === undefined) return;
    this.#output.text(this.#where, main.parts.join(''), this.#asides.splice(0));
    main.parts = [];
    main.chars = 0;
  }
}
