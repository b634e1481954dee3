/** Zendesk's own CSV of tickets, and the tables that Fivetran keeps of Zendesk in a warehouse. */
import type { ExportReader, ExportRecord, ReaderHints, RecordPlace } from '../contract.js';
import { type CsvFormat, csvHeaderOf, hasHeaders, type NamedRow, readCsvRecords } from '../csv-records.js';
import type { TextField } from '../object-texts.js';
import { hintedHost } from './helpdesk-walk.js';

const tableKeys: readonly (readonly string[])[] = [
  ['ticket_id', 'body'],
  ['ticket_id', 'field_name', 'value'],
  ['ticket_id', 'user_id'],
  ['chat_id', 'message'],
  ['requester_id', 'subject'],
  ['ticket_id', 'tag'],
];

const isTable = (cells: readonly string[]): boolean =>
  cells.some((cell) => /^_\w{2,40}_synced$/.test(cell.trim())) &&
  tableKeys.some((keys) => hasHeaders(cells, keys));

const isOwn = (cells: readonly string[]): boolean =>
  hasHeaders(cells, ['id', 'requester', 'subject']) &&
  ['summation column', 'requester id', 'satisfaction score', 'ticket form', 'submitter'].some((name) =>
    hasHeaders(cells, [name]),
  );

const isHeader = (cells: readonly string[]): boolean => isTable(cells) || isOwn(cells);

const prose: readonly (readonly [string, TextField | 'skip'])[] = [
  ['field_name', 'skip'],
  ['chat_id', 'skip'],
  ['subject', { role: 'title', dialect: 'plain' }],
  ['raw_subject', { role: 'title', dialect: 'plain' }],
  ['description', { role: 'body', dialect: 'plain' }],
  ['body', { role: 'comment', dialect: 'plain' }],
  ['message', { role: 'comment', dialect: 'plain' }],
  ['filename', { role: 'attachment-name', dialect: 'plain' }],
];

function formatOf(hints: ReaderHints): CsvFormat {
  const hinted = hintedHost(hints.baseUrl);
  return {
    isHeader,
    columns: new Map<string, TextField | 'skip'>(prose),
    author: ['requester', 'requester name'],
    authorEmail: ['requester email'],
    created: ['created_at', 'created', 'created at', 'updated'],
    edited: ['updated_at', 'updated at'],
    labelOf: (header, row) => (header === 'value' ? row.get('field_name') : undefined),
    record: (row) => {
      const host = hinted ?? /^https:\/\/([\w.-]{1,255}?)\/api\/v2\//.exec(row.get('url') ?? '')?.[1];
      const actor = row.get('user_id', 'author_id', 'actor_id', 'requester_id');
      return {
        place: placeOf(host),
        ...identityOf(row),
        ...(actor !== undefined && row.get('requester') === undefined && { actor: { id: actor } }),
        ...linkOf(host, row),
        revision: { state: 'current' },
      };
    },
  };
}

function placeOf(host: string | undefined): RecordPlace {
  // The site itself is in no address when the account's name was taken out of it.
  const tenant = host === undefined || host === 'zendesk.com' ? undefined : host;
  return {
    kind: 'project',
    ...(tenant !== undefined && { tenant }),
    id: 'tickets',
    name: `${tenant ?? 'help desk'} tickets`,
    audience: 'unknown',
  };
}

function linkOf(host: string | undefined, row: NamedRow): Pick<ExportRecord, 'permalink'> {
  const ticket = row.get('ticket_id') ?? (row.get('subject') === undefined ? undefined : row.get('id'));
  if (host === undefined || host === 'zendesk.com' || ticket === undefined) return {};
  const level = row.get('ticket_id') === undefined ? 'exact' : 'record';
  return { permalink: { url: `https://${host}/agent/tickets/${ticket}`, level } };
}

function identityOf(row: NamedRow): Pick<ExportRecord, 'type' | 'id' | 'thread' | 'title' | 'action'> {
  const ticket = row.get('ticket_id');
  const chat = row.get('chat_id');
  const id = row.get('id', 'message_id');
  const field = row.get('field_name');
  if (field !== undefined && ticket !== undefined)
    return {
      type: 'change',
      id: `${ticket}/${field}/${row.get('updated') ?? row.number}`,
      thread: ticket,
      action: 'ask-admin',
    };
  if (chat !== undefined)
    return {
      type: 'message',
      id: id ?? `${chat}/${row.get('chat_index') ?? row.get('created_at') ?? row.number}`,
      thread: chat,
      action: 'edit',
    };
  if (ticket !== undefined)
    return { type: 'comment', id: id ?? `${ticket}/${row.number}`, thread: ticket, action: 'edit' };
  const subject = row.get('subject', 'raw_subject');
  return {
    type: 'issue',
    id: id ?? `row ${row.number}`,
    title: `#${id ?? ''} ${subject ?? ''}`.trim(),
    action: 'edit',
  };
}

export const zendeskCsvReader: ExportReader = {
  id: 'zendesk-csv',
  system: 'zendesk',
  label: 'Zendesk CSV',
  isNeverJson: true,
  most: 0.93,
  recognise: ({ text }) => {
    const cells = csvHeaderOf(text, /_synced|requester/i, isHeader);
    if (cells === undefined) return undefined;
    if (isTable(cells)) return { score: 0.93, reason: 'synced table of tickets or chats' };
    return isOwn(cells) ? { score: 0.92, reason: 'columns of Zendesk tickets' } : undefined;
  },
  read: (file, sink, hints) => readCsvRecords(file, sink, formatOf(hints)),
};
