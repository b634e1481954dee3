/** The coverage receipt and the age of coverage in words, for stderr and for the end of reports. */
import type { PlaceCoverage } from '../model/exposure.js';
import type { InputProblemCode } from '../model/problem.js';
import type { ExportSummary, Receipt, SkipReason } from '../model/receipt.js';
import { bytesText, counted, grouped, safeText } from './safe-text.js';

const skipText: Readonly<Record<SkipReason, string>> = {
  binary: 'binary',
  'vendor-tree': 'in vendor or build trees',
  excluded: 'excluded',
  'outside-target-link': 'links out of the target',
  'alternate-object': 'objects in alternates',
  submodule: 'submodules',
  empty: 'empty',
  'special-file': 'special files',
  'lfs-pointer': 'LFS pointers',
  'missing-promised-object': 'promised objects not fetched',
  'direct-messages': 'direct messages',
  'git-directory': 'git directories',
};

const gapText: Readonly<Record<InputProblemCode, string>> = {
  'not-found': 'not found',
  'permission-denied': 'permission denied',
  unreadable: 'unreadable',
  'not-a-repository': 'not a repository',
  'untrusted-owner': 'owned by somebody else (--trust-owner reads it)',
  'corrupt-object': 'corrupt git object',
  'corrupt-pack': 'corrupt pack',
  'missing-object': 'missing git object',
  'broken-archive': 'broken archive',
  'archive-encrypted': 'encrypted archive',
  'archive-too-deep': 'archive nested too deep',
  'archive-too-many-entries': 'archive with too many entries',
  'archive-too-large': 'archive too large when unpacked',
  'archive-ratio': 'archive compressed like a bomb',
  'unsupported-archive': 'unsupported archive format',
  'document-too-large': 'document too large',
  'document-timeout': 'document took too long',
  'match-cap': 'too many matches in one document',
  'decode-budget': 'too much encoded text in one document',
  'git-failed': 'git failed',
  'clone-failed': 'could not be cloned',
  'worker-crashed': 'a worker crashed',
  'walk-limit': 'too many files',
  'changed-while-read': 'changed while it was read',
  'export-damaged': 'damaged export',
  'export-encrypted': 'encrypted records in an export',
};

/** Says what one code of a gap means. */
export function gapMeaning(code: InputProblemCode): string {
  return gapText[code];
}

/** One line for one problem: what, where, detail. */
export function problemLine(problem: Receipt['problems'][number]): string {
  const detail = problem.detail === undefined ? '' : ` (${safeText(problem.detail)})`;
  return `${safeText(problem.where)}: ${gapText[problem.code]}${detail}`;
}

/** One line a problem; objects in history have no name to tell them apart, so what reads the same is counted. */
export function problemLines(problems: Receipt['problems']): string[] {
  const counts = new Map<string, number>();
  for (const line of problems.map(problemLine)) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].map(([line, count]) => (count === 1 ? line : `${line} (${grouped(count)} times)`));
}

function countsOf<Name extends string>(
  counts: Readonly<Partial<Record<Name, number>>>,
  words: Readonly<Record<Name, string>>,
): string[] {
  const entries = Object.entries(counts) as [Name, number | undefined][];
  return entries
    .filter(([, count]) => (count ?? 0) > 0)
    .map(([name, count]) => `${words[name] ?? name} (${grouped(count ?? 0)})`);
}

const noteText: Readonly<Record<string, string>> = {
  encrypted: 'encrypted',
  truncated: 'cut by the exporter',
  'too-large': 'not read to their end',
  incomplete: 'with parts missing in the export',
  malformed: 'malformed',
  undecodable: 'in an unknown encoding',
  redacted: 'blacked out by the exporter',
  'attachment-missing': 'attachments not in the export',
};

/** `slack-messages: 1,204 records in 12 places from 31 files; 3 cut by the exporter.` */
function exportLine({ reader, files, records, places, notes, unknownKeys }: ExportSummary): string {
  // Records of developer files stay with their file: they stand in no place of their own.
  const within = places === 0 ? '' : ` in ${counted(places, 'place')}`;
  const read = `${reader}: ${counted(records, 'record')}${within} from ${counted(files, 'file')}`;
  const told = Object.entries(notes)
    .filter(([, count]) => count > 0)
    .map(([note, count]) => `${grouped(count)} ${noteText[note] ?? note}`);
  const keys = unknownKeys.length;
  if (keys > 0) told.push(`${counted(keys, 'key')} this reader does not know, read all the same`);
  return `${[read, ...told].join('; ')}.`;
}

/** Lines that say what a scan read, what it left out by choice, and what it could not read. */
export function receiptLines(receipt: Receipt): string[] {
  const read = counted(receipt.documents, 'document');
  // Of earlier scans, or the same content at another place of this one.
  const cached = receipt.cached === 0 ? '' : `, ${counted(receipt.cached, 'more', 'more')} known already`;
  const lines = [`Read ${read}, ${bytesText(receipt.bytes)}${cached}.`];
  for (const summary of receipt.exports ?? []) lines.push(exportLine(summary));
  const skipped = countsOf(receipt.skipped, skipText);
  if (skipped.length > 0) lines.push(`Left out by choice: ${skipped.join(', ')}.`);
  const gaps = countsOf(receipt.gaps, gapText);
  if (gaps.length > 0) lines.push(`Not covered: ${gaps.join(', ')}.`);
  if (receipt.interrupted) lines.push('Interrupted: run the same command again to read the rest.');
  return lines;
}

const dayMs = 86_400_000;

/** Whole days between two RFC 3339 times; 0 when `then` lies after `now`. */
export function ageDays(then: string, now: string): number {
  return Math.max(0, Math.floor((Date.parse(now) - Date.parse(then)) / dayMs));
}

/** `today`, `1 day ago`, `40 days ago`. */
export function ageText(then: string, now: string): string {
  const days = ageDays(then, now);
  return days === 0 ? 'today' : `${counted(days, 'day')} ago`;
}

/** One line about how far the answer reaches in one place. */
export function coverageLine(coverage: PlaceCoverage, now: string): string {
  const name = safeText(coverage.placeName);
  if (coverage.lastScan === undefined) return `${name}: never read to the end`;
  const when = `read ${ageText(coverage.lastScan, now)}`;
  if (coverage.complete) return `${name}: ${when}, complete`;
  const gaps = countsOf(coverage.gaps as Partial<Record<InputProblemCode, number>>, gapText);
  return `${name}: ${when}, incomplete${gaps.length === 0 ? '' : ` (${gaps.join(', ')})`}`;
}
