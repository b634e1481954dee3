import type { ExportReader } from '../contract.js';
import { mediaWikiReader } from './mediawiki.js';
import { notionApiReader } from './notion-api.js';
import { notionDatabaseReader } from './notion-database.js';
import { notionHtmlReader, notionMarkdownReader } from './notion-pages.js';

export const readers: readonly ExportReader[] = [
  mediaWikiReader,
  notionApiReader,
  notionDatabaseReader,
  notionHtmlReader,
  notionMarkdownReader,
];
