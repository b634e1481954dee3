/** The formats of `report` and `scan --format`, each with its renderer. */
import { csvReport } from './csv.js';
import { jsonReport } from './json.js';
import { jsonlReport } from './jsonl.js';
import { markdownReport } from './markdown.js';
import type { Renderer } from './report-input.js';
import { sarifReport } from './sarif.js';
import { textReport } from './text.js';

export const reportFormats = ['text', 'json', 'jsonl', 'csv', 'md', 'sarif'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export const renderers: Readonly<Record<ReportFormat, Renderer>> = {
  text: textReport,
  json: jsonReport,
  jsonl: jsonlReport,
  csv: csvReport,
  md: markdownReport,
  sarif: sarifReport,
};
