/** Runs one command to its end and says what it took. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';

const timer = ['/usr/bin/time', '/bin/time'].find((path) => existsSync(path));

export const isOnPath = (name) =>
  spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status === 0;

/**
 * Wall seconds, CPU seconds (user and system, of the process and all its children), and the peak resident memory in MB
 * of the largest process; NaN where the machine has no time(1). Undefined when the command cannot be started.
 *
 * @param {readonly string[]} command
 * @param {{ work: string, env?: Record<string, string>, cwd?: string, output?: string }} place `work` is a folder for
 *   notes; what the command prints goes to the file `output`, or nowhere
 */
export function measure(command, { work, env = {}, cwd, output }) {
  const stats = join(work, 'time');
  const out = output === undefined ? 'ignore' : openSync(output, 'w');
  const started = process.hrtime.bigint();
  const argv = timer === undefined ? command : [timer, '-f', '%U %S %M', '-o', stats, ...command];
  const run = spawnSync(argv[0], argv.slice(1), {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', out, 'ignore'],
  });
  const wall = Number(process.hrtime.bigint() - started) / 1e9;
  if (out !== 'ignore') closeSync(out);
  if (run.error !== undefined) return undefined;
  const [user, system, memory] =
    timer === undefined
      ? [Number.NaN, Number.NaN, Number.NaN]
      : readFileSync(stats, 'utf8').trim().split('\n').at(-1).split(' ').map(Number);
  return { wall, cpu: user + system, memory: memory / 1000, status: run.status };
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** What a reader of the figures must know of the machine; no name of it. */
export function machineFacts() {
  const git = spawnSync('git', ['--version'], { encoding: 'utf8' }).stdout.trim();
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
    git,
  };
}
