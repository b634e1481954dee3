/**
 * Readers for files whose system nobody knows. Their scores let every other reader win: 0.2 for what looks like
 * exported records, and below `boldBelow` of the registry for mere syntax.
 */
import type { ExportReader } from '../contract.js';
import { genericCsv } from './csv.js';
import { genericHtml } from './html.js';
import { genericJson } from './json.js';
import { genericSqlite } from './sqlite.js';
import { genericText } from './text.js';
import { genericXml } from './xml.js';

export const readers: readonly ExportReader[] = [
  genericJson,
  genericXml,
  genericHtml,
  genericCsv,
  genericText,
  genericSqlite,
];
