/** Detects in one view: keyword hits, the actions of each, and again where escapes stand near a hit. */
import type { Span } from '../model/span.js';
import { eitherGate, type KeywordGate } from '../prefilter/keyword-gates.js';
import { HitList } from '../prefilter/keyword-hits.js';
import type { TextScanner } from '../prefilter/text-scanner.js';
import { composeMaps } from '../text/offset-map.js';
import type { TextView } from '../text/view.js';
import type { DocumentChanges } from './document-memory.js';
import type { Draft } from './draft.js';
import { EscapeRegions, regionMarginBefore, regionMarginBehind } from './escape-regions.js';
import { draftPrivateKeys, type KeyTrigger } from './private-key-draft.js';
import { isJwkAt, isPublicItemAt, type PublicItem, publicItemsAt, publicJwksAt } from './public-items.js';
import { ReadWindows } from './read-windows.js';
import type { Due, RulePlan } from './rule-plan.js';
import { SpanCursor, widenedSpans } from './spans.js';

/** Receives a draft and the view in which it stands. */
export type DraftVisitor = (draft: Draft, view: TextView) => void;

/** Receives what is public and says something of a secret elsewhere. */
export type PublicItemVisitor = (item: PublicItem) => void;

/** Where a scan that may be remembered looked, and where it found something: pairs (start, end). */
export interface ScanScope {
  /** Present when not all of the view is to be looked at. */
  readonly changes?: Pick<DocumentChanges, 'due' | 'dueRegions'> | undefined;
  /** The hits that are due, when they were found already. */
  readonly hits?: HitList | undefined;
  /** Filled by the scan: what must be looked at in every document that has the same text. */
  readonly loud: number[];
}

/**
 * Hits are looked for so far before and behind what is due, since they may be part of a region that is due: as a
 * rule far enough. The next step, for regions that go on there, is wider.
 */
const firstReachBefore = 400;
const firstReachBehind = 480;
const nextReach = 1024;

export class ViewScanner {
  readonly #plan: RulePlan;
  readonly #texts: TextScanner;
  readonly #hits = new HitList();
  /** Hits within unescaped windows, which are scanned while the outer hits are still being walked. */
  readonly #innerHits = new HitList();
  /** By keyword: 1 once it was hit and its gate is set. */
  readonly #isGateSet: Uint8Array;

  readonly #windows = new ReadWindows();
  /** Whether anything is found in a reading of a window. */
  readonly #isTelling = (reading: TextView): boolean => {
    let isFound = false;
    this.#actInside(reading, () => {
      isFound = true;
    });
    return isFound;
  };

  readonly #rememberQuiet = (low: number, high: number): void => this.#texts.rememberQuiet(low, high);

  constructor(plan: RulePlan, texts: TextScanner) {
    this.#plan = plan;
    this.#texts = texts;
    this.#isGateSet = new Uint8Array(plan.trie.lengths.length);
  }

  /**
   * Scans a view; `isBinary` leaves only rules that stand on a provider's own format. With a scope only what
   * is due is looked at, and what is found is what a scan of all of it finds there.
   */
  scan(
    view: TextView,
    isBinary: boolean,
    visit: DraftVisitor,
    visitItem: PublicItemVisitor,
    scope?: ScanScope,
  ): void {
    const { length } = view.bytes;
    const all = [0, length];
    const dueHits = scope?.hits ?? this.#dueHits(view, scope?.changes?.due ?? all, !isBinary);
    const regions = isBinary ? undefined : new EscapeRegions(view.bytes);
    const triggers = this.#act(view, isBinary, visit, dueHits, scope?.loud, regions);
    this.#readKeys(view, triggers, visit, visitItem);
    if (regions === undefined || regions.regions.length === 0) return;
    const ranges = widenedSpans(scope?.changes?.due ?? all, firstReachBefore, firstReachBehind, length);
    const dueRegions = scope?.changes?.dueRegions ?? all;
    const cursor = new SpanCursor(dueRegions);
    for (const region of this.#wholeRegions(view, ranges, dueRegions, regions.regions)) {
      if (!cursor.touches(region.start, region.end)) continue;
      this.#scanRegion(view, region, (draft, reading) => {
        scope?.loud.push(region.start, region.end);
        visit(draft, reading);
      });
    }
  }

  /** Private keys, and the public halves and ciphertexts that stand on keywords of the same rules. */
  #readKeys(
    view: TextView,
    triggers: readonly KeyTrigger[],
    visit: DraftVisitor,
    visitItem: PublicItemVisitor,
  ): void {
    if (triggers.length === 0) return;
    const isItem = triggers.map(({ at }) => isPublicItemAt(view.bytes, at));
    const keys = triggers.filter((_, i) => isItem[i] === false);
    const items = triggers.filter((_, i) => isItem[i] === true);
    for (const draft of draftPrivateKeys(view, keys, this.#plan.privateKeyRules)) visit(draft, view);
    const jwks = keys.filter(({ at }) => isJwkAt(view.bytes, at));
    const found = [
      ...publicItemsAt(
        view.bytes,
        items.map(({ at }) => at),
      ),
      ...publicJwksAt(
        view.bytes,
        jwks.map(({ at }) => at),
      ),
    ];
    for (const item of found) visitItem(item);
  }

  /** Hits in what is due, and those near an escape so far round it that they may be part of a region there. */
  #dueHits(view: TextView, due: readonly number[], asksEscapes: boolean): HitList {
    const { length } = view.bytes;
    this.#find(view, widenedSpans(due, firstReachBefore, firstReachBehind, length), asksEscapes);
    this.#hits.closeOutside(due);
    return this.#hits;
  }

  /** Fills the list of hits with those in the ranges. */
  #find(view: TextView, ranges: readonly number[], asksEscapes: boolean): void {
    const hits = this.#hits;
    hits.clear();
    for (let i = 0; i < ranges.length; i += 2) {
      this.#texts.findKeywords(view.bytes, ranges[i] as number, ranges[i + 1] as number, hits, asksEscapes);
    }
  }

  /** The regions as the hits in all of the text make them: those in what is due unless one may be cut off. */
  #wholeRegions(
    view: TextView,
    searched: readonly number[],
    dueRegions: readonly number[],
    found: readonly Span[],
  ): readonly Span[] {
    const { length } = view.bytes;
    let regions = found;
    let ranges = searched;
    for (const reach of [nextReach, length]) {
      if (!isRegionCut(regions, dueRegions, ranges, length)) return regions;
      ranges = widenedSpans(searched, reach, reach, length);
      this.#find(view, ranges, true);
      const wider = new EscapeRegions(view.bytes);
      for (let i = 0; i < this.#hits.count; i++) this.#addToRegions(this.#hits, i, wider);
      regions = wider.regions;
    }
    return regions;
  }

  #addToRegions(hits: HitList, hit: number, regions: EscapeRegions): void {
    if (!hits.isEscapedAt(hit)) return;
    const keyword = hits.keywordAt(hit);
    if (this.#plan.dueAt(keyword).actions.length === 0) return;
    const start = hits.startAt(hit);
    regions.add(start, start + (this.#plan.trie.lengths[keyword] as number));
  }

  #scanRegion(view: TextView, region: Span, visit: DraftVisitor): void {
    for (const reading of this.#windows.readingsOf(view.bytes, region, this.#isTelling)) {
      const composed: TextView = {
        bytes: reading.bytes,
        map: composeMaps(view.map, reading.map),
        view: reading.view,
        spelling: [...view.spelling, ...reading.spelling],
      };
      this.#actInside(composed, visit);
    }
  }

  /** Scans a reading of a window, in which neither keys nor further escapes are looked for. */
  #actInside(view: TextView, visit: DraftVisitor): void {
    const hits = this.#innerHits;
    const { trie } = this.#plan;
    const emit = (draft: Draft): void => visit(draft, view);
    hits.clear();
    this.#texts.findKeywords(view.bytes, 0, view.bytes.length, hits, false);
    for (const rule of this.#plan.everywhere) rule.detect(view.bytes, emit);
    for (let i = 0; i < hits.count; i++) {
      const keyword = hits.keywordAt(i);
      const start = hits.startAt(i);
      const end = start + (trie.lengths[keyword] as number);
      for (const action of this.#dueAt(keyword).actions) action.detect(view.bytes, start, end, emit);
    }
  }

  /** Runs what the hits wake where they are due; returns where private keys may begin. */
  #act(
    view: TextView,
    isBinary: boolean,
    visit: DraftVisitor,
    hits: HitList,
    loud: number[] | undefined,
    regions: EscapeRegions | undefined,
  ): KeyTrigger[] {
    const { everywhere, trie } = this.#plan;
    const triggers: KeyTrigger[] = [];
    let isLoud = false;
    const emit = (draft: Draft): void => {
      isLoud = true;
      visit(draft, view);
    };
    if (!isBinary) for (const rule of everywhere) rule.detect(view.bytes, emit);
    for (let i = 0; i < hits.count; i++) {
      const keyword = hits.keywordAt(i);
      const start = hits.startAt(i);
      if (regions !== undefined) this.#addToRegions(hits, i, regions);
      if (!hits.isOpenAt(i)) continue;
      const end = start + (trie.lengths[keyword] as number);
      const { actions, keyRule } = this.#dueAt(keyword);
      isLoud = keyRule !== undefined;
      if (keyRule !== undefined) triggers.push({ rule: keyRule, at: start });
      for (const action of actions) {
        if (action.isFarReaching) isLoud = true;
        if (!isBinary || action.isBinarySafe) action.detect(view.bytes, start, end, emit);
      }
      if (isLoud) loud?.push(start, end);
      else hits.tagAt(i, this.#rememberQuiet);
    }
    return triggers;
  }

  /** What a hit wakes; from the first one on the keyword counts only where its gate is open. */
  #dueAt(keyword: number): Due {
    const due = this.#plan.dueAt(keyword);
    if (this.#isGateSet[keyword] === 0) {
      this.#isGateSet[keyword] = 1;
      const gate = gateOf(due);
      if (gate !== undefined) this.#texts.setGate(keyword, gate);
    }
    return due;
  }
}

/** Whether hits outside `ranges`, where none were looked for, may be part of a region that is due. */
function isRegionCut(
  regions: readonly Span[],
  dueRegions: readonly number[],
  ranges: readonly number[],
  length: number,
): boolean {
  const cursor = new SpanCursor(dueRegions);
  let range = 0;
  return regions.some((region) => {
    if (!cursor.touches(region.start, region.end)) return false;
    while (range + 2 < ranges.length && (ranges[range + 1] as number) <= region.start) range += 2;
    const start = ranges[range] as number;
    const end = ranges[range + 1] as number;
    return (
      (start > 0 && region.start < start + regionMarginBefore) ||
      (end < length && region.end > end - regionMarginBehind)
    );
  });
}

/** What must stand near a hit so that one of its actions can find anything; undefined: nothing need. */
function gateOf({ actions, keyRule }: Due): KeywordGate | undefined {
  if (keyRule !== undefined || actions.length === 0) return undefined;
  let gate: KeywordGate | undefined;
  for (const action of actions) {
    // What reads on far may find its run far off as well.
    const own = action.isFarReaching ? undefined : action.gate?.();
    if (own === undefined) return undefined;
    gate = gate === undefined ? own : eitherGate(gate, own);
    if (gate === undefined) return undefined;
  }
  return gate;
}
