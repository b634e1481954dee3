/**
 * A scan from targets to receipt: open the sources, read every root, sweep all of them for what was
 * learned, attribute the hits, finish. The one function that cli/ and the library call.
 */

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import { createAnalyzer } from '../detect/create-analyzer.js';
import type { OutsideRules } from '../detect/outside-rules.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import { anchorTableOf } from '../identity/sweep.js';
import type { KnownAnchor } from '../model/finding.js';
import type { ContentId, PlaceKey } from '../model/ids.js';
import type { InputProblem } from '../model/problem.js';
import { joinedOptions } from '../model/receipt.js';
import { loadRuleSet } from '../rules/load-bundle.js';
import type { RuleSet } from '../rules/rule-set.js';
import type { EarlierHistory } from '../sources/git/history/known-history.js';
import type { Store } from '../store/store.js';
import type { RuleFiles } from '../suppress/rule-files.js';
import { analysisIdOf } from './analysis-id.js';
import { type AuthorFiles, asksForHashes } from './author-files.js';
import { applyAuthorFiles } from './author-suppression.js';
import { EmbeddedRoots } from './embedded-roots.js';
import { unsealHistory } from './history-memory.js';
import { RememberedLinks } from './link-memory.js';
import { linkSigners } from './link-signers.js';
import type { ScanEvent, ScanOptions, ScanResult } from './messages.js';
import { outsideOf } from './outside-of.js';
import { namedRuleFiles, rulesWith } from './own-rules.js';
import { ReceiptBuilder } from './receipt-builder.js';
import { redactStored } from './redact-stored.js';
import { mayHoldSecret, Redactor } from './redactor.js';
import { type RootDeps, RootScan } from './root-scan.js';
import { splitState } from './root-state.js';
import { stateIdOf } from './state-id.js';
import { type Sweep, sweepOf } from './sweep.js';
import { gitOptions, isWholeScope, type OpenedTarget, openTargets } from './targets.js';
import { defaultTimeoutMs } from './timed-out.js';
import { WorkerPool } from './worker-pool.js';

export interface ScanDeps {
  readonly store: Store;
  readonly keys: IdentityKeys;
  /** Default: the rules that come with the package. */
  readonly rules?: RuleSet;
  readonly onEvent: (event: ScanEvent) => void;
  readonly signal: AbortSignal;
}

const noAnchors: readonly KnownAnchor[] = [];

/** Roots that are listed side by side; reading shares one pool. */
const rootsAtOnce = 4;

/** Scans the targets into the store. Throws `ProblemError` only for what makes the whole command fail. */
export async function scan(options: ScanOptions, deps: ScanDeps): Promise<ScanResult> {
  const { store, keys, signal, onEvent } = deps;
  const builtIn = deps.rules ?? (await loadRuleSet());
  const total = new ReceiptBuilder();
  let rules = builtIn;
  let outside: OutsideRules | undefined;
  let redactor: Redactor | undefined;
  const redactorOf = (known: readonly KnownAnchor[]): Redactor => {
    redactor ??= new Redactor(createAnalyzer({ rules, outside, keys, known: anchorTableOf(known) }));
    return redactor;
  };
  // Told when it is known which secrets are no longer to be shown.
  const unopened: InputProblem[] = [];
  const named = options.configFile === undefined ? undefined : await namedRuleFiles(options.configFile);
  const scope = named === undefined ? options : { ...options, ruleFiles: named };
  const targets = await openTargets(scope, (problem) => unopened.push(problem), {
    remembered: async (locator, state) => {
      const root = await store.rootAt(locator);
      const same = root?.state !== undefined && stateIdOf(keys, state).equals(root.state.subarray(0, 32));
      return same ? root.place : undefined;
    },
    earlier: (locator) => earlierHistory(store, keys, locator),
  });
  const own = await rulesWith(builtIn, ruleFilesOf(targets));
  if (own.rules !== builtIn) {
    rules = own.rules;
    outside = await outsideOf(rules);
  }
  const analysisId = analysisIdOf(rules);
  const { checked, outdated } = await checkedNames(targets, store, analysisId);
  const known = await store.anchors();
  const redact = (text: string): string =>
    checked.has(text) || !mayHoldSecret(text) ? text : redactorOf(known).redact(text);
  const writer = await store.beginScan({
    targets: targets.map(({ source }) => redact(source.place.key)),
    whole: isWholeScope(options),
    analysisId,
    hashNames: options.hashAttributes === true || targets.some(({ author }) => asksForHashes(author)),
  });
  for (const problem of unopened) {
    const redacted = { ...problem, where: redactorOf(known).redact(problem.where) };
    total.problem(redacted);
    onEvent({ type: 'problem', problem: redacted });
  }
  const { started, ...told } = progressOf(onEvent);
  const pool = new WorkerPool({
    jobs: options.jobs ?? availableParallelism(),
    ...(options.maxMemory === undefined ? {} : { maxMemory: options.maxMemory }),
    init: { rules, keys, known },
    outside,
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    signal,
    ...(options.knownLiterals === undefined
      ? {}
      : { literals: { values: options.knownLiterals, known: options.knownValues ?? noAnchors } }),
    codeCache: options.codeCache === true,
    onStart: started,
    workerEntry: workerEntry(),
  });
  const deps2: RootDeps = {
    reading: joinedOptions({}, options),
    writer,
    pool,
    keys,
    analysisId,
    signal,
    redactor: () => redactorOf(known),
    redact,
    problem: (problem) => onEvent({ type: 'problem', problem }),
    ...told,
  };
  const roots = targets.map(({ source, whole }) => new RootScan(source, whole, deps2));
  const embedded = new EmbeddedRoots({ store, cacheDir: options.cacheDir, git: gitOptions(options), signal });
  const notes: string[] = [...own.notes, ...outdatedNotes(outdated)];
  try {
    await inPhases(roots, embedded, options, deps2, onEvent);
    if (!signal.aborted) {
      for (const [place, files] of authorsByPlace(roots, targets)) {
        notes.push(...(await applyAuthorFiles(place, files, { ...deps, writer, redact: deps2.redact })));
      }
    }
    if (!signal.aborted) await linkSigners(writer, { store, keys, signal });
    await redactStored(writer, keys);
  } finally {
    await pool.close();
    embedded.close();
    for (const { source } of targets) source.close?.();
  }
  for (const root of roots) total.add(root.receipt());
  if (signal.aborted) total.interrupted();
  const receipt = total.build();
  await writer.finish(receipt);
  return { scan: writer.scan, receipt, notes, places: await placesOf(roots, store) };
}

/** What the last complete scan of a store kept of its history. */
async function earlierHistory(
  store: Store,
  keys: IdentityKeys,
  locator: string,
): Promise<EarlierHistory | undefined> {
  const state = splitState((await store.rootAt(locator))?.state);
  const links = state?.links && RememberedLinks.read(keys, state.links);
  const history = links && (await store.historyAt(locator));
  return links && history && unsealHistory(links, history);
}

/** The roots' own places, each followed by those that its exports hold. */
async function placesOf(roots: readonly RootScan[], store: Store): Promise<ScanResult['places']> {
  const hasRecords = roots.some(({ recordPlaces }) => recordPlaces.size > 0);
  const known = hasRecords ? await store.places() : [];
  return roots.flatMap((root) => {
    const { locator } = root.ref;
    const own = { place: root.place, locator, receipt: root.receipt() };
    const below = known.filter(({ key }) => root.recordPlaces.has(key));
    return [own, ...below.map((place) => ({ place, locator, receipt: own.receipt }))];
  });
}

/**
 * Names that the database keeps as they are: an earlier scan by the same rules has checked them, and what was
 * learned since has been taken out of them. Counts the targets that were read by other rules.
 */
async function checkedNames(
  targets: readonly OpenedTarget[],
  store: Store,
  analysisId: string,
): Promise<{ readonly checked: ReadonlySet<string>; readonly outdated: number }> {
  const checked = new Set<string>();
  let outdated = 0;
  for (const { source } of targets) {
    const root = await store.rootAt(source.locator);
    if (root?.analysisId !== undefined && root.analysisId !== analysisId) outdated++;
    if (root?.analysisId !== analysisId || root.place.key !== source.place.key) continue;
    checked.add(source.locator).add(root.place.key).add(root.place.name);
  }
  return { checked, outdated };
}

/** Why a scan takes long although nothing changed in its targets. */
function outdatedNotes(outdated: number): string[] {
  if (outdated === 0) return [];
  return [
    `${outdated} of the targets were last read by other rules (another configuration, or another version of sprawl), so all that they hold is read again`,
  ];
}

/** What the targets' trusted files say of rules, each file once. */
function ruleFilesOf(targets: readonly OpenedTarget[]): readonly RuleFiles[] {
  return [...new Set(targets.map(({ author }) => author.rules))].filter((files) => files !== undefined);
}

/** Several roots of one place (a clone and its work tree, two clones) speak for it together. */
function authorsByPlace(
  roots: readonly RootScan[],
  targets: readonly OpenedTarget[],
): Map<PlaceKey, AuthorFiles[]> {
  const authors = new Map<PlaceKey, AuthorFiles[]>();
  for (const [i, { author }] of targets.entries()) {
    const place = roots[i]?.ref.place;
    if (place === undefined) continue;
    const others = authors.get(place) ?? [];
    if (!others.includes(author)) authors.set(place, [...others, author]);
  }
  return authors;
}

async function inPhases(
  roots: RootScan[],
  embedded: EmbeddedRoots,
  options: ScanOptions,
  deps: RootDeps,
  onEvent: (event: ScanEvent) => void,
): Promise<void> {
  const { writer, keys, signal } = deps;
  const limit = pLimit(rootsAtOnce);
  const phase = (name: 'read' | 'sweep' | 'attribute', root: RootScan): void =>
    onEvent({ type: 'phase', phase: name, place: root.ref.place });
  const read = async (root: RootScan): Promise<void> => {
    if (signal.aborted) return;
    onEvent({ type: 'target', place: root.place, locator: root.ref.locator });
    phase('read', root);
    await root.attempt(() => root.read(false));
    const { knownValues = noAnchors, knownLiterals = [] } = options;
    if (knownValues.length + knownLiterals.length > 0) await root.attempt(() => root.sweepAll(knownValues));
  };
  await limit.map(roots, read);
  const whole = isWholeScope(options);
  const within = (await embedded.open(roots)).map(({ source }) => new RootScan(source, whole, deps));
  roots.push(...within);
  await limit.map(within, read);
  for (const root of roots) {
    if (signal.aborted) break;
    const isHeld = (content: ContentId): boolean =>
      roots.some((other) => other.ref.place === root.ref.place && other.holds(content));
    await root.attempt(() => root.readUncovered(isHeld, options.knownValues ?? []));
  }
  const sweeps = new Map<number, Promise<Sweep>>();
  for (const root of roots) {
    if (signal.aborted) break;
    // Thousands of roots were swept through the same scan, and so ask for the same.
    const asked = sweeps.get(root.sweepSince) ?? sweepOf(writer, keys, root.sweepSince);
    sweeps.set(root.sweepSince, asked);
    const sweep = await asked;
    if (sweep.roots.size === 0) continue;
    phase('sweep', root);
    await root.attempt(() => root.sweep(sweep));
  }
  for (const root of roots) {
    phase('attribute', root);
    await root.attempt(() => root.attribute());
    await root.finish();
  }
  if (!signal.aborted) await embedded.finish(writer, deps.analysisId);
  await writer.settleReported([...new Set(roots.map(({ ref }) => ref.place))]);
}

function progressOf(
  onEvent: (event: ScanEvent) => void,
): Pick<RootDeps, 'progress' | 'planned'> & { readonly started: () => void } {
  let totalBytes = 0;
  let doneBytes = 0;
  let documents = 0;
  let findings = 0;
  return {
    // Workers may start more than once, and behind what this thread has read.
    started: () => onEvent({ type: 'progress', doneBytes, totalBytes, documents, findings }),
    planned: (bytes) => {
      // Who listens learns that there is something to read before it is read.
      if (totalBytes === 0) onEvent({ type: 'progress', doneBytes, totalBytes: bytes, documents, findings });
      totalBytes += bytes;
    },
    progress: (step) => {
      doneBytes += step.bytes;
      documents += step.documents;
      findings += step.findings;
      onEvent({ type: 'progress', doneBytes, totalBytes, documents, findings });
    },
  };
}

/** The built worker, in the `dist/` that this runs from, or beside the `src/` under a test runner. */
function workerEntry(): string {
  for (
    let folder = dirname(fileURLToPath(import.meta.url));
    folder !== dirname(folder);
    folder = dirname(folder)
  ) {
    const entry = join(folder, 'dist', 'cli', 'worker-start.cjs');
    if (existsSync(entry)) return entry;
  }
  throw new Error('dist/cli/worker-start.cjs is missing: run "npm run build"');
}
