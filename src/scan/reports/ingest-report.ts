/** A report of another scanner into a database, for programs. */
import { ProblemError } from '../../model/problem.js';
import type { ReportFault } from '../../sources/reports/contract.js';
import { readReport } from '../../sources/reports/read-report.js';
import { reportLocator } from '../../store/reported.js';
import type { LocateDeps } from '../locate.js';
import { type ReportSummary, type TakeReportOptions, takeReport } from './take-report.js';

export interface IngestReportOptions extends Omit<TakeReportOptions, 'locator' | 'cwd'> {
  /** Folder from which `of` is looked for; the current one of the process when left out. */
  readonly cwd?: string;
}

export interface IngestedReport {
  /** Which format it is in, e.g. `gitleaks`. */
  readonly tool: string;
  readonly summary: ReportSummary;
  /** The first faults; what they are in was not taken over. */
  readonly faults: readonly ReportFault[];
  readonly faultCount: number;
}

/**
 * Takes a report over: see `docs/ingest.md`. Throws `ProblemError` for a text that is no report, or breaks off, and for a
 * report of which nothing says where it is from.
 */
export async function ingestReport(
  text: string,
  options: IngestReportOptions,
  deps: Omit<LocateDeps, 'signal'> & { readonly signal?: AbortSignal },
): Promise<IngestedReport> {
  const report = readReport(text);
  if (report === undefined || 'unreadable' in report) {
    const why = report === undefined ? 'is no report of a scanner that is known' : report.unreadable;
    throw new ProblemError({ code: 'config-invalid', message: `The report ${options.name} ${why}.` });
  }
  const { signal = new AbortController().signal } = deps;
  const summary = await takeReport(
    report.rows,
    { ...options, cwd: options.cwd ?? '.', locator: reportLocator(options.name) },
    { ...deps, signal },
  );
  const { tool, faults, faultCount } = report;
  return { tool, summary, faults, faultCount };
}
