import type { ExportReader } from '../contract.js';
import { githubReader } from './github.js';
import { githubArchiveReader } from './github-archive.js';
import { gitlabReader } from './gitlab.js';
import { gitlabCsvReader } from './gitlab-csv.js';

export const readers: readonly ExportReader[] = [
  githubReader,
  githubArchiveReader,
  gitlabReader,
  gitlabCsvReader,
];
