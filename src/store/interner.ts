/** Row ids of interned things: texts, lists, people, commits, globs, analyses. 0 means none. */
import type { Statement } from 'better-sqlite3';
import type { CommitFacts, PathName, Person } from '../model/appearance.js';
import { compileGlob } from './glob.js';
import type { IdCache, WriteSession } from './write-session.js';

/** @param also what else tells the row, where columns have their defaults */
function sqlFor(table: string, columns: readonly string[], also = ''): { insert: string; find: string } {
  const marks = columns.map(() => '?').join(', ');
  const where = columns.map((column) => `${column} = ?`).join(' AND ');
  return {
    insert: `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks}) ON CONFLICT DO NOTHING`,
    find: `SELECT id FROM ${table} WHERE ${where}${also}`,
  };
}

/** Tables of interned things with the columns that name a row. */
const internedSql = {
  text: sqlFor('term', ['text'], " AND bytes = x''"),
  term: sqlFor('term', ['text', 'bytes']),
  list: sqlFor('list', ['items']),
  person: sqlFor('person', ['name', 'email']),
  glob: sqlFor('glob', ['pattern']),
  analysis: sqlFor('analysis', ['name']),
} as const;
type InternedTable = keyof typeof internedSql;

interface GlobTest {
  readonly id: number;
  readonly matches: (path: string) => boolean;
}

/** Looks an id up, adding the row when it is new. Call it inside a write transaction only. */
export class Interner {
  readonly #session: WriteSession;
  readonly #terms: IdCache<number>;
  readonly #paths: IdCache<number>;
  readonly #lists: IdCache<number>;
  readonly #singles: IdCache<number>;
  readonly #people: IdCache<number>;
  readonly #commits: IdCache<number>;
  readonly #globs: IdCache<number>;
  readonly #globTests: IdCache<readonly GlobTest[]>;
  readonly #analyses: IdCache<number>;

  constructor(session: WriteSession) {
    this.#session = session;
    this.#terms = session.cache();
    this.#paths = session.cache();
    this.#lists = session.cache();
    this.#singles = session.cache();
    this.#people = session.cache();
    this.#commits = session.cache();
    this.#globs = session.cache();
    this.#globTests = session.cache();
    this.#analyses = session.cache();
  }

  readonly #statements = new Map<string, Statement>();
  readonly #adders: { [table in InternedTable]?: Statement } = {};

  #prepared(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#session.connection.db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #adding(table: InternedTable): Statement {
    this.#adders[table] ??= this.#session.connection.db.prepare(internedSql[table].insert);
    return this.#adders[table];
  }

  /** Id of the row with these key values; `added` runs when it is new. */
  #idOf(table: InternedTable, values: readonly unknown[], added?: (id: number) => void): number {
    // Most texts that are not in a cache are new, so the attempt to add costs less than asking first.
    const { changes, lastInsertRowid } = this.#adding(table).run(...values);
    if (changes === 0) return this.#prepared(internedSql[table].find).pluck().get(values) as number;
    const id = Number(lastInsertRowid);
    added?.(id);
    return id;
  }

  term(text: string | undefined): number {
    if (text === undefined || text === '') return 0;
    let id = this.#terms.get(text);
    if (id === undefined) {
      id = this.#idOf('text', [text]);
      this.#terms.set(text, id);
    }
    return id;
  }

  /** A path: as {@link term}, and matched against all globs. */
  path(path: PathName | undefined): number {
    if (path === undefined) return 0;
    const key = path.bytes === undefined ? path.text : `${path.text}\0${path.bytes}`;
    let id = this.#paths.get(key);
    if (id === undefined) {
      id =
        path.bytes === undefined
          ? this.#idOf('text', [path.text])
          : this.#idOf('term', [path.text, Buffer.from(path.bytes, 'base64')]);
      this.matchPath(id, path.text);
      this.#paths.set(key, id);
    }
    return id;
  }

  matchPath(id: number, text: string): void {
    for (const glob of this.#tests()) {
      if (glob.matches(text)) {
        this.#prepared('INSERT OR IGNORE INTO glob_path (path, glob) VALUES (?, ?)').run(id, glob.id);
      }
    }
  }

  list(items: readonly string[]): number {
    if (items.length === 0) return 0;
    // Most lists have one item, which is its own key.
    const single = items.length === 1 ? (items[0] as string) : undefined;
    const known = single === undefined ? this.#lists : this.#singles;
    const key = single ?? JSON.stringify(items);
    let id = known.get(key);
    if (id === undefined) {
      id = this.#idOf('list', [JSON.stringify(items)], (added) => this.matchChain(added, items));
      known.set(key, id);
    }
    return id;
  }

  matchChain(id: number, items: readonly string[]): void {
    const innermost = items.at(-1) ?? '';
    for (const glob of this.#tests()) {
      if (glob.matches(innermost)) {
        this.#prepared('INSERT OR IGNORE INTO glob_chain (chain, glob) VALUES (?, ?)').run(id, glob.id);
      }
    }
  }

  #tests(): readonly GlobTest[] {
    let tests = this.#globTests.get('');
    if (tests === undefined) {
      const rows = this.#prepared('SELECT id, pattern FROM glob WHERE id > 0').all() as {
        id: number;
        pattern: string;
      }[];
      tests = rows.map((row) => ({ id: row.id, matches: compileGlob(row.pattern) }));
      this.#globTests.set('', tests);
    }
    return tests;
  }

  /** A glob; a new one is matched against all paths and chains that are there. */
  glob(pattern: string | undefined): number {
    if (pattern === undefined || pattern === '') return 0;
    let id = this.#globs.get(pattern);
    if (id === undefined) {
      id = this.#idOf('glob', [pattern], (added) => this.#matchAll(added, pattern));
      this.#globs.set(pattern, id);
    }
    return id;
  }

  #matchAll(id: number, pattern: string): void {
    this.#globTests.clear();
    const matches = compileGlob(pattern);
    // All texts, not only those that are paths by now: a path may just have been interned.
    const paths = this.#prepared('SELECT id, text FROM term WHERE id > 0');
    const addPath = this.#prepared('INSERT OR IGNORE INTO glob_path (path, glob) VALUES (?, ?)');
    for (const row of paths.all() as { id: number; text: string }[]) {
      if (matches(row.text)) addPath.run(row.id, id);
    }
    const chains = this.#prepared('SELECT id, items FROM list WHERE id > 0');
    const addChain = this.#prepared('INSERT OR IGNORE INTO glob_chain (chain, glob) VALUES (?, ?)');
    for (const row of chains.all() as { id: number; items: string }[]) {
      if (matches((JSON.parse(row.items) as string[]).at(-1) ?? '')) addChain.run(row.id, id);
    }
  }

  person(person: Person | undefined): number {
    if (person === undefined) return 0;
    const key = `${person.name}\0${person.email}`;
    let id = this.#people.get(key);
    if (id === undefined) {
      id = this.#idOf('person', [person.name, person.email]);
      this.#people.set(key, id);
    }
    return id;
  }

  commit(commit: CommitFacts | undefined): number {
    if (commit === undefined) return 0;
    let id = this.#commits.get(commit.id);
    if (id === undefined) {
      const oid = Buffer.from(commit.id, 'hex');
      const found = this.#prepared('SELECT id, committer_date FROM commit_fact WHERE oid = ?')
        .raw()
        .get(oid) as [number, string] | undefined;
      id = found?.[0] ?? this.#addCommit(oid, commit);
      // A report of another tool knows less of a commit than the repository does.
      if (found?.[1] === '' && commit.committerDate !== '') this.#completeCommit(id, commit);
      this.#commits.set(commit.id, id);
    }
    return id;
  }

  #addCommit(oid: Buffer, { author, authorDate, committerDate }: CommitFacts): number {
    const insert = this.#prepared(
      'INSERT INTO commit_fact (oid, author, author_date, committer_date) VALUES (?, ?, ?, ?)',
    );
    return Number(insert.run(oid, this.person(author), authorDate, committerDate).lastInsertRowid);
  }

  #completeCommit(id: number, { author, authorDate, committerDate }: CommitFacts): void {
    this.#prepared('UPDATE commit_fact SET author = ?, author_date = ?, committer_date = ? WHERE id = ?').run(
      this.person(author),
      authorDate,
      committerDate,
      id,
    );
  }

  analysis(name: string): number {
    let id = this.#analyses.get(name);
    if (id === undefined) {
      id = this.#idOf('analysis', [name]);
      this.#analyses.set(name, id);
    }
    return id;
  }
}
