/** Any HTML page: one record, its markup undone by the views. */
import type { ExportReader, Probe, Recognition } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { readLines } from '../text-lines.js';
import { decodeReferences } from '../xml-references.js';
import { baseName, folderPlace } from './file-place.js';
import { TextBlocks } from './text-blocks.js';

/** Pages larger than this come in parts, which may cut a tag. */
const maxPageChars = 8 * 1024 * 1024;

export const genericHtml: ExportReader = {
  id: 'generic-html',
  system: 'generic',
  label: 'HTML page',
  isNeverJson: true,
  most: 0.06,
  recognise,
  async read(file, sink) {
    const title = /<title[^>]{0,200}>([^<]{1,300})/i.exec(decodeHead(file.head))?.[1];
    const blocks = new TextBlocks(maxPageChars, Number.POSITIVE_INFINITY, (block) =>
      sink.record({
        place: folderPlace(file),
        type: 'page',
        id: block.line === 1 ? baseName(file) : `${baseName(file)}#L${block.line}`,
        ...(title === undefined ? {} : { title: decodeReferences(title).trim() }),
        revision: { state: 'current' },
        texts: [{ text: block.text, dialect: 'html', field: { path: 'html', role: 'body' } }],
        raw: { start: block.start, end: block.end, line: block.line },
      }),
    );
    for await (const lines of readLines(file)) {
      for (const line of lines) blocks.add(line);
      if (sink.aborted) return;
      await sink.drained();
    }
    blocks.end();
  },
};

function recognise({ text }: Probe): Recognition | undefined {
  const isPage =
    /^\ufeff?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,2000}-->\s*)?<(?:!doctype\s+html|html|head|body)[\s>]/i.test(
      text.slice(0, 4000),
    );
  return isPage ? { score: 0.06, reason: 'an HTML page' } : undefined;
}
