/** The targets of a scan: arguments, and the lines of `--targets-from`. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ProblemError } from '../model/problem.js';
import type { Io } from './io.js';

async function linesOf(io: Io, file: string): Promise<string> {
  if (file === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString();
  }
  try {
    return readFileSync(resolve(io.cwd, file), 'utf8');
  } catch (cause) {
    throw new ProblemError(
      { code: 'usage', message: `The list of targets ${file} cannot be read.` },
      { cause },
    );
  }
}

const isUrl = /^(?:[a-z][a-z0-9+.-]*:\/\/|[^/\s]+@[^/\s]+:)/i;

/** Makes paths absolute against the caller's folder; URLs and `-` stay as they are. */
export function absoluteTarget(io: Io, target: string): string {
  return target === '-' || isUrl.test(target) ? target : resolve(io.cwd, target);
}

/** One target a line; empty lines and lines that begin with `#` are left out. Default: the current folder. */
export async function targetList(
  io: Io,
  given: readonly string[],
  file: string | undefined,
): Promise<readonly string[]> {
  const listed =
    file === undefined
      ? []
      : (await linesOf(io, file))
          .split(/\r?\n/)
          .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const targets = [...given, ...listed];
  if (targets.length === 0 && file !== undefined) {
    throw new ProblemError({ code: 'nothing-scanned', message: 'The list of targets is empty.' });
  }
  return (targets.length === 0 ? ['.'] : targets).map((target) => absoluteTarget(io, target));
}
