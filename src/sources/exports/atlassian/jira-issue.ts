/** One issue as Jira's REST API gives it, to records: the issue, its comments, worklogs, attachments and changes. */
import type { FieldRole } from '../../../model/appearance.js';
import type { Dialect, ExportRecord, RecordPlace, RecordSink, RecordText } from '../contract.js';
import { defined } from '../defined.js';
import { noClaims, unclaimedTexts } from '../leaves.js';
import { isObject, type JsonObject } from '../object-texts.js';
import { fromIso } from '../times.js';
import { append } from './append.js';
import { siteOfBase } from './atlassian-site.js';
import { changeTexts } from './jira-changes.js';
import { customTexts, type FieldNames, fieldNoise } from './jira-custom-fields.js';
import { JiraMentions, restNoise } from './jira-mentions.js';
import {
  commentLink,
  historyLink,
  issueKey,
  issueLink,
  type JiraLink,
  type JiraSite,
  nearestLink,
  projectKeyOf,
  siteOfAddress,
  sitePlace,
} from './jira-site.js';
import { arrayOf, idOf, issueTitle, isUser, richTexts, stringOf } from './jira-values.js';
import { lifeTime } from './life-time.js';

type Raw = NonNullable<ExportRecord['raw']>;

/** What the records of one issue have in common. */
export interface IssueFrame {
  readonly key: string;
  readonly title: string;
  readonly site: JiraSite;
  readonly place: RecordPlace;
  readonly raw: Raw | undefined;
  /** Dialect of rich text that is a string. */
  readonly markup: Dialect;
}

/** Fields that are handled one by one, and those that hold no text (`none`). */
type FieldKind = 'rich' | 'people' | 'setting' | 'settings' | 'issue' | 'issues' | 'own' | 'none';
const fieldKinds: ReadonlyMap<string, FieldKind> = new Map<string, FieldKind>([
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
/** Members of an issue besides its fields. */
const issueMembers = new Set(['id', 'self', 'key', 'expand', 'fields', 'operations', 'schema']);
/** Members that describe the form, equal in each issue of a kind. */
const formMembers = new Set(['names', 'editmeta', 'transitions']);

/** True for an object that is an issue of the REST API. */
export function isIssue(value: unknown): value is JsonObject {
  return isObject(value) && typeof value['key'] === 'string' && issueKey.test(value['key']);
}

/** Turns issues into records, and remembers what they repeat. */
export class JiraIssues {
  readonly mentions: JiraMentions;
  readonly #sink: RecordSink;
  readonly #hint: string | undefined;
  #site: JiraSite;

  constructor(sink: RecordSink, hint?: string) {
    this.#sink = sink;
    this.#hint = hint;
    this.#site = siteOfBase(hint);
    this.mentions = new JiraMentions(sink);
  }

  /** The site that a resource lies on by its `self`, else the last one seen, else what the user said. */
  siteOf(self: unknown): JiraSite {
    // Neighbours share their site: parsing each address would cost more than the issue's other parts.
    const base = this.#site.base;
    if (base !== undefined && typeof self === 'string' && self.startsWith(`${base}/rest/`)) return this.#site;
    this.#site = siteOfAddress(self, this.#hint) ?? this.#site;
    return this.#site;
  }

  issue(issue: JsonObject, names: FieldNames | undefined, raw?: Raw): void {
    const key = issue['key'] as string;
    const fields = isObject(issue['fields']) ? issue['fields'] : {};
    const site = this.siteOf(issue['self']);
    const project = projectKeyOf(key);
    const frame: IssueFrame = {
      key,
      site,
      title: issueTitle(key, fields['summary']),
      place: this.mentions.place(
        site,
        project,
        isObject(fields['project']) ? fields['project']['name'] : undefined,
      ),
      raw,
      markup: isVersion3(issue['self']) ? 'plain' : 'jira-wiki',
    };
    const rendered = isObject(issue['renderedFields']) ? issue['renderedFields'] : undefined;
    this.#issueRecord(issue, fields, rendered, frame, names);
    this.#paged(fields['comment'], 'comments', (comment, i) =>
      this.comment(comment, frame, `fields.comment.comments.${i}`, renderedPart(rendered, commentPart, i)),
    );
    this.#paged(fields['worklog'], 'worklogs', (worklog, i) =>
      this.worklog(worklog, frame, `fields.worklog.worklogs.${i}`, renderedPart(rendered, worklogPart, i)),
    );
    for (const [i, attachment] of arrayOf(fields['attachment']).entries())
      this.attachment(attachment, frame, `fields.attachment.${i}`);
    if (issue['changelog'] !== undefined)
      this.#paged(issue['changelog'], 'histories', (change) => this.change(change, frame));
  }

  comment(comment: unknown, frame: IssueFrame, path: string, rendered?: unknown): void {
    if (!isObject(comment)) return;
    const texts = this.#rich(comment['body'], `${path}.body`, 'comment', frame);
    append(texts, htmlTexts(rendered ?? comment['renderedBody'], `${path}.renderedBody`, 'comment'));
    append(texts, others(comment, commentMembers, path));
    const id = idOf(comment['id']);
    this.#part(frame, 'comment', id ?? path, comment, texts, {
      ...(id === undefined
        ? linked(nearestLink(frame.site, frame.key))
        : linked(commentLink(frame.site, frame.key, id))),
      action: 'edit',
    });
  }

  worklog(worklog: unknown, frame: IssueFrame, path: string, rendered?: unknown): void {
    if (!isObject(worklog)) return;
    const texts = this.#rich(worklog['comment'], `${path}.comment`, 'comment', frame);
    append(texts, htmlTexts(rendered, `${path}.renderedComment`, 'comment'));
    append(texts, others(worklog, worklogMembers, path));
    this.#part(frame, 'worklog', idOf(worklog['id']) ?? path, worklog, texts, {
      ...linked(nearestLink(frame.site, frame.key)),
      action: 'edit',
    });
  }

  attachment(attachment: unknown, frame: IssueFrame, path: string): void {
    if (!isObject(attachment)) return;
    const { filename, content } = attachment;
    const texts: RecordText[] = [];
    if (typeof filename === 'string')
      texts.push({
        text: filename,
        dialect: 'plain',
        field: { path: `${path}.filename`, role: 'attachment-name' },
      });
    if (typeof content === 'string')
      texts.push({
        text: content,
        dialect: 'plain',
        field: { path: `${path}.content`, role: 'link' },
        ...(/[?&]token=/.test(content) ? { artifact: true } : {}),
      });
    append(texts, others(attachment, attachmentMembers, path));
    this.#part(frame, 'attachment', idOf(attachment['id']) ?? path, attachment, texts, {
      ...linked(nearestLink(frame.site, frame.key)),
      action: 'purge-attachment',
    });
    this.#sink.note('attachment-missing');
  }

  /** An entry of the change log: it keeps what a field said before, in full. */
  change(change: unknown, frame: IssueFrame): void {
    if (!isObject(change)) return;
    const id = idOf(change['id']) ?? stringOf(change['created']) ?? '';
    const texts: RecordText[] = [];
    for (const [i, item] of arrayOf(change['items']).entries())
      if (isObject(item)) append(texts, changeTexts(item, i, `changelog.${id}`, frame.markup));
    append(texts, others(change, changeMembers, `changelog.${id}`));
    this.#part(frame, 'change', id, change, texts, {
      ...linked(historyLink(frame.site, frame.key)),
      revision: { state: 'previous', id },
      action: 'ask-admin',
    });
  }

  #issueRecord(
    issue: JsonObject,
    fields: JsonObject,
    rendered: JsonObject | undefined,
    frame: IssueFrame,
    names: FieldNames | undefined,
  ): void {
    const texts = this.#fieldTexts(fields, frame, names);
    if (rendered !== undefined) this.#rendered(rendered, texts);
    for (const member in issue)
      if (!issueMembers.has(member)) this.#member(member, issue[member], frame, texts);
    const created = fromIso(fields['created']);
    const time = lifeTime(created, fromIso(fields['updated']));
    const actor = this.mentions.user(fields['creator'] ?? fields['reporter'], frame.site);
    this.#sink.record(
      defined<ExportRecord>({
        place: frame.place,
        type: 'issue',
        id: frame.key,
        title: frame.title,
        actor,
        time,
        revision: { state: 'current' },
        ...linked(issueLink(frame.site, frame.key)),
        action: 'edit',
        texts,
        raw: frame.raw,
      }),
    );
  }

  /** Texts of all fields; summary and description first, as a reader of the issue meets them. */
  #fieldTexts(fields: JsonObject, frame: IssueFrame, names: FieldNames | undefined): RecordText[] {
    const texts: RecordText[] = [];
    const summary = stringOf(fields['summary']);
    if (summary !== undefined)
      texts.push({ text: summary, dialect: 'plain', field: { path: 'fields.summary', role: 'title' } });
    const others: RecordText[] = [];
    for (const name in fields) {
      const value = fields[name];
      // Most fields of most issues are empty.
      if (value === null || typeof value === 'number' || typeof value === 'boolean') continue;
      if (name.startsWith('customfield_'))
        append(others, customTexts(value, name, names, frame, this.mentions));
      else this.#field(name, value, frame, name === 'description' || name === 'environment' ? texts : others);
    }
    for (const text of others) texts.push(text);
    return texts;
  }

  #field(name: string, value: unknown, frame: IssueFrame, texts: RecordText[]): void {
    const { site, place } = frame;
    switch (fieldKinds.get(name)) {
      case 'none':
        return;
      case 'rich':
        append(texts, this.#rich(value, `fields.${name}`, 'description', frame));
        return;
      case 'people':
        this.mentions.user(value, site);
        return;
      case 'setting':
        this.mentions.thing(name, value, site, place.id);
        return;
      case 'settings':
        for (const thing of arrayOf(value)) this.mentions.thing(name, thing, site, place.id);
        return;
      case 'issue':
        this.mentions.issue(value, site);
        return;
      case 'issues':
        for (const other of arrayOf(value)) this.mentions.issue(other, site);
        return;
      case 'own':
        if (name === 'issuelinks') this.#links(value, frame, texts);
        else if (name === 'labels') append(texts, labelTexts(value));
        return;
      default:
        append(texts, this.#swept(value, `fields.${name}`, name, site));
    }
  }

  #links(links: unknown, frame: IssueFrame, texts: RecordText[]): void {
    for (const [i, link] of arrayOf(links).entries()) {
      if (!isObject(link)) continue;
      this.mentions.thing('issuelinktype', link['type'], frame.site, frame.place.id);
      this.mentions.issue(link['inwardIssue'], frame.site);
      this.mentions.issue(link['outwardIssue'], frame.site);
      append(texts, others(link, linkMembers, `fields.issuelinks.${i}`));
    }
  }

  /** HTML that Jira made of the rich fields: other forms of the same texts. */
  #rendered(rendered: JsonObject, texts: RecordText[]): void {
    for (const [name, value] of Object.entries(rendered)) {
      const kind = fieldKinds.get(name);
      if (kind === 'none' || kind === 'own') continue;
      const role = name.startsWith('customfield_') ? 'custom-field' : 'description';
      const path = `renderedFields.${name}`;
      if (typeof value === 'string') append(texts, htmlTexts(value, path, role));
      else
        append(texts, unclaimedTexts(value, noClaims, { prefix: path, dialect: 'html', noise: fieldNoise }));
    }
  }

  /** What stands beside `fields`: properties, transitions, what next year brings. */
  #member(member: string, value: unknown, frame: IssueFrame, texts: RecordText[]): void {
    if (member === 'changelog' || member === 'renderedFields') return;
    if (formMembers.has(member)) {
      this.mentions.setting(member, value, sitePlace(frame.site), () =>
        unclaimedTexts(value, noClaims, { prefix: member, role: 'setting', noise: restNoise }),
      );
      return;
    }
    const isKnown = member === 'properties' || member === 'versionedRepresentations';
    if (!isKnown) this.#sink.unknownKey(member);
    append(texts, this.#swept(value, member, isKnown ? undefined : member, frame.site));
  }

  /** Texts of a field that Jira itself does not have. */
  #swept(value: unknown, path: string, key: string | undefined, site: JiraSite): RecordText[] {
    if (isObject(value) && isUser(value)) {
      this.mentions.user(value, site);
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

  #rich(value: unknown, path: string, role: FieldRole, frame: IssueFrame): RecordText[] {
    return (
      richTexts(value, path, role, frame.markup) ?? unclaimedTexts(value, noClaims, { prefix: path, role })
    );
  }

  /** Elements of a paged list; less than its own `total` is noted. */
  #paged(list: unknown, key: string, each: (element: unknown, index: number) => void): void {
    const page = isObject(list) ? list : undefined;
    const elements = arrayOf(page?.[key]);
    for (let i = 0; i < elements.length; i++) each(elements[i], i);
    const total = page?.['total'];
    if (typeof total === 'number' && total > elements.length) this.#sink.note('incomplete');
  }

  #part(
    frame: IssueFrame,
    type: ExportRecord['type'],
    id: string,
    part: JsonObject,
    texts: RecordText[],
    more: Pick<ExportRecord, 'action' | 'permalink'> & { readonly revision?: ExportRecord['revision'] },
  ): void {
    const updater = this.mentions.user(part['updateAuthor'], frame.site);
    const actor = this.mentions.user(part['author'], frame.site) ?? updater;
    if (texts.length === 0) return;
    const created = fromIso(part['created']) ?? fromIso(part['started']);
    const isEdited = part['updated'] !== part['created'];
    const time = lifeTime(created, isEdited ? fromIso(part['updated']) : undefined);
    this.#sink.record(
      defined<ExportRecord>({
        place: frame.place,
        type,
        id,
        title: frame.title,
        thread: frame.key,
        actor,
        time,
        revision: { state: 'current' },
        ...more,
        texts,
        raw: frame.raw,
      }),
    );
  }
}

const commentMembers = new Set(['body', 'renderedBody', 'author', 'updateAuthor']);
const worklogMembers = new Set(['comment', 'author', 'updateAuthor']);
const attachmentMembers = new Set(['filename', 'content', 'author', 'thumbnail']);
const changeMembers = new Set(['items', 'author']);
const linkMembers = new Set(['type', 'inwardIssue', 'outwardIssue']);

/** Texts of a part that are not handled by name; mostly there are none, and the sweep is spared. */
function others(part: JsonObject, handled: ReadonlySet<string>, path: string): RecordText[] {
  const texts: RecordText[] = [];
  for (const key in part) {
    if (handled.has(key) || fieldNoise.has(key)) continue;
    const value = part[key];
    if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) continue;
    append(texts, unclaimedTexts({ [key]: value }, noClaims, { prefix: path, noise: fieldNoise }));
  }
  return texts;
}

function linked(permalink: JiraLink | undefined): { permalink?: JiraLink } {
  return permalink === undefined ? {} : { permalink };
}

function labelTexts(value: unknown): RecordText[] {
  const labels = arrayOf(value).filter((label) => typeof label === 'string');
  if (labels.length === 0) return [];
  return [{ text: labels.join('\n'), dialect: 'plain', field: { path: 'fields.labels', role: 'metadata' } }];
}

const commentPart = ['comment', 'comments', 'body'] as const;
const worklogPart = ['worklog', 'worklogs', 'comment'] as const;

/** What `renderedFields` has for the element at `index` of a paged list. */
function renderedPart(
  rendered: JsonObject | undefined,
  [field, list, member]: readonly [string, string, string],
  index: number,
): unknown {
  const page = rendered?.[field];
  const element = isObject(page) ? arrayOf(page[list])[index] : undefined;
  return isObject(element) ? element[member] : undefined;
}

function htmlTexts(html: unknown, path: string, role: FieldRole): RecordText[] {
  return typeof html === 'string' && html !== ''
    ? [{ text: html, dialect: 'html', field: { path, role } }]
    : [];
}

/** Version 3 of the API keeps rich text in documents, so that its strings have no markup. */
function isVersion3(self: unknown): boolean {
  return typeof self === 'string' && self.includes('/rest/api/3/');
}
