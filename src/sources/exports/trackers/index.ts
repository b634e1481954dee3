import type { ExportReader } from '../contract.js';
import { azureReader } from './azure.js';
import { azureCsvReader } from './azure-csv.js';
import { linearReader } from './linear.js';

export const readers: readonly ExportReader[] = [linearReader, azureReader, azureCsvReader];
