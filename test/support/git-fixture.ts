/** A real repository built by plain git commands, with fixed dates and no configuration of the machine. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export class GitFixture {
  readonly path: string;
  #clock = 1_700_000_000;

  constructor(path: string, ...initArgs: string[]) {
    this.path = path;
    mkdirSync(path, { recursive: true });
    this.git('init', '-q', '-b', 'main', ...initArgs);
  }

  /** Runs git in the repository and returns what it printed, trimmed. Each run is a minute later. */
  git(...args: string[]): string {
    return this.#run(args);
  }

  /** Takes a stream of `git fast-import`. */
  import(stream: string): void {
    this.#run(['fast-import', '--quiet'], stream);
  }

  /** Runs git with an input. */
  input(input: string, ...args: string[]): string {
    return this.#run(args, input);
  }

  #run(args: readonly string[], input?: string): string {
    this.#clock += 60;
    const date = `${this.#clock} +0100`;
    return execFileSync('git', args, {
      cwd: this.path,
      encoding: 'utf8',
      ...(input === undefined ? {} : { input }),
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: this.path,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_AUTHOR_NAME: 'Ana Writer',
        GIT_AUTHOR_EMAIL: 'ana@example.org',
        GIT_COMMITTER_NAME: 'Cem Committer',
        GIT_COMMITTER_EMAIL: 'cem@example.org',
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_DATE: date,
      },
    }).trim();
  }

  write(name: string, text: string | Buffer): void {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Writes files and commits them; returns the commit id. */
  commit(message: string, files: Readonly<Record<string, string | Buffer>> = {}): string {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }
}
