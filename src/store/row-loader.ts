/** Adds rows of one table several at a time: ten rows in one statement take two thirds of what ten statements take. */
import type { Database, Statement } from 'better-sqlite3';

/** Rows of one statement, falling: what waits at the end of a batch goes by the largest that fit. */
const sizes = [32, 8, 1] as const;

export class RowLoader {
  readonly #db: Database;
  readonly #width: number;
  readonly #sql: (rows: string) => string;
  /** Values of the rows that wait, one row behind the other. */
  readonly #values: unknown[] = [];
  readonly #full: number;
  readonly #statements = new Map<number, Statement>();

  /** @param sql the statement, given its rows: `(?, ?), (?, ?)` */
  constructor(db: Database, width: number, sql: (rows: string) => string) {
    this.#db = db;
    this.#width = width;
    this.#sql = sql;
    this.#full = sizes[0] * width;
  }

  /** Adds a row with the next chance: at the latest when {@link settle} is called, in the order of adding. */
  add(...row: readonly unknown[]): void {
    const values = this.#values;
    for (const value of row) values.push(value);
    if (values.length < this.#full) return;
    this.#statement(sizes[0]).run(...values);
    this.clear();
  }

  /** Adds what waits: before the table is read and before the transaction ends. */
  settle(): void {
    const values = this.#values;
    for (let at = 0; at < values.length; ) {
      const rows = (values.length - at) / this.#width;
      const size = sizes.find((each) => each <= rows) as number;
      const end = at + size * this.#width;
      this.#statement(size).run(...values.slice(at, end));
      at = end;
    }
    this.clear();
  }

  /** Forgets what waits: the transaction that it belonged to was rolled back. */
  clear(): void {
    this.#values.length = 0;
  }

  #statement(rows: number): Statement {
    const known = this.#statements.get(rows);
    if (known !== undefined) return known;
    const row = `(${Array.from({ length: this.#width }, () => '?').join(', ')})`;
    const made = this.#db.prepare(this.#sql(Array.from({ length: rows }, () => row).join(', ')));
    this.#statements.set(rows, made);
    return made;
  }
}
