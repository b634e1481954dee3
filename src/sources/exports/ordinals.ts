/** Ids for records of exports that give them none: what lasts of a record, and a number where several share it. */

/** Keys remembered; records of one time follow each other, so that few are needed. */
const maxKeys = 10_000;

export class Ordinals {
  #counts = new Map<string, number>();

  /**
   * `key` for the first record that has it, `key/2` for the next one.
   *
   * @param scope within which ids are to differ, e.g. the place
   */
  next(key: string, scope: string = ''): string {
    const scoped = `${scope}\n${key}`;
    if (this.#counts.size >= maxKeys) this.#counts = new Map([...this.#counts].slice(maxKeys / 2));
    const count = (this.#counts.get(scoped) ?? 0) + 1;
    this.#counts.set(scoped, count);
    return count === 1 ? key : `${key}/${count}`;
  }
}
