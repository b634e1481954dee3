/** Reports of other scanners, recognised by their content: which tool wrote it, its rows, and what is wrong with it. */
import type { ReportFault, ReportReader, ReportRow, ReportSink } from './contract.js';
import { detectSecrets } from './detect-secrets.js';
import { isObject } from './fields.js';
import { ggshield } from './ggshield.js';
import { gitleaks } from './gitleaks.js';
import { kingfisher } from './kingfisher.js';
import { noseyParker } from './nosey-parker.js';
import { reportNodes } from './report-nodes.js';
import { sarif } from './sarif.js';
import { secretlint } from './secretlint.js';
import { trufflehog } from './trufflehog.js';

/** The most particular first: nothing of one is recognised by another, but a damaged node might be. */
const readers: readonly ReportReader[] = [
  gitleaks,
  trufflehog,
  detectSecrets,
  noseyParker,
  kingfisher,
  sarif,
  ggshield,
  secretlint,
];

export const reportTools: readonly string[] = readers.map(({ name }) => name);

export interface ScannerReport {
  /** Name of the reader; `none` for a list without an element, which any of them writes when it found nothing. */
  readonly tool: string;
  readonly rows: readonly ReportRow[];
  /** The first faults; `faultCount` counts all. */
  readonly faults: readonly ReportFault[];
  readonly faultCount: number;
}

/** Faults that are kept: the rest follows from the first, or is the same again. */
const mostFaults = 200;
/** Nodes that are asked whose report it is: the first may be damaged. */
const asked = 100;

/** Cheap signs without which nothing is parsed: every format has one of them near its beginning or in each line. */
const signs =
  /"(?:RuleID|DetectorName|SourceMetadata|hashed_secret|plugins_used|rule_text_id|rule_structural_id|git_metadata|runs|entities_with_incidents|total_incidents|filePath|finding)"/;

/** False for what is no report of a scanner; true says only that it is worth to be read as one. */
export function mayBeReport(text: string): boolean {
  const start = text
    .slice(0, 64)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (!/^[[{]/.test(start)) return false;
  return signs.test(text) || /^\s*\[\s*\]\s*$/.test(text.slice(0, 64));
}

/** The report, or undefined when no reader knows it. `unreadable` says why a text that looks like one cannot be read. */
export function readReport(text: string): ScannerReport | { readonly unreadable: string } | undefined {
  const rows: ReportRow[] = [];
  const faults: ReportFault[] = [];
  let faultCount = 0;
  const sink: ReportSink = {
    row: (row) => rows.push(row),
    fault: (where, message) => {
      faultCount++;
      if (faults.length < mostFaults) faults.push({ where, message });
    },
  };
  const { nodes, unreadable } = reportNodes(text, sink);
  if (unreadable !== undefined) return { unreadable };
  if (nodes.length === 0 && faultCount === 0) return { tool: 'none', rows, faults, faultCount };
  const reader = readers.find(({ recognises }) =>
    nodes.slice(0, asked).some(({ value }) => recognises(value)),
  );
  if (reader === undefined) return undefined;
  for (const node of nodes) {
    if (reader.recognises(node.value) || !isLogLine(node.value)) reader.read(node, sink);
  }
  return { tool: reader.name, rows, faults, faultCount };
}

/** What tools write of themselves between their findings: `{"level":"info","msg":...}`. */
function isLogLine(value: unknown): boolean {
  return isObject(value) && typeof value['level'] === 'string' && typeof value['msg'] === 'string';
}
