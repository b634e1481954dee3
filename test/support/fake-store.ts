/** A store in memory, typed as the real one: the data of a test, without SQL. */
import type { Exposure, PlaceCoverage, SecretSummary } from '../../src/model/exposure.js';
import type { KnownAnchor } from '../../src/model/finding.js';
import type { Fingerprint } from '../../src/model/ids.js';
import type { Place } from '../../src/model/place.js';
import type { AllowEntry, SecretFilter, Store, SweepCandidate } from '../../src/store/store.js';

export interface FakeData {
  readonly exposures?: readonly Exposure[];
  readonly coverage?: readonly PlaceCoverage[];
  readonly places?: readonly Place[];
  readonly acceptedGaps?: readonly string[];
  readonly candidates?: readonly SweepCandidate[];
  readonly anchors?: readonly KnownAnchor[];
  /** Identifier text to the secret it leads to. */
  readonly identifiers?: ReadonlyMap<string, Fingerprint>;
  readonly faults?: readonly string[];
}

function matches(filter: SecretFilter, secret: SecretSummary): boolean {
  if (filter.statuses !== undefined && !filter.statuses.includes(secret.status)) return false;
  if (filter.kinds !== undefined && !secret.labels.some(({ kind }) => filter.kinds?.includes(kind)))
    return false;
  if (filter.live !== undefined && filter.live !== secret.live) return false;
  return filter.minPlaces === undefined || secret.places.length >= filter.minPlaces;
}

function unused(): never {
  throw new Error('no command under test scans through this store');
}

/** The store and what was written into it. */
export function fakeStore(data: FakeData): {
  readonly store: Store;
  readonly written: AllowEntry[];
  readonly places: Place[];
} {
  const exposures = data.exposures ?? [];
  const written: AllowEntry[] = [];
  const places = [...(data.places ?? [])];
  const store: Store = {
    path: '/nowhere/fake.db',
    beginScan: async () => unused(),
    listSecrets: async (filter) => exposures.filter((secret) => matches(filter, secret)),
    exposure: async (fingerprint) => exposures.find((secret) => secret.fingerprint === fingerprint),
    rootCopies: async () => unused(),
    rootAt: async () => unused(),
    historyAt: async () => unused(),
    roots: async () => unused(),
    exportsOf: async () => unused(),
    readings: async () => unused(),
    async *exposures(filter) {
      for (const secret of exposures) if (matches(filter, secret)) yield secret;
    },
    resolvePrefix: async (prefix) =>
      exposures.map(({ fingerprint }) => fingerprint).filter((fingerprint) => fingerprint.startsWith(prefix)),
    findByFingerprints: async (wanted) =>
      exposures
        .filter(({ fingerprint, aliases }) =>
          [fingerprint, ...aliases.map((alias) => alias.fingerprint)].some((own) => wanted.includes(own)),
        )
        .map(({ fingerprint }) => fingerprint),
    relatedTo: async (fingerprint) =>
      exposures
        .filter(({ relations }) => relations.some(({ to }) => to === fingerprint))
        .map((exposure) => exposure.fingerprint),
    findByIdentifier: async (text) => {
      const found = data.identifiers?.get(text);
      return found === undefined ? [] : [found];
    },
    sweepCandidates: async (tags) => (data.candidates ?? []).filter(({ tag }) => tags.includes(tag)),
    anchors: async () => data.anchors ?? [],
    coverage: async () => data.coverage ?? [],
    places: async () => places,
    upsertPlace: async (place) => {
      const index = places.findIndex(({ key }) => key === place.key);
      if (index < 0) places.push(place);
      else places[index] = place;
    },
    allow: async (entry) => {
      written.push(entry);
    },
    disallow: async () => false,
    allowEntries: async () => written,
    acceptedGaps: async () => data.acceptedGaps ?? [],
    statements: async () => [],
    replaceStatements: async () => unused(),
    removeStatements: async () => 0,
    stats: async () => ({
      secrets: exposures.length,
      locations: exposures.reduce((sum, { locations }) => sum + locations.length, 0),
      places: places.length,
      contents: 0,
      sweepTags: 0,
      scans: 1,
      bytes: 4096,
      schemaVersion: 1,
      keyId: '0123456789abcdef',
    }),
    check: async () => ({
      ok: (data.faults ?? []).length === 0,
      faults: data.faults ?? [],
      digest: 'd'.repeat(64),
    }),
    merge: async () => ({ secrets: 1, locations: 2 }),
    forget: async () => ({ erased: 3 }),
    vacuum: async () => undefined,
    close: () => undefined,
  };
  return { store, written, places };
}
