import type { ExportReader } from '../contract.js';
import { circleReader } from './circle.js';
import { azureLog, githubLog, gitlabTrace, jenkinsLog, travisLog } from './log-formats.js';
import { logReader } from './log-reader.js';

export const readers: readonly ExportReader[] = [
  ...[githubLog, azureLog, gitlabTrace, jenkinsLog, travisLog].map(logReader),
  circleReader,
];
