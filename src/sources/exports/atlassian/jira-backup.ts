/** A full backup of Jira: `entities.xml`, a dump of its database with a row an element. */
import type { ExportFile, ExportReader, Probe, ReaderHints, Recognition, RecordSink } from '../contract.js';
import { readXml, type XmlElement } from '../xml-pieces.js';
import { BackupNames } from './jira-backup-names.js';
import { BackupRecords } from './jira-backup-records.js';
import { rowOf } from './jira-backup-rows.js';
import { sitePlace } from './jira-site.js';
import { foresee, XmlTrees } from './xml-trees.js';

export const jiraBackup: ExportReader = {
  id: 'jira-backup',
  system: 'jira',
  label: 'Jira backup',
  most: 0.95,
  isNeverJson: true,
  recognise: recogniseBackup,
  read: readBackup,
};

/** Entities that only Jira has; its root is that of Apache OFBiz. A long comment can push them beyond the head. */
const jiraEntities =
  /<(?:Action|ApplicationUser|AuditLog|ChangeGroup|ChangeItem|ConfigurationContext|CustomField\w*|FieldConfig\w*|FieldScreen\w*|FileAttachment|Issue\w*|JiraUser|OSPropertyEntry|Project\w*|SearchRequest|Worklog)\s/;

function recogniseBackup(probe: Probe): Recognition | undefined {
  if (!/<entity-engine-xml[\s>]/.test(probe.text)) {
    const isLong = /^\s*(?:<\?xml[^>]{0,200}\?>\s*)?<!--/.test(probe.text) && !probe.text.includes('-->');
    return isLong && /jira/i.test(probe.text) && /entities\.xml$/i.test(probe.name)
      ? { score: 0.75, reason: 'named entities.xml, a long comment about Jira' }
      : undefined;
  }
  return jiraEntities.test(probe.text)
    ? { score: 0.95, reason: 'root entity-engine-xml with entities of Jira' }
    : { score: 0.5, reason: 'root entity-engine-xml' };
}

/** Comments of licence and environment are about 100 kB. */
const maxComment = 4 * 1024 * 1024;

async function readBackup(file: ExportFile, sink: RecordSink, hints: ReaderHints): Promise<void> {
  const names = new BackupNames(hints.baseUrl);
  const comments: { text: string; start: number; end: number }[] = [];
  let length = 0;
  // Entities begin with a capital, fields do not.
  const isRow = (element: XmlElement): boolean => element.depth > 0 && /^[A-Z]/.test(element.name);
  const maxWaiting = await foresee(file, sink, isRow, (tree) => names.learn(rowOf(tree)));
  const records = new BackupRecords(sink, names, maxWaiting);
  const trees = new XmlTrees(isRow, (tree) => records.add(rowOf(tree)), sink);
  await readXml(file, sink, {
    open: (element) => trees.open(element),
    close: (element, end, parents, isEnded) => trees.close(element, end, parents, isEnded),
    text: (text, at) => trees.text(text, at),
    comment(text, { start, end }) {
      length += text.length;
      if (text.trim() !== '' && length <= maxComment) comments.push({ text: text.trim(), start, end });
    },
  });
  await records.finish();
  for (const { text, start, end } of comments)
    sink.record({
      place: sitePlace(names.site),
      type: 'setting',
      id: `comment at byte ${start}`,
      revision: { state: 'current' },
      texts: [{ text, dialect: 'plain', field: { path: 'comment', role: 'setting' } }],
      raw: { start, end },
    });
}
