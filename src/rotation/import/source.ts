/**
 * One imported file while it is read: its text, where its lines begin, and what is wrong with it. Faults name places and
 * keys and never repeat what the file says, for that may be a secret in the wrong field.
 */

/** Stable codes of what can be wrong. */
export const importFaultCodes = [
  'IMPORT_UNREADABLE',
  'IMPORT_INVALID',
  'IMPORT_UNKNOWN_KEY',
  'IMPORT_DUPLICATE',
  'IMPORT_INCONSISTENT',
  'IMPORT_SECRET_VALUE',
] as const;
export type ImportFaultCode = (typeof importFaultCodes)[number];

export interface ImportFault {
  readonly file: string;
  /** Both from 1; columns count code points. */
  readonly line: number;
  readonly column: number;
  readonly code: ImportFaultCode;
  readonly message: string;
}

/** Most faults of one file that are kept: the rest follows from the first, or is the same again. */
const mostFaults = 200;

/** A word that somebody mistyped, hardly a secret: letters and few of them. */
const plainName = /^[A-Za-z]+(?:[_-][A-Za-z]+)*$/;

/** Name of a key as it may be shown: what was pasted into the wrong place is not repeated. */
export function shownKey(name: string): string {
  return name.length <= 32 && plainName.test(name) ? `"${name}"` : 'with an odd name';
}

export class ImportSource {
  readonly file: string;
  readonly text: string;
  readonly faults: ImportFault[] = [];
  /** Faults beyond those that are kept. */
  omitted = 0;
  readonly #lineStarts: number[] = [0];

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#lineStarts.push(at + 1);
  }

  /** @param at offset in UTF-16 code units */
  positionOf(at: number): { readonly line: number; readonly column: number } {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    const before = this.text.slice(this.#lineStarts[low], at);
    return { line: low + 1, column: Array.from(before).length + 1 };
  }

  fault(at: number, message: string, code: ImportFaultCode = 'IMPORT_INVALID'): void {
    if (this.faults.length >= mostFaults) this.omitted++;
    else this.faults.push({ file: this.file, ...this.positionOf(at), code, message });
  }
}
