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
  isNeverJson: true,
  most: 0.97,
  recognise(probe: Probe) {
    if (!/<mediawiki[\s>]/.test(probe.text.slice(0, 4000))) return undefined;
    return { score: 0.97, reason: 'root element mediawiki' };
  },
  async read(file, sink) {
    const records = new MediaWikiRecords(sink);
    let page: Fields | undefined;
    /** A revision, upload or log entry, or what the dump says of its site. */
    let part: Fields | undefined;
    await readXml(file, sink, {
      open(element, parents) {
        const isPart = element.name === 'siteinfo' || recordElements.has(element.name);
        if (part !== undefined) part.open(element);
        else if (element.name === 'page') page = new Fields(element);
        else if (isPart && parents.length <= 2) {
          if (page !== undefined) records.page(page);
          part = new Fields(element);
        } else page?.open(element);
      },
      text(text) {
        (part ?? page)?.text(text);
      },
      close(element, end) {
        const fields = part ?? page;
        if (fields?.element !== element) {
          fields?.close();
          return;
        }
        if (fields.isCut) sink.note('too-large');
        if (fields === page) {
          records.endPage(page, { start: element.start, end });
          page = undefined;
          return;
        }
        if (element.name === 'siteinfo') records.site(fields);
        else records.part(fields, { start: element.start, end });
        part = undefined;
      },
    });
  },
};
