/**
 * Allow lists of other scanners as data: where they point, in whose words. Their rule names and types are not
 * ours, so an entry is matched by file, line and commit; entries without a line name a file as a whole.
 */

export const foreignFormats = ['.gitleaksignore', '.secrets.baseline'] as const;
export type ForeignFormat = (typeof foreignFormats)[number];

export interface ForeignAllow {
  readonly format: ForeignFormat;
  /** As written, `/` between parts, without a leading `./`. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** Rule id or type in the words of the tool. */
  readonly rule: string;
  /** Hex; absent: in any commit and in the work tree. */
  readonly commit?: string;
}

/** Where a finding stands, as far as foreign entries can tell. */
export interface ForeignSubject {
  readonly path: string;
  readonly line: number;
  readonly commit?: string;
}

export class ForeignAllowList {
  readonly #byPlace = new Map<string, ForeignAllow[]>();
  readonly size: number;

  constructor(entries: readonly ForeignAllow[]) {
    this.size = entries.length;
    for (const entry of entries) {
      const key = keyOf(entry);
      const there = this.#byPlace.get(key);
      if (there === undefined) this.#byPlace.set(key, [entry]);
      else there.push(entry);
    }
  }

  /** The entry that covers the finding, if any. */
  find(subject: ForeignSubject): ForeignAllow | undefined {
    const there = this.#byPlace.get(keyOf(subject)) ?? [];
    return there.find(({ commit }) => commit === undefined || commit === subject.commit);
  }
}

function keyOf(where: ForeignSubject): string {
  return `${where.line}\0${normalisePath(where.path)}`;
}

export function normalisePath(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
}
