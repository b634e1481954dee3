/**
 * Real git repositories, built by code with fixed author and dates, so that ids are the same everywhere.
 * git runs with its own HOME and without system or user configuration.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** 2024-01-01T00:00:00Z; each commit is one minute later than the one before. */
const epoch = 1_704_067_200;

export interface RepoOptions {
  readonly objectFormat?: 'sha1' | 'sha256';
  readonly bare?: boolean;
  /** Folder to make the repository in; a fresh temporary one unless given. */
  readonly at?: string;
}

export class TestRepo {
  readonly dir: string;
  readonly home: string;
  #clock = epoch;

  constructor(dir: string, home: string) {
    this.dir = dir;
    this.home = home;
  }

  /** Runs git in the repository; throws when it fails. Output as bytes of latin1, trimmed. */
  git(...args: string[]): string {
    return this.gitWith({}, ...args);
  }

  gitWith(
    options: { readonly input?: string | Buffer; readonly env?: Record<string, string> },
    ...args: string[]
  ): string {
    return execFileSync('git', args, {
      cwd: this.dir,
      input: options.input ?? '',
      env: { ...this.environment(), ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 1 << 30,
    })
      .toString('latin1')
      .trimEnd();
  }

  environment(): Record<string, string> {
    const stamp = `${this.#clock} +0200`;
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.home,
      GIT_CONFIG_SYSTEM: '/dev/null',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Ana Example',
      GIT_AUTHOR_EMAIL: 'ana@example.com',
      GIT_AUTHOR_DATE: stamp,
      GIT_COMMITTER_NAME: 'Ben Example',
      GIT_COMMITTER_EMAIL: 'ben@example.com',
      GIT_COMMITTER_DATE: stamp,
      GIT_ALLOW_PROTOCOL: 'file',
      TZ: 'UTC',
      LC_ALL: 'C',
    };
  }

  /** Writes a file of the work tree; the path may be bytes. */
  write(path: string | Buffer, content: string | Buffer): this {
    const full = Buffer.concat([Buffer.from(`${this.dir}/`), Buffer.from(path)]);
    if (typeof path === 'string') mkdirSync(dirname(join(this.dir, path)), { recursive: true });
    writeFileSync(full, content);
    return this;
  }

  /** Writes files, stages everything and commits; gives the commit id. */
  commit(message: string, files: Readonly<Record<string, string | Buffer>> = {}): string {
    for (const [path, content] of Object.entries(files)) this.write(path, content);
    this.git('add', '-A', '-f');
    return this.commitStaged(message);
  }

  commitStaged(message: string, ...args: string[]): string {
    this.tick();
    this.git('commit', '-q', '--allow-empty', '-m', message, ...args);
    return this.git('rev-parse', 'HEAD');
  }

  /** Moves the clock one minute. */
  tick(): void {
    this.#clock += 60;
  }

  /** Id of the blob with this content; the blob is not written. */
  blobId(content: string | Buffer): string {
    return this.gitWith({ input: content }, 'hash-object', '--stdin');
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Makes an empty repository with the branch `main` in a folder below a home of its own. */
export function makeRepo(options: RepoOptions = {}): TestRepo {
  const home = mkdtempSync(join(tmpdir(), 'sprawl-test-'));
  const dir = options.at ?? join(home, 'repo');
  mkdirSync(dir, { recursive: true });
  const repo = new TestRepo(dir, home);
  const args = ['init', '-q', '-b', 'main', `--object-format=${options.objectFormat ?? 'sha1'}`];
  repo.git(...args, ...(options.bare === true ? ['--bare'] : []));
  if (options.bare !== true) {
    repo.git('config', 'core.autocrlf', 'false');
    repo.git('config', 'gc.auto', '0');
  }
  return repo;
}
