/**
 * Slackdump's archive as a SQLite database: the objects of the API as JSON, with where they belong beside them. Each run
 * adds what it fetched, so that former wordings of edited messages are still there.
 */
import type { ExportFile, ExportReader, ExportRecord, ReaderHints, RecordSink } from '../contract.js';
import { isObject, type JsonObject, stringOf } from '../object-texts.js';
import { type Database, openDatabase, type Row, type Table } from '../sqlite/database.js';
import { isDatabase } from '../sqlite/database-pages.js';
import { RepeatedMessages } from './database-messages.js';
import { MessageReader } from './message.js';
import { isMessage } from './message-shape.js';
import { workspacePlace } from './places.js';
import { conversationRecord, fileRecord, profileRecord } from './records.js';
import { TextList } from './text-list.js';
import { conversationOf, domainOfUrl, personOf, uploadsBeside, type Workspace } from './workspace.js';

const schema = /CREATE TABLE "?MESSAGE"?\s*\([\s\S]{1,2000}CHUNK_ID/;

export const slackdumpDatabase: ExportReader = {
  id: 'slack-slackdump-database',
  system: 'slack',
  label: 'Slackdump database',
  isNeverJson: true,
  most: 0.95,

  recognise({ head }) {
    return isDatabase(head) && schema.test(head.toString('latin1'))
      ? { score: 0.95, reason: 'a SQLite database with the tables of slackdump' }
      : undefined;
  },

  async read(file, sink, hints) {
    const database = await openDatabase(file, sink);
    if (database === undefined) return;
    const lists = readLists(database);
    const workspace = await workspaceIn(lists, file, hints);
    await new DatabaseReader(database, workspace, sink, hints).read(lists);
  },
};

/** A row by the names of its columns in lower case. */
type NamedRow = ReadonlyMap<string, Row['values'][number]>;

/** What names people, conversations and the workspace: read before all else. */
interface Lists {
  readonly people: ReadonlyMap<string, JsonObject>;
  readonly conversations: ReadonlyMap<string, JsonObject>;
  readonly workspaces: readonly NamedRow[];
}

/** People and conversations held. */
const maxListed = 200_000;

function readLists(database: Database): Lists {
  const latest = (name: string): ReadonlyMap<string, JsonObject> => {
    const objects = new Map<string, JsonObject>();
    for (const row of namedRows(database, name)) {
      const data = objectIn(row);
      const id = data && stringOf(data, 'id');
      // Rows of later runs come later.
      if (id !== undefined && (objects.size < maxListed || objects.has(id)))
        objects.set(id, data as JsonObject);
    }
    return objects;
  };
  return {
    people: latest('S_USER'),
    conversations: latest('CHANNEL'),
    workspaces: [...namedRows(database, 'WORKSPACE')].slice(-maxListed),
  };
}

async function workspaceIn(lists: Lists, file: ExportFile, hints: ReaderHints): Promise<Workspace> {
  const row = lists.workspaces.at(-1);
  const conversations = [...lists.conversations.values()].flatMap((item) => conversationOf(item) ?? []);
  return {
    tenant: textIn(row, 'team_id'),
    domain: domainOfUrl(hints.baseUrl) ?? domainOfUrl(row?.get('url')),
    people: new Map([...lists.people].map(([id, user]) => [id, personOf(user)])),
    conversations: new Map(conversations.map((one) => [one.id, one])),
    localFiles: await uploadsBeside(file),
    seenProfiles: new Set(),
  };
}

/** Tables that are read for what they hold; the others are swept. */
const read = new Set(['message', 'search_message', 'file', 'search_file', 'channel', 's_user', 'workspace']);
/** Columns that say where and when. */
const aside = /^(?:id|.*_dttm|.*_at|.*_ts|ts|idx|mode|num_.*|.*_id|is_applied|tstamp)$/;

class DatabaseReader {
  readonly #database: Database;
  readonly #workspace: Workspace;
  readonly #sink: RecordSink;
  readonly #hints: ReaderHints;
  readonly #messages: MessageReader;

  constructor(database: Database, workspace: Workspace, sink: RecordSink, hints: ReaderHints) {
    this.#database = database;
    this.#workspace = workspace;
    this.#sink = sink;
    this.#hints = hints;
    this.#messages = new MessageReader(workspace, sink, hints);
  }

  async read(lists: Lists): Promise<void> {
    const workspace = this.#workspace;
    for (const user of lists.people.values()) this.#give(profileRecord(user, workspace, this.#sink));
    for (const item of lists.conversations.values()) this.#conversation(item);
    for (const row of lists.workspaces) this.#setting('WORKSPACE', row, objectIn(row) ?? {});
    await this.#sink.drained();
    await this.#readMessages();
    for (const name of ['SEARCH_MESSAGE', 'FILE', 'SEARCH_FILE', ...this.#otherTables()])
      await this.#readTable(name);
    await this.#readLeft();
    this.#messages.end();
  }

  /** Tables beside those that are known, each with what no column of theirs is known to be. */
  #otherTables(): readonly string[] {
    return this.#database.tables
      .map(({ name }) => name)
      .filter((name) => !read.has(name.toLowerCase()) && !name.startsWith('sqlite_'));
  }

  async #readMessages(): Promise<void> {
    const table = this.#database.table('MESSAGE');
    if (table === undefined) return;
    const names = namesOf(table);
    const repeated = new RepeatedMessages();
    for (const rows of this.#database.rows(table))
      for (const { values } of rows) repeated.note(values[names.get('id') ?? -1]);
    for (const rows of this.#database.rows(table)) {
      for (const row of rows) {
        const named = nameRow(table, row);
        const chunk = named.get('chunk_id');
        if (!repeated.hold(named.get('id'), String(named.get('channel_id')), chunk, row))
          this.#message(named, row);
      }
      if (this.#sink.aborted) return;
      await this.#sink.drained();
    }
    for (const rows of repeated.byMessage()) this.#versions(rows.map((row) => [nameRow(table, row), row]));
  }

  /** Rows of one message, that of the latest run first: the wordings that it does not have are former ones. */
  #versions(rows: readonly (readonly [NamedRow, Row])[]): void {
    const known = new Set<string>();
    let isFirst = true;
    for (const [named, row] of rows) {
      const message = objectIn(named);
      const wording =
        message &&
        `${textIn(named, 'channel_id')}\n${JSON.stringify([message['text'], message['blocks'], message['attachments'], message['files'], message['edited']])}`;
      if (wording !== undefined && known.has(wording)) continue;
      if (wording !== undefined) known.add(wording);
      this.#message(named, row, isFirst ? undefined : `run ${String(named.get('chunk_id'))}`);
      isFirst = false;
    }
  }

  #message(named: NamedRow, { raw }: Row, formerly?: string): void {
    const message = objectIn(named);
    const channel = textIn(named, 'channel_id');
    if (message === undefined || !isMessage(message)) {
      this.#setting('MESSAGE', named, {});
      this.#sink.note('malformed');
      return;
    }
    const at = this.#messages.place(channel ?? 'unknown', textIn(named, 'channel_name'));
    if (formerly === undefined) this.#messages.read(message, at, raw);
    else this.#messages.readFormer(message, at, formerly, raw);
  }

  async #readTable(name: string): Promise<void> {
    const table = this.#database.table(name);
    if (table === undefined) return;
    for (const rows of this.#database.rows(table)) {
      for (const row of rows) this.#row(name, nameRow(table, row), row);
      if (this.#sink.aborted) return;
      await this.#sink.drained();
    }
  }

  #row(table: string, named: NamedRow, row: Row): void {
    if (table === 'SEARCH_MESSAGE') this.#message(named, row);
    else if (table === 'FILE' || table === 'SEARCH_FILE') this.#file(named, row);
    else this.#setting(table, named, {});
  }

  #file(named: NamedRow, { raw }: Row): void {
    const file = objectIn(named);
    const at = this.#messages.place(textIn(named, 'channel_id') ?? 'unknown');
    if (file === undefined || (at.isDirect && !this.#hints.includeDirect)) return;
    this.#give(fileRecord(file, this.#workspace, this.#sink, at), raw);
  }

  #conversation(item: JsonObject): void {
    const conversation = conversationOf(item);
    if (conversation === undefined || (conversation.kind !== 'channel' && !this.#hints.includeDirect)) return;
    this.#give(conversationRecord(item, conversation, this.#workspace, this.#sink));
  }

  /** Rows that lost their table, where the database is damaged: known by their JSON. */
  async #readLeft(): Promise<void> {
    for (const rows of this.#database.leftRows()) {
      for (const { values, raw } of rows) {
        const channel = values.find(
          (value) => typeof value === 'string' && /^[CGD][A-Z0-9]{6,16}$/.test(value),
        );
        for (const value of values) {
          const object = objectOf(value);
          const at = this.#messages.place(typeof channel === 'string' ? channel : 'unknown');
          if (isMessage(object)) this.#messages.read(object as JsonObject, at, raw);
        }
      }
      await this.#sink.drained();
    }
  }

  #setting(table: string, named: NamedRow, data: JsonObject): void {
    const out = new TextList(this.#sink);
    for (const [column, value] of named) {
      if (column === 'data' && Object.keys(data).length > 0) out.sweep('data', 'data', data, 'all');
      else if (typeof value === 'string' && !aside.test(column))
        out.add(column, 'metadata', value, 'plain', column);
      else if (Buffer.isBuffer(value)) out.add(column, 'metadata', value.toString('utf8'), 'plain');
    }
    if (out.texts.length === 0) return;
    this.#give({
      place: workspacePlace(this.#workspace),
      type: 'setting',
      id: `${table}/${String(named.get('id') ?? named.get('channel_id') ?? '')}`,
      revision: { state: 'current' },
      texts: out.texts,
    });
  }

  #give(record: ExportRecord | undefined, raw?: ExportRecord['raw']): void {
    if (record !== undefined) this.#sink.record({ ...record, ...(raw === undefined ? {} : { raw }) });
  }
}

function* namedRows(database: Database, name: string): Generator<NamedRow> {
  const table = database.table(name);
  if (table === undefined) return;
  for (const rows of database.rows(table)) for (const row of rows) yield nameRow(table, row);
}

function namesOf(table: Table): ReadonlyMap<string, number> {
  return new Map(table.stored.map((name, index) => [name.toLowerCase(), index]));
}

function nameRow(table: Table, { number, values }: Row): NamedRow {
  const named = new Map<string, Row['values'][number]>();
  for (let i = 0; i < values.length; i++)
    named.set(
      table.stored[i]?.toLowerCase() ?? `column ${i + 1}`,
      i === table.rowNumber ? number : values[i],
    );
  return named;
}

function textIn(row: NamedRow | undefined, column: string): string | undefined {
  const value = row?.get(column);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function objectIn(row: NamedRow): JsonObject | undefined {
  return objectOf(row.get('data'));
}

function objectOf(value: Row['values'][number]): JsonObject | undefined {
  if (typeof value !== 'string' && !Buffer.isBuffer(value)) return undefined;
  try {
    const object: unknown = JSON.parse(value.toString());
    return isObject(object) ? object : undefined;
  } catch {
    return undefined;
  }
}
