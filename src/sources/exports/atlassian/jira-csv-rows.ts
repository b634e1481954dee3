/** Rows of Jira's CSV to records: the issue, its comments, attachments and logged work. */
import type { ExportRecord, RecordActor, RecordPlace, RecordSink, RecordText } from '../contract.js';
import type { CsvRow } from '../csv-rows.js';
import { defined } from '../defined.js';
import { isNoise } from '../leaves.js';
import { recordTime } from '../times.js';
import { append } from './append.js';
import {
  type AttachmentCell,
  attachmentCell,
  commentCell,
  type DatedCell,
  worklogCell,
} from './jira-csv-cells.js';
import { type Column, type ColumnKind, keyColumnOf } from './jira-csv-columns.js';
import { jiraDate } from './jira-dates.js';
import { JiraMentions } from './jira-mentions.js';
import { isIssueKey, issueLink, type JiraSite, nearestLink, projectKeyOf, sitePlace } from './jira-site.js';
import { customDialect, issueTitle, richTexts, withoutJunk } from './jira-values.js';
import { lifeTime } from './life-time.js';

interface RowFrame {
  readonly key: string;
  readonly title: string;
  readonly place: RecordPlace;
  readonly row: CsvRow;
  /** Comments and the like that were made at one time by one person, to tell them apart. */
  readonly counts: Map<string, number>;
}

/** Columns in which the text of an issue itself stands, so that its shape means nothing. */
const proseKinds = new Set<ColumnKind>(['summary', 'rich']);
/** Columns about the project, equal in each of its rows. */
const projectKinds: readonly ColumnKind[] = ['project-name', 'project', 'project-url'];

export class JiraCsvRows {
  readonly #columns: readonly Column[];
  readonly #site: JiraSite;
  readonly #sink: RecordSink;
  readonly #mentions: JiraMentions;
  readonly #keyColumn: number;
  /** Names of people by account id, from rows that told both. */
  readonly #names = new Map<string, string>();
  readonly #unknown = new Set<string>();
  readonly #firstOfKind = new Map<ColumnKind, number>();
  readonly #firstOfHeader = new Map<string, number>();

  /** @param sample rows by which the column of keys is found when the header does not name it */
  constructor(columns: readonly Column[], sample: readonly CsvRow[], site: JiraSite, sink: RecordSink) {
    this.#columns = columns;
    this.#site = site;
    this.#sink = sink;
    this.#mentions = new JiraMentions(sink);
    for (const [i, { kind, header }] of columns.entries()) {
      if (!this.#firstOfKind.has(kind)) this.#firstOfKind.set(kind, i);
      if (!this.#firstOfHeader.has(header)) this.#firstOfHeader.set(header, i);
    }
    const named = this.#firstOfKind.get('key');
    const rows = sample.slice(0, 10).map(({ cells }) => cells);
    this.#keyColumn = named ?? keyColumnOf(rows);
  }

  row(row: CsvRow): void {
    const key = row.cells[this.#keyColumn];
    if (isIssueKey(key)) this.#issue(row, key);
    else this.#loose(row);
  }

  #issue(row: CsvRow, key: string): void {
    const summary = this.#cell(row, 'summary');
    const place = this.#mentions.place(this.#site, projectKeyOf(key), this.#cell(row, 'project-name'));
    const frame: RowFrame = { key, title: issueTitle(key, summary), place, row, counts: new Map() };
    this.#learnNames(row);
    this.#project(row, place);
    const first: RecordText[] = [];
    const others: RecordText[] = [];
    const parts: (() => void)[] = [];
    for (let i = 0; i < row.cells.length; i++) {
      const cell = row.cells[i];
      if (cell === undefined || cell === '' || i === this.#keyColumn) continue;
      const column = this.#columns[i] ?? { kind: 'unknown', header: `unknown column ${i + 1}` };
      if (projectKinds.includes(column.kind)) continue;
      const part = this.#partOf(column, cell, frame);
      if (part !== undefined) parts.push(part);
      else this.#text(column, cell, proseKinds.has(column.kind) ? first : others);
    }
    const time = lifeTime(
      jiraDate(this.#cell(row, 'created') ?? ''),
      jiraDate(this.#cell(row, 'updated') ?? ''),
    );
    const actor = this.#creator(row);
    const link = issueLink(this.#site, key);
    this.#sink.record(
      defined<ExportRecord>({
        place,
        type: 'issue',
        id: key,
        title: frame.title,
        actor,
        time,
        revision: { state: 'current' },
        permalink: link,
        action: 'edit',
        texts: [...first, ...others],
        raw: row.raw,
      }),
    );
    for (const part of parts) part();
  }

  /**
   * A comment, attachment or logged work. Headers do not tell for sure, since rows may be wider: beyond them, and under
   * unknown ones, the shape does.
   */
  #partOf(column: Column, cell: string, frame: RowFrame): (() => void) | undefined {
    const { kind, header } = column;
    const isOpen = kind === 'unknown' || frame.row.cells.length > this.#columns.length;
    if (proseKinds.has(kind) || !cell.includes(';')) return undefined;
    if (kind === 'attachment' || isOpen) {
      const attachment = attachmentCell(cell);
      if (attachment !== undefined) return () => this.#attachment(attachment, header, frame);
    }
    if (kind === 'worklog') {
      const worklog = worklogCell(cell);
      if (worklog !== undefined) return () => this.#part('worklog', worklog, header, frame);
    }
    if (kind === 'comment' || isOpen) {
      const comment = commentCell(cell);
      const isComment = comment !== undefined && (kind === 'comment' || comment.created !== undefined);
      if (isComment) return () => this.#part('comment', comment, header, frame);
    }
    return undefined;
  }

  #text(column: Column, cell: string, texts: RecordText[]): void {
    const { kind, header } = column;
    switch (kind) {
      case 'summary':
        texts.push({ text: cell, dialect: 'plain', field: { path: header, role: 'title' } });
        return;
      case 'rich':
        append(texts, richTexts(cell, header, 'description', 'jira-wiki') ?? []);
        return;
      case 'comment':
        append(texts, richTexts(cell, header, 'comment', 'jira-wiki') ?? []);
        return;
      case 'person-id':
        if (!accountId.test(cell)) this.#plain(column, cell, texts);
        return;
      case 'custom':
      case 'unknown':
        this.#field(column, cell, texts);
        return;
      default:
        this.#plain(column, cell, texts);
    }
  }

  /** A custom field, or a column of which nothing is known. */
  #field({ header, kind, label }: Column, cell: string, texts: RecordText[]): void {
    const text = withoutJunk(cell);
    if (text === '' || isNoise('', text) || jiraDate(text) !== undefined) return;
    const role = kind === 'custom' ? 'custom-field' : 'metadata';
    const name = label ?? (header.startsWith('unknown column ') ? undefined : header);
    append(texts, richTexts(text, header, role, customDialect(text), name) ?? []);
    if (kind !== 'unknown' || this.#unknown.has(header)) return;
    this.#unknown.add(header);
    this.#sink.unknownKey(header);
  }

  #plain({ header }: Column, cell: string, texts: RecordText[]): void {
    const text = withoutJunk(cell);
    if (text === '' || isNoise('', text) || jiraDate(text) !== undefined) return;
    texts.push({ text, dialect: 'plain', field: { path: header, role: 'metadata' } });
  }

  /** The project's own fields stand in each row. */
  #project(row: CsvRow, place: RecordPlace): void {
    const cells = projectKinds.map((kind) => this.#cell(row, kind));
    this.#mentions.setting('project', cells, place, () =>
      cells.flatMap((text, i): RecordText[] => {
        const path = this.#columns.find(({ kind }) => kind === projectKinds[i])?.header;
        return text === undefined || path === undefined
          ? []
          : [{ text, dialect: 'plain', field: { path, role: 'setting' } }];
      }),
    );
  }

  #attachment(cell: AttachmentCell, header: string, frame: RowFrame): void {
    const texts: RecordText[] = [
      { text: cell.text, dialect: 'plain', field: { path: `${header}.filename`, role: 'attachment-name' } },
      {
        text: cell.url,
        dialect: 'plain',
        field: { path: `${header}.url`, role: 'link' },
        ...(/[?&]token=/.test(cell.url) ? { artifact: true } : {}),
      },
    ];
    const id = cell.id ?? this.#idOf(cell, frame);
    this.#record('attachment', id, cell, frame, texts, 'purge-attachment');
    this.#sink.note('attachment-missing');
  }

  #part(type: 'comment' | 'worklog', cell: DatedCell, header: string, frame: RowFrame): void {
    const id = this.#idOf(cell, frame, type);
    const texts = richTexts(cell.text, header, 'comment', 'jira-wiki') ?? [];
    if (texts.length > 0) this.#record(type, id, cell, frame, texts, 'edit');
  }

  /** Comments have no id here: what tells them apart lasts as long as nobody writes twice in a minute. */
  #idOf(cell: DatedCell, frame: RowFrame, type = 'attachment'): string {
    const name = `${frame.key}/${cell.created?.text ?? cell.date}/${cell.author}`;
    const ordinal = (frame.counts.get(`${type}/${name}`) ?? 0) + 1;
    frame.counts.set(`${type}/${name}`, ordinal);
    return `${name}/${ordinal}`;
  }

  #record(
    type: ExportRecord['type'],
    id: string,
    cell: DatedCell,
    frame: RowFrame,
    texts: readonly RecordText[],
    action: NonNullable<ExportRecord['action']>,
  ): void {
    const actor = this.#actor(cell.author);
    const time = recordTime(cell.created);
    const link = nearestLink(this.#site, frame.key);
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
        permalink: link,
        action,
        texts,
        raw: frame.row.raw,
      }),
    );
  }

  /** A row without a key: what damage left of one. */
  #loose(row: CsvRow): void {
    const texts = row.cells.flatMap((cell, i): RecordText[] =>
      cell === '' || isNoise('', cell)
        ? []
        : [
            {
              text: cell,
              dialect: customDialect(cell),
              field: { path: `unknown column ${i + 1}`, role: 'metadata' },
            },
          ],
    );
    if (texts.length === 0) return;
    this.#sink.record(
      defined<ExportRecord>({
        place: sitePlace(this.#site),
        type: 'row',
        id: `row ${row.number}`,
        revision: { state: 'unknown' },
        texts,
        raw: row.raw,
      }),
    );
  }

  #creator(row: CsvRow): RecordActor | undefined {
    for (const role of ['Creator', 'Reporter']) {
      const name = this.#under(row, role);
      const id = this.#under(row, `${role} Id`);
      if (id !== undefined) return { id, ...(name === undefined ? {} : { name }), kind: 'user' };
      if (name !== undefined) return { id: name, name, kind: 'user' };
    }
    return undefined;
  }

  #actor(author: string): RecordActor | undefined {
    if (author === '') return undefined;
    const name = this.#names.get(author) ?? (accountId.test(author) ? undefined : author);
    return { id: author, ...(name === undefined ? {} : { name }), kind: 'user' };
  }

  #learnNames(row: CsvRow): void {
    if (row.cells.length > this.#columns.length || this.#names.size > maxNames) return;
    for (const role of ['Creator', 'Reporter', 'Assignee']) {
      const name = this.#under(row, role);
      const id = this.#under(row, `${role} Id`);
      if (name !== undefined && id !== undefined) this.#names.set(id, name);
    }
  }

  #cell(row: CsvRow, kind: ColumnKind): string | undefined {
    return row.cells[this.#firstOfKind.get(kind) ?? -1] || undefined;
  }

  #under(row: CsvRow, header: string): string | undefined {
    return row.cells[this.#firstOfHeader.get(header) ?? -1] || undefined;
  }
}

/** People whose names are remembered. */
const maxNames = 50_000;
const accountId = /^(?:\d{1,10}:)?(?:[0-9a-f]{24}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/i;
