/** .env files: one record with a text for each variable and comment. */
import type { ExportReader, Probe, Recognition, RecordText } from '../contract.js';
import { baseName, folderPlace } from '../generic/file-place.js';
import { readLines } from '../text-lines.js';
import { type EnvEntry, EnvLines } from './env-lines.js';

/** Texts of one record; a longer file has several. */
const maxEntries = 1000;

export const envFile: ExportReader = {
  id: 'env-file',
  system: 'env-file',
  label: '.env file',
  most: 0.92,
  isNeverJson: true,
  recognise,
  async read(file, sink) {
    let entries: EnvEntry[] = [];
    const flush = (): void => {
      const [first] = entries;
      const last = entries.at(-1);
      if (first === undefined || last === undefined) return;
      const isFirst = first.line <= maxEntries && !hasGiven;
      hasGiven = true;
      sink.record({
        place: folderPlace(file),
        type: 'setting',
        id: isFirst ? baseName(file) : `${baseName(file)}#L${first.line}`,
        revision: { state: 'current' },
        texts: textsOf(entries),
        raw: { start: first.start, end: last.end, line: first.line },
      });
      entries = [];
    };
    let hasGiven = false;
    const reader = new EnvLines((entry) => {
      if (isReference(entry.value)) return;
      entries.push(entry);
      if (entries.length >= maxEntries) flush();
    });
    for await (const lines of readLines(file)) {
      for (const line of lines) reader.add(line);
      if (sink.aborted) return;
      await sink.drained();
    }
    reader.end();
    flush();
  },
};

/** Comments get the number of their line as path: they have no name that lasts. */
function textsOf(entries: readonly EnvEntry[]): RecordText[] {
  const seen = new Map<string, number>();
  return entries.map(({ key, value, isComment, line }) => {
    if (key === undefined)
      return {
        text: value,
        dialect: 'plain',
        field: { path: `line ${line}`, role: isComment ? 'comment' : 'body' },
      };
    const name = isComment ? `#${key}` : key;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const path = count === 1 ? name : `${name}.${count}`;
    return {
      text: value,
      dialect: 'plain',
      field: { path, role: isComment ? 'comment' : 'setting' },
      label: key,
    };
  });
}

/** `${OTHER}`, `$OTHER`: the value stands elsewhere. */
function isReference(value: string): boolean {
  return /^\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})$/.test(value);
}

const nameOfEnv = /(?:^|[./_-])env(?:rc)?(?:[._-][\w.-]*)?$/i;
const variable = /^\s*(?:export\s+|set\s+|\$env:)?[A-Za-z_][\w.-]{0,200}\s*=/;
/** Without a name to go by: only names that are shouted. */
const loudVariable = /^(?:export )?[A-Z][A-Z0-9_]{1,100}=/;
/** Lines looked at. */
const sampleLines = 200;

function recognise(probe: Probe): Recognition | undefined {
  if (probe.json !== undefined || probe.text.startsWith('#!') || probe.text.includes('\0')) return undefined;
  const count = countLines(probe.text);
  const base = baseName(probe);
  if (/^(?:GNU)?makefile/i.test(base)) return undefined;
  const hasName =
    nameOfEnv.test(base) && !/\.(?:md|rst|html?|ya?ml|json|xml|csv|ini|py|[jt]s|sh)$/i.test(base);
  if (hasName && count.variables > 0 && count.variables >= count.others)
    return { score: 0.92, reason: 'assignments, and a name of environment files' };
  if (count.loud >= 3 && count.others === 0 && count.loud === count.variables)
    return { score: 0.7, reason: 'nothing but NAME=value lines and comments' };
  return undefined;
}

function countLines(text: string): { variables: number; loud: number; others: number } {
  const count = { variables: 0, loud: 0, others: 0 };
  let quote: string | undefined;
  for (const line of text.split(/\r?\n/, sampleLines)) {
    if (quote !== undefined) {
      if (line.includes(quote)) quote = undefined;
      continue;
    }
    if (line.trim() === '' || /^\s*#/.test(line)) continue;
    if (loudVariable.test(line)) count.loud++;
    if (variable.test(line)) count.variables++;
    else count.others++;
    const [, opening, rest = ''] = /=\s*(["'`])(.*)$/.exec(line) ?? [];
    if (opening !== undefined && !rest.includes(opening)) quote = opening;
  }
  return count;
}
