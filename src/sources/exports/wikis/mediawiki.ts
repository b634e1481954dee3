/** MediaWiki: XML dumps and `Special:Export`, with all revisions that they hold. */
import type { ExportReader, Probe } from '../contract.js';
import { readXml } from '../xml-pieces.js';
import { Fields } from './mediawiki-fields.js';
import { MediaWikiRecords } from './mediawiki-records.js';

/** Elements whose children make up one record. */
const recordElements = new Set(['revision', 'upload', 'logitem']);
export const mediaWikiReader: ExportReader = {
  id: 'mediawiki-xml',
  system: 'mediawiki',
  label: 'MediaWiki XML dump',
  recognise(probe: Probe) {
    if (!/<mediawiki[\s>]/.test(probe.text.slice(0, 4000))) return undefined;
    return { score: 0.97, reason: 'root element mediawiki' };
  },
  async read(file, sink) {
    const records = new MediaWikiRecords(sink);
    let fields: Fields | undefined;
    await readXml(file, sink, {
      open(element, parents) {
        if (element.name === 'page' || element.name === 'siteinfo') fields = new Fields(element);
        else if (recordElements.has(element.name) && parents.length <= 2) {
          if (fields?.element.name === 'page') records.page(fields);
          fields = new Fields(element);
        } else fields?.open(element);
      },
      text(text, at) {
        if (at.parent !== undefined) fields?.text(text);
      },
      close(element, end) {
        if (fields?.element !== element) {
          if (element.name === 'page') records.endPage();
          else fields?.close();
          return;
        }
        if (fields.isCut) sink.note('truncated');
        if (element.name === 'siteinfo') records.site(fields);
        else if (element.name === 'page') records.endPage();
        else records.record(fields, { start: element.start, end });
        fields = undefined;
      },
    });
    records.endPage();
  },
};
