/** Columns of Jira's CSV by their header, which repeats for fields with several values. */
import { isIssueKey } from './jira-site.js';

export type ColumnKind =
  | 'key'
  | 'summary'
  | 'rich'
  | 'project-name'
  | 'project'
  | 'project-url'
  | 'created'
  | 'updated'
  | 'comment'
  | 'attachment'
  | 'worklog'
  | 'person'
  | 'person-id'
  | 'custom'
  | 'plain'
  | 'none'
  | 'unknown';

export interface Column {
  readonly kind: ColumnKind;
  readonly header: string;
  /** Name of a custom field. */
  readonly label?: string;
}

const kinds: ReadonlyMap<string, ColumnKind> = new Map<string, ColumnKind>([
  ['Issue key', 'key'],
  ['Key', 'key'],
  ['Summary', 'summary'],
  ['Description', 'rich'],
  ['Environment', 'rich'],
  ['Project name', 'project-name'],
  ['Project', 'project-name'],
  ['Project description', 'project'],
  ['Project url', 'project-url'],
  ['Created', 'created'],
  ['Updated', 'updated'],
  ['Comment', 'comment'],
  ['Comments', 'comment'],
  ['Attachment', 'attachment'],
  ['Log Work', 'worklog'],
  ['Reporter', 'person'],
  ['Creator', 'person'],
  ['Assignee', 'person'],
  ['Project lead', 'person'],
  ['Watchers', 'person'],
  ['Voters', 'person'],
  ['Reporter Id', 'person-id'],
  ['Creator Id', 'person-id'],
  ['Assignee Id', 'person-id'],
  ['Project lead id', 'person-id'],
  ['Watchers Id', 'person-id'],
  ['Voters Id', 'person-id'],
  ['Issue id', 'none'],
  ['Parent id', 'none'],
  ['Last Viewed', 'none'],
  ['Resolved', 'none'],
  ['Due date', 'none'],
  ['Due Date', 'none'],
  ['Votes', 'none'],
  ['Work Ratio', 'none'],
  ['Time Spent', 'none'],
  ['Original estimate', 'none'],
  ['Original Estimate', 'none'],
  ['Remaining Estimate', 'none'],
]);
/** Headers of one line of text that Jira itself has. */
const plainHeader =
  /^(?:Issue Type|Status|Status Category|Priority|Resolution|Labels|Sprint|Security Level|Project (?:key|type)|Affects Version\/s|Affects versions|Fix Version\/s|Fix versions|Component\/s|Components|Parent(?: key| summary| status)?|Sub-Tasks?|Epic Link|Epic Name|Team (?:Id|Name)|(?:Σ|Sum) .{1,40}|Status Category Changed|Development|Participants|(?:Inward|Outward) issue link \(.{1,200}\))$/;
const customHeader = /^Custom field \((.{1,300})\)$/s;

export function columnOf(header: string): Column {
  const custom = customHeader.exec(header)?.[1];
  if (custom !== undefined) return { kind: 'custom', header, label: custom };
  const kind = kinds.get(header);
  return { header, kind: kind ?? (plainHeader.test(header) ? 'plain' : 'unknown') };
}

/** True for the header of an export in English. */
export function isJiraHeader(cells: readonly string[]): boolean {
  if (!cells.includes('Summary')) return false;
  return cells.includes('Issue key') || (cells.includes('Key') && cells.includes('Issue Type'));
}

/**
 * Column of the issue keys by what stands in it, for instances in other languages; -1 when there is none. The number
 * behind or before the key is the issue's id.
 */
export function keyColumnOf(rows: readonly (readonly string[])[]): number {
  const first = rows[0];
  if (first === undefined) return -1;
  return first.findIndex(
    (_cell, i) =>
      rows.every((row) => isIssueKey(row[i])) &&
      rows.every((row) => /^\d{1,15}$/.test(row[i + 1] ?? '') || /^\d{1,15}$/.test(row[i - 1] ?? '')),
  );
}
