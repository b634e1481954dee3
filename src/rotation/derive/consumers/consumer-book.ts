/** Collects uses of secrets and merges those of one workload. */
import type { Consumer } from '../../dossier.js';
import { type FactConfidence, factConfidences } from '../../fact.js';
import { codePointOrder, deepOrder, sortedSet } from '../../order.js';
import type { EnvironmentVocabulary } from '../environments/words.js';
import { cronOf, nextRun } from './cron.js';
import { environmentOfPath } from './environment-of.js';
import type { Workload } from './workload.js';

/** One use: where it shows, and how sure it is. */
export interface Use {
  readonly how: 'literal' | 'reference';
  readonly current: Consumer['current'];
  readonly rules: readonly string[];
  readonly confidence: 'asserted' | 'strong' | 'probable' | 'weak';
  readonly place: string;
  readonly path: string;
  readonly line: number;
  readonly commit?: string;
  readonly note?: string;
  /** Fingerprints of secrets that the workload replaces. */
  readonly rotates?: readonly string[];
}

export interface BookSettings {
  /** RFC 3339. */
  readonly now: string;
  readonly vocabulary: EnvironmentVocabulary;
}

/** Evidence kept of one consumer: more shows nothing new. */
const mostEvidence = 8;

const currents: readonly Consumer['current'][] = ['yes', 'unknown', 'former'];
const hows: readonly Consumer['how'][] = ['literal', 'reference', 'imported'];

/** The one that stands first in a list of preferences. */
function preferred<T>(order: readonly T[], a: T, b: T): T {
  return order.indexOf(a) <= order.indexOf(b) ? a : b;
}

/** A pipeline runs for the environment that it declares; `ci.yml` and `test.yml` are names of what it does. */
function environmentOf(workload: Workload, use: Use, vocabulary: EnvironmentVocabulary): string {
  if (workload.environment !== undefined) return workload.environment;
  if (workload.kind === 'test') return 'test';
  return (workload.kind === 'ci' ? undefined : environmentOfPath(use.path, vocabulary)) ?? 'unknown';
}

function consumerOf(
  workload: Workload,
  use: Use,
  environment: string,
  now: string,
  shared: Shared,
): Consumer {
  const cron = cronOf(workload.runs);
  const next = cron === undefined ? undefined : nextRun(cron, now);
  const note = [use.note, workload.note].filter((part) => part !== undefined).join('; ');
  return {
    name: shared.text(workload.name),
    kind: workload.kind,
    environment: shared.text(environment),
    how: use.how,
    reload: workload.reload,
    runs: workload.runs,
    ...(next === undefined ? {} : { nextRun: next }),
    dependsOn: none,
    acceptsTwo: 'unknown',
    current: use.current,
    rules: shared.list(use.rules),
    confidence: use.confidence,
    evidence: [
      {
        place: use.place,
        path: use.path,
        line: use.line,
        ...(use.commit === undefined ? {} : { commit: use.commit }),
        ...(note === '' ? {} : { note }),
      },
    ],
    ...(use.rotates === undefined || use.rotates.length === 0 ? {} : { rotates: sortedSet(use.rotates) }),
  };
}

type Evidence = Consumer['evidence'];

function distinctEvidence(evidence: Evidence): Evidence {
  const byText = new Map(evidence.map((entry) => [JSON.stringify(entry), entry]));
  return [...byText.values()].slice(0, mostEvidence);
}

function evidenceOrder(a: Evidence[number], b: Evidence[number]): number {
  return (
    codePointOrder(a.place, b.place) ||
    codePointOrder(a.path ?? '', b.path ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    deepOrder(a, b)
  );
}

/** True when a use changes nothing of what is known of its consumer. */
function isCovered(known: Consumer, use: Use): boolean {
  return (
    known.evidence.length >= mostEvidence &&
    known.current === 'yes' &&
    hows.indexOf(known.how) <= hows.indexOf(use.how) &&
    factConfidences.indexOf(known.confidence) <= factConfidences.indexOf(use.confidence) &&
    use.rules.every((rule) => known.rules.includes(rule)) &&
    (use.rotates ?? []).every((fingerprint) => known.rotates?.includes(fingerprint))
  );
}

/** What two sightings of one consumer say together: what is now counts before what was. */
function merged(a: Consumer, b: Consumer): Consumer {
  // What is plain text must be changed by hand; while it is there, a name that is asked for besides changes nothing.
  const [first, second] = currents.indexOf(a.current) <= currents.indexOf(b.current) ? [a, b] : [b, a];
  const isSameTime = first.current === second.current;
  const rotates = sortedSet([...(a.rotates ?? []), ...(b.rotates ?? [])]);
  const confidence: FactConfidence = isSameTime
    ? preferred(factConfidences, first.confidence, second.confidence)
    : first.confidence;
  return {
    ...second,
    ...first,
    environment: first.environment === 'unknown' ? second.environment : first.environment,
    how: isSameTime ? preferred(hows, first.how, second.how) : first.how,
    rules: sortedSet([...first.rules, ...second.rules]),
    confidence,
    // The surer one's first, for only some are kept.
    evidence: distinctEvidence([...first.evidence, ...second.evidence]),
    ...(rotates.length === 0 ? {} : { rotates }),
  };
}

function consumerOrder(a: Consumer, b: Consumer): number {
  return codePointOrder(a.name, b.name) || codePointOrder(a.environment, b.environment);
}

/** A sighting that tells no environment is one of the environments that others tell. */
function withoutUnknownTwins(consumers: readonly Consumer[]): Consumer[] {
  const unknown = new Map(
    consumers.filter(({ environment }) => environment === 'unknown').map((found) => [found.name, found]),
  );
  const known = consumers.filter(({ environment }) => environment !== 'unknown');
  const names = new Set(known.map(({ name }) => name));
  return [
    ...known.map((found) => {
      const twin = unknown.get(found.name);
      return twin === undefined ? found : { ...merged(found, twin), environment: found.environment };
    }),
    ...[...unknown.values()].filter(({ name }) => !names.has(name)),
  ];
}

/** Nothing is kept of most; one list for all of them. */
const none: readonly string[] = [];

/**
 * One object for equal texts and lists: of hundreds of thousands of uses most have the same rules, and many the same
 * consumer.
 */
class Shared {
  readonly #texts = new Map<string, string>();
  readonly #lists = new Map<string, readonly string[]>();

  text(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }

  /** Sorted, each once. */
  list(texts: readonly string[]): readonly string[] {
    const key = texts.join('\0');
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const list = sortedSet(texts);
    this.#lists.set(key, list);
    return list;
  }
}

function withSortedEvidence(consumer: Consumer): Consumer {
  const { evidence } = consumer;
  return evidence.length < 2 ? consumer : { ...consumer, evidence: [...evidence].sort(evidenceOrder) };
}

export class ConsumerBook {
  readonly #settings: BookSettings;
  readonly #shared = new Shared();
  readonly #byFingerprint = new Map<string, Map<string, Consumer>>();

  constructor(settings: BookSettings) {
    this.#settings = settings;
  }

  add(fingerprint: string, workload: Workload, use: Use): void {
    const known = this.#byFingerprint.get(fingerprint) ?? new Map<string, Consumer>();
    this.#byFingerprint.set(fingerprint, known);
    // One workload in two environments is two consumers.
    const environment = environmentOf(workload, use, this.#settings.vocabulary);
    const key = this.#shared.text(`${environment}\0${workload.name}`);
    const before = known.get(key);
    if (before !== undefined && isCovered(before, use)) return;
    const found = consumerOf(workload, use, environment, this.#settings.now, this.#shared);
    known.set(key, before === undefined ? found : merged(before, found));
  }

  /** Of the secrets that have any, sorted by name. */
  consumers(fingerprints: readonly string[]): ReadonlyMap<string, readonly Consumer[]> {
    const found = new Map<string, readonly Consumer[]>();
    for (const fingerprint of [...fingerprints].sort(codePointOrder)) {
      const own = this.#byFingerprint.get(fingerprint);
      if (own === undefined) continue;
      found.set(
        fingerprint,
        withoutUnknownTwins([...own.values()])
          .map(withSortedEvidence)
          .sort(consumerOrder),
      );
    }
    return found;
  }
}
