import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digest, newStore, removeFolders, temporaryFolder } from './fixtures.js';

const packageFolder = fileURLToPath(new URL('../../..', import.meta.url));
let folder = '';
let script = '';

beforeAll(async () => {
  // Below the package, where the child finds better-sqlite3 and the migrations.
  const cache = join(packageFolder, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'sprawl-store-'));
  script = join(folder, 'child-scan.mjs');
  await build({
    entryPoints: [join(packageFolder, 'test/unit/store/child-scan.ts')],
    outfile: script,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  removeFolders();
});

/** Runs the child until it has told `lines` lines, then kills it; without `lines` until its end. */
function run(path: string, lines?: number, shell?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const [command, args] =
      shell === undefined
        ? [process.execPath, [script, path]]
        : ['bash', ['-c', shell, 'bash', process.execPath, script, path]];
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (lines !== undefined && output.split('\n').length > lines) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });
}

async function digestAt(path: string): Promise<string> {
  const store = await newStore(path);
  const hash = await digest(store);
  store.close();
  return hash;
}

describe('a scan that is killed', () => {
  it('leaves a sound database and ends, run again, as an undisturbed one', async () => {
    const calm = join(temporaryFolder(), 'calm.db');
    expect(await run(calm)).toContain('done');
    const path = join(temporaryFolder(), 'killed.db');
    for (const lines of [1, 3, 4, 9, 13, 16, 19]) {
      expect(await run(path, lines)).not.toContain('done');
      await digestAt(path);
    }
    expect(await run(path)).toContain('done');
    expect(await digestAt(path)).toBe(await digestAt(calm));
  });

  it('runs beside others on one file', async () => {
    const calm = join(temporaryFolder(), 'calm.db');
    await run(calm);
    const path = join(temporaryFolder(), 'shared.db');
    const outputs = await Promise.all([run(path), run(path), run(path)]);
    for (const output of outputs) expect(output).toContain('done');
    expect(await digestAt(path)).toBe(await digestAt(calm));
  });

  it('says that the disk is full and loses nothing that was written', async () => {
    const path = join(temporaryFolder(), 'full.db');
    // Blocks of 1,024 bytes; an ignored SIGXFSZ makes the write fail with EFBIG.
    const output = await run(path, undefined, 'trap "" XFSZ; ulimit -f 600; exec "$@"');
    expect(output).toContain('failed disk-full');
    await digestAt(path);
    expect(await run(path)).toContain('done');
  });
});
