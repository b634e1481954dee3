/**
 * Measures the store: rates of writing, sizes, and query times. Run by hand:
 *
 *   node bench/store.mjs [--secrets 20000] [--locations 500000] [--pairs 2000000] [--keep FOLDER]
 *
 * A location is one sighting times one appearance. Here a content has five sightings and stands at two
 * paths, so 10 locations are 5 + 2 rows. Times are CPU seconds of this process, as the machine may be shared.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const { values: flags } = parseArgs({
  options: {
    secrets: { type: 'string', default: '20000' },
    locations: { type: 'string', default: '500000' },
    pairs: { type: 'string', default: '2000000' },
    keep: { type: 'string' },
  },
});
const secrets = Number(flags.secrets);
const locations = Number(flags.locations);
const pairs = Number(flags.pairs);

const sightingsEach = 5;
const pathsEach = 2;
const batchSize = 2000;
/** As `scan/root-scan.ts` hands them over. */
const placedAtOnce = 500;
const analysisId = 'bench';

/** Modules of the store as they are in `src/`, bundled below the package, where it finds its migrations and SQLite. */
async function loadStore() {
  const cache = join(packageFolder, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'bench-store-'));
  const outfile = join(folder, 'store.mjs');
  try {
    await build({
      stdin: {
        contents:
          "export * from './open-store.js'; export * from './sweep-pack.js'; export * from './sqlite.js';",
        resolveDir: join(packageFolder, 'src/store'),
        loader: 'ts',
      },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
    });
    return await import(outfile);
  } finally {
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
}

/** A fixed sequence, so that runs can be compared. */
function randomizer(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
const random = randomizer(1);
const hex = (name) => createHash('sha256').update(name).digest('hex');

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function timed(work) {
  const start = cpuSeconds();
  const result = await work();
  return [cpuSeconds() - start, result];
}

const show = (name, text) => console.log(`${name.padEnd(34)} ${text}`);
const rate = (count, seconds) =>
  `${Math.round(count / seconds).toLocaleString('en-US')}/s  (${count.toLocaleString('en-US')} in ${seconds.toFixed(2)} s CPU)`;

async function quantiles(count, work) {
  const times = [];
  for (let i = 0; i < count; i++) {
    const start = process.hrtime.bigint();
    await work(i);
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(count - 1, Math.floor(count * share))].toFixed(2);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`;
}

const fingerprints = Array.from({ length: secrets }, (_, i) => hex(`fp ${i}`));

/** Cubed, so that some secrets have many copies and most have few. */
const pickSecret = () => Math.floor(random() ** 3 * secrets);

function findingAt(k) {
  const n = pickSecret();
  return {
    kind: `kind-${n % 50}`,
    rule: `rule-${n % 50}`,
    fingerprint: fingerprints[n],
    aliases: [],
    confidence: ['high', 'medium', 'low'][n % 3],
    reasons: ['checksum-valid', `entropy-${n % 5}`],
    spelling: ['plain'],
    view: 'raw',
    span: { start: k * 200, end: k * 200 + 40 },
    exact: true,
    position: { line: k + 1, column: 3, endLine: k + 1, endColumn: 43 },
    chain: [],
    lengthClass: '40-79',
    strengthBits: 120,
    weak: false,
    slot: `NAME_${n % 100}`,
    attributes: [],
    relations: [],
    anchor: { tag: n * 1000003, lead: 0, length: 40 },
  };
}

const commits = Array.from({ length: 2000 }, (_, i) => ({
  id: hex(`commit ${i}`).slice(0, 40),
  author: { name: `Ana ${i % 100}`, email: `ana${i % 100}@example.org` },
  authorDate: '2024-01-02T03:04:05+02:00',
  committerDate: '2024-01-02T03:04:06+02:00',
}));

function appearanceAt(i, k) {
  return {
    type: 'git-blob',
    locationKind: k === 0 ? 'git-head' : 'git-history',
    path: { text: `src/part-${i % 97}/file-${i % 5003}-${k}.ts` },
    introduced: commits[i % commits.length],
    refs: k === 0 ? ['refs/heads/main'] : [],
    refCount: k === 0 ? 1 : 0,
  };
}

const contentIdOf = (i) => hex(`content ${i}`).slice(0, 32);

/** Chunks as a history gives them: half of a chunk's tags were seen before, and neighbours share most. */
function chunksOf(count, first) {
  const chunks = [];
  for (let at = 0; at < count; at += 700) {
    const contents = Array.from({ length: 48 }, (_, i) => contentIdOf(`chunk ${first + at} ${i}`));
    const tags = new Set();
    while (tags.size < 700) {
      const n = random() < 0.8 ? Math.floor(random() ** 2 * 5000) : Math.floor(random() * 2 ** 40);
      tags.add((Math.imul(n, 2654435761) >>> 0) * 2 ** 20 + (n % 2 ** 20));
    }
    const sorted = Float64Array.from(tags).sort();
    const masks = sorted.map(() => {
      const from = random() < 0.6 ? 0 : Math.floor(random() * 48);
      const to = random() < 0.6 ? 48 : from + 1 + Math.floor(random() * (48 - from));
      return 2 ** to - 2 ** from;
    });
    chunks.push(packChunk({ contents, tags: sorted, masks }));
  }
  return chunks;
}

function printSizes(path) {
  const db = openSqlite(path, { readonly: true });
  const rows = db
    .prepare(
      'SELECT name, sum(pgsize) AS bytes, sum(ncell) AS cells FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 10',
    )
    .all();
  for (const { name, bytes, cells } of rows) {
    show(`  ${name}`, `${(bytes / 1e6).toFixed(1)} MB, ${cells.toLocaleString('en-US')} cells`);
  }
  db.close();
}

const { openStore, openSqlite, packChunk } = await loadStore();
const folder = flags.keep ?? mkdtempSync(join(packageFolder, 'node_modules/.cache/bench-data-'));
mkdirSync(folder, { recursive: true });
const path = join(folder, `bench-${randomBytes(4).toString('hex')}.db`);
const open = (mode) =>
  openStore({ path, keyId: '00112233445566ff', mode, now: () => new Date().toISOString() });

const store = await open('write');
const writer = await store.beginScan({ targets: ['bench'], whole: true, analysisId });
const place = {
  key: 'git:example.org/bench',
  system: 'git',
  name: 'bench',
  audience: 'internal',
  rootCommits: [],
};
const root = { place: place.key, locator: '/bench' };
await writer.upsertPlace(place);

/** Batches wait for each other; asking for holdings to be noted has them written. */
const written = () => writer.addHoldings(root, []);
const contents = Math.ceil(locations / sightingsEach / pathsEach);

/** As a scan writes: all contents of a root with their sightings, then where they stand, in smaller batches. */
async function inBatches(size, make, write) {
  let spent = 0;
  for (let first = 0; first < contents; first += size) {
    const batch = Array.from({ length: Math.min(size, contents - first) }, (_, i) => make(first + i));
    spent += (await timed(() => write(batch)))[0];
  }
  return spent + (await timed(written))[0];
}
const writing = await inBatches(
  batchSize,
  (i) => ({
    id: contentIdOf(i),
    bytes: 1000,
    findings: Array.from({ length: sightingsEach }, (_, k) => findingAt(k)),
  }),
  (batch) => writer.writeBatch(root, { contents: batch, chunks: [] }),
);
const placing = await inBatches(
  placedAtOnce,
  (i) => ({
    content: contentIdOf(i),
    appearances: Array.from({ length: pathsEach }, (_, k) => appearanceAt(i, k)),
  }),
  (batch) => writer.writeAppearances(root, batch),
);
show('sightings', rate(contents * sightingsEach, writing));
show('appearances', rate(contents * pathsEach, placing));
show('locations', rate(contents * sightingsEach * pathsEach, writing + placing));

const empty = Math.max(50_000, contents);
let plain = 0;
for (let first = 0; first < empty; first += 5000) {
  const batch = Array.from({ length: 5000 }, (_, i) => ({
    id: contentIdOf(`plain ${first + i}`),
    bytes: 1000,
    findings: [],
  }));
  plain += (await timed(() => writer.writeBatch(root, { contents: batch, chunks: [] })))[0];
}
plain += (await timed(written))[0];
show('contents without a hit', rate(empty, plain));

let sweeping = 0;
let postings = 0;
let slowest = 0;
for (let first = 0; postings < pairs; first += 70_000) {
  const chunks = chunksOf(70_000, first);
  const [seconds] = await timed(async () => {
    await writer.writeBatch(root, { contents: [], chunks });
    await written();
  });
  sweeping += seconds;
  slowest = Math.max(slowest, seconds);
  postings += chunks.reduce((sum, chunk) => sum + chunk.tags.length, 0);
}
if (postings > 0) show('sweep pairs', `${rate(postings, sweeping)}, slowest batch ${slowest.toFixed(2)} s`);

await writer.finishRoot(root, {
  analysisId,
  whole: true,
  receipt: {
    documents: 0,
    bytes: 0,
    cached: 0,
    skipped: {},
    gaps: {},
    problems: [],
    complete: true,
    interrupted: false,
  },
});
store.close();

show('file', `${(statSync(path).size / 1e6).toFixed(1)} MB`);
printSizes(path);

const reader = await open('read');
const [listing, listed] = await timed(() => reader.listSecrets({}));
show('listSecrets', `${listing.toFixed(3)} s CPU, ${listed.length} secrets`);
const [again] = await timed(() => reader.listSecrets({ statuses: ['open'] }));
show('listSecrets, open only, again', `${again.toFixed(3)} s CPU`);
const drawn = Array.from({ length: 400 }, () => fingerprints[pickSecret()]);
show('exposure, all copies', await quantiles(drawn.length, (i) => reader.exposure(drawn[i])));
show('exposure, first 100', await quantiles(drawn.length, (i) => reader.exposure(drawn[i], { limit: 100 })));
const big = fingerprints[0];
show('exposure of the widest, first 100', await quantiles(9, () => reader.exposure(big, { limit: 100 })));
const tags = Array.from({ length: 400 }, (_, n) => (Math.imul(n * 12, 2654435761) >>> 0) * 2 ** 20 + n * 12);
show(
  'sweepCandidates, common tags',
  await quantiles(400, (i) => reader.sweepCandidates(Float64Array.of(tags[i]))),
);
show(
  'sweepCandidates, absent tags',
  await quantiles(400, (i) => reader.sweepCandidates(Float64Array.of(12345 + i * 2 ** 33))),
);
reader.close();
if (flags.keep === undefined) rmSync(folder, { recursive: true, force: true });
