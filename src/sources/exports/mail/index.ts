import type { ExportReader } from '../contract.js';
import { emlReader } from './eml.js';
import { mboxReader } from './mbox.js';

export const readers: readonly ExportReader[] = [mboxReader, emlReader];
