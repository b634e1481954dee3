/** Confluence's XML export of a space or a site: `entities.xml`, a dump of its database as objects. */
import type { ExportFile, ExportReader, Probe, ReaderHints, Recognition, RecordSink } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { readXml, type XmlElement } from '../xml-pieces.js';
import { ConfluenceContents } from './confluence-contents.js';
import { objectOf } from './confluence-objects.js';
import { ConfluenceSite } from './confluence-site.js';
import { foresee, XmlTrees } from './xml-trees.js';

export const confluenceXml: ExportReader = {
  id: 'confluence-xml',
  system: 'confluence',
  label: 'Confluence XML export',
  most: 0.95,
  isNeverJson: true,
  recognise: recogniseXml,
  read: readEntities,
};

function recogniseXml(probe: Probe): Recognition | undefined {
  const { text } = probe;
  if (/<hibernate-generic[\s>]/.test(text.slice(0, 16 * 1024)))
    return { score: 0.95, reason: 'root hibernate-generic' };
  return /<object\s[^>]{0,200}package="com\.atlassian\.confluence\./.test(text)
    ? { score: 0.9, reason: 'objects of com.atlassian.confluence' }
    : undefined;
}

async function readEntities(file: ExportFile, sink: RecordSink, hints: ReaderHints): Promise<void> {
  const descriptor = await descriptorBeside(file);
  const site = new ConfluenceSite(hints.baseUrl, descriptor.get('spaceKey'));
  const isObject = (element: XmlElement): boolean => element.name === 'object';
  const maxWaiting = await foresee(file, sink, isObject, (tree) => site.learn(objectOf(tree)));
  const hasAttachments = descriptor.get('backupAttachments') !== 'false';
  const contents = new ConfluenceContents(sink, site, hasAttachments, maxWaiting);
  const trees = new XmlTrees(isObject, (tree) => contents.add(objectOf(tree)), sink);
  await readXml(file, sink, {
    open: (element) => trees.open(element),
    close: (element, end, parents, isEnded) => trees.close(element, end, parents, isEnded),
    text: (text, at) => trees.text(text, at),
    comment(text, at) {
      if (text.trim() === '') return;
      sink.record({
        place: site.place(),
        type: 'setting',
        id: `comment at byte ${at.start}`,
        revision: { state: 'current' },
        texts: [{ text: text.trim(), dialect: 'plain', field: { path: 'comment', role: 'metadata' } }],
        raw: { start: at.start, end: at.end },
      });
    },
  });
  await contents.finish();
}

/** `exportDescriptor.properties` beside the file; empty when there is none. */
async function descriptorBeside(file: ExportFile): Promise<ReadonlyMap<string, string>> {
  const folder = file.name.includes('/') ? file.name.slice(0, file.name.lastIndexOf('/') + 1) : '';
  const bytes = await file.tree.read(`${folder}exportDescriptor.properties`, 64 * 1024);
  const lines = bytes === undefined ? [] : decodeHead(bytes).split(/\r?\n/);
  return new Map(
    lines.flatMap((line) => {
      const at = line.indexOf('=');
      return at < 1 || line.startsWith('#')
        ? []
        : [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const];
    }),
  );
}
