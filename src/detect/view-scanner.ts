/** Detects in one view: keyword hits, the actions of each, and again where escapes stand near a hit. */
import { findKeywords, HitList } from '../prefilter/keyword-hits.js';
import { composeMaps } from '../text/offset-map.js';
import { unescapeWindow } from '../text/unescape.js';
import type { TextView } from '../text/view.js';
import type { Draft } from './draft.js';
import { EscapeRegions } from './escape-regions.js';
import { draftPrivateKeys, type KeyTrigger } from './private-key-draft.js';
import type { RulePlan } from './rule-plan.js';

/** Receives a draft and the view in which it stands. */
export type DraftVisitor = (draft: Draft, view: TextView) => void;

export class ViewScanner {
  readonly #plan: RulePlan;
  readonly #hits = new HitList();
  /** Hits within unescaped windows, which are scanned while the outer hits are still being walked. */
  readonly #innerHits = new HitList();

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
    for (const region of regions?.regions ?? []) {
      for (const reading of unescapeWindow(view.bytes, region.start, region.end)) {
        this.#scanReading(view, reading, visit);
      }
    }
  }

  #find(view: TextView, hits: HitList): void {
    hits.clear();
    findKeywords(this.#plan.automaton, view.bytes, 0, view.bytes.length, hits);
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
    const { actions, automaton, keyTriggers } = this.#plan;
    const triggers: KeyTrigger[] = [];
    const emit = (draft: Draft): void => visit(draft, view);
    for (let i = 0; i < hits.count; i++) {
      const keyword = hits.keywordAt(i);
      const start = hits.startAt(i);
      const end = start + (automaton.lengths[keyword] as number);
      const keyRule = keyTriggers[keyword];
      if (keyRule !== undefined) triggers.push({ rule: keyRule, at: start });
      const due = actions[keyword] ?? [];
      for (const action of due) {
        if (!isBinary || action.isBinarySafe) action.detect(view.bytes, start, end, emit);
      }
      if (due.length > 0) regions?.add(start, end);
    }
    return triggers;
  }
}
