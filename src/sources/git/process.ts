/**
 * Starts git. The only file that does.
 *
 * A scanned store is hostile: its config, hooks, attributes and promisor remotes may name commands. git is
 * therefore never started on the store itself but on a neutral git directory of our own that only links to
 * the store's objects and index (neutral-dir.ts), with an environment built from nothing. What git writes
 * to stderr may quote scanned text and is never passed on.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { ProblemError } from '../../model/problem.js';

/** Bytes of stderr that are kept to classify a failure. */
const maxComplaintBytes = 16_384;

export interface GitExit {
  /** Exit status; null when a signal ended the process. */
  readonly status: number | null;
  /** True when stderr held a line that begins with `error:` or `fatal:`. */
  readonly complained: boolean;
}

export interface GitChild {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when the process has ended and its output is drained; rejects only when git cannot be started. */
  readonly exit: Promise<GitExit>;
  kill(): void;
}

/** git ended with a status that the caller does not expect. Holds no output of git. */
export class GitError extends Error {
  readonly subcommand: string;
  readonly status: number | null;

  constructor(subcommand: string, status: number | null) {
    super(`git ${subcommand} ended with ${status === null ? 'a signal' : `status ${status}`}`);
    this.name = 'GitError';
    this.subcommand = subcommand;
    this.status = status;
  }
}

export interface GitStart {
  /** Neutral git directory; also the working directory unless another is given, so that no work tree is found. */
  readonly neutralDir: string;
  /** `-c key=value` pairs that come before the subcommand. */
  readonly config?: readonly string[];
  /** Extra variables, e.g. `GIT_INDEX_FILE`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Working directory, for the one question that is about a work tree (what it ignores). */
  readonly workDir?: string;
}

/** Environment of every read: nothing inherited but the search path. */
export function readingEnvironment(neutralDir: string): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const name of ['PATH', 'TMPDIR', 'SystemRoot', 'LD_LIBRARY_PATH']) {
    const value = process.env[name];
    if (value !== undefined) inherited[name] = value;
  }
  return {
    ...inherited,
    // git < 2.32 does not know GIT_CONFIG_GLOBAL, so its home is the neutral directory as well.
    HOME: neutralDir,
    XDG_CONFIG_HOME: neutralDir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    // No protocol has this name: neither a lazy fetch nor `ext::` nor a local upload-pack can start.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_PAGER: 'cat',
    GIT_EDITOR: 'false',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_CEILING_DIRECTORIES: neutralDir,
    LC_ALL: 'C',
    TZ: 'UTC',
  };
}

/** git holds smaller blobs in memory and streams larger ones; its default is 512 MB. */
const streamedBlobs = 'core.bigFileThreshold=64m';

/** Starts git on a neutral directory; the caller feeds stdin, reads stdout and awaits `exit`. */
export function startGit(start: GitStart, args: readonly string[]): GitChild {
  const config = [streamedBlobs, ...(start.config ?? [])].flatMap((pair) => ['-c', pair]);
  const child = spawn('git', [`--git-dir=${start.neutralDir}`, '--no-pager', ...config, ...args], {
    cwd: start.workDir ?? start.neutralDir,
    env: { ...readingEnvironment(start.neutralDir), ...start.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  return watch(child);
}

/** Runs git to its end and gives its output; throws {@link GitError} unless the status is one of `accept`. */
export async function gitOutput(
  start: GitStart,
  args: readonly string[],
  options: { readonly input?: Uint8Array; readonly accept?: readonly number[] } = {},
): Promise<Buffer> {
  const child = startGit(start, args);
  return collect(child, args[0] ?? 'git', options.input, options.accept ?? [0]);
}

/** Version of the git on the search path, e.g. `[2, 39]`. */
export async function gitVersion(): Promise<readonly [number, number]> {
  versionOnce ??= collect(startGit({ neutralDir: '/' }, ['version']), 'version', undefined, [0]).then(
    (output) => {
      const match = /(\d+)\.(\d+)/.exec(output.toString('latin1'));
      return [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
    },
  );
  return versionOnce;
}
let versionOnce: Promise<readonly [number, number]> | undefined;

/**
 * Lists the user's own configuration as `git config --list -z` prints it: system and global scope, no
 * repository. Read with the user's environment, since it is the user's word that counts here.
 */
export async function userConfigList(): Promise<Buffer> {
  const child = spawn('git', ['config', '--list', '-z'], {
    cwd: '/',
    env: { ...process.env, GIT_DIR: '/dev/null', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  return collect(watch(child), 'config', undefined, [0]);
}

async function collect(
  child: GitChild,
  subcommand: string,
  input: Uint8Array | undefined,
  accept: readonly number[],
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(input);
  const exit = await child.exit;
  if (exit.status === null || !accept.includes(exit.status)) throw new GitError(subcommand, exit.status);
  return Buffer.concat(chunks);
}

function watch(child: ChildProcessByStdio<Writable, Readable, Readable>): GitChild {
  const complaint: Buffer[] = [];
  let kept = 0;
  child.stderr.on('data', (chunk: Buffer) => {
    if (kept < maxComplaintBytes) complaint.push(chunk.subarray(0, maxComplaintBytes - kept));
    kept += chunk.length;
  });
  // A git that ended early breaks the pipe; its exit status tells the story.
  child.stdin.on('error', () => undefined);
  const exit = new Promise<GitExit>((resolve, reject) => {
    child.on('error', (cause: NodeJS.ErrnoException) => reject(cannotStart(cause)));
    child.on('close', (status) => {
      const text = Buffer.concat(complaint).toString('latin1');
      resolve({ status, complained: /^(?:error|fatal):/m.test(text) });
    });
  });
  exit.catch(() => undefined);
  return { stdin: child.stdin, stdout: child.stdout, exit, kill: () => void child.kill('SIGKILL') };
}

function cannotStart(cause: NodeJS.ErrnoException): ProblemError {
  return new ProblemError(
    {
      code: 'git-missing',
      message: `git could not be started (${cause.code ?? 'unknown reason'}).`,
      hint: 'Install git 2.30 or newer and make sure that it is on the search path.',
    },
    { cause },
  );
}
