/**
 * Times scans against the floor that git or reading itself sets, and against every other scanner on the PATH.
 *
 *   npm run bench -- [--runs N] [--out FILE] [--no-peers] REPOSITORY...   full histories
 *   npm run bench -- --files [...] REPOSITORY-OR-FOLDER...                the files of HEAD, or of a folder
 *   npm run bench -- --profile REPOSITORY...                             where the engine's time goes, by keyword and rule
 *
 * The commands run in alternation (A B C A B C ...), so that a machine whose speed drifts is fair to all; what
 * is quoted is the median, and the ratios are what travels to another machine. Each scan starts from an empty
 * database. Reports of peers lie in a temporary folder that is removed at the end.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machineFacts, measure, median } from './measure.mjs';
import { countFindings, filesPeers, historyPeers } from './peers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    out: { type: 'string' },
    peers: { type: 'boolean', default: true },
    files: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
  allowNegative: true,
});
if (positionals.length === 0) {
  process.stderr.write(
    'usage: npm run bench -- [--runs N] [--out FILE] [--no-peers] [--files | --profile] REPOSITORY...\n',
  );
  process.exit(2);
}
const runs = Number(values.runs);
const work = mkdtempSync(join(tmpdir(), 'sprawl-bench-'));

const bare = { name: 'node (bare start)', command: [process.execPath, '-e', '0'] };

/** A scan with a home of its own; `fresh` empties the home before each run. */
function sprawl(name, target, { home = name, fresh = true, flags = [] } = {}) {
  const folder = join(work, home);
  const command = [process.execPath, join(root, 'dist', 'cli', 'bin.js'), 'scan', target];
  return {
    name,
    command: [...command, '--format', 'jsonl', '--exit-zero', ...flags],
    env: {
      XDG_DATA_HOME: join(folder, 'data'),
      XDG_CONFIG_HOME: join(work, 'config'),
      XDG_CACHE_HOME: join(folder, 'cache'),
      SPRAWL_DB: '',
      SPRAWL_KEY_FILE: '',
    },
    report: join(work, 'report'),
    count: (text) => text.split('\n').filter((line) => line.startsWith('{"type":"finding"')).length,
    before: () => {
      if (fresh) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What is run on a history; the first is the floor. */
function historyContestants(repository) {
  const git = (...args) => ['git', '-C', repository, '--no-replace-objects', ...args];
  return [
    {
      name: 'git cat-file (floor)',
      command: git('cat-file', '--batch-all-objects', '--batch', '--buffer', '--unordered'),
    },
    {
      name: 'git log -p (floor of patch scanners)',
      command: git('log', '-p', '-U0', '--full-history', '--all'),
    },
    sprawl('sprawl', repository),
    sprawl('sprawl --jobs 1', repository, { flags: ['--jobs', '1'] }),
    sprawl('sprawl, nothing new', repository, { home: 'sprawl', fresh: false }),
    bare,
    ...(values.peers ? historyPeers(repository, work) : []),
  ];
}

/** What is run on a folder; the first is the floor. */
function filesContestants(folder) {
  const small = join(work, 'one-file');
  mkdirSync(small, { recursive: true });
  writeFileSync(join(small, 'a.txt'), 'nothing\n');
  return [
    { name: 'cat (floor)', command: ['sh', '-c', 'find "$0" -type f -print0 | xargs -0 cat', folder] },
    sprawl('sprawl', folder),
    sprawl('sprawl --jobs 1', folder, { flags: ['--jobs', '1'] }),
    sprawl('sprawl, nothing new', folder, { home: 'sprawl', fresh: false }),
    sprawl('sprawl, one small file', small),
    bare,
    ...(values.peers ? filesPeers(folder, work) : []),
  ];
}

/** Runs all in alternation; gives one row each, in their order. */
function contest(contestants) {
  const taken = new Map(contestants.map(({ name }) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const contestant of contestants) {
      contestant.before?.();
      const { command, env, cwd, report } = contestant;
      const result = measure(command, { work, env, cwd, output: report });
      if (result === undefined) continue;
      const findings = report === undefined ? Number.NaN : countFindings(contestant);
      taken.get(contestant.name).push({ ...result, findings });
    }
  }
  const rows = contestants.map(({ name }) => {
    const middle = (what) => median(taken.get(name).map((figures) => figures[what]));
    return {
      name,
      wall: middle('wall'),
      cpu: middle('cpu'),
      memory: middle('memory'),
      findings: middle('findings'),
    };
  });
  const [floor] = rows;
  return rows.map((row) => ({ ...row, cpuRatio: row.cpu / floor.cpu, wallRatio: row.wall / floor.wall }));
}

const columns = [
  { title: 'wall s', width: 9, text: ({ wall }) => fixed(wall, 2) },
  { title: 'CPU s', width: 9, text: ({ cpu }) => fixed(cpu, 2) },
  { title: 'MB', width: 7, text: ({ memory }) => fixed(memory, 0) },
  { title: 'CPU/floor', width: 11, text: ({ cpuRatio }) => fixed(cpuRatio, 2) },
  { title: 'wall/floor', width: 12, text: ({ wallRatio }) => fixed(wallRatio, 2) },
  { title: 'findings', width: 10, text: ({ findings }) => fixed(findings, 0) },
];

function fixed(number, digits) {
  return Number.isFinite(number) ? number.toFixed(digits) : '-';
}

function printTable(heading, rows) {
  const line = (name, cells) => `${name.padEnd(40)}${cells.join('')}\n`;
  process.stdout.write(`\n${heading}\n`);
  process.stdout.write(
    line(
      'command',
      columns.map(({ title, width }) => title.padStart(width)),
    ),
  );
  for (const row of rows) {
    process.stdout.write(
      line(
        row.name,
        columns.map(({ width, text }) => text(row).padStart(width)),
      ),
    );
  }
}

function databaseBytes() {
  const path = join(work, 'sprawl', 'data', 'sprawl', 'sprawl.db');
  return existsSync(path) ? statSync(path).size : Number.NaN;
}

/** The files of HEAD in a folder of their own; a folder that is no repository stays as it is. */
function filesOf(target) {
  const folder = join(work, 'tree');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const archive = spawnSync('sh', ['-c', 'git -C "$0" archive HEAD | tar xf - -C "$1"', target, folder]);
  return archive.status === 0 && readdirSync(folder).length > 0 ? folder : target;
}

function bytesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size, 0);
}

function timeHistory(target) {
  const rows = contest(historyContestants(target));
  const database = databaseBytes();
  printTable(`${basename(target)} (database ${fixed(database / 1e6, 1)} MB)`, rows);
  return { repository: basename(target), databaseBytes: database, rows };
}

/** Also says the rate beyond the start: bytes over the CPU that one small file does not cost. */
function timeFiles(target) {
  const folder = filesOf(target);
  const bytes = bytesIn(folder);
  const rows = contest(filesContestants(folder));
  const cpuOf = (wanted) => rows.find(({ name }) => name === wanted)?.cpu ?? Number.NaN;
  const rate = bytes / 1e6 / (cpuOf('sprawl --jobs 1') - cpuOf('sprawl, one small file'));
  printTable(`files of ${basename(target)} (${fixed(bytes / 1e6, 1)} MB)`, rows);
  process.stdout.write(`sprawl beyond its start: ${fixed(rate, 0)} MB a CPU second\n`);
  return { folder: basename(target), bytes, megabytesPerCpuSecond: rate, rows };
}

async function profileAll() {
  const { profile, printProfile } = await import('./profile.mjs');
  for (const target of positionals) printProfile(basename(target), await profile(resolve(target)));
}

function timeAll() {
  mkdirSync(join(work, 'config'), { recursive: true });
  const time = values.files ? timeFiles : timeHistory;
  const results = positionals.map((target) => time(resolve(target)));
  if (values.out === undefined) return;
  const commit = spawnSync('git', ['-C', root, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).stdout.trim();
  const report = { date: new Date().toISOString(), commit, machine: machineFacts(), runs, results };
  writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`);
}

try {
  if (values.profile) await profileAll();
  else timeAll();
} finally {
  rmSync(work, { recursive: true, force: true });
}
