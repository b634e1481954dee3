import type { ExportReader } from '../contract.js';
import { emlReader } from './eml.js';
import { mboxReader } from './mbox.js';
import { loadPackage } from './optional-package.js';
import { msgReader } from './outlook-msg.js';
import { pstReader } from './outlook-pst.js';

export const readers: readonly ExportReader[] = [
  mboxReader,
  emlReader,
  msgReader(loadPackage),
  pstReader(loadPackage),
];
