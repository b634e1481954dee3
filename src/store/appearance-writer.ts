/** Writes where contents stand. One row for each (content, place, type, path, item, commit, root). */
import type { Appearance } from '../model/appearance.js';
import { detailColumns, keyColumns } from './appearance-columns.js';
import { kindCode, typeCode } from './codes.js';
import type { Interner } from './interner.js';
import type { RootIds } from './root-writer.js';
import { RowLoader } from './row-loader.js';
import type { WriteSession } from './write-session.js';

const noItems: readonly string[] = [];

/** What names an appearance within a content and a root. */
function itemOf(appearance: Appearance): readonly string[] {
  if (appearance.type === 'git-text') return appearance.label === undefined ? noItems : [appearance.label];
  if (appearance.type !== 'record') return noItems;
  const { recordType, recordId, field, revision, revisionId } = appearance;
  const item = [recordType, recordId, field, revision];
  return revisionId === undefined ? item : [...item, revisionId];
}

/** Values of the natural key; equal keys in one root are one appearance, the most pressing kind wins. */
interface Key {
  readonly type: number;
  readonly path: number;
  readonly item: number;
  readonly about: number;
}

/** One of several appearances with a key. */
interface Chosen {
  readonly key: Key;
  appearance: Appearance;
}

/** As many are compared one by one, which takes less than to name them. */
const fewAppearances = 8;

function find(chosen: readonly Chosen[], { type, path, item, about }: Key): Chosen | undefined {
  for (const each of chosen) {
    const { key } = each;
    if (key.path === path && key.item === item && key.about === about && key.type === type) return each;
  }
  return undefined;
}

function nameOf({ type, path, item, about }: Key): string {
  return `${type} ${path} ${item} ${about}`;
}

function precedes(a: Appearance, b: Appearance): boolean {
  const difference = kindCode(a.locationKind) - kindCode(b.locationKind);
  return difference === 0 ? JSON.stringify(a) < JSON.stringify(b) : difference < 0;
}

const columns = [...keyColumns, ...detailColumns, 'first_scan', 'seen_scan'];

/** `condition` says when the details of a row that is there give way. */
function upsertSql(condition: string, rows: string): string {
  const set = detailColumns.map(
    (name) => `${name} = CASE WHEN ${condition} THEN excluded.${name} ELSE ${name} END`,
  );
  return `INSERT INTO appearance (${columns.join(', ')}) VALUES ${rows}
    ON CONFLICT DO UPDATE SET ${set.join(', ')}, seen_scan = max(seen_scan, excluded.seen_scan),
      vanished_scan = NULL`;
}

export class AppearanceWriter {
  readonly #interner: Interner;
  readonly #rows: RowLoader;

  /** @param whole a scan of part of a root knows less and must not make a head copy a staged one */
  constructor(session: WriteSession, interner: Interner, whole: boolean) {
    this.#interner = interner;
    const condition = whole ? '1' : 'vanished_scan IS NOT NULL OR excluded.kind <= kind';
    this.#rows = session.forgetful(
      new RowLoader(session.connection.db, columns.length, (rows) => upsertSql(condition, rows)),
    );
  }

  /** Writes the appearances that wait: before anything reads them and before the transaction ends. */
  settle(): void {
    this.#rows.settle();
  }

  /** Sets the appearances of one content in one root. */
  write(content: number, root: RootIds, appearances: readonly Appearance[], scan: number): void {
    const only = appearances[0];
    if (only !== undefined && appearances.length === 1) {
      this.#add(content, root, this.#keyOf(only), only, scan);
      return;
    }
    const chosen: Chosen[] = [];
    const byName = appearances.length > fewAppearances ? new Map<string, Chosen>() : undefined;
    for (const appearance of appearances) {
      const key = this.#keyOf(appearance);
      const other = byName?.get(nameOf(key)) ?? (byName === undefined ? find(chosen, key) : undefined);
      if (other === undefined) {
        const own = { key, appearance };
        chosen.push(own);
        byName?.set(nameOf(key), own);
      } else if (precedes(appearance, other.appearance)) other.appearance = appearance;
    }
    for (const { key, appearance } of chosen) this.#add(content, root, key, appearance, scan);
  }

  #keyOf(appearance: Appearance): Key {
    const isBlobOrFile = appearance.type === 'git-blob' || appearance.type === 'file';
    return {
      type: typeCode(appearance.type),
      path: isBlobOrFile ? this.#interner.path(appearance.path) : 0,
      item: this.#interner.list(itemOf(appearance)),
      about: appearance.type === 'git-text' ? this.#interner.commit(appearance.commit) : 0,
    };
  }

  #add(content: number, root: RootIds, key: Key, appearance: Appearance, scan: number): void {
    const interner = this.#interner;
    const blob = appearance.type === 'git-blob' ? appearance : undefined;
    const git = appearance.type === 'git-text' ? appearance : blob;
    const file = appearance.type === 'file' ? appearance : undefined;
    const record = appearance.type === 'record' ? appearance : undefined;
    this.#rows.add(
      content,
      root.place,
      key.type,
      key.path,
      key.item,
      key.about,
      root.root,
      kindCode(appearance.locationKind),
      interner.commit(blob?.introduced),
      interner.commit(blob?.removed),
      interner.list(git?.refs ?? noItems),
      git?.refCount ?? 0,
      file?.modified ?? null,
      file?.ignored === true ? 1 : 0,
      file?.tracked === true ? 1 : 0,
      interner.person(record?.author),
      record?.created ?? null,
      interner.term(record?.permalink),
      interner.term(record?.title),
      interner.term(record?.facts && JSON.stringify(record.facts)),
      scan,
      scan,
    );
  }
}
