/** Reads a file of a help desk, whatever its syntax, into its walk. */
import type { ExportFile, RecordSink } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { readJsonRecords } from '../json-records.js';
import { jsonShapeOf } from '../json-shape.js';
import { isObject } from '../object-texts.js';
import { type Helpdesk, HelpdeskWalk } from './helpdesk-walk.js';
import { plainValue, readXmlObjects } from './xml-objects.js';

/** Lists under which the interfaces answer. */
const lists: readonly string[] =
  `tickets comments audits ticket_events users organizations macros triggers automations targets webhooks views
   ticket_fields articles conversations requests results satisfaction_ratings groups side_conversations messages
   helpdesk_tickets contacts agents dynamic_content items`.split(/\s+/);

export async function readHelpdeskJson(file: ExportFile, sink: RecordSink, desk: Helpdesk): Promise<void> {
  const walk = new HelpdeskWalk(sink, desk);
  const shape = jsonShapeOf(decodeHead(file.head));
  const named = shape?.keys.filter((key) => lists.includes(key)) ?? [];
  const isList = shape?.root === 'object' && named.length > 0 && !shape.keys.includes('subject');
  const paths = shape?.root === 'array' ? ['/*'] : isList ? lists.map((name) => `/${name}/*`) : [''];
  await readJsonRecords(file, paths, sink, {
    record: ({ value, pointer, raw }) => walk.walk(value, pointer, raw),
    end: (root) => {
      if (isObject(root)) walk.walk(root, '', undefined);
    },
  });
}

export async function readHelpdeskXml(file: ExportFile, sink: RecordSink, desk: Helpdesk): Promise<void> {
  const walk = new HelpdeskWalk(sink, desk);
  let count = 0;
  await readXmlObjects(file, sink, {
    isRecord: (element) => element.depth === 1,
    record: ({ name, value, raw }) =>
      walk.walk(plainValue(value), `/${name.replaceAll('-', '_')}s/${count++}`, raw),
    around: (text, name) => {
      if (name !== 'type' && name !== 'count' && text.trim().length > 2)
        walk.walk({ [name]: text }, `/${name}`, undefined);
    },
  });
}
