/**
 * Verifies and places what the sweep index only hints at: opens the roots again, reads the contents that may
 * hold a copy, and says exactly where the copies are. Writes nothing.
 */
import { createAnalyzer } from '../detect/create-analyzer.js';
import { digestPrefixOf } from '../identity/content-id.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import { anchorTableOf } from '../identity/sweep.js';
import type { Appearance } from '../model/appearance.js';
import type { Location } from '../model/exposure.js';
import type { Finding, KnownAnchor } from '../model/finding.js';
import { type ContentId, parseRuleId } from '../model/ids.js';
import type { Place } from '../model/place.js';
import type { InputProblem } from '../model/problem.js';
import { loadRuleSet } from '../rules/load-bundle.js';
import type { HitObject, OpenSource } from '../sources/source.js';
import type { ContentResult, Store, SweepCandidate } from '../store/store.js';
import { headerAppearance, redactAppearance } from './metadata.js';
import { openCores } from './open-cores.js';
import type { ObjectHit, RangeResult } from './range-result.js';
import { RangeRunner } from './range-runner.js';
import { readingOptionsReader } from './reading-options.js';
import { Redactor } from './redactor.js';
import { reopenRoot } from './targets.js';

export interface LocateDeps {
  readonly store: Store;
  readonly keys: IdentityKeys;
  readonly signal: AbortSignal;
}

/** The rule of copies that only the sweep found. */
const sweepRule = parseRuleId('known-value');

const silent = { problem: (): void => {}, skipped: (): void => {} };

/**
 * Copies of the given secrets in the candidates' contents. A root that cannot be opened any more gives one
 * inexact location for each secret that it may hold, with the reason `source-unavailable`.
 */
export async function* locateCandidates(
  candidates: readonly SweepCandidate[],
  known: readonly KnownAnchor[],
  deps: LocateDeps,
): AsyncGenerator<Location, void> {
  const places = new Map((await deps.store.places()).map((place) => [place.key as string, place]));
  const table = anchorTableOf(known);
  const analyzer = createAnalyzer({ rules: await loadRuleSet(), keys: deps.keys, known: table });
  const runner = new RangeRunner(analyzer, deps.keys, openCores(deps.keys, []));
  const readingOf = readingOptionsReader(deps.store);
  const redactor = new Redactor(analyzer);
  try {
    for (const group of byRoot(candidates)) {
      const first = group[0];
      const place = first === undefined ? undefined : places.get(first.place);
      if (first === undefined || place === undefined) continue;
      if (deps.signal.aborted) return;
      const source = await reopenRoot(place, first.locator, await readingOf(first));
      if (source === undefined) {
        yield* unavailable(place, group, known);
        continue;
      }
      const copies = await readCopies(source, group, known, deps, runner);
      for (const { content, finding, appearance } of copies) {
        yield locationOf(place, content, finding, redactAppearance(appearance, redactor).appearance);
      }
    }
  } finally {
    await runner.close();
  }
}

/** A finding with where it stands. */
export interface Copy {
  readonly content: ContentId;
  readonly finding: Finding;
  readonly appearance: Appearance;
}

/** What one part of an object holds. */
interface Held {
  readonly content: ContentId;
  readonly findings: readonly Finding[];
  readonly isHeader: boolean;
}

function byRoot(candidates: readonly SweepCandidate[]): SweepCandidate[][] {
  const groups = new Map<string, SweepCandidate[]>();
  for (const candidate of candidates) {
    const key = `${candidate.place}\0${candidate.locator}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [candidate]);
    else group.push(candidate);
  }
  return [...groups.values()];
}

async function readCopies(
  source: OpenSource,
  group: readonly SweepCandidate[],
  known: readonly KnownAnchor[],
  deps: LocateDeps,
  runner: RangeRunner,
): Promise<Copy[]> {
  if (source.resolve === undefined || source.store === undefined)
    return readFileCopies(source, known, deps, runner);
  const prefixes = new Set(group.map(({ content }) => digestPrefixOf(deps.keys.content, content).prefix));
  const objects = await source.resolve([...prefixes]);
  if (objects.length === 0) return [];
  const oids = Buffer.concat(objects.map(({ oid }) => oid));
  const range = { type: 'git-objects', store: source.store, oids } as const;
  const result = await runner.run({ mode: 'sweep', range, known }, deps.signal);
  return attributed(source, result, deps);
}

async function readFileCopies(
  source: OpenSource,
  known: readonly KnownAnchor[],
  deps: LocateDeps,
  runner: RangeRunner,
): Promise<Copy[]> {
  return (await copiesInAll(source, known, deps, runner, () => {})).filter(
    ({ appearance }) => appearance.type === 'file' || appearance.type === 'record',
  );
}

/** Reads all of a source for the given secrets. */
export async function copiesInAll(
  source: OpenSource,
  known: readonly KnownAnchor[],
  deps: LocateDeps,
  runner: RangeRunner,
  problem: (problem: InputProblem) => void,
): Promise<Copy[]> {
  const copies: Copy[] = [];
  const hits: ObjectHit[] = [];
  const contents: ContentResult[] = [];
  const isKnown = async (_oids: Uint8Array, types: Uint8Array): Promise<Uint8Array> =>
    new Uint8Array(types.length);
  for await (const { range } of source.plan({ isKnown }, { problem, skipped: () => {} })) {
    if (deps.signal.aborted) break;
    const result = await runner.run({ mode: 'sweep', range, known }, deps.signal);
    result.problems.forEach(problem);
    for (const hit of result.hits) hits.push(hit);
    for (const content of result.contents) contents.push(content);
    for (const { id, findings, appearances } of result.contents) {
      for (const finding of findings)
        for (const appearance of appearances ?? []) copies.push({ content: id, finding, appearance });
    }
  }
  for (const copy of await attributed(source, { contents, hits }, deps)) copies.push(copy);
  return copies;
}

async function attributed(
  source: OpenSource,
  result: Pick<RangeResult, 'contents' | 'hits'>,
  deps: LocateDeps,
): Promise<Copy[]> {
  if (source.attribute === undefined || result.hits.length === 0) return [];
  const findings = new Map(result.contents.map((content) => [content.id as string, content.findings]));
  const byObject = new Map<string, Held[]>();
  for (const { content, oid } of result.hits) {
    const key = Buffer.from(oid).toString('hex');
    const isHeader = digestPrefixOf(deps.keys.content, content).part > 4;
    const entry = { content, findings: findings.get(content) ?? [], isHeader };
    byObject.set(key, [...(byObject.get(key) ?? []), entry]);
  }
  const hits: HitObject[] = result.hits.map(({ oid, objectType }) => ({ oid, objectType }));
  const copies: Copy[] = [];
  for await (const { oid, appearances } of source.attribute(hits, silent, deps.signal)) {
    for (const held of byObject.get(oid) ?? []) {
      for (const copy of copiesAt(held, appearances)) copies.push(copy);
    }
  }
  return copies;
}

function copiesAt({ content, findings, isHeader }: Held, appearances: readonly Appearance[]): Copy[] {
  return appearances.flatMap((found) => {
    const appearance = isHeader ? headerAppearance(found) : found;
    return findings.map((finding) => ({ content, finding, appearance }));
  });
}

export function locationOf(
  root: Place,
  content: ContentId,
  finding: Finding,
  appearance: Appearance,
): Location {
  const place = (appearance.type === 'record' ? appearance.place : undefined) ?? root;
  const now = new Date().toISOString();
  return {
    fingerprint: finding.fingerprint,
    kind: finding.kind,
    rule: finding.rule,
    confidence: finding.confidence,
    reasons: finding.reasons,
    status: { status: 'open' },
    place: place.key,
    placeName: place.name,
    system: place.system,
    audience: place.audience,
    appearance,
    content,
    chain: finding.chain,
    spelling: finding.spelling,
    view: finding.view,
    span: finding.span,
    exact: finding.exact,
    position: finding.position,
    firstSeen: now,
    lastSeen: now,
    firstScan: 0,
    lastScan: 0,
    ...(finding.rawRanges === undefined ? {} : { rawRanges: finding.rawRanges }),
    ...(finding.slot === undefined ? {} : { slot: finding.slot }),
    ...(finding.account === undefined ? {} : { account: finding.account }),
  };
}

function* unavailable(
  place: Place,
  group: readonly SweepCandidate[],
  known: readonly KnownAnchor[],
): Generator<Location, void> {
  const tags = new Set(group.map(({ tag }) => tag));
  const isGit = place.system === 'git';
  const appearance: Appearance = isGit
    ? { type: 'git-blob', locationKind: 'git-history', refs: [], refCount: 0 }
    : { type: 'file', locationKind: 'loose-file', path: { text: '?' }, ignored: false, tracked: false };
  const now = new Date().toISOString();
  for (const anchor of known) {
    if (!tags.has(anchor.tag)) continue;
    yield {
      fingerprint: anchor.fingerprint,
      kind: anchor.kind,
      rule: sweepRule,
      confidence: 'low',
      reasons: ['source-unavailable'],
      status: { status: 'open' },
      place: place.key,
      placeName: place.name,
      system: place.system,
      audience: place.audience,
      appearance,
      chain: [],
      spelling: ['plain'],
      view: 'raw',
      span: { start: 0, end: 0 },
      exact: false,
      position: { line: 1, column: 1, endLine: 1, endColumn: 1 },
      firstSeen: now,
      lastSeen: now,
      firstScan: 0,
      lastScan: 0,
    };
  }
}
