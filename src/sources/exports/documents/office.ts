/** Office Open XML: Word, Excel and PowerPoint since 2007, with what is embedded in them. */
import { constants, inflateRawSync } from 'node:zlib';
import type { ExportReader, Probe, Recognition, RecordSink } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { XmlRecords } from '../generic/xml-records.js';
import { readXml, type XmlEvents } from '../xml-pieces.js';
import { DocumentOutput } from './document-output.js';
import { MarkupText } from './markup-text.js';
import { PackageFacts } from './package-facts.js';
import { SharedStrings, SheetRows } from './sheet-rows.js';
import { bytesOf, ZipPackage, type ZipPart } from './zip-package.js';

const maxBytes = 256 * 1024 * 1024;
const maxEmbeddedBytes = 64 * 1024 * 1024;
/** Documents within documents. */
const maxDepth = 3;
const maxSharedChars = 64 * 1024 * 1024;

export const office: ExportReader = {
  id: 'office-document',
  system: 'generic',
  label: 'Office document',
  isNeverJson: true,
  most: 0.93,
  recognise,
  async read(file, sink) {
    await new OfficePackage(
      await file.bytes(maxBytes),
      new DocumentOutput(file, sink),
      sink,
      (chain) => new DocumentOutput(file, sink, chain),
    ).read([]);
  },
};

const firstParts = '\\[Content_Types\\]\\.xml|_rels/|docProps/|customXml/|word/|xl/|ppt/';
/** Headers of entries, as far as their names say something. */
const localHeader = new RegExp(`PK\u0003\u0004[\\s\\S]{26}(${firstParts})`, 'g');

function recognise({ head }: Probe): Recognition | undefined {
  if (head.toString('latin1', 0, 4) !== 'PK\x03\x04') return undefined;
  const text = head.toString('latin1');
  const names = [...text.matchAll(localHeader)];
  const [first] = names;
  if (first?.index !== 0) return undefined;
  const isOffice =
    names.some(([, name = '']) => /^(?:word|xl|ppt)\/$/.test(name)) ||
    /word|spreadsheet|presentation/.test(contentTypes(head));
  return isOffice ? { score: 0.93, reason: 'a package with word, xl or ppt parts' } : undefined;
}

/** The list of content types, when it is the first part of the package. */
function contentTypes(head: Buffer): string {
  if (head.toString('latin1', 30, 49) !== '[Content_Types].xml') return '';
  const start = 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  if (head.readUInt16LE(8) === 0) return head.toString('latin1', start, start + 4096);
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1024 * 1024 };
    return inflateRawSync(head.subarray(start), options).toString('latin1');
  } catch {
    return '';
  }
}

/** Parts that say how things look. */
const looks =
  /(?:^|\/)(?:(?:styles|stylesWithEffects|theme\d*|fontTable|webSettings|numbering|tableStyles|presProps|viewProps|calcChain|metadata)\.xml|\[Content_Types\]\.xml|theme\/|slideLayouts\/|printerSettings\/|media\/|fonts\/)|^docProps\/thumbnail/i;
const running =
  /^(?:word\/(?!settings|glossary\/settings)[^/]*\.xml|word\/glossary\/document\.xml|ppt\/(?:slides|notesSlides|slideMasters|notesMasters|handoutMasters|comments)\/[^/]*\.xml|(?:word|xl|ppt)\/(?:drawings|diagrams|charts)\/[^/]*\.xml|xl\/(?:threadedComments\/)?[^/]*comments?\d*\.xml)$/i;
const embedded = /\/embeddings\/.*\.(?:docx|docm|xlsx|xlsm|pptx|pptm)$/i;

class OfficePackage {
  readonly #bytes: Buffer;
  readonly #output: DocumentOutput;
  readonly #sink: RecordSink;
  readonly #outputWithin: (chain: readonly string[]) => DocumentOutput;
  readonly #facts = new PackageFacts();
  readonly #shared = new SharedStrings(maxSharedChars);

  constructor(
    bytes: Buffer,
    output: DocumentOutput,
    sink: RecordSink,
    outputWithin: (chain: readonly string[]) => DocumentOutput,
  ) {
    this.#bytes = bytes;
    this.#output = output;
    this.#sink = sink;
    this.#outputWithin = outputWithin;
  }

  async read(chain: readonly string[]): Promise<void> {
    const isShared = (name: string): boolean => /^xl\/sharedStrings\.xml$/i.test(name);
    const facts = (name: string): XmlEvents | undefined =>
      isShared(name) ? this.#shared : this.#facts.eventsOf(name);
    await new ZipPackage(this.#bytes, this.#sink).each(
      (name) => facts(name) !== undefined,
      (part) => readXml(part, this.#sink, facts(part.name) ?? {}),
    );
    const { title, properties, links } = this.#facts;
    if (title !== undefined) this.#output.title = title;
    if (this.#shared.isCut) this.#sink.note('too-large');
    this.#output.values('properties', properties);
    await new ZipPackage(this.#bytes, this.#sink).each(
      (name) =>
        !looks.test(name) && !isShared(name) && (name === 'xl/workbook.xml' || facts(name) === undefined),
      (part) => this.#part(part, chain),
    );
    this.#output.remark('unused strings', { kind: 'deleted', text: this.#shared.unused.join('\n') });
    this.#output.values('links', links);
  }

  async #part(part: ZipPart, chain: readonly string[]): Promise<void> {
    const { name } = part;
    const sheet = this.#facts.sheetOf(name) ?? /^xl\/worksheets\/([^/]*)\.xml$/i.exec(name)?.[1];
    if (sheet !== undefined) await this.#events(part, new SheetRows(this.#output, sheet, this.#shared));
    else if (running.test(name))
      await this.#events(part, new MarkupText(this.#output, titleOf(name), this.#facts.authors));
    else if (embedded.test(name)) await this.#embedded(part, chain);
    else if (/\.(?:xml|vml)$/i.test(name)) {
      const ids = this.#output.idsWithin(name);
      await this.#events(part, new XmlRecords(ids, this.#output.place, this.#sink, undefined));
    } else await this.#other(part);
  }

  async #events(part: ZipPart, events: XmlEvents & { end(): void }): Promise<void> {
    await readXml(part, this.#sink, events);
    events.end();
  }

  async #embedded(part: ZipPart, chain: readonly string[]): Promise<void> {
    const bytes = chain.length < maxDepth ? await bytesOf(part, maxEmbeddedBytes) : undefined;
    if (bytes === undefined) {
      this.#sink.note('too-large');
      return;
    }
    const inner = [...chain, part.name];
    await new OfficePackage(bytes, this.#outputWithin(inner), this.#sink, this.#outputWithin).read(inner);
  }

  /** Macros, objects of old formats, pictures: nothing that can be read here, unless it is text. */
  async #other(part: ZipPart): Promise<void> {
    if (!/\.(?:txt|csv|json|html?|rtf|js|css|sql|ini|log)$/i.test(part.name)) {
      if (/\.bin$/i.test(part.name)) this.#sink.note('undecodable');
      return;
    }
    const bytes = await bytesOf(part, maxEmbeddedBytes);
    if (bytes !== undefined) this.#output.text(part.name, decodeHead(bytes));
  }
}

/** What people call a part. */
function titleOf(part: string): string {
  const name =
    part
      .split('/')
      .at(-1)
      ?.replace(/\.xml$/i, '') ?? part;
  return name.replace(/^(slide|notesSlide)(\d+)$/, '$1 $2');
}
