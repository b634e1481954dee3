/** Exposures as the store gives them, for reports and commands: one location of every shape. */
import type { Appearance, CommitFacts } from '../../src/model/appearance.js';
import type { Exposure, Location } from '../../src/model/exposure.js';
import {
  parseCommitId,
  parseFingerprint,
  parseKindId,
  parsePlaceKey,
  parseRuleId,
} from '../../src/model/ids.js';

export const scanTime = '2026-03-01T10:00:00.000Z';

export function fingerprint(digit: string): ReturnType<typeof parseFingerprint> {
  return parseFingerprint(digit.repeat(64));
}

export function commit(digit: string, name = 'Ana'): CommitFacts {
  return {
    id: parseCommitId(digit.repeat(40)),
    author: { name, email: 'ana@example.org' },
    authorDate: '2024-01-02T03:04:05+01:00',
    committerDate: '2024-01-03T03:04:05+01:00',
  };
}

export const appearances = {
  head: {
    type: 'git-blob',
    locationKind: 'git-head',
    path: { text: 'src/config.ts' },
    introduced: commit('1'),
    refs: ['refs/heads/main'],
    refCount: 1,
  },
  history: {
    type: 'git-blob',
    locationKind: 'git-history',
    path: { text: 'old name.ts' },
    introduced: commit('2'),
    removed: commit('3'),
    refs: [],
    refCount: 0,
  },
  unreachable: { type: 'git-blob', locationKind: 'git-unreachable', refs: [], refCount: 0 },
  message: {
    type: 'git-text',
    locationKind: 'git-commit-message',
    commit: commit('4'),
    refs: ['refs/heads/main'],
    refCount: 1,
  },
  file: {
    type: 'file',
    locationKind: 'loose-file',
    path: { text: '.env' },
    modified: '2026-02-01T00:00:00Z',
    ignored: true,
    tracked: false,
  },
  bytes: {
    type: 'file',
    locationKind: 'loose-file',
    path: {
      text: 'caf\ufffd.txt',
      bytes: Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x2e, 0x74]).toString('base64'),
    },
    ignored: false,
    tracked: true,
  },
  record: {
    type: 'record',
    locationKind: 'metadata',
    recordType: 'message',
    recordId: '17',
    field: 'text',
    revision: 'previous',
    author: { name: 'Bo', email: '' },
    created: '2025-01-01T00:00:00Z',
    permalink: 'https://chat.example.org/17',
  },
} as const satisfies Record<string, Appearance>;

export function location(overrides: Partial<Location> = {}): Location {
  return {
    fingerprint: fingerprint('a'),
    kind: parseKindId('github-pat'),
    rule: parseRuleId('github-pat'),
    confidence: 'proven',
    reasons: ['checksum-valid'],
    status: { status: 'open' },
    place: parsePlaceKey('git:example.org/acme/api'),
    placeName: 'example.org/acme/api',
    system: 'git',
    audience: 'internal',
    appearance: appearances.head,
    chain: [],
    spelling: ['plain'],
    view: 'raw',
    span: { start: 100, end: 140 },
    exact: true,
    position: { line: 12, column: 18, endLine: 12, endColumn: 58 },
    firstSeen: scanTime,
    lastSeen: scanTime,
    firstScan: 1,
    lastScan: 1,
    ...overrides,
  };
}

export function exposure(overrides: Partial<Exposure> = {}): Exposure {
  const locations = overrides.locations ?? [location()];
  return {
    fingerprint: fingerprint('a'),
    labels: [{ kind: parseKindId('github-pat'), rule: parseRuleId('github-pat'), confidence: 'proven' }],
    confidence: 'proven',
    status: 'open',
    weak: false,
    strengthBits: 200,
    preview: 'ghp_…3fQ9',
    lengthClass: '40-79',
    locationCount: locations.length,
    openLocationCount: locations.filter(({ status }) => status.status === 'open').length,
    places: [...new Set(locations.map(({ place }) => place))],
    systems: ['git'],
    live: true,
    firstSeen: scanTime,
    lastSeen: scanTime,
    firstScan: 1,
    attributes: [],
    relations: [],
    aliases: [],
    ...overrides,
    locations,
  };
}

/** One secret with a location of every shape, and one of every other status. */
export const variedExposures: readonly Exposure[] = [
  exposure({
    locations: [
      location(),
      location({ appearance: appearances.history, spelling: ['json-escaped', 'base64'], firstScan: 2 }),
      location({ appearance: appearances.unreachable, exact: false }),
      location({ appearance: appearances.message }),
      location({ appearance: appearances.file, chain: ['lib.jar', 'a b.properties'], slot: 'GITHUB_TOKEN' }),
      location({ appearance: appearances.bytes }),
      location({ appearance: appearances.record, system: 'slack' }),
    ],
  }),
  exposure({
    fingerprint: fingerprint('b'),
    status: 'allowed',
    locations: [
      location({
        fingerprint: fingerprint('b'),
        status: { status: 'allowed', by: 'allow entry by ana: rotated' },
      }),
      location({
        fingerprint: fingerprint('b'),
        status: { status: 'author-suppressed', by: 'gitleaks:allow' },
      }),
      location({ fingerprint: fingerprint('b'), status: { status: 'low' }, confidence: 'low' }),
      location({ fingerprint: fingerprint('b'), status: { status: 'known-public' } }),
    ],
  }),
];
