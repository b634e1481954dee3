/** The command line as a process of its own: to be interrupted, killed, or run under limits and other users. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CliHome, type CliResult, cliEntry } from './scratch.js';

export interface EndedProcess extends CliResult {
  readonly signal: NodeJS.Signals | null;
}

export interface RunningCli {
  readonly child: ChildProcess;
  /** Resolves when the process is gone and its output was read. */
  readonly ended: Promise<EndedProcess>;
}

/** Starts a run and does not wait for it. */
export function startCli(home: CliHome, args: readonly string[]): RunningCli {
  const child = spawn(process.execPath, [cliEntry, ...args], {
    cwd: home.home,
    env: home.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part: Buffer) => {
    stdout += part.toString();
  });
  child.stderr.on('data', (part: Buffer) => {
    stderr += part.toString();
  });
  const ended = new Promise<EndedProcess>((resolve) => {
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
  return { child, ended };
}

/** Runs the command line through `sh`, which sets a limit or a user first; `prefix` ends before `exec`'s program. */
export function runUnder(home: CliHome, prefix: string, args: readonly string[]): CliResult {
  const run = spawnSync('sh', ['-c', `${prefix} "$@"`, 'sh', process.execPath, cliEntry, ...args], {
    cwd: home.home,
    env: home.env,
    encoding: 'utf8',
    input: '',
  });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

const nobody = 65_534;

/**
 * Runs as a user whom permissions bind: as nobody where the tests run as root, since root may read all.
 * Folders and files that the run must reach have to be open to others.
 */
export function runUnprivileged(home: CliHome, args: readonly string[]): CliResult {
  const isRoot = process.getuid?.() === 0;
  const run = spawnSync(process.execPath, [cliEntry, ...args], {
    cwd: home.home,
    env: home.env,
    encoding: 'utf8',
    input: '',
    ...(isRoot ? { uid: nobody, gid: nobody } : {}),
  });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** Opens a folder (not what is in it) to every user. */
export function openToAll(...folders: readonly string[]): void {
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o777);
  }
}

/** A second home with the same key and no database: for an undisturbed run to compare with. */
export function freshHomeLike(home: CliHome, fresh: CliHome): void {
  cpSync(join(home.home, 'config'), join(fresh.home, 'config'), { recursive: true });
}
