/** Forms as readers need them, and which of several forms of one span counts. */
import type { Database } from 'better-sqlite3';
import { type Memo, memo } from './memo.js';

export interface FormRow {
  readonly id: number;
  /** Sorts the most telling form first. */
  readonly sort: string;
  readonly kind: string;
  readonly rule: string;
  readonly confidence: number;
  readonly reasons: string;
  readonly spelling: string;
  readonly view: string;
  readonly exact: number;
  readonly mark: string | null;
  readonly glob: number;
}

export function formReader(db: Database): Memo<number, FormRow> {
  const find = db.prepare<[number], FormRow>(
    `SELECT id, sort, kind, rule, confidence, reasons, spelling, view, exact, mark, path_glob AS glob
       FROM form WHERE id = ?`,
  );
  return memo((id) => {
    const row = find.get(id);
    if (row === undefined) throw new RangeError('no such form');
    return row;
  });
}

export interface GlobReader {
  /** Whether a path matches a glob, by row ids. */
  path(path: number, glob: number): boolean;
  /** Whether the innermost entry of a container chain does. */
  chain(chain: number, glob: number): boolean;
  /** Patterns that match a path, sorted. */
  patterns(path: number): readonly string[];
  forget(): void;
}

export function globReader(db: Database): GlobReader {
  const ofPath = db.prepare<[number], number>('SELECT glob FROM glob_path WHERE path = ?').pluck();
  const ofChain = db.prepare<[number], number>('SELECT glob FROM glob_chain WHERE chain = ?').pluck();
  const patternsOf = db
    .prepare<[number], string>(
      'SELECT g.pattern FROM glob_path m CROSS JOIN glob g ON g.id = m.glob WHERE m.path = ? ORDER BY g.pattern',
    )
    .pluck();
  const paths = memo((id: number) => ofPath.all(id));
  const chains = memo((id: number) => ofChain.all(id));
  const patterns = memo((id: number): readonly string[] => patternsOf.all(id));
  return {
    path: (path, glob) => paths(path).includes(glob),
    chain: (chain, glob) => chains(chain).includes(glob),
    patterns,
    forget: () => {
      for (const memory of [paths, chains, patterns]) memory.forget();
    },
  };
}

/** Whether a form counts for a sighting with this chain that stands at this path. */
export function counts(form: FormRow, path: number, chain: number, globs: GlobReader): boolean {
  if (form.glob === 0) return true;
  return chain === 0 ? globs.path(path, form.glob) : globs.chain(chain, form.glob);
}
