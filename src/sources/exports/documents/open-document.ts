/** OpenDocument: texts, spreadsheets and presentations of LibreOffice and its kin. */
import type { ExportReader, Probe, Recognition, RecordSink, RecordText } from '../contract.js';
import { readXml, type XmlElement, type XmlEvents, type XmlText } from '../xml-pieces.js';
import { DocumentOutput, type Remark } from './document-output.js';
import { attributeOf, localName } from './markup-text.js';
import { ZipPackage } from './zip-package.js';

const maxBytes = 256 * 1024 * 1024;
const mimeMark = 'mimetypeapplication/vnd.oasis.opendocument.';

export const openDocument: ExportReader = {
  id: 'open-document',
  system: 'generic',
  label: 'OpenDocument',
  isNeverJson: true,
  most: 0.95,
  recognise,
  async read(file, sink) {
    const bytes = await file.bytes(maxBytes);
    const output = new DocumentOutput(file, sink);
    if (await isEncrypted(bytes, sink)) {
      sink.note('encrypted');
      return;
    }
    await new ZipPackage(bytes, sink).each(
      (name) => /^(?:Object \d+\/)?(?:content|styles|meta|settings)\.xml$|^Basic\/.*\.xml$/.test(name),
      async (part) => {
        const events = new OpenDocumentText(output, part.name.replace(/\.xml$/, ''));
        await readXml(part, sink, events);
        events.end();
      },
    );
  },
};

function recognise({ head }: Probe): Recognition | undefined {
  const isOpenDocument =
    head.toString('latin1', 0, 4) === 'PK\x03\x04' &&
    head.toString('latin1', 30, 30 + mimeMark.length) === mimeMark;
  return isOpenDocument ? { score: 0.95, reason: 'mimetype of OpenDocument' } : undefined;
}

/** The list of parts says which are encrypted. */
async function isEncrypted(bytes: Buffer, sink: RecordSink): Promise<boolean> {
  let found = false;
  await new ZipPackage(bytes, sink).each(
    (name) => name === 'META-INF/manifest.xml',
    (part) =>
      readXml(part, sink, {
        open: (element) => {
          if (localName(element.name) === 'encryption-data') found = true;
        },
      }),
  );
  return found;
}

const blockChars = 128 * 1024;
const mostChars = 4 * 1024 * 1024;

interface Target {
  readonly kind: Remark['kind'] | undefined;
  readonly depth: number;
  parts: string[];
  chars: number;
  author?: string;
  date?: string;
}

/** Paragraphs end with a line end, cells with a tab; notes and deletions are remarks. */
class OpenDocumentText implements XmlEvents {
  readonly #output: DocumentOutput;
  readonly #where: string;
  readonly #targets: Target[] = [{ kind: undefined, depth: -1, parts: [], chars: 0 }];
  readonly #asides: RecordText[] = [];
  /** Text of an element that stands outside paragraphs. */
  #leaf = '';
  #paragraphs = 0;

  constructor(output: DocumentOutput, where: string) {
    this.#output = output;
    this.#where = where;
  }

  open(element: XmlElement): void {
    const { name } = element;
    this.#leaf = '';
    if (name === 'office:annotation' || name === 'text:deletion')
      this.#targets.push({
        kind: name === 'text:deletion' ? 'deleted' : 'comment',
        depth: element.depth,
        parts: [],
        chars: 0,
      });
    else if (name === 'text:p' || name === 'text:h') this.#paragraphs++;
    else if (name === 'text:tab') this.#write('\t');
    else if (name === 'text:line-break') this.#write('\n');
    else if (name === 'text:s')
      this.#write(' '.repeat(Math.min(1000, Number(attributeOf(element, 'c') ?? 1) || 1)));
    this.#links(element);
  }

  text(text: string, { parent }: XmlText): void {
    const name = parent?.name ?? '';
    const target = this.#targets.at(-1);
    if (name === 'dc:creator' && target?.kind !== undefined) target.author = (target.author ?? '') + text;
    else if (name === 'dc:date' && target?.kind !== undefined) target.date = (target.date ?? '') + text;
    else if (this.#paragraphs > 0) this.#write(text);
    else this.#leaf += text;
  }

  close(element: XmlElement): void {
    const { name } = element;
    if (name === 'text:p' || name === 'text:h') {
      this.#paragraphs--;
      this.#write('\n');
      this.#flushWhenLong();
    } else if (name === 'table:table-cell') this.#endCell();
    else if (name === 'table:table-row') this.#write('\n');
    if (this.#leaf.trim().length > 2) this.#named(element, this.#leaf.trim());
    this.#leaf = '';
    const target = this.#targets.at(-1);
    if (target?.kind === undefined || target.depth !== element.depth) return;
    this.#targets.pop();
    const { kind, parts, author, date } = target;
    this.#output.remark(`${this.#where} ${kind}`, {
      kind,
      text: parts.join('').trim(),
      ...(author === undefined ? {} : { author }),
      ...(date === undefined ? {} : { date }),
    });
  }

  end(): void {
    this.#flush();
  }

  #write(text: string): void {
    const target = this.#targets.at(-1);
    if (target === undefined) return;
    target.parts.push(text);
    target.chars += text.length;
    if (target.chars > mostChars && target.kind === undefined) this.#flush();
  }

  #endCell(): void {
    const parts = this.#targets.at(-1)?.parts;
    if (parts?.at(-1) === '\n') parts[parts.length - 1] = '\t';
    else this.#write('\t');
  }

  /** Addresses, alternative texts, sources of data. */
  #links(element: XmlElement): void {
    for (const [key, value] of element.attributes) {
      const isLink = key === 'xlink:href' && !/^(?:#|\.{0,2}\/?(?:Pictures|Object|media)\b)/.test(value);
      const isText =
        /^(?:db:|config:)?(?:connection-resource|password|login|formula|help-message|string-value)$/.test(
          localName(key),
        );
      if ((isLink || isText) && value.length > 2)
        this.#aside(value, `${localName(element.name)}.${localName(key)}`, undefined);
    }
  }

  /** Properties of the document and of the program that wrote it. */
  #named(element: XmlElement, text: string): void {
    const name = attributeOf(element, 'name') ?? localName(element.name);
    if (this.#where === 'meta' && name === 'title') this.#output.title = text;
    const isSetting = element.name === 'config:config-item' && /^(?:true|false|-?[\d.]+)$/.test(text);
    if (!isSetting)
      this.#aside(text, name, /^(?:title|description|subject|keyword|desc)$/.test(name) ? undefined : name);
  }

  #aside(text: string, path: string, label: string | undefined): void {
    this.#asides.push({
      text,
      dialect: 'plain',
      field: { path: `${this.#where}.${path}`, role: 'metadata' },
      ...(label === undefined ? {} : { label }),
    });
  }

  #flushWhenLong(): void {
    const target = this.#targets.at(-1);
    if (target !== undefined && target.kind === undefined && target.chars > blockChars) this.#flush();
  }

  #flush(): void {
    const [main] = this.#targets;
    if (main === undefined) return;
    this.#output.text(this.#where, main.parts.join(''), this.#asides.splice(0));
    main.parts = [];
    main.chars = 0;
  }
}
