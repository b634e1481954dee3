/** Ids for records of exports that give them none: what lasts of a record, and a number where several share it. */

/** Keys remembered; records of one time follow each other, so that few are needed. */
const maxKeys = 10_000;

export class Ordinals {
  #counts = new Map<string, number>();
  /** Those of before, half of all that are remembered. */
  #older = new Map<string, number>();

  /**
   * `key` for the first record that has it, `key/2` for the next one.
   *
   * @param scope within which ids are to differ, e.g. the place
   */
  next(key: string, scope: string = ''): string {
    const scoped = `${scope}\n${key}`;
    if (this.#counts.size >= maxKeys / 2) {
      this.#older = this.#counts;
      this.#counts = new Map();
    }
    const before = this.#older.get(scoped);
    const count = (before ?? this.#counts.get(scoped) ?? 0) + 1;
    (before === undefined ? this.#counts : this.#older).set(scoped, count);
    return count === 1 ? key : `${key}/${count}`;
  }
}
