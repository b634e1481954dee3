/**
 * `npm run eval`: scores the built engine on the generated corpus and compares with `corpus/baseline.json`.
 * Exit code 1 when a suite lost more than half a point of recall or gained alarms; `--write` sets a new baseline.
 *
 * `npm run eval -- --suite DIR` scores the labelled texts in `DIR/cases.jsonl` (or in a file of that form) instead; all further
 * flags are those of `scripts/eval-cases.mjs`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const suiteFlag = process.argv.indexOf('--suite');
if (suiteFlag >= 0) {
  const suite = process.argv[suiteFlag + 1];
  const found = suite === undefined ? undefined : statSync(suite, { throwIfNoEntry: false });
  if (suite === undefined || found === undefined) {
    process.stderr.write('--suite: name a folder that holds cases.jsonl, or such a file.\n');
    process.exit(2);
  }
  const file = found.isDirectory() ? join(suite, 'cases.jsonl') : suite;
  const further = process.argv.slice(2).filter((_, i) => i + 2 !== suiteFlag && i + 2 !== suiteFlag + 1);
  const { status } = spawnSync(process.execPath, [here('../scripts/eval-cases.mjs'), file, ...further], { stdio: 'inherit' });
  process.exit(status ?? 2);
}
const folder = mkdtempSync(join(tmpdir(), 'sprawl-eval-'));
const cases = join(folder, 'cases.jsonl');
const big = { maxBuffer: 2 ** 28, encoding: 'utf8' };
writeFileSync(cases, execFileSync(process.execPath, [here('build.mjs')], big));
const scores = JSON.parse(execFileSync(process.execPath, [here('../scripts/eval-cases.mjs'), cases, '--json'], big));
rmSync(folder, { recursive: true, force: true });

/**
 * Suite -> { cases, recall, firm, exact, alarms } in percent: of the planted values, those found at all, found
 * at medium or higher, and given to the byte; of the negatives, those with a finding of medium or higher.
 */
const percent = (part, whole) => (whole === 0 ? null : Math.round((10_000 * part) / whole) / 100);
const now = {};
for (const [key, row] of Object.entries(scores.table)) {
  const [kind, , suite] = key.split(' · ');
  if (suite === undefined) continue;
  const isPositive = kind === 'positive';
  now[`${suite} ${kind}`] = {
    cases: row.cases,
    recall: isPositive ? percent(row.found - row.beside, row.strings) : null,
    firm: isPositive ? percent(row.firm, row.strings) : null,
    exact: isPositive ? percent(row.exact, row.strings) : null,
    alarms: isPositive ? null : percent(row.alarms, row.cases),
  };
}
const baselineFile = here('baseline.json');
if (process.argv.includes('--write')) {
  writeFileSync(baselineFile, `${JSON.stringify(now, null, 2)}\n`);
}
const baseline = JSON.parse(readFileSync(baselineFile, 'utf8'));
let isWorse = false;
const shown = (value) => (value === null ? '-' : value.toFixed(2)).padStart(9);
process.stdout.write(`${'suite'.padEnd(24)}${'cases'.padStart(7)}   recall     firm    exact   alarms  (was: recall, alarms)\n`);
for (const [suite, { cases: count, recall, firm, exact, alarms }] of Object.entries(now)) {
  const was = baseline[suite] ?? { recall: null, alarms: null };
  if (recall !== null && was.recall !== null && recall < was.recall - 0.5) isWorse = true;
  if (alarms !== null && was.alarms !== null && alarms > was.alarms + 0.5) isWorse = true;
  process.stdout.write(
    `${suite.padEnd(24)}${String(count).padStart(7)}${shown(recall)}${shown(firm)}${shown(exact)}${shown(alarms)}  (${shown(was.recall).trim()}, ${shown(was.alarms).trim()})\n`,
  );
}
if (isWorse) {
  process.stderr.write('The engine is worse than its baseline; a change that must be so sets a new one with --write and says why.\n');
  process.exitCode = 1;
}
