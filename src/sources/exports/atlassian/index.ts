import type { ExportReader } from '../contract.js';
import { confluenceActiveObjects, jiraActiveObjects } from './active-objects.js';
import { confluenceHtml } from './confluence-html.js';
import { confluenceRest } from './confluence-rest.js';
import { confluenceXml } from './confluence-xml.js';
import { jiraBackup } from './jira-backup.js';
import { jiraCsv } from './jira-csv.js';
import { jiraResources } from './jira-resources.js';
import { jiraRest } from './jira-rest.js';
import { jiraRss } from './jira-rss.js';

export const readers: readonly ExportReader[] = [
  jiraRest,
  jiraResources,
  jiraCsv,
  jiraRss,
  jiraBackup,
  jiraActiveObjects,
  confluenceXml,
  confluenceHtml,
  confluenceRest,
  confluenceActiveObjects,
];
