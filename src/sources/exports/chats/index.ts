import type { ExportReader } from '../contract.js';
import { bsonReader } from './bson-reader.js';
import { discordChatExporterReader } from './discord-chat-exporter.js';
import { discordHtmlReader } from './discord-html.js';
import {
  discordPackageChannelReader,
  discordPackageCsvReader,
  discordPackageJsonReader,
} from './discord-package.js';
import { discordCsvReader, discordTextReader } from './discord-tables.js';
import { googleChatReader } from './google-chat.js';
import { googleChatListsReader } from './google-chat-lists.js';
import { ircReader } from './irc.js';
import { matrixReader } from './matrix.js';
import { matrixHtmlReader } from './matrix-html.js';
import { matrixKeysReader } from './matrix-keys.js';
import { matrixTextReader } from './matrix-text.js';
import { mattermostReader } from './mattermost.js';
import { mattermostComplianceReader } from './mattermost-compliance.js';
import { messengerReader } from './messenger.js';
import { purviewItemsReader } from './purview-items.js';
import { purviewTranscriptReader } from './purview-transcript.js';
import { rocketChatReaders, rocketChatRoomReader } from './rocketchat.js';
import { skypeReader } from './skype.js';
import { teamsListsReader } from './teams-lists.js';
import { teamsMessagesReader } from './teams-messages.js';
import { telegramReader } from './telegram.js';
import { telegramHtmlReader } from './telegram-html.js';
import { whatsAppReader } from './whatsapp.js';
import { zulipMessagesReader } from './zulip.js';
import { zulipTablesReader } from './zulip-tables.js';

export const readers: readonly ExportReader[] = [
  teamsMessagesReader,
  teamsListsReader,
  purviewItemsReader,
  purviewTranscriptReader,
  skypeReader,
  googleChatReader,
  googleChatListsReader,
  ircReader,
  matrixReader,
  matrixHtmlReader,
  matrixTextReader,
  matrixKeysReader,
  messengerReader,
  zulipMessagesReader,
  zulipTablesReader,
  mattermostReader,
  mattermostComplianceReader,
  ...rocketChatReaders,
  rocketChatRoomReader,
  bsonReader,
  discordChatExporterReader,
  discordCsvReader,
  discordTextReader,
  discordHtmlReader,
  discordPackageJsonReader,
  discordPackageCsvReader,
  discordPackageChannelReader,
  telegramReader,
  telegramHtmlReader,
  whatsAppReader,
];
