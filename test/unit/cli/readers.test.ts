import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { formsOf } from '../../../src/cli/value-forms.js';
import type { PlaceCoverage } from '../../../src/model/exposure.js';
import { parseContentId, parsePlaceKey, parseRuleId } from '../../../src/model/ids.js';
import { loadRuleSet } from '../../../src/rules/load-bundle.js';
import {
  appearances,
  exposure,
  fingerprint,
  location,
  scanTime,
  variedExposures,
} from '../../support/exposures.js';
import { type FakeData, fakeStore } from '../../support/fake-store.js';
import { MainHome, mainKeys } from '../../support/run-main.js';

const ajv = new Ajv({ strict: false });
addFormats.default(ajv);
const schema = JSON.parse(
  readFileSync(new URL('../../../schemas/output.schema.json', import.meta.url), 'utf8'),
) as object;
ajv.addSchema(schema, 'output');
const isRecord = ajv.compile({ $ref: 'output#/definitions/record' });

function records(text: string): Record<string, unknown>[] {
  const all = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const record of all) expect(isRecord(record), JSON.stringify([record, isRecord.errors])).toBe(true);
  expect(all[0]?.['type']).toBe('begin');
  return all;
}

const complete: PlaceCoverage = {
  place: location().place,
  placeName: 'example.org/acme/api',
  system: 'git',
  lastScan: scanTime,
  complete: true,
  gaps: {},
};
const incomplete: PlaceCoverage = { ...complete, complete: false, gaps: { 'broken-archive': 1 } };
const allowed = exposure({
  fingerprint: fingerprint('b'),
  status: 'allowed',
  locations: [location({ fingerprint: fingerprint('b'), status: { status: 'allowed' } })],
});

describe('list and report', () => {
  const cases: readonly (readonly [string, FakeData, readonly string[], number])[] = [
    ['an open secret', { exposures: [exposure()], coverage: [complete] }, [], 1],
    ['an open secret, incomplete', { exposures: [exposure()], coverage: [incomplete] }, [], 1],
    [
      'an open secret with --exit-zero',
      { exposures: [exposure()], coverage: [complete] },
      ['--exit-zero'],
      0,
    ],
    ['nothing open, complete', { exposures: [allowed], coverage: [complete] }, [], 0],
    ['nothing open, incomplete', { exposures: [allowed], coverage: [incomplete] }, [], 3],
    ['nothing open, gap accepted', { coverage: [incomplete], acceptedGaps: ['broken-archive'] }, [], 0],
    ['nothing read', {}, [], 3],
    [
      'medium under --fail-on high',
      {
        exposures: [exposure({ confidence: 'medium', locations: [location({ confidence: 'medium' })] })],
        coverage: [complete],
      },
      ['--fail-on', 'high'],
      0,
    ],
  ];
  it.each(cases)('%s', async (_, data, flags, status) => {
    for (const command of ['list', 'report']) {
      const result = await new MainHome().runWith(fakeStore(data).store, [command, ...flags]);
      expect(result.status, command).toBe(status);
    }
  });

  it('prints one row a secret, and records under --json', async () => {
    const { store } = fakeStore({ exposures: variedExposures, coverage: [complete] });
    const home = new MainHome();
    expect((await home.runWith(store, ['list'])).stdout).toMatch(
      /^secret .*\naaaaaaaaaaaa {2}github-pat {2}proven/,
    );
    const { store: gone } = fakeStore({ exposures: [exposure({ status: 'vanished', live: false })] });
    expect((await home.runWith(gone, ['list', '--all'])).stdout).toMatch(/ vanished .* gone /);
    const lines = records((await home.runWith(store, ['list', '--all', '--json'])).stdout);
    expect(lines.map(({ type }) => type)).toEqual(['begin', 'secret', 'secret', 'receipt']);
  });

  it('refuses a kind that nobody knows, and names the nearest', async () => {
    const { store } = fakeStore({ exposures: variedExposures, coverage: [complete] });
    const services = { loadRuleSet: async () => loadRuleSet() };
    const home = new MainHome();
    for (const command of ['list', 'report']) {
      const result = await home.runWith(store, [command, '--kind', 'githup-pat'], { services });
      expect(result).toMatchObject({ status: 2, stdout: '' });
      expect(result.stderr).toMatch(/no kind "githup-pat"[\s\S]*github-pat/);
      const known = await home.runWith(store, [command, '--kind', 'npm-token', '--exit-zero'], { services });
      expect(known.status).toBe(0);
    }
  });

  it('writes reports as private files and leaves links alone', async () => {
    const { store } = fakeStore({ exposures: variedExposures, coverage: [complete] });
    const home = new MainHome();
    await home.runWith(store, ['report', '--format', 'sarif', '-o', 'out.sarif']);
    const path = join(home.folder, 'out.sarif');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, 'utf8')).version).toBe('2.1.0');
    expect((await home.runWith(store, ['report', '-o', '/dev/null'])).status).toBe(2);
  });
});

describe('show', () => {
  const { store } = fakeStore({ exposures: [exposure(), allowed], coverage: [complete] });

  it('takes any unique beginning', async () => {
    const { status, stdout } = await new MainHome().runWith(store, ['show', 'AAAA', '--explain']);
    expect(status).toBe(0);
    expect(stdout).toContain('src/config.ts:12:18');
    expect(stdout).toContain('proven by github-pat: checksum-valid');
  });

  it.each([
    ['cccc', /No secret begins/],
    ['aa', /not a fingerprint/],
  ])('%s is refused', async (prefix, message) => {
    const { status, stderr } = await new MainHome().runWith(store, ['show', prefix]);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('where', () => {
  /** Letters and digits, long enough to be anchored. */
  const value = Buffer.from('tr0ub4dor'.repeat(3));
  const [form] = formsOf(value, mainKeys);
  const found = exposure({ fingerprint: form?.fingerprint ?? fingerprint('0') });
  const elsewhere = location({
    fingerprint: found.fingerprint,
    rule: parseRuleId('known-value'),
    place: parsePlaceKey('folder:/srv/chat'),
    placeName: '/srv/chat',
    appearance: appearances.file,
    span: { start: 5, end: 32 },
  });
  const candidate = {
    tag: form?.anchor?.tag ?? 0,
    place: elsewhere.place,
    locator: '/srv/chat',
    content: parseContentId('0'.repeat(32)),
  };

  it('joins what detectors recorded with bare copies from the index, each with its ground', async () => {
    const { store } = fakeStore({ exposures: [found], coverage: [complete], candidates: [candidate] });
    const services = {
      locate: async function* () {
        yield elsewhere;
        // The same copy as the detector's is not listed twice.
        yield location({ fingerprint: found.fingerprint });
      },
    };
    const options = { input: `${value.toString()}\n`, services };
    const text = await new MainHome().runWith(store, ['where', '-'], options);
    expect(text.status).toBe(1);
    expect(text.stdout).toContain('example.org/acme/api  src/config.ts:12:18');
    expect(text.stdout).toMatch(/\/srv\/chat {2}\.env:12:18.*\[by value\]/);
    expect(text.stdout).toContain('2 copies in 2 places');
    expect(text.stdout + text.stderr).not.toContain(value.toString());
    const lines = records((await new MainHome().runWith(store, ['where', '-', '--json'], options)).stdout);
    expect(lines.map(({ type, ground }) => [type, ground])).toEqual([
      ['begin', undefined],
      ['finding', 'by detection'],
      ['finding', 'by value'],
      ['coverage', undefined],
      ['receipt', 'by value'],
    ]);
  });

  it.each([
    ['complete and fresh', [complete], scanTime, 0, /Not found by value in the 1 place read/],
    ['incomplete', [incomplete], scanTime, 3, /incomplete \(broken archive \(1\)\)/],
    ['stale', [complete], '2026-06-01T00:00:00Z', 3, /read 91 days ago/],
    ['nothing read', [], scanTime, 3, /Nothing has been scanned yet/],
  ] as const)('not found, %s', async (_, coverage, now, status, message) => {
    const { store } = fakeStore({ coverage });
    const result = await new MainHome().runWith(store, ['where', '-'], { input: value, now });
    expect(result.status).toBe(status);
    expect(result.stdout).toMatch(message);
  });

  it('says "not recorded" of a value that the index cannot hold', async () => {
    const { store } = fakeStore({ coverage: [complete] });
    const result = await new MainHome().runWith(store, ['where', '-'], { input: 'pass' });
    expect(result.status).toBe(3);
    expect(result.stdout).toMatch(/not recorded/);
  });

  it('finds by identifier and by masked form', async () => {
    const { store } = fakeStore({
      exposures: [exposure()],
      coverage: [complete],
      identifiers: new Map([['key-17', fingerprint('a')]]),
    });
    for (const id of ['key-17', 'ghp_…3fQ9', 'ghp_****3fQ9', '...3fQ9']) {
      expect((await new MainHome().runWith(store, ['where', '--id', id])).status, id).toBe(1);
    }
    for (const id of ['key-18', 'ghp_…3fQ8', 'ghs_…3fQ9', '…']) {
      expect((await new MainHome().runWith(store, ['where', '--id', id])).status, id).toBe(3);
    }
  });

  it('a copy that cannot be verified any more is no proof', async () => {
    const gone = { ...elsewhere, reasons: ['source-unavailable'] };
    const { store } = fakeStore({ coverage: [complete], candidates: [candidate] });
    const services = {
      locate: async function* () {
        yield gone;
      },
    };
    const result = await new MainHome().runWith(store, ['where', '-'], { input: value, services });
    expect(result.status).toBe(3);
    expect(result.stdout).toContain('may hold a copy, but its source is gone');
  });
});

describe('allow', () => {
  it('resolves fingerprints, globs and gaps, and needs a reason', async () => {
    const { store, written } = fakeStore({ exposures: [exposure()] });
    const home = new MainHome();
    const reason = ['--reason', 'rotated'];
    await home.runWith(store, ['allow', 'aaaa', ...reason, '--until', '30d']);
    await home.runWith(store, ['allow', 'test/**', ...reason]);
    await home.runWith(store, ['allow', '--gap', 'broken-archive', ...reason, '--until', '2027-01-31']);
    expect(written).toEqual([
      {
        subject: 'secret',
        target: 'a'.repeat(64),
        reason: 'rotated',
        by: 'ana',
        until: '2026-03-31T10:00:00.000Z',
      },
      { subject: 'path', target: 'test/**', reason: 'rotated', by: 'ana' },
      {
        subject: 'gap',
        target: 'broken-archive',
        reason: 'rotated',
        by: 'ana',
        until: '2027-01-31T23:59:59.000Z',
      },
    ]);
    expect((await home.runWith(store, ['allow', '--gap', 'nonsense', ...reason])).status).toBe(2);
    const past = await home.runWith(store, ['allow', 'aaaa', ...reason, '--until', '2020-01-01']);
    expect(past.status).toBe(2);
    expect(past.stderr).toContain('The date after --until is past: 2020-01-01.');
    expect(written).toHaveLength(3);
    records((await home.runWith(store, ['allow', '--list', '--json'])).stdout);
  });
});

describe('place import', () => {
  it('lays facts over what is recorded and refuses unknown fields whole', async () => {
    const home = new MainHome();
    const known = { key: location().place, system: 'git', name: 'api', audience: 'unknown' } as const;
    const { store, places } = fakeStore({ places: [known] });
    const file = join(home.folder, 'places.jsonl');
    writeFileSync(file, `{"key":"${known.key}","audience":"public"}\n\n{"key":"slack:C1","team":"core"}\n`);
    expect((await home.runWith(store, ['place', 'import', file])).status).toBe(0);
    expect(places).toEqual([
      { ...known, audience: 'public' },
      { key: 'slack:C1', system: 'slack', name: 'C1', audience: 'unknown', team: 'core' },
    ]);
    writeFileSync(file, '[{"key":"git:x"},{"key":"git:y","visibility":"public"}]');
    const refused = await home.runWith(store, ['place', 'import', file]);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('entry 2, field "visibility"');
    expect(places).toHaveLength(2);
    records((await home.runWith(store, ['place', 'list', '--json'])).stdout);
  });
});

describe('db', () => {
  it('reports faults with exit code 1', async () => {
    const home = new MainHome();
    expect((await home.runWith(fakeStore({}).store, ['db', 'check', '--digest'])).stdout).toBe(
      `${'d'.repeat(64)}\n`,
    );
    expect((await home.runWith(fakeStore({ faults: ['row 3'] }).store, ['db', 'check'])).status).toBe(1);
    records((await home.runWith(fakeStore({}).store, ['db', 'stats', '--json'])).stdout);
  });
});
