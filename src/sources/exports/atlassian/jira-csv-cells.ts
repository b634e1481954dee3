/** Cells of Jira's CSV that hold several things: comments, attachments, logged work. */
import type { Instant } from '../times.js';
import { jiraDate } from './jira-dates.js';

/** What someone added to an issue at some time. */
export interface DatedCell {
  readonly created: Instant | undefined;
  /** Date as written. */
  readonly date: string;
  /** Account id in Cloud, username on a server. */
  readonly author: string;
  readonly text: string;
}

export interface AttachmentCell extends DatedCell {
  /** Its file name is `text`. */
  readonly url: string;
  readonly id: string | undefined;
}

/** `date;author;body`, the body with as many semicolons as it likes. */
export function commentCell(cell: string): DatedCell | undefined {
  const first = cell.indexOf(';');
  const second = first < 0 ? -1 : cell.indexOf(';', first + 1);
  if (second < 0 || second > 400) return undefined;
  const date = cell.slice(0, first);
  const author = cell.slice(first + 1, second);
  if (!/\d/.test(date) || first > 40 || author.includes('\n')) return undefined;
  return { created: jiraDate(date), date, author, text: cell.slice(second + 1) };
}

const attachmentId = /\/attachment\/(?:content\/|thumbnail\/)?(\d{1,20})(?:[/?]|$)/;

/** `date;author;file name;url`. */
export function attachmentCell(cell: string): AttachmentCell | undefined {
  const outer = commentCell(cell);
  const last = outer === undefined ? -1 : outer.text.lastIndexOf(';');
  if (outer === undefined || last < 0) return undefined;
  const url = outer.text.slice(last + 1);
  if (!/^https?:\/\/\S+$/.test(url)) return undefined;
  return { ...outer, text: outer.text.slice(0, last), url, id: attachmentId.exec(url)?.[1] };
}

/** `comment;date;author;seconds`, the comment with as many semicolons as it likes. */
export function worklogCell(cell: string): DatedCell | undefined {
  const seconds = cell.lastIndexOf(';');
  const beforeAuthor = seconds < 0 ? -1 : cell.lastIndexOf(';', seconds - 1);
  const beforeDate = beforeAuthor < 1 ? -1 : cell.lastIndexOf(';', beforeAuthor - 1);
  if (beforeDate < 0 || !/^\d{1,12}$/.test(cell.slice(seconds + 1))) return undefined;
  const date = cell.slice(beforeDate + 1, beforeAuthor);
  if (!/\d/.test(date) || date.length > 40) return undefined;
  return {
    created: jiraDate(date),
    date,
    author: cell.slice(beforeAuthor + 1, seconds),
    text: cell.slice(0, beforeDate),
  };
}
