import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseKindId, parseRuleId } from '../../../src/model/ids.js';
import { copiesSql } from '../../../src/store/group-copies.js';
import { openStore } from '../../../src/store/open-store.js';
import { openSqlite } from '../../../src/store/sqlite.js';
import { packChunk } from '../../../src/store/sweep-pack.js';
import {
  analysisId,
  begin,
  blob,
  clock,
  commit,
  content,
  contentId,
  digest,
  file,
  finding,
  fingerprint,
  keyId,
  newStore,
  place,
  receipt,
  removeFolders,
  rootOf,
  scanOnce,
  temporaryFolder,
} from './fixtures.js';

afterEach(removeFolders);

const a = fingerprint('a');
const b = fingerprint('b');

describe('locations', () => {
  it('gives back what a scan wrote', async () => {
    const store = await newStore();
    const api = place('api', { audience: 'public', rootCommits: ['aa'] });
    const found = finding(a, {
      account: 'root@db',
      slot: 'PASSWORD',
      preview: 'abc_…1234',
      rawRanges: [
        { start: 10, end: 20 },
        { start: 30, end: 50 },
      ],
      chain: ['x.zip', 'y.txt'],
      attributes: [{ name: 'key-id', text: 'K1' }],
      relations: [{ relation: 'pair', to: b }],
      aliases: [{ domain: 'hex-lower', fingerprint: fingerprint('alias') }],
    });
    const appearance = blob('src/a.ts', { removed: commit('gone'), locationKind: 'git-history' });
    await scanOnce(store, api, [content(1, { findings: [found], appearances: [appearance] })]);
    const exposure = await store.exposure(a);
    expect(exposure).toMatchObject({
      fingerprint: a,
      status: 'open',
      confidence: 'high',
      locationCount: 1,
      openLocationCount: 1,
      places: [api.key],
      live: false,
      firstScan: 1,
      labels: [{ kind: 'demo-token', rule: 'demo-token', confidence: 'high' }],
      attributes: [{ name: 'key-id', text: 'K1' }],
      relations: [{ relation: 'pair', to: b }],
      aliases: [{ domain: 'hex-lower', fingerprint: fingerprint('alias') }],
    });
    expect(exposure?.locations).toEqual([
      {
        fingerprint: a,
        kind: 'demo-token',
        rule: 'demo-token',
        confidence: 'high',
        reasons: found.reasons,
        status: { status: 'open' },
        place: api.key,
        placeName: 'api',
        system: 'git',
        audience: 'public',
        appearance,
        content: expect.stringMatching(/^[0-9a-f]{32}$/),
        chain: ['x.zip', 'y.txt'],
        spelling: ['plain'],
        view: 'raw',
        span: found.span,
        rawRanges: found.rawRanges,
        exact: true,
        position: found.position,
        slot: 'PASSWORD',
        account: 'root@db',
        firstSeen: '2025-01-01T00:02:00.000Z',
        lastSeen: '2025-01-01T00:02:00.000Z',
        firstScan: 1,
        lastScan: 1,
      },
    ]);
    expect(await store.listSecrets({})).toHaveLength(1);
    expect(await store.places()).toEqual([api]);
    store.close();
  });

  it('keeps names that are not UTF-8 apart from their display text', async () => {
    const store = await newStore();
    const named = [
      file('x\u{fffd}', { path: { text: 'x\u{fffd}', bytes: 'eP8=' } }),
      file('x\u{fffd}', { path: { text: 'x\u{fffd}', bytes: 'eP4=' } }),
    ];
    await scanOnce(store, place('p'), [content(1, { findings: [finding(a)], appearances: named })]);
    const locations = (await store.exposure(a))?.locations ?? [];
    expect(new Set(locations.map(({ appearance }) => JSON.stringify(appearance)))).toEqual(
      new Set(named.map((appearance) => JSON.stringify(appearance))),
    );
    store.close();
  });

  it('shows two clones of one place as one location', async () => {
    const store = await newStore();
    const api = place('api');
    const one = content(1, {
      findings: [finding(a)],
      appearances: [blob('a', { locationKind: 'git-history' })],
    });
    const two = content(1, { findings: [finding(a)], appearances: [blob('a')] });
    await scanOnce(store, api, [one], { root: rootOf(api, '/one') });
    await scanOnce(store, api, [two], { root: rootOf(api, '/two') });
    const exposure = await store.exposure(a);
    expect(exposure?.locations).toHaveLength(1);
    expect(exposure?.locations[0]?.appearance.locationKind).toBe('git-head');
    store.close();
  });

  it('shows a value that two rules saw at one span once, with both labels', async () => {
    const store = await newStore();
    const generic = finding(a, { kind: parseKindId('generic-secret'), rule: parseRuleId('generic-secret') });
    await scanOnce(store, place('p'), [
      content(1, { findings: [generic, finding(a, { confidence: 'medium' })], appearances: [file('a')] }),
    ]);
    const exposure = await store.exposure(a);
    expect(exposure?.locations.map((location) => location.kind)).toEqual(['demo-token']);
    expect(exposure?.labels.map((label) => label.kind)).toEqual(['demo-token', 'generic-secret']);
    store.close();
  });

  it('counts a finding with a path condition only where the path matches', async () => {
    const store = await newStore();
    const found = finding(a, { pathCondition: '**/.npmrc' });
    await scanOnce(store, place('p'), [
      content(1, { findings: [found], appearances: [file('.npmrc'), file('x/.npmrc'), file('x/npmrc.md')] }),
      content(2, { findings: [finding(b, { pathCondition: '*.yml' })], appearances: [file('b.txt')] }),
    ]);
    const paths = (await store.exposure(a))?.locations.map(({ appearance }) =>
      appearance.type === 'file' ? appearance.path.text : '',
    );
    expect(paths).toEqual(['.npmrc', 'x/.npmrc']);
    expect((await store.listSecrets({})).map((secret) => secret.fingerprint)).toEqual([a]);
    store.close();
  });

  it('reads a secret by index walks only', async () => {
    const path = join(temporaryFolder(), 'x.db');
    (await newStore(path)).close();
    const db = openSqlite(path, { readonly: true });
    const plan = Object.values(copiesSql).flatMap(
      (sql) => db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(1) as { detail: string }[],
    );
    const view = db
      .prepare('EXPLAIN QUERY PLAN SELECT * FROM v_location WHERE secret = ?')
      .all(Buffer.alloc(32)) as { detail: string }[];
    db.close();
    expect([...plan, ...view].filter(({ detail }) => /^SCAN/.test(detail))).toEqual([]);
  });
});

describe('vanishing', () => {
  it('marks what a whole scan missed, and takes it back', async () => {
    const store = await newStore();
    const p = place('p');
    const one = content(1, { findings: [finding(a)], appearances: [file('a'), file('b')] });
    await scanOnce(store, p, [one]);
    const less = content(1, { findings: [finding(a)], appearances: [file('a')] });
    await scanOnce(store, p, [less]);
    expect((await store.exposure(a))?.locations.map(({ status }) => status.status)).toEqual([
      'open',
      'vanished',
    ]);
    await scanOnce(store, p, []);
    expect((await store.listSecrets({}))[0]?.status).toBe('vanished');
    await scanOnce(store, p, [one]);
    expect((await store.exposure(a))?.openLocationCount).toBe(2);
    store.close();
  });

  it('makes nothing vanish after a part, a gap or an unchanged root', async () => {
    const store = await newStore();
    const p = place('p');
    await scanOnce(store, p, [content(1, { findings: [finding(a)], appearances: [file('a')] })]);
    await scanOnce(store, p, [], { whole: false });
    const gap = await begin(store);
    await gap.finishRoot(rootOf(p), {
      analysisId,
      whole: true,
      receipt: { ...receipt, complete: false, gaps: { 'corrupt-pack': 1 } },
    });
    const unchanged = await begin(store);
    await unchanged.confirmRoot(rootOf(p));
    const exposure = await store.exposure(a);
    expect(exposure?.status).toBe('open');
    expect(exposure?.locations[0]?.lastSeen).toBe(exposure?.lastSeen);
    expect(exposure?.lastSeen !== exposure?.firstSeen).toBe(true);
    store.close();
  });
});

describe('identity', () => {
  it('joins secrets by strong aliases only, in one scan or two', async () => {
    const strong = { domain: 'public-key', fingerprint: fingerprint('k') };
    const weak = { domain: 'weak/lower', fingerprint: fingerprint('w') };
    const one = content(1, { findings: [finding(a, { aliases: [strong, weak] })], appearances: [file('a')] });
    const two = content(2, { findings: [finding(b, { aliases: [strong] })], appearances: [file('b')] });
    const three = content(3, {
      findings: [finding(fingerprint('c'), { aliases: [weak] })],
      appearances: [file('c')],
    });
    const first = await newStore();
    await scanOnce(first, place('p'), [one, two, three]);
    const canonical = [a, b].sort()[0];
    expect((await first.exposure(b))?.fingerprint).toBe(canonical);
    expect((await first.exposure(fingerprint('k')))?.locationCount).toBe(2);
    expect(await first.exposure(fingerprint('w'))).toBeUndefined();
    expect(await first.listSecrets({})).toHaveLength(2);
    expect(await first.findByFingerprints([a, b, fingerprint('k')])).toEqual([canonical]);
    const second = await newStore();
    await scanOnce(second, place('p'), [three, two], { whole: false });
    await scanOnce(second, place('p'), [one], { whole: false });
    expect(await digest(second)).toBe(await digest(first));
    first.close();
    second.close();
  });

  it('joins a fingerprint with the secret that has it as an alias', async () => {
    const store = await newStore();
    await scanOnce(store, place('p'), [
      content(1, {
        findings: [finding(a, { aliases: [{ domain: 'hex-lower', fingerprint: b }] })],
        appearances: [file('a')],
      }),
      content(2, { findings: [finding(b)], appearances: [file('b')] }),
    ]);
    expect((await store.exposure(a))?.locationCount).toBe(2);
    store.close();
  });

  it('resolves prefixes and identifiers', async () => {
    const store = await newStore();
    await scanOnce(store, place('p'), [
      content(1, {
        findings: [finding(a, { attributes: [{ name: 'key-id', text: 'K1' }] })],
        appearances: [file('a')],
      }),
    ]);
    expect(await store.resolvePrefix(a.slice(0, 12))).toEqual([a]);
    expect(await store.resolvePrefix(a.slice(0, 7).toUpperCase())).toEqual([a]);
    expect(await store.resolvePrefix('zz')).toEqual([]);
    expect(await store.findByIdentifier('K1')).toEqual([a]);
    expect(await store.findByIdentifier('K2')).toEqual([]);
    store.close();
  });

  it('claims no link between accounts for weak values', async () => {
    const store = await newStore();
    const weak = { weak: true, strengthBits: 10 };
    const at = (n: number, account?: string) =>
      content(n, {
        findings: [finding(a, { ...weak, ...(account === undefined ? {} : { account }) })],
        appearances: [file('a')],
      });
    await scanOnce(store, place('p'), [at(1, 'root@x')]);
    await scanOnce(store, place('q'), [at(2, 'ana@y')]);
    await scanOnce(store, place('r'), [at(3)]);
    expect((await store.listSecrets({}))[0]).toMatchObject({ weak: true, locationCount: 3 });
    expect((await store.listSecrets({}))[0]?.places).toHaveLength(1);
    expect(await store.listSecrets({ minPlaces: 2 })).toEqual([]);
    await scanOnce(store, place('s'), [at(4, 'root@x')]);
    expect((await store.listSecrets({ minPlaces: 2 }))[0]?.places).toEqual([place('p').key, place('s').key]);
    store.close();
  });
});

describe('status', () => {
  it('is a view over entries, marks, confidence and publicity', async () => {
    let at = '2025-01-01T00:00:00Z';
    const store = await newStore(undefined, () => at);
    const names = ['secret', 'rule', 'path', 'mark', 'low', 'public', 'open'];
    const more: Record<string, object> = {
      rule: { rule: parseRuleId('other-rule') },
      mark: { mark: { marker: 'sprawl:allow' } },
      low: { confidence: 'low' },
      public: { knownPublic: 'vendor docs' },
    };
    await scanOnce(
      store,
      place('p'),
      names.map((name) =>
        content(name, {
          findings: [finding(fingerprint(name), more[name])],
          appearances: [file(`${name}/x.txt`)],
        }),
      ),
    );
    const entry = { reason: 'rotated', by: 'ana' };
    await store.allow({ ...entry, subject: 'secret', target: fingerprint('secret') });
    await store.allow({ ...entry, subject: 'rule', target: 'other-rule', until: '2025-06-01T00:00:00Z' });
    await store.allow({ ...entry, subject: 'path', target: 'path/**' });
    const statusOf = async (name: string) => (await store.exposure(fingerprint(name)))?.locations[0]?.status;
    expect(await statusOf('secret')).toEqual({ status: 'allowed', by: 'allow entry by ana: rotated' });
    expect((await statusOf('rule'))?.status).toBe('allowed');
    expect((await statusOf('path'))?.status).toBe('allowed');
    expect(await statusOf('mark')).toEqual({ status: 'author-suppressed', by: 'sprawl:allow' });
    expect((await statusOf('low'))?.status).toBe('low');
    expect(await statusOf('public')).toEqual({ status: 'known-public', by: 'vendor docs' });
    expect((await statusOf('open'))?.status).toBe('open');
    at = '2025-07-01T00:00:00Z';
    expect((await statusOf('rule'))?.status).toBe('open');
    expect((await store.listSecrets({ statuses: ['open'] })).map((secret) => secret.fingerprint)).toEqual(
      [fingerprint('rule'), fingerprint('open')].sort(),
    );
    expect((await store.listSecrets({}))[0]?.status).toBe('open');
    expect(await store.acceptedGaps()).toEqual([]);
    store.close();
  });

  it('matches new paths against entries that were there before', async () => {
    const store = await newStore();
    await store.allow({ subject: 'path', target: '*.md', reason: 'docs', by: 'ana' });
    await scanOnce(store, place('p'), [
      content(1, { findings: [finding(a)], appearances: [file('x/y.md')] }),
    ]);
    expect((await store.exposure(a))?.status).toBe('allowed');
    store.close();
  });
});

describe('filters', () => {
  it('asks status and liveness of the chosen roots only', async () => {
    const store = await newStore();
    await scanOnce(store, place('p'), [content(1, { findings: [finding(a)], appearances: [file('a')] })]);
    await scanOnce(store, place('q'), [
      content(2, { findings: [finding(a, { confidence: 'low' })], appearances: [file('a')] }),
      content(3, { findings: [finding(b)], appearances: [blob('b', { locationKind: 'git-history' })] }),
    ]);
    const list = async (filter: object) =>
      (await store.listSecrets(filter)).map((secret) => secret.fingerprint);
    expect(await list({ roots: [rootOf(place('q'))], statuses: ['open'] })).toEqual([b]);
    expect(await list({ roots: [rootOf(place('p'))] })).toEqual([a]);
    expect(await list({ places: [place('q').key], statuses: ['low'] })).toEqual([a]);
    expect(await list({ live: false })).toEqual([b]);
    expect(await list({ minPlaces: 2 })).toEqual([a]);
    expect(await list({ sinceScan: 2 })).toEqual([b]);
    expect(await list({ kinds: ['nothing'] })).toEqual([]);
    expect(await list({ systems: ['folder'] })).toEqual([]);
    expect(await list({ minConfidence: 'proven' })).toEqual([]);
    const exposures = [];
    for await (const exposure of store.exposures({})) exposures.push(exposure.fingerprint);
    expect(exposures).toEqual(await list({}));
    store.close();
  });

  it('lists what an interrupted scan could not place yet', async () => {
    const store = await newStore();
    const p = place('p');
    const writer = await begin(store);
    await writer.upsertPlace(p);
    await writer.writeBatch(rootOf(p), { contents: [content(1, { findings: [finding(a)] })], chunks: [] });
    const listed = await store.listSecrets({ roots: [rootOf(p)], statuses: ['open'] });
    expect(listed).toMatchObject([{ fingerprint: a, locationCount: 0, places: [p.key] }]);
    store.close();
  });
});

describe('contents', () => {
  it('knows what was analysed, and how', async () => {
    const store = await newStore();
    const p = place('p');
    const writer = await begin(store);
    await writer.upsertPlace(p);
    const ids = Buffer.from([1, 2, 3].map((n) => contentId(n)).join(''), 'hex');
    expect([...(await writer.knownContents(ids, analysisId))]).toEqual([0, 0, 0]);
    await writer.writeBatch(rootOf(p), {
      contents: [content(1), content(3, { findings: [finding(a)] })],
      chunks: [],
    });
    expect([...(await writer.knownContents(ids, analysisId))]).toEqual([1, 0, 2]);
    expect([...(await writer.knownContents(ids, 'other'))]).toEqual([0, 0, 0]);
    expect(await writer.holdings(rootOf(p))).toEqual([contentId(3)]);
    await writer.addSightings(rootOf(p), [{ content: contentId(1), findings: [finding(a)] }]);
    expect([...(await writer.knownContents(ids, analysisId))]).toEqual([2, 0, 2]);
    expect(await writer.holdings(rootOf(p))).toEqual([contentId(1), contentId(3)].sort());
    store.close();
  });

  it('lets a new analysis speak anew and keeps since when a copy is known', async () => {
    const store = await newStore();
    const p = place('p');
    await scanOnce(store, p, [content(1, { findings: [finding(a), finding(b)], appearances: [file('a')] })]);
    const again = content(1, { findings: [finding(a, { confidence: 'proven' })], appearances: [file('a')] });
    await scanOnce(store, p, [again], { analysis: 'a2' });
    const other = await newStore();
    await scanOnce(other, p, [again], { analysis: 'a2' });
    expect(await digest(store)).toBe(await digest(other));
    expect((await store.exposure(a))?.locations[0]).toMatchObject({ confidence: 'proven', firstScan: 1 });
    expect(await store.exposure(b)).toBeUndefined();
    store.close();
    other.close();
  });

  it('finds contents by sweep tags up to 53 bits and masks up to 48', async () => {
    const store = await newStore();
    const p = place('p');
    const writer = await begin(store);
    await writer.upsertPlace(p);
    const contents = Array.from({ length: 48 }, (_, i) => contentId(i));
    const tags = Float64Array.of(5, 2 ** 53 - 1);
    const chunk = packChunk({ contents, tags, masks: Float64Array.of(2 ** 47 + 1, 2) });
    await writer.writeBatch(rootOf(p), { contents: [], chunks: [chunk] });
    await writer.writeBatch(rootOf(p), { contents: [], chunks: [chunk] });
    const found = await writer.sweepCandidates(Float64Array.of(2 ** 53 - 1, 5, 6));
    expect(found).toEqual([
      { tag: 2 ** 53 - 1, ...rootOf(p), content: contentId(1) },
      { tag: 5, ...rootOf(p), content: contentId(0) },
      { tag: 5, ...rootOf(p), content: contentId(47) },
    ]);
    expect((await store.stats()).sweepTags).toBe(2);
    store.close();
  });

  it('gives anchors of strong secrets only', async () => {
    const store = await newStore();
    const anchor = { tag: 2 ** 52 + 1, lead: 1, length: 40 };
    await scanOnce(store, place('p'), [
      content(1, {
        findings: [
          finding(a, { anchor }),
          finding(b, { anchor, weak: true }),
          finding(fingerprint('c'), { anchor, confidence: 'low' }),
          finding(fingerprint('d'), { anchor, knownPublic: 'docs' }),
          finding(fingerprint('e')),
        ],
        appearances: [file('a')],
      }),
    ]);
    expect(await store.anchors()).toEqual([
      { ...anchor, fingerprint: a, kind: 'demo-token', confidence: 'high', strengthBits: 120 },
    ]);
    const writer = await begin(store);
    expect(await writer.anchors(writer.scan)).toEqual([]);
    store.close();
  });
});

describe('redaction', () => {
  it('rewrites every text that came from a target and joins what becomes equal', async () => {
    const path = join(temporaryFolder(), 'x.db');
    const store = await newStore(path);
    const dirty = 'dirt';
    const p = place(`p-${dirty}`, { tenant: dirty, team: dirty });
    const found = finding(a, {
      slot: dirty,
      account: `${dirty}@x`,
      chain: [`${dirty}.zip`],
      attributes: [{ name: 'key-id', text: dirty }],
    });
    const author = { name: dirty, email: `${dirty}@example.org` };
    const root = rootOf(p, `/home/${dirty}`);
    const writer = await begin(store);
    await writer.upsertPlace(p);
    await writer.writeBatch(root, {
      contents: [
        content(1, {
          findings: [found],
          appearances: [
            blob(`x/${dirty}1`, { refs: [`refs/heads/${dirty}`], introduced: { ...commit(1), author } }),
            blob(`x/${dirty}2`, { introduced: { ...commit(1), author } }),
            { type: 'git-text', locationKind: 'git-metadata', label: dirty, refs: [], refCount: 0 },
            {
              type: 'record',
              locationKind: 'metadata',
              recordType: 'message',
              recordId: dirty,
              field: 'text',
              revision: 'current',
              author,
              permalink: `https://example.org/${dirty}`,
              title: dirty,
            },
          ],
        }),
      ],
      chunks: [],
    });
    const problems = [{ code: 'unreadable' as const, where: `x/${dirty}` }];
    await writer.finishRoot(root, { analysisId, whole: false, receipt: { ...receipt, problems } });
    await writer.finish({ ...receipt, problems });
    const replace = (text: string) =>
      text.includes(dirty) ? text.replace(/dirt\d?/g, '‹secret›') : undefined;
    expect(await writer.redactStrings(replace)).toBeGreaterThan(10);
    expect(await writer.redactStrings(replace)).toBe(0);
    expect((await store.exposure(a))?.locations).toHaveLength(3);
    expect(JSON.stringify(await store.exposure(a))).not.toContain(dirty);
    expect((await store.check()).faults).toEqual([]);
    await store.vacuum();
    store.close();
    expect(readFileSync(path).includes(dirty)).toBe(false);
  });
});

describe('forgetting', () => {
  it('erases a place, a person and the past from the file', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'x.db');
    const store = await newStore(path);
    const keep = place('keep');
    await scanOnce(store, place('lost-place'), [
      content(1, { findings: [finding(a)], appearances: [blob('lost-path')] }),
      content(2, { findings: [finding(b)], appearances: [blob('shared')] }),
    ]);
    await scanOnce(store, keep, [
      content(2, { findings: [finding(b)], appearances: [blob('kept', { introduced: commit('Zoe') })] }),
    ]);
    const expected = await newStore();
    await scanOnce(expected, keep, [
      content(2, { findings: [finding(b)], appearances: [blob('kept', { introduced: commit('Zoe') })] }),
    ]);
    expect((await store.forget({ place: place('lost-place').key })).erased).toBeGreaterThan(0);
    expect(await digest(store)).toBe(await digest(expected));
    expect((await store.forget({ person: 'anazoe@EXAMPLE.org' })).erased).toBe(1);
    expect((await store.forget({ person: 'nobody' })).erased).toBe(0);
    const appearance = (await store.exposure(b))?.locations[0]?.appearance;
    expect(appearance).toMatchObject({ introduced: { author: { name: '‹erased›', email: '' } } });
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, name));
      for (const text of ['lost-path', 'lost-place', 'Ana Zoe', 'anaZoe', 'Ana lost']) {
        expect(bytes.includes(text), `${text} in ${name}`).toBe(false);
      }
    }
    expect((await store.forget({ before: '2030-01-01T00:00:00Z' })).erased).toBeGreaterThan(0);
    expect(await store.listSecrets({})).toEqual([]);
    expect((await store.check()).faults).toEqual([]);
    store.close();
    expected.close();
  });
});

describe('coverage', () => {
  it('tells how completely and when each place was read', async () => {
    const store = await newStore();
    const p = place('p');
    await store.upsertPlace(place('never'));
    await scanOnce(store, p, []);
    const writer = await begin(store);
    const gaps = { 'corrupt-object': 2 };
    await writer.upsertPlace(place('q'));
    await writer.finishRoot(rootOf(place('q')), {
      analysisId,
      whole: true,
      receipt: { ...receipt, gaps, complete: false },
    });
    expect(await store.coverage()).toEqual([
      { place: place('never').key, placeName: 'never', system: 'git', complete: false, gaps: {} },
      { place: p.key, placeName: 'p', system: 'git', complete: true, gaps: {}, lastScan: expect.any(String) },
      {
        place: place('q').key,
        placeName: 'q',
        system: 'git',
        complete: false,
        gaps,
        lastScan: expect.any(String),
      },
    ]);
    expect(await (await begin(store)).root(rootOf(p))).toEqual({
      state: Buffer.from('state'),
      analysisId,
      receipt,
    });
    store.close();
  });
});

describe('two connections', () => {
  it('may write to one file in turn without losing or doubling anything', async () => {
    const path = join(temporaryFolder(), 'x.db');
    const now = clock();
    const [one, two] = [await newStore(path, now), await newStore(path, now)];
    const p = place('p');
    const [x, y] = [await begin(one), await begin(two)];
    await x.upsertPlace(p);
    for (let i = 0; i < 20; i++) {
      const batch = {
        contents: [content(i % 7, { findings: [finding(fingerprint(i % 3))], appearances: [file('a')] })],
        chunks: [],
      };
      const writer = i % 2 === 0 ? x : y;
      await writer.writeBatch(rootOf(p), batch);
      // Asking for what is held has it written.
      await writer.holdings(rootOf(p));
    }
    expect(await digest(one)).toBe(await digest(two));
    expect((await one.stats()).scans).toBe(2);
    const reader = await openStore({ path, keyId, mode: 'read', now });
    expect(await digest(reader)).toBe(await digest(one));
    for (const store of [one, two, reader]) store.close();
  });
});
