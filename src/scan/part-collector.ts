/** Joins the results of a container's entries into the one result of the blob that holds them. */
import type { AnalysisInput } from '../detect/analysis.js';
import type { Finding } from '../model/finding.js';
import type { InputProblemCode } from '../model/problem.js';
import type { RawDocument } from '../sources/source.js';
import type { EngineResult } from './engine-result.js';
import { LargeDocument } from './large-document.js';

export class PartCollector {
  readonly #engine: (input: AnalysisInput) => EngineResult;
  readonly #findings: Finding[] = [];
  readonly #tags = new Set<number>();
  readonly #gaps = new Set<InputProblemCode>();
  #large: LargeDocument | undefined;

  constructor(engine: (input: AnalysisInput) => EngineResult) {
    this.#engine = engine;
  }

  /** Takes one entry, or one segment of a large entry. */
  take(document: RawDocument): void {
    const { bytes, chain, segment } = document;
    if (segment === undefined) {
      this.#add(this.#engine({ bytes, chain, collectTags: true }));
      return;
    }
    if (segment.first) this.#large = new LargeDocument();
    this.#large?.add(document, this.#engine);
    if (!segment.last || this.#large === undefined) return;
    this.#add(this.#large.result());
    this.#large = undefined;
  }

  /** Notes that part of the container could not be read. */
  gap(code: InputProblemCode): void {
    this.#gaps.add(code);
  }

  result(): EngineResult {
    return { findings: this.#findings, tags: Float64Array.from(this.#tags).sort(), caps: [...this.#gaps] };
  }

  #add(result: EngineResult): void {
    for (const finding of result.findings) this.#findings.push(finding);
    for (const tag of result.tags) this.#tags.add(tag);
    for (const code of result.caps) this.#gaps.add(code);
  }
}
