/**
 * Builds estates for tests of rotation: secrets with copies in repositories, files and records, the places they stand
 * in, and a provider table. Everything has a default; a test names only what it is about.
 */
import { createHash } from 'node:crypto';
import type { CommitFacts, LocationKind, RecordAppearance } from '../../src/model/appearance.js';
import type { Exposure, Location, Relation } from '../../src/model/exposure.js';
import type { Attribute, RelationKind } from '../../src/model/finding.js';
import {
  type Fingerprint,
  parseCommitId,
  parseFingerprint,
  parseKindId,
  parsePlaceKey,
  parseRuleId,
} from '../../src/model/ids.js';
import type { Place, System } from '../../src/model/place.js';
import type { Estate, FileAuthor, FilesView, RotationSettings } from '../../src/rotation/estate.js';
import type { Fact } from '../../src/rotation/fact.js';
import type { ProviderRow, ProviderTable } from '../../src/rotation/facts/provider-table.js';
import { noImports } from '../../src/rotation/imports.js';

/** The only clock of these tests. */
export const testNow = '2026-11-22T10:00:00Z';
/** Start of the scan that saw everything. */
export const testScan = '2026-11-20T08:00:00Z';
const day = 86_400_000;

/** RFC 3339 of so many days before {@link testNow}; negative for later. */
export function daysAgo(days: number): string {
  return new Date(Date.parse(testNow) - days * day).toISOString().replace('.000Z', 'Z');
}

function hexOf(name: string, length: number): string {
  return createHash('sha256').update(name).digest('hex').slice(0, length);
}

/** The fingerprint that a name stands for: `fingerprintOf('old')`. */
export function fingerprintOf(name: string): Fingerprint {
  return parseFingerprint(hexOf(`secret ${name}`, 64));
}

export interface CommitOptions {
  readonly author?: string;
  readonly email?: string;
  /** Days before now. */
  readonly daysAgo?: number;
  /** RFC 3339; for dates that `daysAgo` cannot say. */
  readonly authorDate?: string;
  readonly committerDate?: string;
}

export function commitOf(name: string, options: CommitOptions = {}): CommitFacts {
  const date = daysAgo(options.daysAgo ?? 100);
  return {
    id: parseCommitId(hexOf(`commit ${name}`, 40)),
    author: { name: options.author ?? 'Ana', email: options.email ?? 'ana@acme.example' },
    authorDate: options.authorDate ?? date,
    committerDate: options.committerDate ?? options.authorDate ?? date,
  };
}

/** What every location may be told. */
export interface LocationOptions extends Partial<Omit<Location, 'place' | 'kind' | 'rule' | 'fingerprint'>> {
  readonly line?: number;
}

/** A location whose secret is not known yet; {@link secretOf} fills it in. */
export type LocationDraft = Omit<Location, 'fingerprint' | 'kind' | 'rule' | 'confidence'> &
  Partial<Pick<Location, 'confidence'>>;

function draft(
  at: Pick<Location, 'place' | 'placeName' | 'system' | 'appearance'>,
  { line = 1, ...options }: LocationOptions,
): LocationDraft {
  return {
    audience: 'internal',
    reasons: [],
    status: { status: 'open' },
    chain: [],
    spelling: ['plain'],
    view: 'raw',
    span: { start: 0, end: 40 },
    exact: true,
    position: { line, column: 1, endLine: line, endColumn: 41 },
    firstSeen: testScan,
    lastSeen: testScan,
    firstScan: 1,
    lastScan: 1,
    ...at,
    ...options,
  };
}

export interface GitOptions extends LocationOptions {
  readonly introduced?: CommitFacts;
  readonly removed?: CommitFacts;
  readonly refs?: readonly string[];
  readonly locationKind?: LocationKind;
}

function gitPlace(repository: string): Pick<Location, 'place' | 'placeName' | 'system'> {
  return { place: parsePlaceKey(`git:${repository}`), placeName: repository, system: 'git' };
}

/** In the tip of the default branch: `headLocation('acme/api', 'config/.env', { slot: 'DB_PASSWORD' })`. */
export function headLocation(repository: string, path: string, options: GitOptions = {}): LocationDraft {
  const {
    introduced = commitOf(`add ${path}`),
    refs = ['refs/heads/main'],
    removed,
    locationKind,
    ...rest
  } = options;
  return draft(
    {
      ...gitPlace(repository),
      appearance: {
        type: 'git-blob',
        locationKind: locationKind ?? 'git-head',
        path: { text: path },
        introduced,
        ...(removed === undefined ? {} : { removed }),
        refs,
        refCount: refs.length,
      },
    },
    rest,
  );
}

/** Reachable, but in no tip: added and removed again. */
export function historyLocation(repository: string, path: string, options: GitOptions = {}): LocationDraft {
  return headLocation(repository, path, {
    introduced: commitOf(`add ${path}`, { daysAgo: 200 }),
    removed: commitOf(`remove ${path}`, { daysAgo: 150 }),
    refs: [],
    locationKind: 'git-history',
    ...options,
  });
}

/** A file of a scanned folder; `folder` is the name of the place. */
export function fileLocation(
  folder: string,
  path: string,
  options: LocationOptions & { readonly modified?: string } = {},
): LocationDraft {
  const { modified = daysAgo(30), ...rest } = options;
  return draft(
    {
      place: parsePlaceKey(`folder:${folder}`),
      placeName: folder,
      system: 'folder',
      appearance: {
        type: 'file',
        locationKind: 'loose-file',
        path: { text: path },
        modified,
        ignored: false,
        tracked: false,
      },
    },
    rest,
  );
}

export interface RecordOptions extends LocationOptions {
  readonly record?: Partial<Omit<RecordAppearance, 'type'>>;
}

function recordLocation(
  system: System,
  place: string,
  record: Pick<RecordAppearance, 'locationKind' | 'recordType' | 'recordId' | 'field'>,
  { record: overrides = {}, ...options }: RecordOptions,
): LocationDraft {
  return draft(
    {
      place: parsePlaceKey(`${system}:${place}`),
      placeName: place,
      system,
      appearance: {
        type: 'record',
        revision: 'current',
        author: { name: 'Bo', email: 'bo@acme.example' },
        created: daysAgo(20),
        ...record,
        ...overrides,
      },
    },
    options,
  );
}

/** A message of a chat: `chatLocation('#ops', '17')`. */
export function chatLocation(channel: string, id: string, options: RecordOptions = {}): LocationDraft {
  return recordLocation(
    'slack',
    channel,
    { locationKind: 'chat-message', recordType: 'message', recordId: id, field: 'text' },
    options,
  );
}

/** A comment of a ticket: `ticketLocation('PAY', 'PAY-881')`. */
export function ticketLocation(project: string, id: string, options: RecordOptions = {}): LocationDraft {
  return recordLocation(
    'jira',
    project,
    { locationKind: 'ticket-comment', recordType: 'comment', recordId: id, field: 'body' },
    options,
  );
}

export interface SecretOptions
  extends Partial<Omit<Exposure, 'attributes' | 'relations' | 'locations' | 'fingerprint'>> {
  readonly kind?: string;
  readonly fingerprint?: Fingerprint;
  readonly locations?: readonly LocationDraft[];
  /** `{ 'jwt-exp': '1700000000' }`. */
  readonly attributes?: Readonly<Record<string, string>> | readonly Attribute[];
  /** Names of the other secrets: `{ signs: ['child'] }`. */
  readonly relations?: Partial<Record<RelationKind, readonly string[]>>;
}

function attributeList(attributes: SecretOptions['attributes']): readonly Attribute[] {
  if (attributes === undefined) return [];
  if (Array.isArray(attributes)) return attributes as readonly Attribute[];
  return Object.entries(attributes as Readonly<Record<string, string>>).map(([name, text]) => ({
    name,
    text,
  }));
}

function relationList(relations: SecretOptions['relations'] = {}): Relation[] {
  return Object.entries(relations).flatMap(([relation, names]) =>
    names.map((name) => ({ relation: relation as RelationKind, to: fingerprintOf(name) })),
  );
}

/** A secret by a name of the test's own; its fingerprint is {@link fingerprintOf} that name. */
export function secretOf(name: string, options: SecretOptions = {}): Exposure {
  const { kind = 'generic-api-key', locations = [], attributes, relations, ...overrides } = options;
  const fingerprint = options.fingerprint ?? fingerprintOf(name);
  const confidence = options.confidence ?? 'high';
  const label = { kind: parseKindId(kind), rule: parseRuleId(kind), confidence };
  const full = locations.map((location) => ({
    ...location,
    fingerprint,
    kind: label.kind,
    rule: label.rule,
    confidence: location.confidence ?? confidence,
  }));
  return {
    labels: [label],
    confidence,
    status: 'open',
    weak: false,
    strengthBits: 128,
    lengthClass: '40-79',
    locationCount: full.length,
    openLocationCount: full.filter(({ status }) => status.status === 'open').length,
    places: [...new Set(full.map(({ place }) => place))],
    systems: [...new Set(full.map(({ system }) => system))],
    live: full.some(({ appearance }) =>
      ['git-head', 'git-other-tip', 'loose-file'].includes(appearance.locationKind),
    ),
    firstSeen: testScan,
    lastSeen:
      full
        .map(({ lastSeen }) => lastSeen)
        .sort()
        .at(-1) ?? testScan,
    firstScan: 1,
    aliases: [],
    ...overrides,
    fingerprint,
    locations: full,
    attributes: attributeList(attributes),
    relations: relationList(relations),
  };
}

/** The place of a location, e.g. with another audience. */
export function placeOf(location: LocationDraft, overrides: Partial<Place> = {}): Place {
  return {
    key: location.place,
    system: location.system,
    name: location.placeName,
    audience: location.audience,
    ...overrides,
  };
}

/** Files of a place by path, without history unless `authors` gives one. */
export function filesOf(
  place: string,
  files: Readonly<Record<string, string>>,
  authors: Readonly<Record<string, readonly FileAuthor[]>> = {},
): FilesView {
  return {
    place,
    paths: Object.keys(files).sort(),
    read: (path, maxBytes = 1 << 20) => {
      const text = files[path];
      return Promise.resolve(text !== undefined && text.length <= maxBytes ? text : undefined);
    },
    authors: (path, limit) => Promise.resolve((authors[path] ?? []).slice(0, limit)),
  };
}

/** A row of the provider table: static, overlap unknown, nothing special. */
export function providerRow(overrides: Partial<ProviderRow> = {}): ProviderRow {
  return {
    id: 'generic.password',
    provider: 'generic',
    kinds: [],
    class: 'unknown',
    life: 'unknown',
    twoAtOnce: 'unknown',
    overlap: 'unknown',
    rotate: 'set a new one',
    revoking: 'set a new one',
    reversibleDisable: false,
    revocation: 'unknown',
    cascade: false,
    userBound: false,
    opener: false,
    publishable: false,
    typicalConsumers: '',
    alsoBreaks: '',
    commands: {},
    source: 'test',
    checked: true,
    asOf: '2026-11',
    ...overrides,
  };
}

/** A table of these rows; kinds without a row get the fallback. */
export function providerTableOf(...rows: readonly ProviderRow[]): ProviderTable {
  const fallback = providerRow();
  return {
    rows: [...rows, fallback],
    row: (id) => [...rows, fallback].find((row) => row.id === id),
    rowOf: (kind) => rows.find((row) => row.kinds.includes(kind)) ?? fallback,
    reactionOf: () => undefined,
  };
}

export const testSettings: RotationSettings = {
  ephemeralMaxMs: day,
  longLivedMs: 90 * day,
  staleInventoryMs: 180 * day,
  overlapMs: day,
  soakMs: 2 * day,
  exceptionMaxMs: 90 * day,
};

export interface EstateOptions extends Partial<Omit<Estate, 'imports' | 'places' | 'files'>> {
  /** In addition to those that the locations name. */
  readonly places?: readonly Place[];
  readonly files?: readonly FilesView[];
  readonly imports?: Partial<Estate['imports']>;
}

/** An estate of these secrets; places are those of their locations, with the locations' audiences. */
export function estateOf(exposures: readonly Exposure[], options: EstateOptions = {}): Estate {
  const { places = [], files = [], imports, ...overrides } = options;
  const derived = exposures.flatMap(({ locations }) => locations.map((location) => placeOf(location)));
  return {
    now: testNow,
    settings: testSettings,
    providers: providerTableOf(),
    ...overrides,
    exposures: [...exposures].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
    places: new Map([...derived, ...places].map((place) => [place.key, place])),
    files: new Map(files.map((view) => [view.place, view])),
    imports: { ...noImports, ...imports },
  };
}

/** A fact with the plainest origin: derived and strong. */
export function factOf(
  subject: Fact['subject'],
  attribute: string,
  value: Fact['value'],
  overrides: Partial<Fact> = {},
): Fact {
  return {
    subject,
    attribute,
    value,
    origin: 'derived',
    rule: 'T1',
    confidence: 'strong',
    evidence: [],
    ...overrides,
  };
}
