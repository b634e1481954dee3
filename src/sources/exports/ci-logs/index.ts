import type { ExportReader } from '../contract.js';
import { ciAnswersReader } from './answers.js';
import { circleReader } from './circle.js';
import { bitbucketLog, buildkiteLog, circleLog, teamcityLog } from './hosted-formats.js';
import { azureLog, githubLog, gitlabTrace, jenkinsLog, travisLog } from './log-formats.js';
import { logReader } from './log-reader.js';

export const readers: readonly ExportReader[] = [
  ...[githubLog, azureLog, gitlabTrace, jenkinsLog, travisLog].map(logReader),
  ...[buildkiteLog, teamcityLog, bitbucketLog, circleLog].map(logReader),
  circleReader,
  ciAnswersReader,
];
