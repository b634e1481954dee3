/** All readers, and which of them a file is for. */

import { readers as atlassian } from './atlassian/index.js';
import { readers as chats } from './chats/index.js';
import { readers as ciLogs } from './ci-logs/index.js';
import type { ExportReader, JsonShape, Probe, Recognition } from './contract.js';
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

/** Places in {@link exportReaders}, the readers that may be surest first. */
const bySurest: readonly number[] = exportReaders
  .map((_, index) => index)
  .sort((a, b) => (exportReaders[b] as ExportReader).most - (exportReaders[a] as ExportReader).most || a - b);

/** {@link bySurest} without the readers that no JSON is for. */
const bySurestOfJson = bySurest.filter((index) => exportReaders[index]?.isNeverJson !== true);

const readersByKey: ReadonlyMap<string, readonly number[]> = byKey();

function byKey(): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [index, { jsonKeys = [] }] of exportReaders.entries()) {
    for (const key of jsonKeys) {
      const readers = found.get(key);
      if (readers === undefined) found.set(key, [index]);
      else readers.push(index);
    }
  }
  return found;
}

/** Which readers a JSON text with these keys may be for: 1 for each of {@link exportReaders}. */
function askedOfJson(shape: JsonShape): Uint8Array {
  const asked = ungated.slice();
  const mark = (keys: readonly string[]): void => {
    for (const key of keys) for (const index of readersByKey.get(key) ?? []) asked[index] = 1;
  };
  mark(shape.keys);
  for (const key in shape.inner) mark(shape.inner[key] as readonly string[]);
  const { first } = shape;
  if (shape.root !== 'array' || typeof first !== 'object' || first === null) return asked;
  // Pages one after another.
  for (const value of Object.values(first)) {
    const inner: unknown = Array.isArray(value) ? value[0] : undefined;
    if (typeof inner === 'object' && inner !== null) mark(Object.keys(inner));
  }
  return asked;
}

const ungated: Uint8Array = Uint8Array.from(exportReaders, ({ jsonKeys }) =>
  jsonKeys === undefined ? 1 : 0,
);

/**
 * The reader that is surest of a file, if any is; of two that are as sure, the first in the list of all.
 *
 * @param system asks only the readers of one system
 * @param likely is asked first, for it may spare the others being asked; it makes no difference to what is chosen
 */
export function chooseReader(probe: Probe, system?: string, likely?: ExportReader): Choice | undefined {
  const shape = probe.json;
  // What a message quotes of a log or a page must not make one of the export, and patterns over all of it cost.
  const isJson = shape?.isSure === true && shape.keys.length > 0;
  const asked = isJson ? askedOfJson(shape) : undefined;
  let best: (Choice & { readonly index: number; readonly score: number }) | undefined;
  const ask = (index: number): void => {
    const reader = exportReaders[index] as ExportReader;
    if (isJson && reader.isNeverJson === true) return;
    if (asked !== undefined && asked[index] === 0) return;
    if (system !== undefined && reader.system !== system) return;
    if (best !== undefined && !precedes(reader.most, index, best)) return;
    const recognition = reader.recognise(probe);
    if (recognition === undefined) return;
    const score = Math.min(recognition.score, reader.most);
    if (score > 0 && (best === undefined || precedes(score, index, best)))
      best = { reader, recognition, index, score };
  };
  const first = likely === undefined ? -1 : exportReaders.indexOf(likely);
  if (first >= 0) ask(first);
  for (const index of isJson ? bySurestOfJson : bySurest) {
    if (best !== undefined && (exportReaders[index] as ExportReader).most < best.score) break;
    if (index !== first) ask(index);
  }
  return best;
}

function precedes(
  score: number,
  index: number,
  best: { readonly index: number; readonly score: number },
): boolean {
  return score > best.score || (score === best.score && index < best.index);
}
