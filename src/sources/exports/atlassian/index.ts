import type { ExportReader } from '../contract.js';
import { jiraResources } from './jira-resources.js';
import { jiraRest } from './jira-rest.js';

export const readers: readonly ExportReader[] = [jiraRest, jiraResources];
