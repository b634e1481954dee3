/** Exit codes, in one place for the code, `--help` and the documents. */
import type { Receipt } from '../model/receipt.js';

export const exitCodes = {
  clean: 0,
  open: 1,
  fatal: 2,
  incomplete: 3,
  interrupted: 130,
} as const;

/** The table at the end of `--help`. */
export const exitCodeHelp = `
Exit codes:
  0    complete, and nothing open (where: not found, coverage complete and fresh)
  1    open findings, complete or not (where: found; check commands: faults)
  2    bad usage or fatal error
  3    nothing open, but incomplete; accept a gap with "sprawl allow --gap KIND"
       (where: not found, but coverage incomplete or stale)
  130  interrupted`;

export const failOnChoices = ['new', 'any', 'high'] as const;
export type FailOn = (typeof failOnChoices)[number];

/** Gaps that nobody has accepted; a receipt may be incomplete without naming one. */
export function openGaps(gaps: Readonly<Record<string, number>>, accepted: readonly string[]): string[] {
  return Object.keys(gaps).filter((code) => (gaps[code] ?? 0) > 0 && !accepted.includes(code));
}

export interface Verdict {
  /** Secrets that fail the run under the chosen `--fail-on`. */
  readonly failing: number;
  readonly receipt: Receipt;
  readonly acceptedGaps: readonly string[];
  readonly exitZero: boolean;
  readonly allowEmpty: boolean;
}

/** Says whether a receipt leaves something out that nobody has accepted. */
export function isIncomplete(receipt: Receipt, accepted: readonly string[]): boolean {
  if (receipt.interrupted || openGaps(receipt.gaps, accepted).length > 0) return true;
  return !receipt.complete && Object.keys(receipt.gaps).length === 0;
}

/** True when not one document was read or known from before. */
export function nothingScanned(receipt: Receipt): boolean {
  return receipt.documents === 0 && receipt.cached === 0;
}

/** The exit code of a scan. An open finding comes before everything that was left out. */
export function scanExitCode(verdict: Verdict): number {
  const { receipt, exitZero } = verdict;
  if (receipt.interrupted) return exitCodes.interrupted;
  if (verdict.failing > 0) return exitZero ? exitCodes.clean : exitCodes.open;
  if (nothingScanned(receipt) && !verdict.allowEmpty) {
    const onlyMissing = openGaps(receipt.gaps, ['not-found', ...verdict.acceptedGaps]).length === 0;
    return onlyMissing ? exitCodes.fatal : exitCodes.incomplete;
  }
  if (!isIncomplete(receipt, verdict.acceptedGaps)) return exitCodes.clean;
  return exitZero ? exitCodes.clean : exitCodes.incomplete;
}
