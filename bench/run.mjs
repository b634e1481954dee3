/**
 * Times full-history scans against the floor that git itself sets and against every peer on the PATH.
 *
 *   npm run bench -- [--runs N] [--out FILE] REPOSITORY...
 *
 * The commands run in alternation (A B C A B C ...), so that a machine whose speed drifts is fair to all; what
 * is quoted is the median, and the ratios are what travels to another machine. CPU is user + system of the
 * process and its children. Each scan starts from an empty database; `rescan` runs again with nothing new.
 * Peers print their findings into files of a temporary folder that is removed at the end.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    out: { type: 'string' },
    peers: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
if (positionals.length === 0) {
  process.stderr.write('usage: npm run bench -- [--runs N] [--out FILE] [--no-peers] REPOSITORY...\n');
  process.exit(2);
}
const runs = Number(values.runs);
const work = mkdtempSync(join(tmpdir(), 'sprawl-bench-'));
const timer = ['/usr/bin/time', '/bin/time'].find((path) => existsSync(path));

/** Wall and CPU seconds and peak memory (MB) of one command; its output goes nowhere. */
function measure(command, env) {
  const stats = join(work, 'time');
  const started = process.hrtime.bigint();
  const argv = timer === undefined ? command : [timer, '-f', '%U %S %M', '-o', stats, ...command];
  const run = spawnSync(argv[0], argv.slice(1), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const wall = Number(process.hrtime.bigint() - started) / 1e9;
  if (run.error !== undefined) return undefined;
  const [user = Number.NaN, system = Number.NaN, memory = Number.NaN] =
    timer === undefined ? [] : readFileSync(stats, 'utf8').trim().split('\n').at(-1).split(' ').map(Number);
  return { wall, cpu: user + system, memory: memory / 1000, status: run.status };
}

const onPath = (name) => spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status === 0;
const cli = join(root, 'dist', 'cli', 'bin.js');
const homeOf = (name) => ({
  XDG_DATA_HOME: join(work, name, 'data'),
  XDG_CONFIG_HOME: join(work, 'config'),
  XDG_CACHE_HOME: join(work, name, 'cache'),
  SPRAWL_DB: '',
  SPRAWL_KEY_FILE: '',
});
const sprawl = (repository, ...flags) => [
  process.execPath,
  cli,
  'scan',
  repository,
  '--format',
  'jsonl',
  '--exit-zero',
  ...flags,
];

/** What is run for a repository, in order; `before` is not timed. */
function contestants(repository) {
  const git = (...args) => ['git', '-C', repository, '--no-replace-objects', ...args];
  const report = join(work, 'peer-report');
  const list = [
    {
      name: 'git cat-file (floor)',
      command: git('cat-file', '--batch-all-objects', '--batch', '--buffer', '--unordered'),
    },
    {
      name: 'git log -p (floor of patch scanners)',
      command: git('log', '-p', '-U0', '--full-history', '--all'),
    },
    {
      name: 'sprawl',
      command: sprawl(repository),
      env: homeOf('cold'),
      before: () => rmSync(join(work, 'cold'), { recursive: true, force: true }),
    },
    {
      name: 'sprawl --jobs 1',
      command: sprawl(repository, '--jobs', '1'),
      env: homeOf('one'),
      before: () => rmSync(join(work, 'one'), { recursive: true, force: true }),
    },
    { name: 'sprawl, nothing new', command: sprawl(repository), env: homeOf('cold') },
    { name: 'node (bare start)', command: [process.execPath, '-e', '0'] },
  ];
  const peers = [
    {
      name: 'gitleaks',
      command: [
        'gitleaks',
        'git',
        '--no-banner',
        '--exit-code',
        '0',
        '--report-path',
        report,
        '--report-format',
        'json',
        repository,
      ],
    },
    {
      name: 'betterleaks',
      command: [
        'betterleaks',
        'git',
        '--no-banner',
        '--exit-code',
        '0',
        '--report-path',
        report,
        '--report-format',
        'json',
        repository,
      ],
    },
    {
      name: 'trufflehog',
      command: ['trufflehog', 'git', `file://${repository}`, '--no-verification', '--no-update', '--json'],
    },
    { name: 'kingfisher', command: ['kingfisher', 'scan', '--no-validate', repository] },
    { name: 'titus', command: ['titus', 'scan', repository] },
    {
      name: 'noseyparker',
      command: ['noseyparker', 'scan', '--datastore', join(work, 'noseyparker'), repository],
      before: () => rmSync(join(work, 'noseyparker'), { recursive: true, force: true }),
    },
  ].filter(({ name }) => values.peers && onPath(name));
  return [...list, ...peers];
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const two = (number) => (Number.isNaN(number) ? '-' : number.toFixed(2));

mkdirSync(join(work, 'config'), { recursive: true });
const results = [];
for (const target of positionals) {
  const repository = resolve(target);
  const list = contestants(repository);
  const taken = new Map(list.map(({ name }) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const { name, command, env, before } of list) {
      before?.();
      const result = measure(command, env);
      if (result !== undefined) taken.get(name).push(result);
    }
  }
  const floor = median(taken.get('git cat-file (floor)').map(({ cpu }) => cpu));
  const floorWall = median(taken.get('git cat-file (floor)').map(({ wall }) => wall));
  const rows = list.map(({ name }) => {
    const figures = taken.get(name);
    const cpu = median(figures.map((figure) => figure.cpu));
    const wall = median(figures.map((figure) => figure.wall));
    return {
      name,
      wall,
      cpu,
      memory: median(figures.map((figure) => figure.memory)),
      cpuRatio: cpu / floor,
      wallRatio: wall / floorWall,
    };
  });
  const database = join(work, 'cold', 'data', 'sprawl', 'sprawl.db');
  const size = existsSync(database) ? statSync(database).size : Number.NaN;
  results.push({ repository: basename(repository), databaseBytes: size, rows });
  process.stdout.write(`\n${basename(repository)} (database ${(size / 1e6).toFixed(1)} MB)\n`);
  process.stdout.write(
    `${'command'.padEnd(40)}${'wall s'.padStart(9)}${'CPU s'.padStart(9)}${'MB'.padStart(7)}${'CPU/floor'.padStart(11)}${'wall/floor'.padStart(12)}\n`,
  );
  for (const row of rows) {
    process.stdout.write(
      `${row.name.padEnd(40)}${two(row.wall).padStart(9)}${two(row.cpu).padStart(9)}${row.memory.toFixed(0).padStart(7)}${two(row.cpuRatio).padStart(11)}${two(row.wallRatio).padStart(12)}\n`,
    );
  }
}
if (values.out !== undefined) {
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
  };
  const git = spawnSync('git', ['--version'], { encoding: 'utf8' }).stdout.trim();
  const commit = spawnSync('git', ['-C', root, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).stdout.trim();
  writeFileSync(
    values.out,
    `${JSON.stringify({ date: new Date().toISOString(), commit, machine, git, runs, results }, null, 2)}\n`,
  );
}
rmSync(work, { recursive: true, force: true });
