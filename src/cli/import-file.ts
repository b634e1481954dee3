/** Reads files to import from the disk and checks them: form first, then that they hold no secret. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ProblemError } from '../model/problem.js';
import { maxLineBytes, type ReadImport, readImport } from '../rotation/import/read-import.js';
import { type ImportFault, shownKey } from '../rotation/import/source.js';
import type { ColumnMap } from '../rotation/import/table.js';
import type { ImportLeaf } from '../rotation/import/tree.js';
import type { MaskWith } from '../scan/mask-secrets.js';
import type { Context } from './context.js';
import type { Session } from './session.js';

export interface CheckedImport extends ReadImport {
  /** As it was named. */
  readonly file: string;
  /** Hex hash of its text. */
  readonly sha256: string;
}

/** Text of a file; throws a problem that names it. */
export function readImportFile(context: Context, file: string, mostBytes: number = maxLineBytes): string {
  const path = resolve(context.io.cwd, file);
  let bytes: Buffer;
  try {
    if (statSync(path).size > mostBytes) {
      const most = mostBytes / (1024 * 1024);
      throw new ProblemError({ code: 'usage', message: `The file ${file} is larger than ${most} MiB.` });
    }
    bytes = readFileSync(path);
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    throw new ProblemError({ code: 'usage', message: `The file ${file} cannot be read.` }, { cause });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Read as what it is: a file that is not text.
    return '\0';
  }
}

/** Reads and checks one file. With a session, copies of the secrets that the database knows are refused as well. */
export async function checkImport(
  context: Context,
  file: string,
  options: { readonly session?: Session; readonly map?: ColumnMap } = {},
): Promise<CheckedImport> {
  const { session, map } = options;
  const text = readImportFile(context, file);
  const read = readImport(text, file, map === undefined ? {} : { map });
  const given = session && { keys: session.keys, known: await session.store.anchors() };
  const secrets = await secretFaults(context, file, text, read, given);
  const sha256 = createHash('sha256').update(text).digest('hex');
  if (secrets.length === 0) return { ...read, file, sha256 };
  // A value in a wrong place makes other faults; those about the same line tell nothing more.
  const lines = new Set(secrets.map(({ line }) => line));
  const faults = [...secrets, ...read.faults.filter(({ line }) => !lines.has(line))];
  return { ...read, file, sha256, faults: faults.sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** Longer texts are cut: nothing that a person states is that long, and the rest was seen in the text as it lies. */
const maxLeafChars = 4096;

/**
 * The file as it lies, comments too, and once more with what its format escapes undone, each text on a line of its own
 * beside its key. A random value that stands where a name should is found as if its key said that it is a password.
 */
async function secretFaults(
  context: Context,
  file: string,
  text: string,
  read: ReadImport,
  given: MaskWith | undefined,
): Promise<ImportFault[]> {
  const { findSecrets } = context.services;
  const byLine = new Map<number, ImportFault>();
  const add = (line: number, column: number, key: string | undefined): void => {
    if (byLine.has(line)) return;
    const at = key === undefined ? '' : `, key ${shownKey(key)}`;
    byLine.set(line, {
      file,
      line,
      column,
      code: 'IMPORT_SECRET_VALUE',
      message: `holds what looks like a secret value${at}: name its fingerprint instead`,
    });
  };
  const leafAt = leavesByLine(read);
  for (const { line, column } of await findSecrets(text, given)) add(line, column, leafAt.get(line));
  const { lines, leafOf } = rendered(read.leaves);
  for (const { line } of await findSecrets(lines, given)) {
    const leaf = leafOf(line);
    if (leaf === undefined) continue;
    const position = read.positionOf(leaf.at);
    add(position.line, position.column, leaf.key);
  }
  return [...byLine.values()];
}

/** Key of the only text, or the first, of each line. */
function leavesByLine({ leaves, positionOf }: ReadImport): ReadonlyMap<number, string> {
  const keys = new Map<number, string>();
  for (const { at, key } of leaves) {
    const { line } = positionOf(at);
    if (!keys.has(line)) keys.set(line, key);
  }
  return keys;
}

/** Keys whose texts are ids by their nature. */
const identifiers = new Set([
  'fingerprint',
  'identity',
  'principal',
  'slot',
  'path',
  'place',
  'vault',
  'address',
  'match',
  'system_of_record',
  'plan',
  'step',
]);

/** One long word that is no fingerprint. */
function mayBePasted(text: string): boolean {
  return /^[^\s]{20,200}$/.test(text) && !/^[0-9a-f]{64}$/.test(text);
}

function rendered(leaves: readonly ImportLeaf[]): {
  readonly lines: string;
  readonly leafOf: (line: number) => ImportLeaf | undefined;
} {
  const parts: string[] = [];
  const starts: number[] = [];
  const owners: ImportLeaf[] = [];
  let line = 1;
  const push = (text: string, leaf: ImportLeaf): void => {
    starts.push(line);
    owners.push(leaf);
    parts.push(text);
    line += text.split('\n').length;
  };
  for (const leaf of leaves) {
    const text = leaf.text.slice(0, maxLeafChars);
    push(`${leaf.key}: ${text}`, leaf);
    if (!identifiers.has(leaf.key) && mayBePasted(text)) push(`api_key: "${text}"`, leaf);
  }
  return {
    lines: parts.join('\n'),
    leafOf: (wanted) => {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= wanted) low = middle;
        else high = middle - 1;
      }
      return owners[low];
    },
  };
}

/** `file:line:column: CODE text`. */
export function faultText({ file, line, column, code, message }: ImportFault): string {
  return `${file}:${line}:${column}: ${code} ${message}`;
}

/** One problem of all faults, for commands that cannot go on. */
export function importProblem(file: string, { faults, omitted }: ReadImport): ProblemError {
  const told = faults.slice(0, 10).map(faultText);
  const rest = faults.length - told.length + omitted;
  const more = rest > 0 ? `; and ${rest} more` : '';
  return new ProblemError({
    code: 'config-invalid',
    message: `The file ${file} cannot be imported: ${told.join('; ')}${more}.`,
    hint: 'See all faults with "sprawl inventory check".',
  });
}
