import type { ExportReader } from '../contract.js';

export const readers: readonly ExportReader[] = [];
