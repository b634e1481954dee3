/** Detects in one view: keyword hits, the actions of each, and again where escapes stand near a hit. */
import type { Span } from '../model/span.js';
import { findKeywords, HitList } from '../prefilter/keyword-hits.js';
import { composeMaps } from '../text/offset-map.js';
import type { TextView } from '../text/view.js';
import type { DocumentBlocks } from './document-blocks.js';
import type { Draft } from './draft.js';
import { EscapeRegions, regionMarginBefore, regionMarginBehind } from './escape-regions.js';
import { draftPrivateKeys, type KeyTrigger } from './private-key-draft.js';
import { ReadWindows } from './read-windows.js';
import type { RulePlan } from './rule-plan.js';

/** Receives a draft and the view in which it stands. */
export type DraftVisitor = (draft: Draft, view: TextView) => void;

export class ViewScanner {
  readonly #plan: RulePlan;
  readonly #hits = new HitList();
  /** Hits within unescaped windows, which are scanned while the outer hits are still being walked. */
  readonly #innerHits = new HitList();

  readonly #windows = new ReadWindows();
  /** Whether anything is found in a reading of a window. */
  readonly #isTelling = (reading: TextView): boolean => {
    let isFound = false;
    this.#find(reading, this.#innerHits);
    this.#act(
      reading,
      this.#innerHits,
      false,
      () => {
        isFound = true;
      },
      undefined,
    );
    return isFound;
  };

  constructor(plan: RulePlan) {
    this.#plan = plan;
  }

  /** Scans a view; `isBinary` leaves only rules that stand on a provider's own format. */
  scan(view: TextView, isBinary: boolean, visit: DraftVisitor): void {
    const hits = this.#hits;
    const regions = isBinary ? undefined : new EscapeRegions(view.bytes);
    this.#find(view, hits);
    const triggers = this.#act(view, hits, isBinary, visit, regions);
    for (const draft of draftPrivateKeys(view, triggers, this.#plan.privateKeyRules)) visit(draft, view);
    for (const region of regions?.regions ?? []) this.#scanRegion(view, region, visit);
  }

  /** Scans a text view of which `blocks` knows the quiet parts; finds exactly what {@link scan} finds. */
  scanBlocks(view: TextView, blocks: DocumentBlocks, visit: DraftVisitor): void {
    if (!blocks.hasDue) return;
    const hits = this.#hits;
    hits.clear();
    const ranges: Span[] = [];
    blocks.visitRanges((start, end) => {
      ranges.push({ start, end });
      findKeywords(this.#plan.trie, view.bytes, start, end, hits);
    });
    const regions = new EscapeRegions(view.bytes);
    const triggers = this.#actInBlocks(view, blocks, visit, regions);
    for (const draft of draftPrivateKeys(view, triggers, this.#plan.privateKeyRules)) visit(draft, view);
    this.#scanRegionsInBlocks(view, blocks, this.#wholeRegions(view, blocks, ranges, regions.regions), visit);
    blocks.settle();
  }

  /** The regions as hits in all of the text make them: those in the ranges alone unless one may be cut off. */
  #wholeRegions(
    view: TextView,
    blocks: DocumentBlocks,
    ranges: readonly Span[],
    regions: readonly Span[],
  ): readonly Span[] {
    const { length } = view.bytes;
    let range = 0;
    let block = 0;
    const isCut = regions.some((region) => {
      block = blocks.indexOf(region.start, block);
      if (!blocks.isDueWithin(block, region.end)) return false;
      while ((ranges[range]?.end ?? length) < region.start) range++;
      const { start, end } = ranges[range] ?? { start: 0, end: length };
      return (
        (start > 0 && region.start < start + regionMarginBefore) ||
        (end < length && region.end > end - regionMarginBehind)
      );
    });
    if (!isCut) return regions;
    const plan = this.#plan;
    const hits = this.#hits;
    this.#find(view, hits);
    const whole = new EscapeRegions(view.bytes);
    for (let i = 0; i < hits.count; i++) {
      const keyword = hits.keywordAt(i);
      const start = hits.startAt(i);
      if (plan.dueAt(keyword).actions.length > 0)
        whole.add(start, start + (plan.trie.lengths[keyword] as number));
    }
    return whole.regions;
  }

  #scanRegionsInBlocks(
    view: TextView,
    blocks: DocumentBlocks,
    regions: readonly Span[],
    visit: DraftVisitor,
  ): void {
    let block = 0;
    for (const region of regions) {
      block = blocks.indexOf(region.start, block);
      this.#scanRegionInBlocks(view, blocks, block, region, visit);
    }
  }

  #find(view: TextView, hits: HitList): void {
    hits.clear();
    findKeywords(this.#plan.trie, view.bytes, 0, view.bytes.length, hits);
  }

  #scanRegion(view: TextView, region: Span, visit: DraftVisitor): void {
    for (const reading of this.#windows.readingsOf(view.bytes, region, this.#isTelling)) {
      this.#scanReading(view, reading, visit);
    }
  }

  /**
   * A region belongs to all blocks that it touches. They stay loud when something was found in it, and when
   * it reaches so far beyond one of them that what stands further off could make it longer.
   */
  #scanRegionInBlocks(
    view: TextView,
    blocks: DocumentBlocks,
    first: number,
    region: Span,
    visit: DraftVisitor,
  ): void {
    if (!blocks.isDueWithin(first, region.end)) return;
    const last = blocks.indexOf(region.end - 1, first);
    let isFound = false;
    this.#scanRegion(view, region, (draft, reading) => {
      isFound = true;
      visit(draft, reading);
    });
    const { length } = view.bytes;
    for (let i = first; i <= last; i++) {
      const { start, end } = blocks.certainRange(i);
      const isClearBefore = start === 0 || region.start >= start + regionMarginBefore;
      const isClearBehind = end === length || region.end <= end - regionMarginBehind;
      if (isFound || !isClearBefore || !isClearBehind) blocks.markLoud(i);
    }
  }

  #scanReading(outer: TextView, reading: TextView, visit: DraftVisitor): void {
    const composed: TextView = {
      bytes: reading.bytes,
      map: composeMaps(outer.map, reading.map),
      view: reading.view,
      spelling: [...outer.spelling, ...reading.spelling],
    };
    this.#find(composed, this.#innerHits);
    this.#act(composed, this.#innerHits, false, visit, undefined);
  }

  #act(
    view: TextView,
    hits: HitList,
    isBinary: boolean,
    visit: DraftVisitor,
    regions: EscapeRegions | undefined,
  ): KeyTrigger[] {
    const plan = this.#plan;
    const triggers: KeyTrigger[] = [];
    const emit = (draft: Draft): void => visit(draft, view);
    for (let i = 0; i < hits.count; i++) {
      const keyword = hits.keywordAt(i);
      const start = hits.startAt(i);
      const end = start + (plan.trie.lengths[keyword] as number);
      const { actions, keyRule } = plan.dueAt(keyword);
      if (keyRule !== undefined) triggers.push({ rule: keyRule, at: start });
      for (const action of actions) {
        if (!isBinary || action.isBinarySafe) action.detect(view.bytes, start, end, emit);
      }
      if (actions.length > 0) regions?.add(start, end);
    }
    return triggers;
  }

  /** As {@link #act}, in the blocks that are due; their neighbours only show how far escape regions reach. */
  #actInBlocks(
    view: TextView,
    blocks: DocumentBlocks,
    visit: DraftVisitor,
    regions: EscapeRegions,
  ): KeyTrigger[] {
    const plan = this.#plan;
    const hits = this.#hits;
    const triggers: KeyTrigger[] = [];
    let block = 0;
    const emit = (draft: Draft): void => {
      blocks.markLoud(block);
      visit(draft, view);
    };
    for (let i = 0; i < hits.count; i++) {
      const keyword = hits.keywordAt(i);
      const start = hits.startAt(i);
      const end = start + (plan.trie.lengths[keyword] as number);
      const { actions, keyRule } = plan.dueAt(keyword);
      block = blocks.indexOf(start, block);
      if (blocks.isDue(block)) {
        if (keyRule !== undefined) {
          triggers.push({ rule: keyRule, at: start });
          blocks.markLoud(block);
        }
        for (const action of actions) {
          if (action.isFarReaching) blocks.markLoud(block);
          action.detect(view.bytes, start, end, emit);
        }
      }
      if (actions.length > 0) regions.add(start, end);
    }
    return triggers;
  }
}
