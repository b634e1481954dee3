/** What loads the readers of exports when the first file is offered: `exports-entry.cjs`, compiled once. */
import { join } from 'node:path';
import type * as ExportEntry from '../scan/records/export-entry.js';
import { codeCacheEnv, loadBundle } from './code-cache.js';

/** Put in by the build: of the content of exports-entry.cjs. */
declare const entryId: string;

const file = join(__dirname, 'exports-entry.cjs');
const bundle = loadBundle({ file, id: entryId, use: 'exports', grows: true }, codeCacheEnv());
process.once('exit', () => bundle.save());

const readers = bundle.exports as typeof ExportEntry;
export const ExportFiles: typeof ExportEntry.ExportFiles = readers.ExportFiles;
export const readBlobTexts: typeof ExportEntry.readBlobTexts = readers.readBlobTexts;
export const ExportTexts: typeof ExportEntry.ExportTexts = readers.ExportTexts;
