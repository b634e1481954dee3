/** Facts of public things, kept for secrets that may be found later (see `public_fact` in the schema). */
import type { Database, Statement } from 'better-sqlite3';
import type { PublicFact } from '../model/finding.js';
import type { Interner } from './interner.js';
import type { MergedIds } from './merge-places.js';
import type { HashText } from './store.js';
import type { WriteSession } from './write-session.js';

export class PublicFactWriter {
  readonly #interner: Interner;
  readonly #add: Statement<[Buffer, string, number, number]>;

  constructor(session: WriteSession, interner: Interner) {
    this.#interner = interner;
    this.#add = session.connection.db.prepare('INSERT OR IGNORE INTO public_fact VALUES (?, ?, ?, ?)');
  }

  /** @param hash for names that are not kept as text; absent: all are */
  write(root: number, facts: readonly PublicFact[], hash: HashText | undefined): void {
    for (const { about, attributes } of facts) {
      const target = Buffer.from(about, 'hex');
      for (const { name, text } of attributes) {
        this.#add.run(target, name, this.#interner.term(hash?.(name, text) ?? text), root);
      }
    }
  }
}

/** Copies the facts of another database. */
export function mergePublicFacts(
  ours: Database,
  theirs: Database,
  interner: Interner,
  roots: MergedIds['roots'],
  hash: HashText | undefined,
): void {
  const add = ours.prepare('INSERT OR IGNORE INTO public_fact VALUES (?, ?, ?, ?)');
  const rows = theirs.prepare<[], { target: Buffer; name: string; text: string; root: number }>(
    'SELECT f.target, f.name, t.text, f.root FROM public_fact f JOIN term t ON t.id = f.text',
  );
  for (const { target, name, text, root } of rows.iterate()) {
    const own = roots.get(root)?.root;
    if (own !== undefined) add.run(target, name, interner.term(hash?.(name, text) ?? text), own);
  }
}
