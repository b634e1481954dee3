/**
 * Every failure as data. cli/show-problem.ts is the one place that turns it into text.
 *
 * Scanned text never goes into a problem, not even "near ...": paths and names that come from a target
 * pass through the redactor before they are printed.
 */

/** What went wrong with one input; the scan goes on and the receipt counts it. */
export const inputProblemCodes = [
  'not-found',
  'permission-denied',
  'unreadable',
  'not-a-repository',
  'untrusted-owner',
  'corrupt-object',
  'corrupt-pack',
  'missing-object',
  'broken-archive',
  'archive-encrypted',
  'archive-too-deep',
  'archive-too-many-entries',
  'archive-too-large',
  'archive-ratio',
  'unsupported-archive',
  'document-too-large',
  'document-timeout',
  'match-cap',
  'decode-budget',
  'git-failed',
  'clone-failed',
  'worker-crashed',
  'walk-limit',
  'changed-while-read',
  'export-damaged',
  'export-encrypted',
] as const;
export type InputProblemCode = (typeof inputProblemCodes)[number];

/**
 * Gaps that lie in a content itself: the same bytes give them again, so an unchanged source is reported from
 * the database without another try.
 */
export const contentGapCodes: ReadonlySet<InputProblemCode> = new Set<InputProblemCode>([
  'broken-archive',
  'archive-encrypted',
  'archive-too-deep',
  'archive-too-many-entries',
  'archive-too-large',
  'archive-ratio',
  'unsupported-archive',
  'document-too-large',
  'match-cap',
  'decode-budget',
  'export-damaged',
  'export-encrypted',
]);

/** Failure of one input. `where` is a displayable, already redacted path or name. */
export interface InputProblem {
  readonly code: InputProblemCode;
  readonly where: string;
  /** Short technical detail without scanned text, e.g. an errno name or a limit. */
  readonly detail?: string;
}

/** What ends the command with exit code 2. */
export const fatalProblemCodes = [
  'usage',
  'config-invalid',
  'rule-invalid',
  'key-missing',
  'key-invalid',
  'key-mismatch',
  'key-in-work-tree',
  'database-in-work-tree',
  'database-newer',
  'database-corrupt',
  'database-busy',
  'database-read-only',
  'disk-full',
  'database-unavailable',
  'git-missing',
  'sqlite-missing',
  'nothing-scanned',
  'not-found',
  'ambiguous-fingerprint',
  'internal',
] as const;
export type FatalProblemCode = (typeof fatalProblemCodes)[number];

export interface FatalProblem {
  readonly code: FatalProblemCode;
  /** One full sentence: what failed, on what. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** Thrown where one input cannot be opened at all; the scan records the problem and goes on. */
export class InputProblemError extends Error {
  readonly problem: InputProblem;

  constructor(problem: InputProblem, options?: ErrorOptions) {
    super(`${problem.code}: ${problem.where}`, options);
    this.name = 'InputProblemError';
    this.problem = problem;
  }
}

/** The only fatal error that this code base throws on purpose. */
export class ProblemError extends Error {
  readonly problem: FatalProblem;

  constructor(problem: FatalProblem, options?: ErrorOptions) {
    super(problem.message, options);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}
