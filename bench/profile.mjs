/**
 * Where the engine's time goes: hits, candidates and milliseconds by keyword and by rule, over all of a repository.
 *
 * The sources are bundled with a shim round the module that says which detectors a keyword wakes, so that the product
 * itself counts nothing. Runs in one thread; the clock of each call costs some 0.1 µs, which is in the figures.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const planModule = join(root, 'src/detect/rule-plan.ts');

/** Stands in for rule-plan.ts: the same plan with every detector timed. */
const shim = `
import { planOf as realPlanOf } from ${JSON.stringify(planModule)};
export * from ${JSON.stringify(planModule)};
const tallies = (globalThis.sprawlProfile ??= new Map());
function timed(keyword, action) {
  let tally;
  const detect = (bytes, start, end, emit) => {
    if (tally === undefined) {
      const text = bytes.toString('latin1', start, end).toLowerCase();
      tallies.set(keyword + ' ' + action.rule.id, tally = { keyword: text, rule: action.rule.id, hits: 0, candidates: 0, ms: 0 });
    }
    tally.hits++;
    const started = performance.now();
    action.detect(bytes, start, end, (...draft) => { tally.candidates++; emit(...draft); });
    tally.ms += performance.now() - started;
  };
  return { ...action, detect };
}
export function planOf(...given) {
  const plan = realPlanOf(...given);
  const dueAt = plan.dueAt.bind(plan);
  const known = [];
  plan.dueAt = (keyword) => {
    if (known[keyword] === undefined) {
      const due = dueAt(keyword);
      known[keyword] = { ...due, actions: due.actions.map((action) => timed(keyword, action)) };
    }
    return known[keyword];
  };
  return plan;
}
`;

const entry = `
export { createAnalyzer } from './src/detect/create-analyzer.ts';
export { deriveKeys } from './src/identity/hkdf-keys.ts';
export { anchorTableOf } from './src/identity/sweep.ts';
export { loadRuleSet } from './src/rules/load-bundle.ts';
export { RangeRunner } from './src/scan/range-runner.ts';
export { openGitSource } from './src/sources/git/git-source.ts';
`;

async function loadEngine() {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'bench-profile-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, 'engine.mjs');
  await build({
    stdin: { contents: entry, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    plugins: [
      {
        name: 'timed-plan',
        setup(hooks) {
          hooks.onResolve({ filter: /\/rule-plan\.js$/ }, () => ({ path: 'rule-plan', namespace: 'timed' }));
          hooks.onLoad({ filter: /.*/, namespace: 'timed' }, () => ({ contents: shim, resolveDir: root }));
        },
      },
    ],
  });
  return import(outfile);
}

/** Reads everything that the repository stores and gives a tally per pair of keyword and rule. */
export async function profile(repository) {
  const engine = await loadEngine();
  globalThis.sprawlProfile.clear();
  const keys = engine.deriveKeys(Buffer.alloc(32, 1));
  const rules = await engine.loadRuleSet();
  const analyzer = engine.createAnalyzer({ rules, keys, known: engine.anchorTableOf([]) });
  const runner = new engine.RangeRunner(analyzer, keys);
  const source = await engine.openGitSource(repository, { trustOwner: true });
  const events = { problem: () => undefined, skipped: () => undefined };
  const isKnown = async (_ids, types) => new Uint8Array(types.length);
  const signal = new AbortController().signal;
  const started = process.cpuUsage();
  let bytes = 0;
  for await (const { range } of source.plan({ isKnown }, events)) {
    bytes += (await runner.run({ mode: 'analyze', range }, signal)).bytes;
  }
  const { user, system } = process.cpuUsage(started);
  await runner.close();
  source.close();
  return { bytes, cpu: (user + system) / 1e6, tallies: [...globalThis.sprawlProfile.values()] };
}

/** Adds up what has the same `name`; the dearest first. */
function sumBy(tallies, name) {
  const sums = new Map();
  for (const tally of tallies) {
    const sum = sums.get(tally[name]) ?? { name: tally[name], hits: 0, candidates: 0, ms: 0 };
    sum.hits += tally.hits;
    sum.candidates += tally.candidates;
    sum.ms += tally.ms;
    sums.set(sum.name, sum);
  }
  return [...sums.values()].sort((a, b) => b.ms - a.ms);
}

const shownRows = 40;

export function printProfile(heading, { bytes, cpu, tallies }) {
  const inRules = tallies.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  const megabytes = bytes / 1e6;
  process.stdout.write(
    `\n${heading}: ${megabytes.toFixed(0)} MB, ${cpu.toFixed(2)} CPU s, of which ${inRules.toFixed(2)} s in detectors\n`,
  );
  for (const name of ['keyword', 'rule']) {
    const rows = sumBy(tallies, name);
    process.stdout.write(
      `\n${name.padEnd(34)}${'hits'.padStart(12)}${'candidates'.padStart(12)}${'ms'.padStart(10)}\n`,
    );
    for (const row of rows.slice(0, shownRows)) {
      const cells = [
        String(row.hits).padStart(12),
        String(row.candidates).padStart(12),
        row.ms.toFixed(1).padStart(10),
      ];
      process.stdout.write(`${row.name.padEnd(34)}${cells.join('')}\n`);
    }
    if (rows.length > shownRows) process.stdout.write(`... and ${rows.length - shownRows} more\n`);
  }
}
