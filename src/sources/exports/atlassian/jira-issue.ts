/** One issue as Jira's REST API gives it, to records: the issue, its comments, worklogs, attachments and changes. */
import type { FieldRole } from '../../../model/appearance.js';
import type { ExportRecord, RecordSink, RecordText } from '../contract.js';
import { defined } from '../defined.js';
import { noClaims, unclaimedTexts } from '../leaves.js';
import { isObject, type JsonObject } from '../object-texts.js';
import { fromIso } from '../times.js';
import { append } from './append.js';
import { siteOfBase } from './atlassian-site.js';
import { changeTexts } from './jira-changes.js';
import { type FieldNames, fieldNoise } from './jira-custom-fields.js';
import {
  attachmentMembers,
  changeMembers,
  commentMembers,
  fieldKinds,
  fieldTexts,
  type IssueFrame,
  otherTexts,
  richField,
  sweptTexts,
  worklogMembers,
} from './jira-field-texts.js';
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
import { arrayOf, idOf, issueTitle, stringOf } from './jira-values.js';
import { lifeTime } from './life-time.js';

type Raw = NonNullable<ExportRecord['raw']>;

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

  /** @param mentions takes what the issues repeat; absent: the sink does */
  constructor(sink: RecordSink, hint?: string, mentions?: JiraMentions) {
    this.#sink = sink;
    this.#hint = hint;
    this.#site = siteOfBase(hint);
    this.mentions = mentions ?? new JiraMentions(sink);
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
    const fields = isObject(issue['fields']) ? issue['fields'] : {};
    const project = isObject(fields['project']) ? fields['project']['name'] : undefined;
    this.inFrame(issue, this.frame(issue['key'] as string, issue['self'], project, raw), names);
  }

  /**
   * What the records of an issue have in common, without its title.
   *
   * @param project name of its project, if that is told
   */
  frame(key: string, self: unknown, project: unknown, raw: Raw | undefined): Omit<IssueFrame, 'title'> {
    const site = this.siteOf(self);
    return {
      key,
      site,
      place: this.mentions.place(site, projectKeyOf(key), project),
      raw,
      markup: isVersion3(self) ? 'plain' : 'jira-wiki',
    };
  }

  inFrame(issue: JsonObject, own: Omit<IssueFrame, 'title'>, names: FieldNames | undefined): void {
    const fields = isObject(issue['fields']) ? issue['fields'] : {};
    const frame: IssueFrame = { ...own, title: issueTitle(own.key, fields['summary']) };
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
    const texts = richField(comment['body'], `${path}.body`, 'comment', frame);
    append(texts, htmlTexts(rendered ?? comment['renderedBody'], `${path}.renderedBody`, 'comment'));
    append(texts, otherTexts(comment, commentMembers, path));
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
    const texts = richField(worklog['comment'], `${path}.comment`, 'comment', frame);
    append(texts, htmlTexts(rendered, `${path}.renderedComment`, 'comment'));
    append(texts, otherTexts(worklog, worklogMembers, path));
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
    append(texts, otherTexts(attachment, attachmentMembers, path));
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
    append(texts, otherTexts(change, changeMembers, `changelog.${id}`));
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
      append(
        fieldKinds.get(name) === 'rich' ? texts : others,
        fieldTexts(name, value, frame, names, this.mentions),
      );
    }
    for (const text of others) texts.push(text);
    return texts;
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
    append(texts, sweptTexts(value, member, isKnown ? undefined : member, frame.site, this.mentions));
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

function linked(permalink: JiraLink | undefined): { permalink?: JiraLink } {
  return permalink === undefined ? {} : { permalink };
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
