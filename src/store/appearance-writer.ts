/** Writes where contents stand. One row for each (content, place, type, path, item, commit, root). */
import type { Statement } from 'better-sqlite3';
import type { Appearance, CommitFacts, PathName, Person } from '../model/appearance.js';
import { kindCode, typeCode } from './codes.js';
import type { Interner } from './interner.js';
import type { RootIds } from './root-writer.js';
import type { WriteSession } from './write-session.js';

/** Every field that some type of appearance has; those of other types are undefined. */
interface Fields {
  readonly path?: PathName;
  readonly item: readonly string[];
  readonly about?: CommitFacts;
  readonly introduced?: CommitFacts;
  readonly removed?: CommitFacts;
  readonly refs: readonly string[];
  readonly refCount: number;
  readonly modified?: string;
  readonly ignored: boolean;
  readonly tracked: boolean;
  readonly author?: Person;
  readonly created?: string;
  readonly permalink?: string;
  readonly title?: string;
}

const noFields = { item: [], refs: [], refCount: 0, ignored: false, tracked: false } as const;

function fieldsOf(appearance: Appearance): Fields {
  switch (appearance.type) {
    case 'git-blob':
      return { ...noFields, ...appearance };
    case 'git-text': {
      const { commit, label, refs, refCount } = appearance;
      const about = commit === undefined ? {} : { about: commit };
      return { ...noFields, ...about, refs, refCount, item: label === undefined ? [] : [label] };
    }
    case 'file':
      return { ...noFields, ...appearance };
    case 'record': {
      const { recordType, recordId, field, revision } = appearance;
      return { ...noFields, ...appearance, item: [recordType, recordId, field, revision] };
    }
  }
}

/** Values of the natural key; equal keys in one root are one appearance, the most pressing kind wins. */
interface Key {
  readonly type: number;
  readonly path: number;
  readonly item: number;
  readonly about: number;
}

function precedes(a: Appearance, b: Appearance): boolean {
  const difference = kindCode(a.locationKind) - kindCode(b.locationKind);
  return difference === 0 ? JSON.stringify(a) < JSON.stringify(b) : difference < 0;
}

const columns = `content, place, type, path, item, about, root, kind, introduced, removed, refs, ref_count,
  modified, ignored, tracked, author, created, permalink, title, first_scan, seen_scan`;

const details = [
  'kind',
  'introduced',
  'removed',
  'refs',
  'ref_count',
  'modified',
  'ignored',
  'tracked',
  'author',
  'created',
  'permalink',
  'title',
];

/** `condition` says when the details of a row that is there give way. */
function upsertSql(condition: string): string {
  const set = details.map(
    (name) => `${name} = CASE WHEN ${condition} THEN excluded.${name} ELSE ${name} END`,
  );
  return `INSERT INTO appearance (${columns}) VALUES (${columns.replace(/\w+/g, '?')})
    ON CONFLICT DO UPDATE SET ${set.join(', ')}, seen_scan = max(seen_scan, excluded.seen_scan),
      vanished_scan = NULL`;
}

export class AppearanceWriter {
  readonly #interner: Interner;
  readonly #upsert: Statement;

  /** @param whole a scan of part of a root knows less and must not make a head copy a staged one */
  constructor(session: WriteSession, interner: Interner, whole: boolean) {
    this.#interner = interner;
    const condition = whole ? '1' : 'vanished_scan IS NOT NULL OR excluded.kind <= kind';
    this.#upsert = session.connection.db.prepare(upsertSql(condition));
  }

  /** Sets the appearances of one content in one root. */
  write(content: number, root: RootIds, appearances: readonly Appearance[], scan: number): void {
    const chosen = new Map<string, { key: Key; appearance: Appearance; fields: Fields }>();
    for (const appearance of appearances) {
      const fields = fieldsOf(appearance);
      const key: Key = {
        type: typeCode(appearance.type),
        path: this.#interner.path(fields.path),
        item: this.#interner.list(fields.item),
        about: this.#interner.commit(fields.about),
      };
      const name = `${key.type} ${key.path} ${key.item} ${key.about}`;
      const other = chosen.get(name);
      if (other === undefined || precedes(appearance, other.appearance)) {
        chosen.set(name, { key, appearance, fields });
      }
    }
    for (const { key, appearance, fields } of chosen.values()) {
      this.#upsert.run(
        content,
        root.place,
        key.type,
        key.path,
        key.item,
        key.about,
        root.root,
        kindCode(appearance.locationKind),
        this.#interner.commit(fields.introduced),
        this.#interner.commit(fields.removed),
        this.#interner.list(fields.refs),
        fields.refCount,
        fields.modified ?? null,
        fields.ignored ? 1 : 0,
        fields.tracked ? 1 : 0,
        this.#interner.person(fields.author),
        fields.created ?? null,
        this.#interner.term(fields.permalink),
        this.#interner.term(fields.title),
        scan,
        scan,
      );
    }
  }
}
