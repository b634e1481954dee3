/** Texts of an issue's fields, one by one; what a field names besides (people, statuses, other issues) goes to mentions. */
import type { FieldRole } from '../../../model/appearance.js';
import type { Dialect, ExportRecord, RecordPlace, RecordText } from '../contract.js';
import { noClaims, unclaimedTexts } from '../leaves.js';
import { isObject, type JsonObject } from '../object-texts.js';
import { append } from './append.js';
import { customTexts, type FieldNames, fieldNoise } from './jira-custom-fields.js';
import type { JiraMentions } from './jira-mentions.js';
import type { JiraSite } from './jira-site.js';
import { arrayOf, isUser, richTexts } from './jira-values.js';

/** What the records of one issue have in common. */
export interface IssueFrame {
  readonly key: string;
  readonly title: string;
  readonly site: JiraSite;
  readonly place: RecordPlace;
  readonly raw: ExportRecord['raw'];
  /** Dialect of rich text that is a string. */
  readonly markup: Dialect;
}

/** Fields that are handled one by one, and those that hold no text (`none`). */
export type FieldKind = 'rich' | 'people' | 'setting' | 'settings' | 'issue' | 'issues' | 'own' | 'none';
export const fieldKinds: ReadonlyMap<string, FieldKind> = new Map<string, FieldKind>([
  ['summary', 'own'],
  ['description', 'rich'],
  ['environment', 'rich'],
  ['comment', 'own'],
  ['worklog', 'own'],
  ['attachment', 'own'],
  ['issuelinks', 'own'],
  ['labels', 'own'],
  ['assignee', 'people'],
  ['reporter', 'people'],
  ['creator', 'people'],
  ['project', 'setting'],
  ['status', 'setting'],
  ['issuetype', 'setting'],
  ['priority', 'setting'],
  ['resolution', 'setting'],
  ['security', 'setting'],
  ['statusCategory', 'setting'],
  ['components', 'settings'],
  ['versions', 'settings'],
  ['fixVersions', 'settings'],
  ['parent', 'issue'],
  ['epic', 'issue'],
  ['subtasks', 'issues'],
  ['created', 'none'],
  ['updated', 'none'],
  ['resolutiondate', 'none'],
  ['duedate', 'none'],
  ['lastViewed', 'none'],
  ['statuscategorychangedate', 'none'],
]);
/** Texts of any field but the summary. */
export function fieldTexts(
  name: string,
  value: unknown,
  frame: IssueFrame,
  names: FieldNames | undefined,
  mentions: JiraMentions,
): RecordText[] {
  if (name.startsWith('customfield_')) return customTexts(value, name, names, frame, mentions);
  const { site, place } = frame;
  switch (fieldKinds.get(name)) {
    case 'none':
      return [];
    case 'rich':
      return richField(value, `fields.${name}`, 'description', frame);
    case 'people':
      mentions.user(value, site);
      return [];
    case 'setting':
      mentions.thing(name, value, site, place.id);
      return [];
    case 'settings':
      for (const thing of arrayOf(value)) mentions.thing(name, thing, site, place.id);
      return [];
    case 'issue':
      mentions.issue(value, site);
      return [];
    case 'issues':
      for (const other of arrayOf(value)) mentions.issue(other, site);
      return [];
    case 'own':
      if (name === 'issuelinks') return linkTexts(value, frame, mentions);
      return name === 'labels' ? labelTexts(value) : [];
    default:
      return sweptTexts(value, `fields.${name}`, name, site, mentions);
  }
}

function linkTexts(links: unknown, frame: IssueFrame, mentions: JiraMentions): RecordText[] {
  const texts: RecordText[] = [];
  for (const [i, link] of arrayOf(links).entries()) {
    if (!isObject(link)) continue;
    mentions.thing('issuelinktype', link['type'], frame.site, frame.place.id);
    mentions.issue(link['inwardIssue'], frame.site);
    mentions.issue(link['outwardIssue'], frame.site);
    append(texts, otherTexts(link, linkMembers, `fields.issuelinks.${i}`));
  }
  return texts;
}

/** Texts of a field that Jira itself does not have. */
export function sweptTexts(
  value: unknown,
  path: string,
  key: string | undefined,
  site: JiraSite,
  mentions: JiraMentions,
): RecordText[] {
  if (isObject(value) && isUser(value)) {
    mentions.user(value, site);
    return [];
  }
  const rich = isObject(value) ? richTexts(value, path, 'metadata', 'plain') : undefined;
  if (rich !== undefined) return rich;
  // A string needs its key to be judged.
  const isString = typeof value === 'string' && key !== undefined;
  return isString
    ? unclaimedTexts({ [key]: value }, noClaims, { prefix: 'fields', noise: fieldNoise })
    : unclaimedTexts(value, noClaims, { prefix: path, noise: fieldNoise });
}

/** Texts of a field with rich text, whatever stands in it. */
export function richField(
  value: unknown,
  path: string,
  role: FieldRole,
  { markup }: Pick<IssueFrame, 'markup'>,
): RecordText[] {
  return richTexts(value, path, role, markup) ?? unclaimedTexts(value, noClaims, { prefix: path, role });
}

export const commentMembers: ReadonlySet<string> = new Set([
  'body',
  'renderedBody',
  'author',
  'updateAuthor',
]);
export const worklogMembers: ReadonlySet<string> = new Set(['comment', 'author', 'updateAuthor']);
export const attachmentMembers: ReadonlySet<string> = new Set(['filename', 'content', 'author', 'thumbnail']);
export const changeMembers: ReadonlySet<string> = new Set(['items', 'author']);
const linkMembers: ReadonlySet<string> = new Set(['type', 'inwardIssue', 'outwardIssue']);

/** Texts of a part that are not handled by name; mostly there are none, and the sweep is spared. */
export function otherTexts(part: JsonObject, handled: ReadonlySet<string>, path: string): RecordText[] {
  const texts: RecordText[] = [];
  for (const key in part) {
    if (handled.has(key) || fieldNoise.has(key)) continue;
    const value = part[key];
    if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) continue;
    append(texts, memberTexts(key, value, path));
  }
  return texts;
}

/** Texts of one such member. */
export function memberTexts(key: string, value: unknown, path: string): RecordText[] {
  return unclaimedTexts({ [key]: value }, noClaims, { prefix: path, noise: fieldNoise });
}

function labelTexts(value: unknown): RecordText[] {
  const labels = arrayOf(value).filter((label) => typeof label === 'string');
  if (labels.length === 0) return [];
  return [{ text: labels.join('\n'), dialect: 'plain', field: { path: 'fields.labels', role: 'metadata' } }];
}
