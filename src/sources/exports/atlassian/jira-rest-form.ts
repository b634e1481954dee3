/** In which form a JSON text holds issues or other resources of Jira, by its beginning, which may be damaged. */
import type { JsonShape } from '../contract.js';
import { isObject } from '../object-texts.js';
import { isIssue } from './jira-issue.js';

export interface IssuesForm {
  /** Pages with a list of issues, or issues themselves. */
  readonly isPages: boolean;
  /** JSON pointer of the issues, as `readJsonRecords` takes it. */
  readonly path: string;
  readonly score: number;
  readonly reason: string;
}

const key = /"key"\s*:\s*"[A-Z][A-Z0-9_]{0,254}-\d{1,10}"/;
const fields = /"fields"\s*:\s*\{/;
const list = /"issues"\s*:\s*\[/;
const pageOfIssues = /"issues"\s*:\s*\[\s*\{[^{}[\]]{0,2000}"key"\s*:\s*"[A-Z][A-Z0-9_]{0,254}-\d{1,10}"/;

/** @param shape of `text`; undefined when its syntax is broken */
export function issuesFormOf(text: string, shape: JsonShape | undefined): IssuesForm | undefined {
  if (shape === undefined) return formOfBroken(text);
  const root = shape.root === 'array' ? '/*' : '';
  if (isIssueShape(shape.keys)) {
    const first = isObject(shape.first) ? shape.first['key'] : undefined;
    const isKeyed = first === undefined ? key.test(text) : isIssue({ key: first });
    return isKeyed
      ? { isPages: false, path: root, score: 0.95, reason: 'issues with key and fields' }
      : undefined;
  }
  if (!shape.keys.includes('issues')) return undefined;
  const page = { isPages: true, path: `${root}/issues/*` };
  const inner = shape.inner['issues'];
  if (inner !== undefined ? isIssueShape(inner) : shape.root !== 'object' && pageOfIssues.test(text))
    return { ...page, score: 0.95, reason: 'page of issues with key and fields' };
  // A search that found nothing, or without fields.
  const isPaged = shape.keys.includes('startAt') && shape.keys.includes('total');
  return isPaged ? { ...page, score: 0.9, reason: 'keys startAt, total, issues' } : undefined;
}

function isIssueShape(keys: readonly string[]): boolean {
  return keys.includes('key') && keys.includes('fields');
}

function formOfBroken(text: string): IssuesForm | undefined {
  const opening = openingOf(text);
  const at = opening === undefined ? undefined : fields.exec(text)?.index;
  if (at === undefined || !key.test(text)) return undefined;
  const isPages = (list.exec(text)?.index ?? Number.POSITIVE_INFINITY) < at;
  const root = opening === '[' ? '/*' : '';
  const path = isPages ? `${root}/issues/*` : root;
  return { isPages, path, score: 0.9, reason: 'broken JSON of issues with key and fields' };
}

/** Lists that a page of resources may hold, by key. */
export const listKeys: readonly string[] = [
  'values',
  'comments',
  'worklogs',
  'histories',
  'projects',
  'sprints',
  'boards',
  'users',
];
const brokenList = new RegExp(`"(${listKeys.join('|')})"\\s*:\\s*\\[\\s*\\{`);

/** JSON pointer of the resources; undefined when the root is one itself. */
export function resourcePathOf(text: string, shape: JsonShape | undefined): string | undefined {
  if (shape === undefined ? openingOf(text) === '[' : shape.root === 'array') return '/*';
  const name =
    shape === undefined
      ? brokenList.exec(text)?.[1]
      : listKeys.find((each) => shape.inner[each] !== undefined);
  return name === undefined ? undefined : `/${name}/*`;
}

/** First character of what may be JSON. */
export function openingOf(text: string): '[' | '{' | undefined {
  return /^\s*([[{])/.exec(text)?.[1] as '[' | '{' | undefined;
}
