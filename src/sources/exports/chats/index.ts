import type { ExportReader } from '../contract.js';
import { teamsListsReader } from './teams-lists.js';
import { teamsMessagesReader } from './teams-messages.js';

export const readers: readonly ExportReader[] = [teamsMessagesReader, teamsListsReader];
