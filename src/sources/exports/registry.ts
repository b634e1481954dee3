/** All readers, and which of them a file is for. */

import { readers as atlassian } from './atlassian/index.js';
import { readers as chats } from './chats/index.js';
import { readers as ciLogs } from './ci-logs/index.js';
import type { ExportReader, Probe, Recognition } from './contract.js';
import { readers as developer } from './developer/index.js';
import { readers as documents } from './documents/index.js';
import { readers as forges } from './forges/index.js';
import { readers as generic } from './generic/index.js';
import { readers as mail } from './mail/index.js';
import { readers as slack } from './slack/index.js';
import { readers as trackers } from './trackers/index.js';
import { readers as wikis } from './wikis/index.js';

export const exportReaders: readonly ExportReader[] = [
  ...slack,
  ...atlassian,
  ...forges,
  ...wikis,
  ...trackers,
  ...chats,
  ...mail,
  ...ciLogs,
  ...developer,
  ...documents,
  ...generic,
];

/** Scores below it only say what syntax a file has: they count when the user named the system. */
export const boldBelow = 0.1;

const ofFiles: ReadonlySet<ExportReader> = new Set([...developer, ...documents, ...generic]);

/**
 * True for readers of what is first of all a file: its copies stand in the folder, at a path and a line, and the records
 * only add what the plain text hides.
 */
export function readsFiles(reader: ExportReader): boolean {
  return ofFiles.has(reader);
}

export interface Choice {
  readonly reader: ExportReader;
  readonly recognition: Recognition;
}

/** The reader that is surest of a file, if any is. `system` asks only the readers of one system. */
export function chooseReader(probe: Probe, system?: string): Choice | undefined {
  let best: Choice | undefined;
  const isJson = probe.json?.isOpen === true && probe.json.keys.length > 0;
  for (const reader of exportReaders) {
    // What a message quotes of a log or a page must not make one of the export, and patterns over all of it cost.
    if (isJson && reader.isNeverJson === true) continue;
    if (system !== undefined && reader.system !== system) continue;
    if (best !== undefined && reader.most !== undefined && reader.most <= best.recognition.score) continue;
    const recognition = reader.recognise(probe);
    if (recognition !== undefined && recognition.score > (best?.recognition.score ?? 0))
      best = { reader, recognition };
  }
  return best;
}
