/** `.gitleaksignore`: one finding a line, `commit:file:rule:line` or `file:rule:line`; `#` begins a comment. */
import type { Fault } from './fault.js';
import { type ForeignAllow, normalisePath } from './foreign-allow.js';

export const maxIgnoreBytes: number = 16 * 1024 * 1024;
const maxEntries = 200_000;

/** A fault costs its line only: the tool that owns the format skips such lines too. */
export function parseGitleaksIgnore(text: string): {
  readonly entries: readonly ForeignAllow[];
  readonly faults: readonly Fault[];
} {
  if (text.length > maxIgnoreBytes) return { entries: [], faults: [{ line: 1, message: 'too large' }] };
  const entries: ForeignAllow[] = [];
  const faults: Fault[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const entry = parseLine(line);
    if (entry === undefined) faults.push({ line: index + 1, message: 'expected commit:file:rule:line' });
    else if (entries.length === maxEntries)
      return { entries, faults: [...faults, { line: index + 1, message: 'too many entries' }] };
    else entries.push(entry);
  }
  return { entries, faults };
}

/** Read from the right, since file names may hold colons. */
function parseLine(text: string): ForeignAllow | undefined {
  const lineAt = text.lastIndexOf(':');
  const ruleAt = text.lastIndexOf(':', lineAt - 1);
  if (ruleAt <= 0) return undefined;
  const line = text.slice(lineAt + 1);
  const rule = text.slice(ruleAt + 1, lineAt);
  if (!/^\d{1,9}$/.test(line) || rule === '') return undefined;
  const head = text.slice(0, ruleAt);
  const commit = /^((?:[0-9a-f]{24})?[0-9a-f]{40}):/.exec(head)?.[1];
  const path = commit === undefined ? head : head.slice(commit.length + 1);
  if (path === '') return undefined;
  const entry = { format: '.gitleaksignore', path: normalisePath(path), rule, line: Number(line) } as const;
  return commit === undefined ? entry : { ...entry, commit };
}
