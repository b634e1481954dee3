/**
 * The analyzer: bytes in, findings and sweep tags out (contract in analysis.ts).
 *
 * One document passes through: decode → scan the text → scan what is encoded inside → choose between
 * sightings → pair → fingerprint → add bare copies of known secrets.
 */
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import { type SipKey, sipKeyOf, sipTag } from '../identity/siphash.js';
import type { AnchorTable } from '../identity/sweep.js';
import type { InputProblemCode } from '../model/problem.js';
import type { Look } from '../prefilter/document-look.js';
import type { EngineCores } from '../prefilter/engine-cores.js';
import { createTextScanner, type TextScanner } from '../prefilter/text-scanner.js';
import type { RuleSet } from '../rules/rule-set.js';
import { decideEncoding, documentView, encodingAfter } from '../text/decode.js';
import { DecodeBudget } from '../text/decode-budget.js';
import { EncodedTrace, findEncodedRuns, mayHoldEncodedRuns } from '../text/encoded-runs.js';
import { composeMaps } from '../text/offset-map.js';
import type { TextView } from '../text/view.js';
import type { Analysis, AnalysisInput, Analyzer, Encoding, SweptDocument, TagSink } from './analysis.js';
import { mayBeContainer, readBinaryDocument } from './binary-document.js';
import type { OnValue } from './build-finding.js';
import { DocumentFindings } from './document-findings.js';
import { DocumentChanges, type DocumentDelta } from './document-memory.js';
import { DocumentTags } from './document-tags.js';
import type { Draft } from './draft.js';
import { KnownValueSweep } from './known-values.js';
import { type KnownLiteral, LiteralSearch } from './literal-search.js';
import type { OutsideRules } from './outside-rules.js';
import type { PublicItem } from './public-items.js';
import { planOf, type RulePlan } from './rule-plan.js';
import { resolveOverlaps, type Sighting, sightingOf } from './sighting.js';
import { sortedSpans } from './spans.js';
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
  /** Engine of the rules that a configuration added (makeOutsideRules); needed where `rules.hasUserRules`. */
  readonly outside?: OutsideRules | undefined;
  readonly keys: IdentityKeys;
  /** Secrets known when the scan began; their bare copies are findings. */
  readonly known: AnchorTable;
  readonly limits?: Partial<AnalyzerLimits>;
  /** WebAssembly cores of this engine; without them all is done, more slowly, in JavaScript. */
  readonly cores?: EngineCores | undefined;
  /** Values that {@link Analyzer.sweep} looks for byte by byte; only in the process that was given them. */
  readonly literals?: readonly KnownLiteral[];
  /** For callers that asked for values (`--show-secrets`): told of each before it is dropped. Never set in a scan. */
  readonly onValue?: OnValue;
}

const noTags = new Float64Array(0);

/** One document on its way through the engine. */
interface Run {
  readonly input: AnalysisInput;
  readonly encoding: Encoding;
  /** Present when the document is looked at only where it differs from another one. */
  readonly changes: DocumentChanges | undefined;
  /** What the core saw of it; undefined when each is to be asked by itself. */
  readonly look: Look | undefined;
  /** Filled on the way, see {@link DocumentMemory}. */
  readonly loud: number[];
  probed: readonly number[];
}

interface Views {
  /** The document first, then what is encoded inside it. */
  readonly views: readonly TextView[];
  readonly caps: Set<InputProblemCode>;
  /** True when what is encoded was read in the base already, and nothing was found in it. */
  readonly isAsBefore: boolean;
  /** True when a limit of the whole document had a part in what was decoded. */
  readonly isLimited: boolean;
}

interface Found {
  readonly sightings: Sighting[];
  readonly isDecodedLoud: boolean;
  readonly items: readonly PublicItem[];
}

function isPlainText(encoding: Encoding): boolean {
  return encoding === 'ascii' || encoding === 'utf-8' || encoding === 'latin-1';
}

function mostBytesOf(known: AnchorTable): number {
  let most = 0;
  for (const anchors of known.values()) for (const { length } of anchors) most = Math.max(most, length);
  return most;
}

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
  readonly #texts: TextScanner;
  readonly #cores: EngineCores | undefined;
  readonly #tags: DocumentTags;
  /** Bytes of the longest known value. */
  readonly #mostKnownBytes: number;
  readonly #findings: DocumentFindings;
  readonly #literals: LiteralSearch | undefined;
  readonly #outside: OutsideRules | undefined;

  constructor(options: AnalyzerOptions) {
    this.#outside = options.outside;
    this.#plan = planOf(options.rules, options.outside);
    this.#keys = options.keys;
    this.#sipKey = sipKeyOf(options.keys.sweep);
    this.#known = options.known;
    this.#limits = { ...defaultAnalyzerLimits, ...options.limits };
    this.#cores = options.cores;
    this.#texts = createTextScanner(this.#plan.trie, this.#cores);
    this.#scanner = new ViewScanner(this.#plan, this.#texts);
    this.#tags = new DocumentTags(this.#sipKey, this.#cores);
    this.#mostKnownBytes = mostBytesOf(options.known);
    this.#findings = new DocumentFindings(options.keys, this.#sipKey, this.#plan, options.onValue);
    this.#literals = options.literals === undefined ? undefined : new LiteralSearch(options.literals);
  }

  analyze(input: AnalysisInput): Analysis {
    this.#cores?.place.forget();
    const { bytes } = input;
    const run = input.delta === undefined ? this.#wholeRun(input) : this.#deltaRun(input, input.delta);
    if (this.#isQuiet(run)) return this.#quietAnalysis(run);
    const { encoding } = run;
    const isText = isPlainText(encoding);
    const { views, caps, isAsBefore, isLimited } = this.#viewsOf(run);
    const sweep = new KnownValueSweep(this.#keys, this.#sipKey, this.#known);
    const decodedTags = this.#sweepAll(run, views, sweep);
    const { sightings, isDecodedLoud, items } = this.#sightingsIn(run, views, caps);
    const findings = this.#findings.of(input, encoding, sightings, sweep);
    const isMemorable =
      input.remembers === true &&
      isText &&
      !isLimited &&
      caps.size === 0 &&
      this.#plan.everywhere.length === 0;
    for (const { span } of sweep.sightings) run.loud.push(span.start, span.end);
    return {
      findings,
      ...(items.length > 0 && { publicFacts: this.#findings.publicFactsOf(items) }),
      tags: input.collectTags && input.tagSink === undefined ? this.#tags.take() : noTags,
      encoding,
      caps: [...caps].sort(),
      ...(isMemorable && {
        memory: {
          length: bytes.length,
          encoding,
          loud: sortedSpans(run.loud),
          probed: run.probed,
          isEncodedLoud: isDecodedLoud || (views.length > 1 && sweep.sightings.length > 0),
          decodedTags: isAsBefore ? (input.delta?.base.decodedTags ?? noTags) : decodedTags,
          keywords: run.look?.kept,
        },
      }),
    };
  }

  /** Whether nothing can be found: most documents, and most versions of the others. */
  #isQuiet({ input, look }: Run): boolean {
    const { bytes, delta, segment } = input;
    return (
      look?.hits?.count === 0 &&
      !look.mayBeEncoded &&
      this.#known.size === 0 &&
      this.#plan.everywhere.length === 0 &&
      (delta === undefined || (delta.base.probed.length === 0 && !delta.base.isEncodedLoud)) &&
      (segment !== undefined || !mayBeContainer(bytes))
    );
  }

  #quietAnalysis({ input, encoding, changes, look }: Run): Analysis {
    const { bytes, collectTags, delta, remembers, tagSink } = input;
    if (collectTags) this.#tagDocument(tagSink ?? this.#tags, bytes, changes);
    return {
      findings: [],
      tags: collectTags && tagSink === undefined ? this.#tags.take() : noTags,
      encoding,
      caps: [],
      ...(remembers === true && {
        memory: {
          length: bytes.length,
          encoding,
          loud: [],
          probed: [],
          isEncodedLoud: false,
          decodedTags: delta?.base.decodedTags ?? noTags,
          keywords: look?.kept,
        },
      }),
    };
  }

  /** Tags what changed in a document that was looked at, in which no known value is sought. */
  #tagDocument(sink: TagSink, bytes: Buffer, changes: DocumentChanges | undefined): void {
    if (sink.tagLooked?.(bytes) === true) return;
    const ranges = changes?.changed ?? [0, bytes.length];
    for (let i = 0; i < ranges.length; i += 2) {
      sink.tagRuns(bytes, ranges[i] as number, ranges[i + 1] as number, undefined);
    }
  }

  #wholeRun(input: AnalysisInput): Run {
    const { bytes, segment, remembers } = input;
    const encoding = segment?.encoding ?? decideEncoding(bytes);
    const look = isPlainText(encoding) ? this.#texts.look(bytes, undefined, remembers === true) : undefined;
    return { input, encoding, changes: undefined, look, loud: [], probed: [] };
  }

  #deltaRun(input: AnalysisInput, delta: DocumentDelta): Run {
    const { bytes } = input;
    const { base, below, changed, copies } = delta;
    const changes = new DocumentChanges(bytes, delta);
    const { loud } = changes;
    const look = this.#texts.look(bytes, { changed, copies, loud, base: base.keywords, below }, true);
    const encoding = encodingAfter(base.encoding, bytes, () => changes.lines, look);
    if (isPlainText(encoding)) return { input, encoding, changes, look, loud: [], probed: [] };
    return { input, encoding, changes: undefined, look: undefined, loud: [], probed: [] };
  }

  sweep(input: AnalysisInput, known: AnchorTable): SweptDocument {
    this.#cores?.place.forget();
    const encoding = input.segment?.encoding ?? decideEncoding(input.bytes);
    const sweep = new KnownValueSweep(this.#keys, this.#sipKey, known);
    const { views, caps } = this.#viewsOf({
      input,
      encoding,
      changes: undefined,
      look: undefined,
      loud: [],
      probed: [],
    });
    for (const view of views) {
      sweep.visitAll(view);
      this.#literals?.search(view, sweep);
    }
    return { findings: this.#findings.of(input, encoding, [], sweep), caps: [...caps].sort() };
  }

  /** The document as text, then everything that is encoded inside it and was not known to hold nothing. */
  #viewsOf(run: Run): Views {
    const { bytes } = run.input;
    const { changes, encoding, look } = run;
    const caps = new Set<InputProblemCode>();
    const document = documentView(bytes, encoding);
    if (encoding === 'binary') return { views: [document], caps, isAsBefore: false, isLimited: false };
    const before = changes?.probedAsBefore();
    if (changes !== undefined && before !== undefined && this.#isEncodedAsBefore(run, changes)) {
      run.probed = before;
      return { views: [document], caps, isAsBefore: true, isLimited: false };
    }
    if (changes === undefined && look?.mayBeEncoded === false) {
      return { views: [document], caps, isAsBefore: false, isLimited: false };
    }
    const budget = DecodeBudget.forDocument(document.bytes.length, {
      maxBytes: this.#limits.maxDecodedBytes,
      maxDepth: this.#limits.maxDecodeDepth,
    });
    const trace = new EncodedTrace();
    const runs = this.#encodedRunsIn(document.bytes, 0, document.bytes.length);
    const inner = findEncodedRuns(document.bytes, budget, runs, trace).map((view) =>
      document.view === 'raw' ? view : within(document, view),
    );
    if (budget.isExhausted) caps.add('decode-budget');
    run.probed = trace.probed;
    return { views: [document, ...inner], caps, isAsBefore: false, isLimited: trace.isLimited };
  }

  /** Pairs (start, end) of runs that may be encoded; undefined when only a closer look can tell. */
  #encodedRunsIn(bytes: Buffer, from: number, to: number): number[] | undefined {
    const runs: number[] = [];
    return this.#texts.visitEncodedRuns(bytes, from, to, (start, end) => runs.push(start, end))
      ? runs
      : undefined;
  }

  #isEncodedAsBefore({ input, look }: Run, { lines }: DocumentChanges): boolean {
    const { bytes, delta } = input;
    if (delta === undefined || delta.base.isEncodedLoud) return false;
    if (look?.mayBeEncoded === false) return true;
    for (let i = 0; i < lines.length; i += 2) {
      const [from = 0, to = 0] = [lines[i], lines[i + 1]];
      if (mayHoldEncodedRuns(bytes, from, to, this.#encodedRunsIn(bytes, from, to))) return false;
    }
    return true;
  }

  /** Tags what is new and looks for known values in it; returns the tags of decoded text. */
  #sweepAll(run: Run, views: readonly TextView[], sweep: KnownValueSweep): Float64Array {
    const { input, changes } = run;
    if (!input.collectTags) {
      if (!sweep.isEmpty) for (const view of views) sweep.visitAll(view);
      return noTags;
    }
    const [document, ...decoded] = views;
    if (document === undefined) return noTags;
    const sink: TagSink = input.tagSink ?? this.#tags;
    if (run.look !== undefined && sweep.isEmpty) {
      this.#tagDocument(sink, document.bytes, changes);
      return this.#decodedTags(input, decoded, sweep);
    }
    const ranges =
      changes === undefined
        ? [0, document.bytes.length]
        : sweep.isEmpty
          ? changes.changed
          : changes.sweepRanges(this.#mostKnownBytes);
    for (let i = 0; i < ranges.length; i += 2) {
      this.#tagRange(document, ranges[i] as number, ranges[i + 1] as number, sink, sweep);
    }
    return this.#decodedTags(input, decoded, sweep);
  }

  /** Tags of the decoded text, which a sink has too. */
  #decodedTags(
    { tagSink }: AnalysisInput,
    decoded: readonly TextView[],
    sweep: KnownValueSweep,
  ): Float64Array {
    for (const view of decoded) this.#tagRange(view, 0, view.bytes.length, this.#tags, sweep);
    if (tagSink === undefined || decoded.length === 0) return noTags;
    const tags = this.#tags.take();
    tagSink.add(tags);
    return tags;
  }

  #tagRange(view: TextView, from: number, to: number, sink: TagSink, sweep: KnownValueSweep): void {
    const { bytes } = view;
    const visit = (start: number, end: number): void =>
      sweep.visit(view, sipTag(this.#sipKey, bytes, start, end), start);
    sink.tagRuns(bytes, from, to, sweep.isEmpty ? undefined : visit);
  }

  #sightingsIn(run: Run, views: readonly TextView[], caps: Set<InputProblemCode>): Found {
    const { bytes } = run.input;
    const isBinary = run.encoding === 'binary';
    const found: Sighting[] = [];
    const items: PublicItem[] = [];
    const visitItem = (item: PublicItem): void => void items.push(item);
    let isDecodedLoud = false;
    const visit = (draft: Draft, view: TextView): void => {
      if (found.length < this.#limits.maxCandidates)
        found.push(sightingOf(this.#listed(draft, view), view, bytes));
      else caps.add('match-cap');
    };
    views.forEach((view, i) => {
      if (i === 0) {
        const { changes, look, loud } = run;
        this.#scanner.scan(view, isBinary, visit, visitItem, { changes, hits: look?.hits, loud });
        return;
      }
      this.#scanner.scan(
        view,
        isBinary,
        (draft, inner) => {
          isDecodedLoud = true;
          visit(draft, inner);
        },
        visitItem,
      );
    });
    const [document] = views;
    if (document?.view === 'raw' && run.input.segment === undefined && mayBeContainer(bytes)) {
      const container = readBinaryDocument(bytes, (kind) => this.#plan.ruleOf(kind));
      for (const draft of container.drafts) visit(draft, document);
      items.push(...container.items);
    }
    return { sightings: resolveOverlaps(found), isDecodedLoud, items };
  }

  /** The draft with the allow lists of the user that hold its value among its reasons. */
  #listed(draft: Draft, view: TextView): Draft {
    const lists = this.#outside?.listsOf(draft, view.bytes) ?? [];
    return lists.length === 0 ? draft : { ...draft, reasons: [...draft.reasons, ...lists] };
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
