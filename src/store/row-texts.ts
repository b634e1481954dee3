/** Reads interned rows back, each once per reader. */
import type { Database } from 'better-sqlite3';
import type { CommitFacts, PathName, Person } from '../model/appearance.js';
import { parseCommitId } from '../model/ids.js';

/** Remembers what `load` gave for an id, up to a bound; `caches` gets what is to be emptied. */
function remembering<Value>(
  caches: Map<number, unknown>[],
  load: (id: number) => Value,
): (id: number) => Value {
  const known = new Map<number, Value>();
  caches.push(known);
  return (id) => {
    let value = known.get(id);
    if (value === undefined) {
      value = load(id);
      if (known.size > 50_000) known.clear();
      known.set(id, value);
    }
    return value;
  };
}

export interface RowTexts {
  readonly term: (id: number) => string;
  readonly path: (id: number) => PathName;
  readonly list: (id: number) => readonly string[];
  readonly person: (id: number) => Person;
  readonly commit: (id: number) => CommitFacts;
  /** Start of a scan, RFC 3339 UTC. */
  readonly started: (scan: number) => string;
  /** Forgets all: texts may have been redacted or erased since. */
  forget(): void;
}

export function rowTexts(db: Database): RowTexts {
  const caches: Map<number, unknown>[] = [];
  const remembered = <Value>(load: (id: number) => Value): ((id: number) => Value) =>
    remembering(caches, load);
  const terms = db.prepare<[number], { text: string; bytes: Buffer }>(
    'SELECT text, bytes FROM term WHERE id = ?',
  );
  const lists = db.prepare<[number], string>('SELECT items FROM list WHERE id = ?').pluck();
  const people = db.prepare<[number], Person>('SELECT name, email FROM person WHERE id = ?');
  const commits = db.prepare<
    [number],
    { oid: Buffer; author: number; authorDate: string; committerDate: string }
  >(
    `SELECT oid, author, author_date AS authorDate, committer_date AS committerDate
       FROM commit_fact WHERE id = ?`,
  );
  const scans = db.prepare<[number], string>('SELECT started FROM scan WHERE id = ?').pluck();
  const path = remembered((id): PathName => {
    const row = terms.get(id);
    const text = row?.text ?? '';
    if (row === undefined || row.bytes.length === 0) return { text };
    return { text, bytes: row.bytes.toString('base64') };
  });
  const person = remembered((id): Person => people.get(id) ?? { name: '', email: '' });
  return {
    term: (id) => path(id).text,
    path,
    list: remembered((id) => JSON.parse(lists.get(id) ?? '[]') as string[]),
    person,
    commit: remembered((id): CommitFacts => {
      const row = commits.get(id);
      if (row === undefined) throw new RangeError('no such commit');
      const { oid, author, authorDate, committerDate } = row;
      return { id: parseCommitId(oid.toString('hex')), author: person(author), authorDate, committerDate };
    }),
    started: remembered((scan) => scans.get(scan) ?? ''),
    forget: () => {
      for (const cache of caches) cache.clear();
    },
  };
}
