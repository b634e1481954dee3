/** Notion: pages of an export as Markdown or HTML. */

import type { ExportReader, ExportRecord, Probe, RecordText, RecordTime } from '../contract.js';
import { decodeText, encodingOf } from '../decode-text.js';
import { endsInPage } from '../file-ending.js';
import { longTime } from '../long-times.js';
import { recordTime } from '../times.js';
import { decodeReferences } from '../xml-references.js';
import { bareId, notionName, notionPlace, pageLink } from './notion-ids.js';

export const notionMarkdownReader: ExportReader = {
  id: 'notion-markdown',
  system: 'notion',
  label: 'Notion page (Markdown)',
  most: 0.9,
  isNeverJson: true,
  recognise(probe: Probe) {
    const name = notionName(probe.name);
    if (name?.extension !== 'md') return undefined;
    return { score: 0.9, reason: "a page's id at the end of the name" };
  },
  async read(file, sink) {
    const bytes = await file.bytes();
    const name = notionName(file.name);
    const { title, texts } = markdownTexts(decodeText(bytes, encodingOf(bytes)));
    const id = name?.id ?? file.name;
    sink.record({ ...pageRecord(id, title ?? name?.title), texts });
    await sink.drained();
  },
};

/** `<article id="<uuid>" class="page sans">` with a heading `page-title`. */
const article = /<article id="([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})" class="page /;

/** Characters of a heading with its mark-up. */
const maxHeading = 4000;

export const notionHtmlReader: ExportReader = {
  id: 'notion-html',
  system: 'notion',
  label: 'Notion page (HTML)',
  most: 0.96,
  ending: endsInPage,
  isNeverJson: true,
  recognise(probe: Probe) {
    if (article.test(probe.text)) return { score: 0.96, reason: 'an article with the id of a page' };
    // Styles can fill the head.
    const isNamed = notionName(probe.name)?.extension.startsWith('htm') === true;
    return isNamed && /<html/i.test(probe.text)
      ? { score: 0.85, reason: "a page's id at the end of the name" }
      : undefined;
  },
  async read(file, sink) {
    const bytes = await file.bytes();
    const html = decodeText(bytes, encodingOf(bytes));
    const id = article.exec(html)?.[1] ?? notionName(file.name)?.id ?? file.name;
    const heading = headingOf(html);
    const title =
      heading === undefined ? undefined : decodeReferences(heading.replace(/<[^<>]{0,500}>/g, '')).trim();
    const time = propertyTimes(html);
    sink.record({
      ...pageRecord(id, title ?? notionName(file.name)?.title),
      ...(time === undefined ? {} : { time }),
      texts: [{ text: withoutStyles(html), dialect: 'html', field: { path: 'page', role: 'body' } }],
    });
    await sink.drained();
  },
};

/** What stands in the page's heading, of which there is one near the beginning. */
function headingOf(html: string): string | undefined {
  const open = /<h1 class="page-title"[^>]{0,200}>/.exec(html);
  if (open === null) return undefined;
  const start = open.index + open[0].length;
  const end = html.slice(start, start + maxHeading).indexOf('</h1>');
  return end < 0 ? undefined : html.slice(start, start + end);
}

function pageRecord(id: string, title: string | undefined): Omit<ExportRecord, 'texts'> {
  const isId = /^[0-9a-f-]{32,36}$/i.test(id);
  return {
    place: notionPlace,
    type: 'page',
    id: isId ? bareId(id) : id,
    revision: { state: 'current' },
    action: 'edit',
    ...(title === undefined || title === '' ? {} : { title }),
    ...(isId ? { permalink: pageLink(id) } : {}),
  };
}

/** `Name: value` of a property, as Notion writes them below the title. */
const property = /^([^:\n]{1,100}): (.+)$/;

/** Title, properties and body of a page: `# Title`, blank, properties, blank, body. */
function markdownTexts(source: string): { title: string | undefined; texts: RecordText[] } {
  const heading = /^\ufeff?# (.*)\r?\n?/.exec(source);
  const title = heading?.[1]?.trim();
  const texts: RecordText[] = [];
  if (title !== undefined && title !== '')
    texts.push({ text: title, dialect: 'markdown', field: { path: 'title', role: 'title' } });
  let rest = heading === null ? source : source.slice(heading[0].length);
  const block = heading === null ? undefined : /^\r?\n((?:[^\r\n]+\r?\n){1,200})\r?\n/.exec(rest);
  const properties = block?.[1]
    ?.trimEnd()
    .split(/\r?\n/)
    .map((line) => property.exec(line));
  if (block && properties?.every((match) => match !== null)) {
    for (const match of properties) {
      const name = match?.[1] ?? '';
      texts.push({
        text: match?.[2] ?? '',
        dialect: 'markdown',
        field: { path: `properties.${name}`, role: 'custom-field' },
        label: name,
      });
    }
    rest = rest.slice(block[0].length);
  }
  if (rest.trim() !== '')
    texts.push({ text: rest, dialect: 'markdown', field: { path: 'body', role: 'body' } });
  return { title: title === '' ? undefined : title, texts };
}

/** The export's own style sheet, tens of kilobytes on each page. */
function withoutStyles(html: string): string {
  const start = html.indexOf('<style>');
  const end = start < 0 ? -1 : html.indexOf('</style>', start);
  return end < 0 ? html : html.slice(0, start) + html.slice(end);
}

/** Created and edited, when the page shows them as properties. */
function propertyTimes(html: string): RecordTime | undefined {
  const time = (kind: string): ReturnType<typeof longTime> => {
    const at = html.indexOf(`property-row-${kind}`);
    const match = at < 0 ? null : /<time[^>]{0,100}>@?([^<]{1,100})</.exec(html.slice(at, at + 4000));
    return longTime(match?.[1]);
  };
  return recordTime(time('created_time'), time('last_edited_time'));
}
