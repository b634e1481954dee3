/**
 * `where - --deep`: reads every known root again from end to end for a value that the caller holds, in every
 * spelling, in this thread. Writes nothing. The one answer that also covers values which the index leaves out.
 */
import type { Analyzer } from '../detect/analysis.js';
import { createAnalyzer } from '../detect/create-analyzer.js';
import type { KnownLiteral } from '../detect/literal-search.js';
import { anchorTableOf } from '../identity/sweep.js';
import type { Location } from '../model/exposure.js';
import type { KnownAnchor } from '../model/finding.js';
import type { InputProblem } from '../model/problem.js';
import { loadRuleSet } from '../rules/load-bundle.js';
import type { RootRef } from '../store/store.js';
import { LimitedAnalyzer } from './limited-analyzer.js';
import { copiesInAll, type LocateDeps, locationOf } from './locate.js';
import { redactAppearance } from './metadata.js';
import { openCores } from './open-cores.js';
import { RangeRunner } from './range-runner.js';
import { readingOptionsReader } from './reading-options.js';
import { Redactor } from './redactor.js';
import { reopenRoot } from './targets.js';
import { defaultTimeoutMs } from './timed-out.js';

/** What became of each root. */
export interface DeepEvents {
  read(root: RootRef): void;
  /** Moved, deleted, or standard input of an earlier run. */
  gone(root: RootRef): void;
  problem(problem: InputProblem): void;
}

export async function* locateDeep(
  known: readonly KnownAnchor[],
  literals: readonly KnownLiteral[],
  deps: LocateDeps,
  events: DeepEvents,
): AsyncGenerator<Location, void> {
  const places = new Map((await deps.store.places()).map((place) => [place.key as string, place]));
  const rules = await loadRuleSet();
  const make = (): Analyzer =>
    createAnalyzer({ rules, keys: deps.keys, known: anchorTableOf(known), literals });
  const runner = new RangeRunner(
    new LimitedAnalyzer(make, defaultTimeoutMs),
    deps.keys,
    openCores(deps.keys, []),
  );
  const redactor = new Redactor(make());
  const readingOf = readingOptionsReader(deps.store);
  try {
    for (const root of await deps.store.roots()) {
      const place = places.get(root.place);
      if (deps.signal.aborted) return;
      const source =
        place === undefined || root.locator === '-'
          ? undefined
          : await reopenRoot(place, root.locator, await readingOf(root));
      if (place === undefined || source === undefined) {
        events.gone(root);
        continue;
      }
      const problem = (one: InputProblem): void => events.problem(one);
      for (const { content, finding, appearance } of await copiesInAll(
        source,
        known,
        deps,
        runner,
        problem,
      )) {
        yield locationOf(place, content, finding, redactAppearance(appearance, redactor).appearance);
      }
      events.read(root);
    }
  } finally {
    await runner.close();
  }
}
