import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** Everything that an entry can ever load, statically or later, as written in its import statements. */
async function importsOf(entry: string, followed: readonly string[]): Promise<Set<string>> {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL(`../../../src/cli/${entry}`, import.meta.url))],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    splitting: true,
    outdir: '/nowhere',
    logLevel: 'silent',
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  return new Set(
    imports.filter(({ kind }) => followed.includes(kind)).map(({ path }) => path.replace(/^node:/, '')),
  );
}

describe('the hook entry', () => {
  it('can load neither commander nor SQLite nor workers', async () => {
    const imports = await importsOf('hook-entry.ts', ['import-statement', 'dynamic-import', 'require-call']);
    for (const heavy of ['commander', 'better-sqlite3', 'worker_threads', 'simple-git', 'fast-glob']) {
      expect(imports, heavy).not.toContain(heavy);
    }
  });

  it('is not loaded with the rest of the command line', async () => {
    const followed = ['import-statement', 'dynamic-import', 'require-call'];
    expect(await importsOf('main-entry.ts', followed)).toContain('commander');
    for (const entry of ['bin.ts', 'hook-start.ts', 'main-start.ts']) {
      const imports = [...(await importsOf(entry, followed))];
      const others = imports.filter(
        (name) => !/^(?:fs|module|os|path|vm|zlib|<runtime>|src\/cli\/.*)$/.test(name),
      );
      expect(others).toEqual([]);
    }
  });
});
