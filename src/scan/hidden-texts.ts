/** What readers of documents add to the plain reading of one blob, and of the files in it when it is an archive. */
import type { AnalysisInput } from '../detect/analysis.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { Finding } from '../model/finding.js';
import type { InputProblem, InputProblemCode } from '../model/problem.js';
import { hidesText } from '../sources/exports/hidden-texts.js';
import { type ExportOffer, heldBytes } from '../sources/exports/offer.js';
import type { EngineResult } from './engine-result.js';

export interface HiddenTextsDeps {
  readonly keys: IdentityKeys;
  readonly engine: (input: AnalysisInput) => EngineResult;
  readonly collectsTags: boolean;
  readonly problem: (problem: InputProblem) => void;
  readonly signal: AbortSignal;
}

export class HiddenTexts {
  readonly #deps: HiddenTextsDeps;
  /** Words for the blob in problems. */
  readonly #where: string;
  readonly #found = new Map<string, Finding>();
  readonly #tags = new Set<number>();
  readonly #gaps = new Set<InputProblemCode>();

  constructor(where: string, deps: HiddenTextsDeps) {
    this.#where = where;
    this.#deps = deps;
  }

  /** Reads a blob, or an entry in it, if its bytes hide text. */
  async read(bytes: Buffer, chain: readonly string[] = []): Promise<void> {
    if (!hidesText(bytes)) return;
    // Most histories have no such blob, and so need none of the readers.
    const { readBlobTexts } = await import('./records/export-entry.js');
    await readBlobTexts(bytes, [this.#where, ...chain].join('!/'), {
      ...this.#deps,
      finding: (finding) => this.#add({ ...finding, chain }),
      tags: (tags) => {
        for (const tag of tags) this.#tags.add(tag);
      },
      problem: (problem) => this.#gap(problem),
    });
  }

  /** Reads an entry that is offered before its plain reading, which it does not replace. */
  async offered({ file, chain, isRepeatable, hold }: ExportOffer): Promise<boolean> {
    if (!hidesText(file.head)) return false;
    if ((await hold?.(heldBytes)) ?? isRepeatable) await this.read(await file.bytes(), chain);
    else this.#gap({ ...unreadDocument, where: [this.#where, ...chain].join('!/') });
    return false;
  }

  /** The result of the plain reading, with all that it did not give. */
  joined(plain: EngineResult): EngineResult {
    const known = new Set<string>();
    for (const { fingerprint, chain } of plain.findings) {
      for (let depth = 0; depth <= chain.length; depth++)
        known.add(keyOf(fingerprint, chain.slice(0, depth)));
    }
    const added = [...this.#found].flatMap(([key, finding]) => (known.has(key) ? [] : [finding]));
    for (const tag of plain.tags) this.#tags.add(tag);
    return {
      ...plain,
      findings: [...plain.findings, ...added],
      tags: Float64Array.from(this.#tags).sort(),
      caps: [...new Set([...plain.caps, ...this.#gaps])],
    };
  }

  /** Where in a document a value stands is hardly known: each is told once. */
  #add(finding: Finding): void {
    const key = keyOf(finding.fingerprint, finding.chain);
    if (!this.#found.has(key)) this.#found.set(key, finding);
  }

  #gap(problem: InputProblem): void {
    this.#gaps.add(problem.code);
    this.#deps.problem(problem);
  }
}

/** For documents that are not held whole. */
export const unreadDocument = {
  code: 'document-too-large',
  detail: 'a document of which only the bytes are read',
} as const;

function keyOf(fingerprint: string, chain: readonly string[]): string {
  return [fingerprint, ...chain].join('\0');
}
