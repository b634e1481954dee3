import type { ExportReader } from '../contract.js';
import { purviewItemsReader } from './purview-items.js';
import { purviewTranscriptReader } from './purview-transcript.js';
import { skypeReader } from './skype.js';
import { teamsListsReader } from './teams-lists.js';
import { teamsMessagesReader } from './teams-messages.js';

export const readers: readonly ExportReader[] = [
  teamsMessagesReader,
  teamsListsReader,
  purviewItemsReader,
  purviewTranscriptReader,
  skypeReader,
];
