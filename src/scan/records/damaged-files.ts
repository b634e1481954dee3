/**
 * Damaged files of exports, which are read as plain documents as well. What a reader can make out of a damaged record
 * is a guess, and some of it is lost; a value that can be read in the bytes must not be. It is told at its line of the
 * file then, where no record tells it.
 */
import type { Finding } from '../../model/finding.js';
import type { ContentResult } from '../../store/store.js';
import { cleanText } from './record-place.js';

export class DamagedFiles {
  /** By path, the number of contents that the range had before its records. */
  readonly #paths = new Map<string, number>();

  /**
   * @param path of the file, entries of archives joined with `!/`, as its records name it
   * @param before number of contents that the range had when the file was offered
   */
  add(path: string, before: number): void {
    this.#paths.set(path, before);
  }

  /**
   * Findings of the plain reading of a file, without those that its records gave when it is a damaged one.
   *
   * @param contents what the range gave so far
   */
  left(path: string, findings: readonly Finding[], contents: readonly ContentResult[]): readonly Finding[] {
    const before = this.#paths.get(path);
    if (findings.length === 0 || before === undefined) return findings;
    const source = cleanText(path);
    const known = new Set<string>();
    for (const content of contents.slice(before)) {
      if (!isOf(content, source)) continue;
      for (const { fingerprint } of content.findings) known.add(fingerprint);
    }
    return findings.filter(({ fingerprint }) => !known.has(fingerprint));
  }
}

function isOf({ appearances }: ContentResult, source: string): boolean {
  return (appearances ?? []).some((one) => one.type === 'record' && one.facts?.source === source);
}
