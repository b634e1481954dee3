import type { ExportReader } from '../contract.js';
import { asanaReader } from './asana.js';
import { asanaCsvReader } from './asana-csv.js';
import { azureReader } from './azure.js';
import { azureCsvReader } from './azure-csv.js';
import { freshdeskCsvReader, freshdeskReader, freshdeskXmlReader } from './freshdesk.js';
import { linearReader } from './linear.js';
import { linearJson } from './linear-json.js';
import { servicenowJsonReader, servicenowXmlReader } from './servicenow.js';
import { servicenowCsvReader } from './servicenow-csv.js';
import { trelloReader } from './trello.js';
import { trelloCsvReader } from './trello-csv.js';
import { zendeskReader, zendeskXmlReader } from './zendesk.js';
import { zendeskCsvReader } from './zendesk-csv.js';

export const readers: readonly ExportReader[] = [
  linearReader,
  linearJson,
  azureReader,
  azureCsvReader,
  servicenowXmlReader,
  servicenowJsonReader,
  servicenowCsvReader,
  zendeskReader,
  zendeskXmlReader,
  zendeskCsvReader,
  freshdeskReader,
  freshdeskXmlReader,
  freshdeskCsvReader,
  asanaReader,
  asanaCsvReader,
  trelloReader,
  trelloCsvReader,
];
