/**
 * Joins the rows of a Jira backup to records. Comments stand before their issues, and items of changes far from both,
 * so that rows wait; what waits is bounded, and beyond that it is handed over with what is known.
 */
import type { ExportRecord, RecordSink, RecordText } from '../contract.js';
import { defined } from '../defined.js';
import { isNoise } from '../leaves.js';
import { fromIso } from '../times.js';
import { append } from './append.js';
import { settingTexts } from './confluence-texts.js';
import type { BackupNames } from './jira-backup-names.js';
import { type BackupRow, fieldOf, idOfRow, lengthOfRow } from './jira-backup-rows.js';
import { credentialsOf, itemTexts, otherTexts } from './jira-backup-texts.js';
import {
  commentLink,
  historyLink,
  issueLink,
  type JiraLink,
  nearestLink,
  projectKeyOf,
  projectPlace,
  sitePlace,
} from './jira-site.js';
import { customDialect, richTexts, withoutJunk } from './jira-values.js';
import { lifeTime } from './life-time.js';
import { ownCopy } from './own-copy.js';

/** Rows that belong to an issue, by the field that names it. */
const partEntities: ReadonlyMap<string, string> = new Map([
  ['Action', 'issue'],
  ['Worklog', 'issue'],
  ['ChangeGroup', 'issue'],
  ['CustomFieldValue', 'issue'],
  ['FileAttachment', 'issue'],
  ['Label', 'issue'],
  ['RemoteIssueLink', 'issueid'],
]);
/** Of these, those that become part of the issue's own record. */
const ownParts = new Set(['CustomFieldValue', 'Label', 'RemoteIssueLink']);
/** Rows that only say who may do what, or which rows belong together. */
const relations = new Set([
  'Membership',
  'UserAssociation',
  'NodeAssociation',
  'SchemePermissions',
  'NotificationInstance',
  'Notification',
  'OSCurrentStep',
  'OSHistoryStep',
  'OSWorkflowEntry',
  'OSPropertyEntry',
  'OSPropertyNumber',
  'OSPropertyDate',
  'IssueLink',
  'UserHistoryItem',
  'ProjectRoleActor',
  'SharePermissions',
  'ApplicationUser',
]);
const nothing: ReadonlySet<string> = new Set();
const settingFields = new Set(['value', 'json_value']);
const people = new Set(['User', 'ApplicationUser']);
/** Different texts kept of relations. */
const maxRelationTexts = 20_000;
interface PartFrame {
  readonly place: ExportRecord['place'];
  readonly thread: string;
  readonly title?: string;
  /** Key of the issue; undefined while only its number is known. */
  readonly key: string | undefined;
}

export class BackupRecords {
  readonly #sink: RecordSink;
  readonly #names: BackupNames;
  readonly #maxWaiting: number;
  #issues = new Map<string, BackupRow>();
  #parts = new Map<string, BackupRow[]>();
  #changes = new Map<string, BackupRow[]>();
  #settings: BackupRow[] = [];
  readonly #relationTexts = new Set<string>();
  #waiting = 0;

  /** @param maxWaiting characters of rows that may wait */
  constructor(sink: RecordSink, names: BackupNames, maxWaiting: number) {
    this.#sink = sink;
    this.#names = names;
    this.#maxWaiting = maxWaiting;
  }

  add(row: BackupRow): void {
    this.#names.learn(row);
    const owner = partEntities.get(row.entity);
    if (owner !== undefined) push(this.#parts, fieldOf(row, owner) ?? '', row);
    else if (row.entity === 'ChangeItem') push(this.#changes, fieldOf(row, 'group') ?? '', row);
    else if (row.entity === 'Issue') this.#issues.set(idOfRow(row), row);
    else if (relations.has(row.entity)) {
      this.#relation(row);
      return;
    } else this.#settings.push(row);
    this.#waiting += lengthOfRow(row);
    if (this.#waiting > this.#maxWaiting) for (const _record of this.#release());
  }

  /** Hands over all that waits. */
  async finish(): Promise<void> {
    let count = 0;
    for (const _record of this.#release()) {
      if (++count % 500 === 0) await this.#sink.drained();
      if (this.#sink.aborted) return;
    }
    if (this.#relationTexts.size === 0) return;
    const text = [...this.#relationTexts].join('\n');
    this.#sink.record({
      place: sitePlace(this.#names.site),
      type: 'setting',
      id: 'relations',
      revision: { state: 'current' },
      action: 'ask-admin',
      texts: [{ text, dialect: 'plain', field: { path: 'relations', role: 'setting' } }],
    });
  }

  /** Hands over what waits, one row a step. */
  *#release(): Generator<void> {
    const [settings, issues, parts, changes] = [this.#settings, this.#issues, this.#parts, this.#changes];
    this.#settings = [];
    this.#issues = new Map();
    this.#parts = new Map();
    this.#changes = new Map();
    this.#waiting = 0;
    for (const row of settings) yield this.#setting(row);
    for (const [id, row] of issues) yield this.#issue(row, parts.get(id) ?? []);
    for (const [issue, rows] of parts) {
      const frame = this.#frame(issue);
      const own = rows.filter((row) => ownParts.has(row.entity));
      if (!issues.has(issue) && own.length > 0) yield this.#looseParts(own, frame);
      for (const row of rows) {
        if (ownParts.has(row.entity)) continue;
        yield this.#part(row, frame, changes);
        if (row.entity === 'ChangeGroup') changes.delete(idOfRow(row));
      }
    }
    for (const [group, items] of changes) yield this.#looseChanges(group, items);
  }

  #frame(issueId: string): PartFrame {
    const issue = this.#names.issue(issueId);
    if (issue === undefined) return { place: sitePlace(this.#names.site), thread: issueId, key: undefined };
    return { place: this.#place(issue.key), thread: issue.key, title: issue.title, key: issue.key };
  }

  #place(key: string): ExportRecord['place'] {
    const project = projectKeyOf(key);
    return projectPlace(this.#names.site, project, this.#names.projectName(project));
  }

  #issue(row: BackupRow, parts: readonly BackupRow[]): void {
    const id = idOfRow(row);
    const issue = this.#names.issue(id);
    const texts: RecordText[] = [];
    const summary = fieldOf(row, 'summary');
    if (summary !== undefined)
      texts.push({ text: summary, dialect: 'plain', field: { path: 'fields.summary', role: 'title' } });
    for (const name of ['description', 'environment'])
      append(texts, richTexts(row.fields.get(name), `fields.${name}`, 'description', 'jira-wiki') ?? []);
    for (const part of parts) if (ownParts.has(part.entity)) append(texts, this.#ownTexts(part));
    append(texts, otherTexts(row, new Set(['summary', 'description', 'environment']), 'fields.'));
    const actor = this.#names.actor(fieldOf(row, 'creator', 'reporter'));
    const time = lifeTime(fromIso(fieldOf(row, 'created')), fromIso(fieldOf(row, 'updated')));
    const link = issue === undefined ? undefined : issueLink(this.#names.site, issue.key);
    this.#sink.record(
      defined<ExportRecord>({
        place: issue === undefined ? sitePlace(this.#names.site) : this.#place(issue.key),
        type: 'issue',
        id: issue?.key ?? id,
        ...(issue === undefined ? {} : { title: issue.title }),
        actor,
        time,
        revision: { state: 'current' },
        ...linked(link),
        action: 'edit',
        texts,
        raw: row.raw,
      }),
    );
  }

  /** Texts of a custom field's value, a label or a link, which belong to the issue itself. */
  #ownTexts(part: BackupRow): RecordText[] {
    if (part.entity !== 'CustomFieldValue') {
      const role = part.entity === 'RemoteIssueLink' ? 'link' : 'metadata';
      return otherTexts(part, nothing, `${part.entity}.`).map((text) => ({
        ...text,
        field: { ...text.field, role },
      }));
    }
    const id = fieldOf(part, 'customfield') ?? '';
    const label = this.#names.fieldName(id);
    return ['textvalue', 'stringvalue', 'jsonvalue'].flatMap((name) => {
      const text = withoutJunk(fieldOf(part, name) ?? '');
      if (isNoise('', text)) return [];
      const path = `fields.customfield_${id.replace(/^customfield_/, '')}`;
      return richTexts(text, path, 'custom-field', customDialect(text), label) ?? [];
    });
  }

  #part(row: BackupRow, frame: PartFrame, changes: ReadonlyMap<string, readonly BackupRow[]>): void {
    const id = idOfRow(row);
    const { key } = frame;
    const { site } = this.#names;
    switch (row.entity) {
      case 'ChangeGroup': {
        const texts = (changes.get(id) ?? []).flatMap((item, i) => itemTexts(item, i, id));
        this.#record(row, frame, 'change', texts, {
          ...linked(key === undefined ? undefined : historyLink(site, key)),
          revision: { state: 'previous', id },
          action: 'ask-admin',
        });
        break;
      }
      case 'FileAttachment': {
        const texts = otherTexts(row, nothing, 'attachment.').map((text) =>
          text.field.path === 'attachment.filename'
            ? { ...text, field: { ...text.field, role: 'attachment-name' as const } }
            : text,
        );
        this.#record(row, frame, 'attachment', texts, {
          ...linked(key === undefined ? undefined : nearestLink(site, key)),
          action: 'purge-attachment',
        });
        break;
      }
      default: {
        const isComment = row.entity === 'Action';
        const texts = richTexts(row.fields.get('body'), 'body', 'comment', 'jira-wiki') ?? [];
        append(texts, otherTexts(row, new Set(['body', 'type']), ''));
        const link =
          key === undefined ? undefined : isComment ? commentLink(site, key, id) : nearestLink(site, key);
        this.#record(row, frame, isComment ? 'comment' : 'worklog', texts, {
          ...linked(link),
          action: 'edit',
        });
      }
    }
  }

  #record(
    row: BackupRow,
    frame: PartFrame,
    type: ExportRecord['type'],
    texts: readonly RecordText[],
    more: Pick<ExportRecord, 'action' | 'permalink'> & { readonly revision?: ExportRecord['revision'] },
  ): void {
    if (texts.length === 0) return;
    if (frame.key === undefined) this.#sink.note('incomplete');
    const actor = this.#names.actor(fieldOf(row, 'author'));
    const time = lifeTime(fromIso(fieldOf(row, 'created')), fromIso(fieldOf(row, 'updated')));
    this.#sink.record(
      defined<ExportRecord>({
        place: frame.place,
        type,
        id: idOfRow(row),
        title: frame.title,
        thread: frame.thread,
        actor,
        time,
        revision: { state: 'current' },
        ...more,
        texts,
        raw: row.raw,
      }),
    );
  }

  /** Field values whose issue was handed over before them, or is not there. */
  #looseParts(rows: readonly BackupRow[], frame: PartFrame): void {
    const texts = rows.flatMap((row) => this.#ownTexts(row));
    if (texts.length === 0) return;
    if (frame.key === undefined) this.#sink.note('incomplete');
    const link = frame.key === undefined ? undefined : issueLink(this.#names.site, frame.key);
    this.#sink.record(
      defined<ExportRecord>({
        place: frame.place,
        type: 'issue',
        id: frame.thread,
        title: frame.title,
        revision: { state: 'current' },
        ...linked(link),
        action: 'edit',
        texts,
        ...(rows[0] === undefined ? {} : { raw: rows[0].raw }),
      }),
    );
  }

  /** Items of a change that was handed over before them, or is not there. */
  #looseChanges(group: string, items: readonly BackupRow[]): void {
    const texts = items.flatMap((item, i) => itemTexts(item, i, group));
    if (texts.length === 0) return;
    this.#sink.note('incomplete');
    this.#sink.record({
      place: sitePlace(this.#names.site),
      type: 'change',
      id: group,
      revision: { state: 'previous', id: group },
      action: 'ask-admin',
      texts,
      ...(items[0] === undefined ? {} : { raw: items[0].raw }),
    });
  }

  #setting(row: BackupRow): void {
    const texts: RecordText[] = [];
    const isPerson = people.has(row.entity);
    const own = credentialsOf(row.entity);
    const value = fieldOf(row, 'value', 'json_value');
    const name = this.#names.property(idOfRow(row)) ?? fieldOf(row, 'propertyKey', 'name') ?? '';
    const isSetting = value !== undefined && own.length === 0;
    if (isSetting) append(texts, settingTexts(value, 'value', name));
    append(texts, otherTexts(row, isSetting ? settingFields : nothing, '', own));
    if (texts.length === 0) return;
    const project =
      row.entity === 'Project' ? fieldOf(row, 'key') : this.#names.projectKey(fieldOf(row, 'project'));
    const { site } = this.#names;
    this.#sink.record({
      place:
        project === undefined
          ? sitePlace(site)
          : projectPlace(site, project, this.#names.projectName(project)),
      type: isPerson ? 'profile' : 'setting',
      id: row.entity === 'Project' ? 'project' : `${row.entity}/${idOfRow(row)}`,
      ...(name === '' ? {} : { title: name }),
      revision: { state: 'current' },
      action: 'ask-admin',
      texts,
      raw: row.raw,
    });
  }

  #relation(row: BackupRow): void {
    for (const { text } of otherTexts(row, nothing, ''))
      if (this.#relationTexts.size < maxRelationTexts) this.#relationTexts.add(ownCopy(text));
  }
}

function linked(permalink: JiraLink | undefined): { permalink?: JiraLink } {
  return permalink === undefined ? {} : { permalink };
}

function push(map: Map<string, BackupRow[]>, key: string, row: BackupRow): void {
  const rows = map.get(key);
  if (rows === undefined) map.set(key, [row]);
  else rows.push(row);
}
