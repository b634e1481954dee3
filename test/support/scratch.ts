/** Temp folders and runs of the built command line, from a nearly empty environment. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The built command line; `npm test` builds before it tests. */
export const cliEntry: string = fileURLToPath(new URL('../../dist/cli/bin.cjs', import.meta.url));

/** A fresh folder, removed when the test ends. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sprawl-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A home of its own: database, keys and caches of one test. */
export class CliHome {
  readonly home: string;

  constructor(folder: string = scratch()) {
    this.home = join(folder, 'home');
    mkdirSync(this.home, { recursive: true });
  }

  get env(): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.home,
      XDG_DATA_HOME: join(this.home, 'data'),
      XDG_CONFIG_HOME: join(this.home, 'config'),
      XDG_CACHE_HOME: join(this.home, 'cache'),
      NO_COLOR: '1',
      COLUMNS: '120',
      TZ: 'UTC',
      LANG: 'C.UTF-8',
    };
  }

  run(
    args: readonly string[],
    options: { readonly input?: string | Buffer; readonly cwd?: string } = {},
  ): CliResult {
    const run = spawnSync(process.execPath, [cliEntry, ...args], {
      cwd: options.cwd ?? this.home,
      env: this.env,
      input: options.input ?? '',
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    return { status: run.status, stdout: run.stdout, stderr: run.stderr };
  }

  /** Runs with `--json` and parses the lines. */
  json(
    args: readonly string[],
    options: { readonly input?: string; readonly cwd?: string } = {},
  ): Record<string, unknown>[] {
    const { stdout } = this.run([...args, '--json'], options);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Every byte that was written below the home, concatenated. */
  allBytes(): Buffer {
    const parts: Buffer[] = [];
    const visit = (folder: string): void => {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) visit(path);
        else if (entry.isFile()) parts.push(readFileSync(path));
      }
    };
    visit(this.home);
    return Buffer.concat(parts);
  }
}
