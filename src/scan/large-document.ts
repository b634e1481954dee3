/**
 * A document too large for memory between its segments: carries line, column, digest and encoding from one
 * segment to the next, so that the parts give what the whole would have given.
 */
import { createHash } from 'node:crypto';
import type { AnalysisInput, Encoding } from '../detect/analysis.js';
import type { Finding } from '../model/finding.js';
import type { InputProblemCode } from '../model/problem.js';
import type { RawDocument } from '../sources/source.js';
import { decideEncoding } from '../text/decode.js';
import type { EngineResult } from './engine-result.js';
import { mergeTags } from './merge-tags.js';

/**
 * Distinct tags kept for one document, which bounds the memory that it takes: 64 MB here, and as much again on its
 * way to the database. A dump of 300 MB has some 4 million.
 */
const maxTags = 8_000_000;

export class LargeDocument {
  readonly #findings: Finding[] = [];
  #tags: Float64Array = new Float64Array(0);
  readonly #caps = new Set<InputProblemCode>();
  bytes = 0;
  readonly #hash = createHash('sha256');
  #encoding: Encoding = 'utf-8';
  /** Position of the first owned byte of the next segment. */
  #line = 1;
  #column = 1;

  add(document: RawDocument, engine: (input: AnalysisInput) => EngineResult): void {
    const segment = document.segment;
    if (segment === undefined) throw new TypeError('a segment was expected');
    const { bytes, chain } = document;
    const { baseOffset, ownedStart, ownedEnd } = segment;
    if (segment.first) this.#encoding = encodingFrom(bytes);
    const before = measure(bytes, 0, ownedStart, this.#encoding);
    const result = engine({
      bytes,
      chain: document.ref.type === 'git-object' ? chain : [],
      collectTags: true,
      segment: {
        baseOffset,
        baseLine: this.#line - before.newlines,
        // With a newline in between, the column of the first byte is of no use to owned findings.
        baseColumn: before.newlines > 0 ? 1 : this.#column - before.columns,
        ownedStart,
        ownedEnd,
        encoding: this.#encoding,
      },
    });
    for (const finding of result.findings) this.#findings.push(finding);
    for (const code of result.caps) this.#caps.add(code);
    if (result.tags.length > 0) this.#tags = mergeTags(this.#tags, result.tags, maxTags);
    const owned = measure(bytes, ownedStart, ownedEnd, this.#encoding);
    this.#line += owned.newlines;
    this.#column = owned.newlines > 0 ? owned.columns + 1 : this.#column + owned.columns;
    this.#hash.update(bytes.subarray(ownedStart, ownedEnd));
    this.bytes += ownedEnd - ownedStart;
  }

  /** The whole document's result, once its last segment was added. */
  result(): EngineResult {
    return { findings: this.#findings, tags: this.#tags, caps: [...this.#caps] };
  }

  /** True when the sweep index cannot hold all tokens of the document, so that a bare copy in it may be missed. */
  get isIndexCut(): boolean {
    return this.#tags.length === maxTags;
  }

  digest(): Buffer {
    return this.#hash.digest();
  }
}

/** That the first part has nothing but ASCII says nothing of those behind it. */
function encodingFrom(first: Buffer): Encoding {
  const encoding = decideEncoding(first);
  return encoding === 'ascii' ? 'utf-8' : encoding;
}

/** Newlines in `bytes[start, end)`, and columns after the last of them. */
function measure(
  bytes: Buffer,
  start: number,
  end: number,
  encoding: Encoding,
): { newlines: number; columns: number } {
  let newlines = 0;
  let lineStart = start;
  for (let at = bytes.indexOf(0x0a, start); at >= 0 && at < end; at = bytes.indexOf(0x0a, lineStart)) {
    newlines++;
    lineStart = at + 1;
  }
  if (encoding !== 'utf-8') return { newlines, columns: end - lineStart };
  let columns = 0;
  for (let i = lineStart; i < end; i++) if (((bytes[i] as number) & 0xc0) !== 0x80) columns++;
  return { newlines, columns };
}
