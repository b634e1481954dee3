/** Takes reports of other scanners over into the database, and says what became of their findings. */
import { createHash } from 'node:crypto';
import type { PeopleMode } from '../model/people-mode.js';
import { ProblemError } from '../model/problem.js';
import { jsonLine } from '../report/records.js';
import { counted, safeText } from '../report/safe-text.js';
import { readImport } from '../rotation/import/read-import.js';
import type { ReportSummary, Unlinkable } from '../scan/reports/take-report.js';
import type { ScannerReport } from '../sources/reports/read-report.js';
import { openEvidenceLog } from '../store/evidence-log.js';
import { reportLocator } from '../store/reported.js';
import type { Context } from './context.js';
import { readImportFile } from './import-file.js';
import { printMasked } from './masked-output.js';
import { sourceName } from './rotation-imports.js';
import type { Session } from './session.js';

/** Reports hold the text of whole files, some of them. */
const mostReportBytes = 256 * 1024 * 1024;
/** Faults that are shown one by one. */
const shownFaults = 20;

export interface FoundReport {
  readonly file: string;
  readonly report: ScannerReport;
  readonly sha256: string;
}

export interface ReportOptions {
  readonly of?: string;
  readonly strip?: string;
  readonly as?: string;
  readonly people?: PeopleMode;
  readonly now?: string;
}

export interface StoredReport extends FoundReport {
  /** Name under which its copies are kept. */
  readonly source: string;
  readonly summary: ReportSummary;
}

/** The files that are reports; all others are what people state. Throws a problem for one that breaks off. */
export async function findReports(
  context: Context,
  files: readonly string[],
): Promise<{ readonly reports: readonly FoundReport[]; readonly others: readonly string[] }> {
  const { mayBeReport, readReport } = await import('../sources/reports/read-report.js');
  const reports: FoundReport[] = [];
  const others: string[] = [];
  for (const file of files) {
    const text = readImportFile(context, file, mostReportBytes);
    const report = mayBeReport(text) ? readReport(text) : undefined;
    if (report === undefined) others.push(file);
    else if (!('unreadable' in report)) {
      reports.push({ file, report, sha256: createHash('sha256').update(text).digest('hex') });
    } else if (readImport(text, file).kind !== undefined) others.push(file);
    else {
      throw new ProblemError({
        code: 'config-invalid',
        message: `The file ${file} looks like a report of a scanner, but ${report.unreadable}.`,
        hint: 'Nothing of it was taken over. Write the report again.',
      });
    }
  }
  return { reports, others };
}

/** Stores reports one after the other; each replaces nothing, since a report does not say what its tool looked at. */
export async function storeReports(
  context: Context,
  session: Session,
  reports: readonly FoundReport[],
  { of, strip, as, people, now }: ReportOptions,
): Promise<readonly StoredReport[]> {
  const stored: StoredReport[] = [];
  for (const found of reports) {
    // The name of a file may hold a secret too.
    const source = await masked(context, session, as ?? sourceName(found.file));
    const summary = await context.services.takeReport(
      found.report.rows,
      {
        name: found.file,
        locator: reportLocator(source),
        cwd: context.io.cwd,
        ...(of === undefined ? {} : { of }),
        ...(strip === undefined ? {} : { strip }),
        ...(people === undefined ? {} : { people }),
      },
      { ...session, onEvent: () => {}, signal: context.signal },
    );
    stored.push({ ...found, source, summary });
  }
  await recordReports(session, stored, now ?? context.io.now());
  return stored;
}

async function masked(context: Context, { keys, store }: Session, text: string): Promise<string> {
  return context.services.maskSecrets(text, { keys, known: await store.anchors() });
}

/** Every report that added something stands in the evidence log, with the hash of its file. */
async function recordReports({ store }: Session, stored: readonly StoredReport[], at: string): Promise<void> {
  const entries = stored
    .filter(({ summary }) => summary.added > 0)
    .map(({ source, sha256, summary }) => ({
      action: 'imported' as const,
      subject: source,
      data: { type: 'report', count: summary.read, sha256 },
    }));
  if (entries.length === 0) return;
  await openEvidenceLog(store.path, 'append').append(entries, { at, actor: 'sprawl', isClock: true });
}

/** `file: finding 3 (line 12), StartLine: must be a whole number`. */
export function reportFaults({ file, report }: FoundReport): string[] {
  return report.faults.map(({ where, message }) => `${file}: ${where}: ${message}`);
}

/** True when something of the report was not taken over for a fault of it. */
export function isIncomplete({ report, summary }: StoredReport): boolean {
  return report.faultCount > 0 || (summary.unlinkable.placeless ?? 0) > 0;
}

const reasons: Readonly<Record<Unlinkable, string>> = {
  hashed: 'hold only a digest that is of no value known here',
  redacted: 'hold a redacted value and stand where no single known secret does',
  absent: 'hold no value and stand where no single known secret does',
  'nothing-found': 'hold a text in which no secret is found',
  placeless: 'do not say where they are',
};

function reportLine({ file, source, report, summary }: StoredReport): string {
  const { linked, added, copies, secrets, unlinkable } = summary;
  const name = source === file ? '' : ` as ${source}`;
  const parts = [
    `${linked} known already`,
    added === copies
      ? `${counted(copies, 'new copy', 'new copies')}`
      : `${added} that give ${counted(copies, 'new copy', 'new copies')}`,
  ];
  for (const [reason, count] of Object.entries(unlinkable).sort(([a], [b]) => (a < b ? -1 : 1)))
    parts.push(`${count} not tied to a secret (they ${reasons[reason as Unlinkable]})`);
  const fresh = secrets === 0 ? '' : ` ${counted(secrets, 'secret')} not known before.`;
  return `${file}${name}: ${report.tool}, ${counted(summary.read, 'finding')}: ${parts.join(', ')}.${fresh}`;
}

export async function tellReports(
  context: Context,
  session: Session,
  stored: readonly StoredReport[],
): Promise<void> {
  const { json } = context.flags;
  for (const one of stored) {
    const { file, source, report, summary } = one;
    if (json === true) {
      const records = [
        { type: 'report', file, source, tool: report.tool, ...summary, faults: report.faultCount },
        ...report.faults.map(({ where, message }) => ({ type: 'reportFault', file, where, message })),
      ];
      await printMasked(context, session, [records.map(jsonLine).join('').trimEnd()]);
      continue;
    }
    await context.tell(await masked(context, session, safeText(reportLine(one))));
    const more = report.faultCount - Math.min(shownFaults, report.faults.length);
    const lines = reportFaults(one).slice(0, shownFaults).map(safeText);
    if (more > 0) lines.push(`${counted(more, 'more fault')} not listed.`);
    if (report.faultCount > 0)
      lines.push(
        `${counted(report.faultCount, 'fault')} in ${safeText(file)}: what they are in was not taken over.`,
      );
    if (lines.length > 0) await printMasked(context, session, lines);
  }
}
