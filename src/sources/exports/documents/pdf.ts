/** Text of PDF files: each page is a record. The library is loaded when the first PDF is met. */
import { sniffContainer } from '../../archives/sniff.js';
import type { ExportReader, Probe, Recognition, RecordText } from '../contract.js';
import { DocumentOutput } from './document-output.js';

const maxBytes = 64 * 1024 * 1024;
const maxPages = 5000;
/** For one file; checked between pages. */
const maxMillis = 60_000;
/** Files within a PDF that are read when they are text. */
const maxAttachmentBytes = 4 * 1024 * 1024;

type Unpdf = typeof import('unpdf');
type PdfDocument = Awaited<ReturnType<Unpdf['getDocumentProxy']>>;
type PdfPage = Awaited<ReturnType<PdfDocument['getPage']>>;

export const pdf: ExportReader = {
  id: 'pdf',
  system: 'generic',
  label: 'PDF document',
  isNeverJson: true,
  most: 0.93,
  recognise,
  async read(file, sink) {
    const bytes = await file.bytes(maxBytes);
    const { getDocumentProxy } = await import('unpdf');
    const deadline = performance.now() + maxMillis;
    let document: PdfDocument;
    try {
      // pdf.js takes the buffer for itself, and runs no code of the file.
      document = await getDocumentProxy(new Uint8Array(bytes), {
        verbosity: 0,
        isEvalSupported: false,
        stopAtErrors: false,
        disableFontFace: true,
        useSystemFonts: false,
      });
    } catch (error) {
      if ((error as Error).name === 'PasswordException') sink.note('encrypted');
      else sink.damaged('no PDF that can be read');
      return;
    }
    const output = new DocumentOutput(file, sink);
    try {
      await readProperties(document, output);
      const pages = Math.min(document.numPages, maxPages);
      for (let number = 1; number <= pages; number++) {
        if (sink.aborted) return;
        if (performance.now() > deadline) {
          sink.note('too-large', document.numPages - number + 1);
          return;
        }
        await readPage(document, number, output);
        await sink.drained();
      }
      if (document.numPages > pages) sink.note('too-large', document.numPages - pages);
      await readAttachments(document, output);
    } finally {
      await document.destroy();
    }
  },
};

function recognise({ head }: Probe): Recognition | undefined {
  // Some writers put a few bytes before the header; archives have the header of what lies unpacked in them.
  return sniffContainer(head) === undefined &&
    head.toString('latin1', 0, 1024).includes('%PDF-') &&
    !/^\s*[{[<]/.test(head.toString('latin1', 0, 64))
    ? { score: 0.93, reason: '%PDF-' }
    : undefined;
}

async function readPage(document: PdfDocument, number: number, output: DocumentOutput): Promise<void> {
  let page: PdfPage;
  try {
    page = await document.getPage(number);
  } catch {
    output.sink.damaged(`page ${number}`);
    return;
  }
  const parts: string[] = [];
  try {
    const { items } = await page.getTextContent();
    for (const item of items) {
      if (!('str' in item)) continue;
      parts.push(item.str);
      if (item.hasEOL) parts.push('\n');
    }
  } catch {
    output.sink.damaged(`text of page ${number}`);
  }
  output.text(`page ${number}`, parts.join(''), await annotationsOf(page));
  page.cleanup();
}

/** Links, remarks, form fields. */
async function annotationsOf(page: PdfPage): Promise<RecordText[]> {
  let annotations: unknown[];
  try {
    annotations = await page.getAnnotations();
  } catch {
    return [];
  }
  return annotations.flatMap((annotation): RecordText[] => {
    const { url, unsafeUrl, contentsObj, fieldName, fieldValue, titleObj } = annotation as PdfAnnotation;
    const texts: RecordText[] = [];
    const add = (text: unknown, path: string, role: RecordText['field']['role'], label?: string): void => {
      if (typeof text === 'string' && text.trim().length > 2)
        texts.push({
          text,
          dialect: 'plain',
          field: { path, role },
          ...(label === undefined ? {} : { label }),
        });
    };
    add(unsafeUrl ?? url, 'link', 'link');
    add(contentsObj?.str, 'annotation', 'comment');
    add(titleObj?.str, 'annotation.author', 'profile');
    for (const value of Array.isArray(fieldValue) ? fieldValue : [fieldValue])
      add(value, `form.${fieldName ?? ''}`, 'custom-field', fieldName || undefined);
    return texts;
  });
}

interface PdfAnnotation {
  readonly url?: string;
  readonly unsafeUrl?: string;
  readonly contentsObj?: { readonly str: string };
  readonly titleObj?: { readonly str: string };
  readonly fieldName?: string;
  readonly fieldValue?: unknown;
}

async function readProperties(document: PdfDocument, output: DocumentOutput): Promise<void> {
  let info: Record<string, unknown>;
  try {
    info = (await document.getMetadata()).info as Record<string, unknown>;
  } catch {
    return;
  }
  const texts: RecordText[] = [];
  const custom = info['Custom'];
  for (const [name, value] of [
    ...Object.entries(info),
    ...Object.entries(typeof custom === 'object' && custom !== null ? custom : {}),
  ]) {
    if (
      typeof value !== 'string' ||
      value.trim().length < 3 ||
      /^(?:PDFFormatVersion|CreationDate|ModDate|Language)$/.test(name)
    )
      continue;
    if (name === 'Title') output.title = value;
    texts.push({
      text: value,
      dialect: 'plain',
      field: { path: `properties.${name}`, role: 'metadata' },
      ...(/^(?:Title|Subject|Keywords|Author|Creator|Producer)$/.test(name) ? {} : { label: name }),
    });
  }
  output.values('properties', texts);
}

/** Files that were put into the PDF. */
async function readAttachments(document: PdfDocument, output: DocumentOutput): Promise<void> {
  let attachments: Record<string, { filename?: string; content?: Uint8Array }> | null;
  try {
    attachments = await document.getAttachments();
  } catch {
    return;
  }
  for (const [key, { filename = key, content }] of Object.entries(attachments ?? {})) {
    const isText =
      content !== undefined && content.length <= maxAttachmentBytes && !content.subarray(0, 4096).includes(0);
    if (isText) output.text(filename, Buffer.from(content).toString('utf8'));
    else output.sink.note('attachment-missing');
  }
}
