/** The baseline as a file: read whole or not at all, replaced by a rename, never through a link. */
import { lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ProblemError } from '../model/problem.js';
import type { Baseline } from '../suppress/baseline.js';

/** The baseline, or a new one with a salt of its own. */
export async function readBaselineFile(
  file: string,
): Promise<{ readonly baseline: Baseline; readonly existed: boolean }> {
  const [{ readSmallFile }, { maxBaselineBytes, newBaselineHeader, parseBaseline }] = await Promise.all([
    import('../sources/files/small-file.js'),
    import('../suppress/baseline.js'),
  ]);
  const bytes = readSmallFile(file, maxBaselineBytes);
  return bytes === undefined
    ? { baseline: { ...newBaselineHeader(), entries: [] }, existed: false }
    : { baseline: parseBaseline(bytes.toString('utf8'), file), existed: true };
}

/** Writes it for everybody to read: it is made to be committed. */
export async function writeBaselineFile(file: string, baseline: Baseline): Promise<void> {
  const { formatBaseline } = await import('../suppress/baseline.js');
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) {
    throw new ProblemError({ code: 'usage', message: `The baseline ${file} is not a regular file.` });
  }
  const temporary = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, formatBaseline(baseline), { flag: 'wx', mode: 0o644 });
    renameSync(temporary, file);
  } catch (cause) {
    rmSync(temporary, { force: true });
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new ProblemError(
      { code: 'usage', message: `The baseline ${file} cannot be written (${code}).` },
      { cause },
    );
  }
}
