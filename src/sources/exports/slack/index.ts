import type { ExportReader } from '../contract.js';
import { canvasReader } from './canvas-reader.js';
import { conversationsReader, filesReader, integrationLogReader, usersReader } from './list-readers.js';
import { messagesReader } from './messages-reader.js';
import { slackdumpDatabase } from './slackdump-database.js';
import { slackdumpReader } from './slackdump-reader.js';

export const readers: readonly ExportReader[] = [
  messagesReader,
  usersReader,
  conversationsReader,
  integrationLogReader,
  filesReader,
  canvasReader,
  slackdumpReader,
  slackdumpDatabase,
];
