import type { ExportReader } from '../contract.js';
import { mediaWikiReader } from './mediawiki.js';

export const readers: readonly ExportReader[] = [mediaWikiReader];
