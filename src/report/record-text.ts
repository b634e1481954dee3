/** Says where a record of an export is, in words that lead a person to it. */
import type { ActionHint, RecordAppearance } from '../model/appearance.js';
import { safeText } from './safe-text.js';

const actions: Readonly<Record<ActionHint, string>> = {
  edit: 'edit it',
  delete: 'delete it',
  'delete-revision': 'delete this version',
  'purge-attachment': 'delete the attachment with all its versions',
  'clear-history': 'edit it and clear its history',
  'ask-admin': 'ask an administrator to remove it',
  'cannot-remove': 'it cannot be removed there',
};

const fieldLength = 60;

/** `reply 1709287620.000200, text`, `issue API-12 Login fails, fields.description`. */
export function recordName(record: RecordAppearance): string {
  const { recordType, recordId, title, field, facts } = record;
  const isReply = recordType === 'message' && facts?.thread !== undefined && facts.thread !== recordId;
  const what = isReply ? 'reply' : recordType;
  const name = title === undefined || title === '' ? recordId : nameOf(recordId, title);
  const shown = field.length > fieldLength ? `…${field.slice(-fieldLength)}` : field;
  return safeText([`${what} ${name}`.trim(), shown].filter((part) => part !== '').join(', '));
}

function nameOf(id: string, title: string): string {
  return title.includes(id) || id === '' ? title : `${id} ${title}`;
}

/** `2024-03-01 10:07 UTC`, as precise as the export was; a time without offset stays without. */
export function timeText(created: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?/.exec(
    created,
  );
  if (match === null) return safeText(created);
  const [, day, time, zone] = match;
  if (time === undefined) return day ?? '';
  return `${day} ${time}${zone === undefined ? '' : zone === 'Z' || zone === '+00:00' ? ' UTC' : ` ${zone}`}`;
}

/** Who wrote it, when, in which thread, where to go, and what to do. */
export function recordParts(record: RecordAppearance): (string | undefined)[] {
  const { author, created, permalink, facts, recordId } = record;
  const hasThread = facts?.thread !== undefined && facts.thread !== recordId;
  return [
    author && `by ${safeText(author.name)}`,
    created && timeText(created),
    hasThread ? `under ${safeText(facts.thread)}` : undefined,
    facts?.of === undefined ? undefined : `shows ${safeText(facts.of)}`,
    facts?.artifact === true
      ? 'a credential of the export itself: delete the export, or let it expire'
      : undefined,
    permalink && safeText(permalink),
    facts?.action && facts.artifact !== true ? `to be rid of it: ${actions[facts.action]}` : undefined,
  ];
}
