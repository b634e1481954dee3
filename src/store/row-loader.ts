/** Adds rows of one table several at a time: ten rows in one statement take two thirds of what ten statements take. */
import type { Database, Statement } from 'better-sqlite3';

/** Values that one statement takes. More gain nothing, and the rest of a batch goes row by row. */
const mostValues = 160;

export class RowLoader {
  readonly #db: Database;
  readonly #width: number;
  readonly #sql: (rows: string) => string;
  /** Values of the rows that wait, one row behind the other. */
  #values: unknown[] = [];
  readonly #full: number;
  #many: Statement | undefined;
  #one: Statement | undefined;

  /** @param sql the statement, given its rows: `(?, ?), (?, ?)` */
  constructor(db: Database, width: number, sql: (rows: string) => string) {
    this.#db = db;
    this.#width = width;
    this.#sql = sql;
    this.#full = Math.floor(mostValues / width) * width;
  }

  /** Adds a row with the next chance: at the latest when {@link settle} is called, in the order of adding. */
  add(...row: readonly unknown[]): void {
    if (this.#values.push(...row) < this.#full) return;
    this.#many ??= this.#prepare(this.#full / this.#width);
    this.#many.run(...this.#values);
    this.clear();
  }

  /** Adds what waits: before the table is read and before the transaction ends. */
  settle(): void {
    if (this.#values.length === 0) return;
    this.#one ??= this.#prepare(1);
    for (let at = 0; at < this.#values.length; at += this.#width) {
      this.#one.run(...this.#values.slice(at, at + this.#width));
    }
    this.clear();
  }

  /** Forgets what waits: the transaction that it belonged to was rolled back. */
  clear(): void {
    this.#values = [];
  }

  #prepare(rows: number): Statement {
    const row = `(${Array.from({ length: this.#width }, () => '?').join(', ')})`;
    return this.#db.prepare(this.#sql(Array.from({ length: rows }, () => row).join(', ')));
  }
}
