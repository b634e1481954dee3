/** The one place that turns a failure into text for people. */
import { type FatalProblemCode, ProblemError } from '../model/problem.js';
import { safeText } from '../report/safe-text.js';
import type { Style } from '../report/style.js';

/** What to do when the thrower gave no hint of its own. */
const usualHint: Readonly<Record<FatalProblemCode, string | undefined>> = {
  usage: 'Run "sprawl --help", or "sprawl <command> --help".',
  'config-invalid': undefined,
  'rule-invalid': 'Run "sprawl rules check".',
  'key-missing': 'Run "sprawl key init", or name the key with --key-file.',
  'key-invalid': undefined,
  'key-mismatch': 'Name the key this database was made with: --key-file or SPRAWL_KEY_FILE.',
  'key-in-work-tree': 'Keep the key outside of any repository.',
  'database-in-work-tree': 'Keep the database outside of any repository.',
  'database-newer': 'Update sprawl: the database was written by a newer version.',
  'database-corrupt': 'Run "sprawl db check"; if it stays damaged, move the file away and scan again.',
  'database-busy': 'Another process is writing; try again.',
  'database-read-only': 'Name a writable database with --db, or use --no-store.',
  'disk-full': 'Free some room and run the command again; what was written so far is kept.',
  'database-unavailable': 'Run "sprawl doctor" to see what is missing.',
  'git-missing': 'Install git 2.30 or newer, and see that it is on PATH.',
  'sqlite-missing':
    'Install sprawl again; where no compiled SQLite fits, Python, make and a C++ compiler are needed.',
  'nothing-scanned': 'Check the target and the filters, or pass --allow-empty.',
  'not-found': undefined,
  'ambiguous-fingerprint': 'Give more digits.',
  internal: 'This is a bug in sprawl; please report it, with the output of -vv.',
};

const codeOfErrno: Readonly<Record<string, FatalProblemCode>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EROFS: 'database-read-only',
};

/**
 * Frames of a stack without its message: messages of foreign errors can hold scanned text (JSON.parse
 * quotes its input), so they are never printed.
 */
function framesOf(error: Error): string {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return lines.map((line) => `\n${safeText(line)}`).join('');
}

function describe(error: unknown): { message: string; hint: string | undefined } {
  if (error instanceof ProblemError) {
    const { code, message, hint } = error.problem;
    return { message, hint: hint ?? usualHint[code] };
  }
  const errno = error instanceof Error && 'code' in error ? String(error.code) : '';
  const code = codeOfErrno[errno] ?? 'internal';
  const name = error instanceof Error ? error.name : typeof error;
  const detail = errno === '' ? name : `${name}, ${errno}`;
  const message =
    code === 'internal' ? `Something failed unexpectedly (${detail}).` : `Writing failed (${detail}).`;
  return { message, hint: usualHint[code] };
}

/** Text of a failure that ends the command, with a line break at its end. `verbosity` 2 adds the stack. */
export function showProblem(error: unknown, style: Style, verbosity: number): string {
  const { message, hint } = describe(error);
  let text = `${style.alarm('error:')} ${safeText(message)}`;
  if (hint !== undefined) text += `\n${style.dim('hint:')} ${safeText(hint)}`;
  if (verbosity >= 2 && error instanceof Error) text += framesOf(error);
  return `${text}\n`;
}
