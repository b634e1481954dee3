/** Interns what many findings have in common: verdict and spelling. */
import type { Statement } from 'better-sqlite3';
import type { Finding } from '../model/finding.js';
import { confidenceCode } from './codes.js';
import type { Interner } from './interner.js';
import type { IdCache, WriteSession } from './write-session.js';

export type FormFacts = Pick<
  Finding,
  'kind' | 'rule' | 'confidence' | 'reasons' | 'spelling' | 'view' | 'exact' | 'mark' | 'pathCondition'
>;

/** The rule of bare copies: any other label tells more. */
const sweepRule = 'known-value';

/**
 * Sorts forms of one span: what counts (medium or higher) first, then a detector's verdict before the
 * sweep's, a provider's kind before a generic one, then the more certain; the rest only makes it total.
 */
function sortKey(form: FormFacts): string {
  const confidence = confidenceCode(form.confidence);
  const isSwept = form.rule === sweepRule ? 1 : 0;
  const isGeneric = form.kind.startsWith('generic-') ? 1 : 0;
  const rank = `${confidence === 0 ? 1 : 0}${isSwept}${isGeneric}${9 - confidence}`;
  // Words and ids hold no control character, so a separator keeps different forms different.
  const view = `${form.view} ${form.exact ? 0 : 1}`;
  const limits = `${form.mark?.marker ?? ''}\t${form.pathCondition ?? ''}`;
  return `${rank} ${form.kind}\t${form.rule}\t${view}\t${form.spelling.join('+')}\t${form.reasons.join(' ')}\t${limits}`;
}

function sameItems(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((item, i) => item === b[i]));
}

/** Whether two forms are one, without the text of either. */
function isSame(a: FormFacts, b: FormFacts): boolean {
  return (
    a.confidence === b.confidence &&
    a.kind === b.kind &&
    a.exact === b.exact &&
    a.view === b.view &&
    a.mark?.marker === b.mark?.marker &&
    a.pathCondition === b.pathCondition &&
    sameItems(a.reasons, b.reasons) &&
    sameItems(a.spelling, b.spelling)
  );
}

/** Only what a form is made of, so that no finding is kept alive. */
function factsOf(form: FormFacts): FormFacts {
  const { kind, rule, confidence, reasons, spelling, view, exact, mark, pathCondition } = form;
  const facts = { kind, rule, confidence, reasons, spelling, view, exact };
  return {
    ...facts,
    ...(mark === undefined ? {} : { mark }),
    ...(pathCondition === undefined ? {} : { pathCondition }),
  };
}

interface KnownForm {
  readonly facts: FormFacts;
  readonly id: number;
}

/** Most forms of one rule that are compared one by one. */
const maxKnownForms = 64;

export class FormWriter {
  readonly #interner: Interner;
  /** By rule, the latest first. */
  readonly #known: IdCache<readonly KnownForm[]>;
  readonly #find: Statement<[string], number>;
  readonly #add: Statement;

  constructor(session: WriteSession, interner: Interner) {
    const { db } = session.connection;
    this.#interner = interner;
    this.#known = session.cache();
    this.#find = db.prepare<[string], number>('SELECT id FROM form WHERE sort = ?').pluck();
    this.#add = db.prepare(
      `INSERT INTO form (sort, kind, rule, confidence, reasons, spelling, view, exact, mark, path_glob)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  write(form: FormFacts): number {
    const known = this.#known.get(form.rule);
    if (known !== undefined) for (const { facts, id } of known) if (isSame(facts, form)) return id;
    const id = this.#idOf(form);
    this.#known.set(form.rule, [{ facts: factsOf(form), id }, ...(known ?? [])].slice(0, maxKnownForms));
    return id;
  }

  #idOf(form: FormFacts): number {
    const sort = sortKey(form);
    const id = this.#find.get(sort);
    if (id !== undefined) return id;
    const added = this.#add.run(
      sort,
      form.kind,
      form.rule,
      confidenceCode(form.confidence),
      JSON.stringify(form.reasons),
      form.spelling.join('+'),
      form.view,
      form.exact ? 1 : 0,
      form.mark?.marker ?? null,
      this.#interner.glob(form.pathCondition),
    );
    return Number(added.lastInsertRowid);
  }
}
