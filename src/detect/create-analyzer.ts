/**
 * The analyzer: bytes in, findings and sweep tags out (contract in analysis.ts).
 *
 * One document passes through: decode → scan the text → scan what is encoded inside → choose between
 * sightings → pair → fingerprint → add bare copies of known secrets.
 */
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import { type SipKey, sipKeyOf } from '../identity/siphash.js';
import type { AnchorTable } from '../identity/sweep.js';
import type { Finding } from '../model/finding.js';
import type { InputProblemCode } from '../model/problem.js';
import type { Span } from '../model/span.js';
import type { RuleSet } from '../rules/rule-set.js';
import { decideEncoding, documentView } from '../text/decode.js';
import { DecodeBudget } from '../text/decode-budget.js';
import { findEncodedRuns, mayHoldEncodedRuns } from '../text/encoded-runs.js';
import { LineIndex } from '../text/line-index.js';
import { composeMaps } from '../text/offset-map.js';
import type { TextView } from '../text/view.js';
import type { Analysis, AnalysisInput, Analyzer, Encoding, SweptDocument } from './analysis.js';
import { BlockStore } from './block-store.js';
import { type FindingContext, findingOf, findingOfKnown, type OnValue } from './build-finding.js';
import { pairingsOf } from './companions.js';
import { DocumentBlocks, minBlockedBytes } from './document-blocks.js';
import type { Draft } from './draft.js';
import { KnownValueSweep } from './known-values.js';
import { type KnownLiteral, LiteralSearch } from './literal-search.js';
import { planOf, type RulePlan } from './rule-plan.js';
import { resolveOverlaps, type Sighting, sightingOf } from './sighting.js';
import { TagCollector } from './tag-collector.js';
import { ViewScanner } from './view-scanner.js';

export interface AnalyzerLimits {
  /** Decoded bytes a document may cost over all layers, beside four for each of its own. */
  readonly maxDecodedBytes: number;
  /** Layers within layers. */
  readonly maxDecodeDepth: number;
  /** Candidates of one document; what lies behind is not looked at and the receipt says so. */
  readonly maxCandidates: number;
}

export const defaultAnalyzerLimits: AnalyzerLimits = {
  maxDecodedBytes: 32 << 20,
  maxDecodeDepth: 3,
  maxCandidates: 100_000,
};

export interface AnalyzerOptions {
  readonly rules: RuleSet;
  readonly keys: IdentityKeys;
  /** Secrets known when the scan began; their bare copies are findings. */
  readonly known: AnchorTable;
  readonly limits?: Partial<AnalyzerLimits>;
  /** False: every document is read from end to end, whatever was read before. The result is the same. */
  readonly remembersBlocks?: boolean;
  /** Values that {@link Analyzer.sweep} looks for byte by byte; only in the process that was given them. */
  readonly literals?: readonly KnownLiteral[];
  /** For callers that asked for values (`--show-secrets`): told of each before it is dropped. Never set in a scan. */
  readonly onValue?: OnValue;
}

const noTags = new Float64Array(0);

export function createAnalyzer(options: AnalyzerOptions): Analyzer {
  return new RuleAnalyzer(options);
}

class RuleAnalyzer implements Analyzer {
  readonly #plan: RulePlan;
  readonly #keys: IdentityKeys;
  readonly #sipKey: SipKey;
  readonly #known: AnchorTable;
  readonly #limits: AnalyzerLimits;
  readonly #scanner: ViewScanner;
  readonly #tags: TagCollector;
  readonly #remembersBlocks: boolean;
  readonly #blocks = new DocumentBlocks();
  /** Made with the first document that is large enough. */
  #store: BlockStore | undefined;
  readonly #onValue: OnValue | undefined;
  readonly #literals: LiteralSearch | undefined;

  constructor(options: AnalyzerOptions) {
    this.#plan = planOf(options.rules);
    this.#keys = options.keys;
    this.#sipKey = sipKeyOf(options.keys.sweep);
    this.#known = options.known;
    this.#limits = { ...defaultAnalyzerLimits, ...options.limits };
    this.#remembersBlocks = options.remembersBlocks ?? true;
    this.#scanner = new ViewScanner(this.#plan);
    this.#tags = new TagCollector(this.#sipKey);
    this.#onValue = options.onValue;
    this.#literals = options.literals === undefined ? undefined : new LiteralSearch(options.literals);
  }

  analyze(input: AnalysisInput): Analysis {
    const encoding = input.segment?.encoding ?? decideEncoding(input.bytes);
    const isBlocked = this.#readBlocks(input, encoding);
    const { views, caps } = this.#viewsOf(input.bytes, encoding, isBlocked && !this.#mayHoldEncodedRuns());
    const blocked = isBlocked ? views[0] : undefined;
    const sweep = new KnownValueSweep(this.#keys, this.#sipKey, this.#known);
    this.#tags.clear();
    for (const view of views) {
      if (view === blocked) this.#sweepBlocks(view, sweep);
      else this.#sweepView(view, sweep, input.collectTags);
    }
    const sightings = this.#sightingsIn(views, blocked, input.bytes, encoding, caps);
    const findings = this.#findingsOf(input, encoding, sightings, sweep);
    return {
      findings,
      tags: input.collectTags ? this.#tags.result() : new Float64Array(0),
      encoding,
      caps: [...caps].sort(),
    };
  }

  sweep(input: AnalysisInput, known: AnchorTable): SweptDocument {
    const encoding = input.segment?.encoding ?? decideEncoding(input.bytes);
    const sweep = new KnownValueSweep(this.#keys, this.#sipKey, known);
    const { views, caps } = this.#viewsOf(input.bytes, encoding);
    for (const view of views) {
      sweep.visitAll(view);
      this.#literals?.search(view, sweep);
    }
    return { findings: this.#findingsOf(input, encoding, [], sweep), caps: [...caps].sort() };
  }

  /**
   * Cuts the document into blocks and learns what was not known of them. False when it is not worth it, or
   * the text that detectors read is not the bytes themselves.
   */
  #readBlocks({ bytes, segment, collectTags }: AnalysisInput, encoding: Encoding): boolean {
    if (!this.#remembersBlocks || !collectTags || segment !== undefined || bytes.length < minBlockedBytes)
      return false;
    if (encoding === 'binary' || encoding.startsWith('utf-16') || !BlockStore.fits(bytes)) return false;
    this.#store ??= new BlockStore();
    this.#blocks.read(this.#store, bytes);
    this.#blocks.blocks.forEach((block, i) => {
      const start = this.#blocks.startOf(i);
      block.facts ??= {
        tags: this.#tags.tagsOf(bytes, start, start + block.length),
        mayBeEncoded: mayHoldEncodedRuns(bytes, start, start + block.length),
      };
    });
    return true;
  }

  #mayHoldEncodedRuns(): boolean {
    return this.#blocks.blocks.some((block) => block.facts?.mayBeEncoded !== false);
  }

  /** The document as text, then everything that is encoded inside it. */
  #viewsOf(
    bytes: Buffer,
    encoding: Encoding,
    isPlain = false,
  ): { views: TextView[]; caps: Set<InputProblemCode> } {
    const caps = new Set<InputProblemCode>();
    const document = documentView(bytes, encoding);
    if (encoding === 'binary' || isPlain) return { views: [document], caps };
    const budget = DecodeBudget.forDocument(document.bytes.length, {
      maxBytes: this.#limits.maxDecodedBytes,
      maxDepth: this.#limits.maxDecodeDepth,
    });
    const inner = findEncodedRuns(document.bytes, budget).map((view) =>
      document.view === 'raw' ? view : within(document, view),
    );
    if (budget.isExhausted) caps.add('decode-budget');
    return { views: [document, ...inner], caps };
  }

  #sweepView(view: TextView, sweep: KnownValueSweep, collectTags: boolean): void {
    if (!collectTags) {
      if (!sweep.isEmpty) sweep.visitAll(view);
      return;
    }
    if (sweep.isEmpty) this.#tags.collect(view.bytes);
    else this.#tags.collect(view.bytes, (tag, start) => sweep.visit(view, tag, start));
  }

  /** Adds the tags of the blocks; only in those with a run of a known secret are the runs looked at. */
  #sweepBlocks(view: TextView, sweep: KnownValueSweep): void {
    this.#blocks.blocks.forEach((block, i) => {
      const tags = block.facts?.tags ?? noTags;
      this.#tags.add(tags);
      if (sweep.isEmpty || !tags.some((tag) => sweep.isAnchor(tag))) return;
      const start = this.#blocks.startOf(i);
      sweep.visitRange(view, start, start + block.length);
    });
  }

  #sightingsIn(
    views: readonly TextView[],
    blocked: TextView | undefined,
    bytes: Buffer,
    encoding: Encoding,
    caps: Set<InputProblemCode>,
  ): Sighting[] {
    const found: Sighting[] = [];
    const visit = (draft: Draft, view: TextView): void => {
      if (found.length < this.#limits.maxCandidates) found.push(sightingOf(draft, view, bytes));
      else caps.add('match-cap');
    };
    for (const view of views) {
      if (view === blocked) this.#scanner.scanBlocks(view, this.#blocks, visit);
      else this.#scanner.scan(view, encoding === 'binary', visit);
    }
    return resolveOverlaps(found);
  }

  #findingsOf(
    input: AnalysisInput,
    encoding: Encoding,
    sightings: readonly Sighting[],
    sweep: KnownValueSweep,
  ): Finding[] {
    const { segment } = input;
    const context: FindingContext = {
      keys: this.#keys,
      sipKey: this.#sipKey,
      chain: input.chain,
      ...(encoding === 'binary' || encoding.startsWith('utf-16') ? {} : { markedText: input.bytes }),
      lines: new LineIndex(input.bytes, {
        encoding,
        ...(segment === undefined ? {} : { baseLine: segment.baseLine, baseColumn: segment.baseColumn }),
      }),
      baseOffset: segment?.baseOffset ?? 0,
      knownPublic: this.#plan.knownPublic,
      ...(this.#onValue === undefined ? {} : { onValue: this.#onValue }),
    };
    const isOwned = (span: Span): boolean =>
      segment === undefined || (span.start >= segment.ownedStart && span.start < segment.ownedEnd);
    const findings = sightings
      .filter((sighting) => !sighting.draft.rule.identifierOnly && isOwned(sighting.span))
      .map((sighting) => findingOf(context, sighting, pairingsOf(sighting, sightings, input.bytes)));
    const reported = new Set(findings.map((finding) => `${finding.fingerprint}@${finding.span.start}`));
    for (const known of sweep.sightings) {
      const place = `${known.anchor.fingerprint}@${known.span.start + context.baseOffset}`;
      if (isOwned(known.span) && !reported.has(place)) findings.push(findingOfKnown(context, known));
    }
    return findings.sort(
      (a, b) =>
        a.span.start - b.span.start || a.span.end - b.span.end || (a.fingerprint < b.fingerprint ? -1 : 1),
    );
  }
}

function within(outer: TextView, inner: TextView): TextView {
  return {
    bytes: inner.bytes,
    map: composeMaps(outer.map, inner.map),
    view: inner.view,
    spelling: [...outer.spelling, ...inner.spelling],
  };
}
