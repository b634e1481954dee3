/**
 * All that reads exports, as one thing to be loaded when the first file is offered: the build makes a bundle of its
 * own of it, since neither a commit nor a history needs it.
 */
export { readBlobTexts } from './blob-texts.js';
export { ExportFiles } from './export-files.js';
export { ExportTexts } from './export-texts.js';
