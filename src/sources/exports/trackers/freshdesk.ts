/** Freshdesk and Freshservice: XML of the account export, JSON of both interfaces, CSV of tickets. */
import type { ExportReader, Probe, ReaderHints, Recognition } from '../contract.js';
import { type CsvFormat, csvHeaderOf, hasHeaders, readCsvRecords } from '../csv-records.js';
import type { TextField } from '../object-texts.js';
import { readHelpdeskJson, readHelpdeskXml } from './helpdesk-file.js';
import { type Helpdesk, hintedHost } from './helpdesk-walk.js';

const deskOf = (hints: ReaderHints): Helpdesk => ({
  host: hintedHost(hints.baseUrl),
  link: (host, ticket) => `https://${host}/a/tickets/${ticket}`,
});

const ownKeys =
  /"(?:fr_escalated|nr_escalated|description_text|responder_id|fr_due_by|support_email|email_config_id|last_edited_user_id|display_id|source_additional_info)"\s*:/;

/** Keys of which one stands in every ticket, conversation or list of them. */
const recordKeys = ['subject', 'body_text', 'tickets', 'conversations', 'ticket'];

function recognise({ json, text }: Probe): Recognition | undefined {
  if (json === undefined) return undefined;
  const { keys } = json;
  if (keys.includes('helpdesk_ticket')) return { score: 0.97, reason: 'key helpdesk_ticket' };
  // A pattern over the whole text costs; most files are of other systems.
  if (!recordKeys.some((key) => keys.includes(key))) return undefined;
  const own = ownKeys.exec(text)?.[0].replace(/[":\s]/g, '');
  if (own === undefined) return undefined;
  if (keys.includes('subject') && (keys.includes('requester_id') || keys.includes('description_text')))
    return { score: 0.94, reason: `tickets with ${own}` };
  if (keys.includes('body_text') && keys.includes('incoming'))
    return { score: 0.92, reason: `conversations with ${own}` };
  const list = keys.find((key) => key === 'tickets' || key === 'conversations' || key === 'ticket');
  return list === undefined ? undefined : { score: 0.93, reason: `${list} with ${own}` };
}

export const freshdeskReader: ExportReader = {
  id: 'freshdesk-json',
  system: 'freshdesk',
  label: 'Freshdesk JSON',
  most: 0.97,
  jsonKeys: ['subject', 'body_text', 'tickets', 'conversations', 'ticket', 'helpdesk_ticket'],
  recognise: (probe) => {
    const found = recognise(probe);
    if (found !== undefined) return found;
    const keys = probe.json?.keys ?? [];
    // Conversations alone have none of the ticket's keys.
    return keys.includes('body_text') && keys.includes('incoming') && keys.includes('ticket_id')
      ? { score: 0.9, reason: 'conversations of tickets' }
      : undefined;
  },
  read: (file, sink, hints) => readHelpdeskJson(file, sink, deskOf(hints)),
};

export const freshdeskXmlReader: ExportReader = {
  id: 'freshdesk-xml',
  system: 'freshdesk',
  label: 'Freshdesk XML',
  isNeverJson: true,
  most: 0.98,
  recognise: ({ text }) =>
    /^\s*(?:<\?xml[^>]{0,200}\?>\s*)?<helpdesk-tickets[\s>]/.test(text)
      ? { score: 0.98, reason: 'root helpdesk-tickets' }
      : undefined,
  read: (file, sink, hints) => readHelpdeskXml(file, sink, deskOf(hints)),
};

const isHeader = (cells: readonly string[]): boolean =>
  hasHeaders(cells, ['ticket id', 'subject', 'status']) &&
  ['agent', 'source', 'resolution status', 'requester name', 'first response status'].some((name) =>
    hasHeaders(cells, [name]),
  );

function csvFormat(hints: ReaderHints): CsvFormat {
  const host = hintedHost(hints.baseUrl);
  return {
    isHeader,
    columns: new Map<string, TextField>([
      ['subject', { role: 'title', dialect: 'plain' }],
      ['description', { role: 'body', dialect: 'html' }],
    ]),
    author: ['requester name', 'full name'],
    authorEmail: ['requester email', 'email'],
    created: ['created time'],
    edited: ['last update time', 'last updated time'],
    record: (row) => {
      const id = row.get('ticket id') ?? `row ${row.number}`;
      return {
        place: {
          kind: 'project',
          ...(host !== undefined && { tenant: host }),
          id: 'tickets',
          name: `${host ?? 'help desk'} tickets`,
          audience: 'unknown',
        },
        type: 'issue',
        id,
        title: `#${id} ${row.get('subject') ?? ''}`.trim(),
        ...(host !== undefined && { permalink: { url: `https://${host}/a/tickets/${id}` } }),
        action: 'edit',
        revision: { state: 'current' },
      };
    },
  };
}

export const freshdeskCsvReader: ExportReader = {
  id: 'freshdesk-csv',
  system: 'freshdesk',
  label: 'Freshdesk CSV',
  isNeverJson: true,
  most: 0.92,
  recognise: ({ text }) =>
    csvHeaderOf(text, /ticket id/i, isHeader) === undefined
      ? undefined
      : { score: 0.92, reason: 'columns of Freshdesk tickets' },
  read: (file, sink, hints) => readCsvRecords(file, sink, csvFormat(hints)),
};
