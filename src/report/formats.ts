/** The formats of `report` and `scan --format`, each with its renderer. */
import { csvReport } from './csv.js';
import { gitlabReport } from './gitlab.js';
import { htmlReport } from './html.js';
import { jsonReport } from './json.js';
import { jsonlReport } from './jsonl.js';
import { junitReport } from './junit.js';
import { markdownReport } from './markdown.js';
import type { Renderer } from './report-input.js';
import { sarifReport } from './sarif.js';
import { textReport } from './text.js';

export const reportFormats = [
  'text',
  'json',
  'jsonl',
  'csv',
  'md',
  'html',
  'sarif',
  'gitlab',
  'junit',
] as const;
export type ReportFormat = (typeof reportFormats)[number];

export const renderers: Readonly<Record<ReportFormat, Renderer>> = {
  text: textReport,
  json: jsonReport,
  jsonl: jsonlReport,
  csv: csvReport,
  md: markdownReport,
  html: htmlReport,
  sarif: sarifReport,
  gitlab: gitlabReport,
  junit: junitReport,
};

/** Formats that get open copies only, unless more is asked for: pages for people, and GitLab, which knows no other status. */
const openOnly: ReadonlySet<ReportFormat> = new Set<ReportFormat>(['text', 'md', 'html', 'gitlab']);

export function showsOpenOnly(format: ReportFormat): boolean {
  return openOnly.has(format);
}
