/** Names in lines of configuration and code: which are asked for, which are only given a value. */
import type { Reference } from './workload.js';

/** An assignment of a text that asks for nothing: `DB_PASSWORD: hunter2`, but not `DB_PASSWORD: ${DB_PASSWORD}`. */
const literalAssignment =
  /^\s*(?:-\s+|export\s+|set\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*(?:=|:(?=\s))\s*(\S.*)$/;
const asksFor = /\$|\{\{|\(\(|<%|!vault\b|!reference\b|from_secret|valueFrom/;
/** A variable of the environment, or another name with a sign before it that asks for its value. */
const words = /(?:\$\{?|\(\(\s*|\bfrom_secret:\s*)([A-Za-z_]\w*)|\b([A-Z_][A-Z0-9_]{2,})\b/g;
/** Longer lines are data or generated. */
const maxLine = 10_000;
/** What a prompt asks a person for is stored nowhere, whatever name it is given under (several on a line of JSON). */
const prompted = /(?:["']?[\w.-]{1,80}["']?\s{0,8}[:=]\s{0,8}["']?)?\$\{input:[^}]*\}/g;

/** Words of a line that may ask for a value: a name that the line itself gives a plain text is none. */
function askedWords(line: string): readonly string[] {
  const text = line.replace(prompted, ' ');
  const assigned = literalAssignment.exec(text);
  const asked = assigned === null || asksFor.test(assigned[2] ?? '') ? text : (assigned[2] ?? '');
  return [...asked.matchAll(words)].flatMap(([, marked, plain]) => marked ?? plain ?? []);
}

const isComment = /^\s*(?:#|\/\/)/;

/** All words between two lines (from 1, both included) as references. */
export function wordReferences(lines: readonly string[], from = 1, to: number = lines.length): Reference[] {
  const found: Reference[] = [];
  for (let line = from; line <= Math.min(to, lines.length); line++) {
    const text = lines[line - 1] ?? '';
    if (text.length > maxLine || isComment.test(text)) continue;
    for (const name of askedWords(text)) found.push({ name, line });
  }
  return found;
}

/** What the first group of a global pattern catches, line by line. */
export function matchedReferences(
  lines: readonly string[],
  pattern: RegExp,
  from = 1,
  to: number = lines.length,
): Reference[] {
  const found: Reference[] = [];
  for (let line = from; line <= Math.min(to, lines.length); line++) {
    const text = lines[line - 1] ?? '';
    if (text.length > maxLine || isComment.test(text)) continue;
    for (const match of text.matchAll(pattern)) {
      const name = match.slice(1).find((group) => group !== undefined);
      if (name !== undefined) found.push({ name, line });
    }
  }
  return found;
}

const assignedName =
  /^\s*(?:-\s+|export\s+|set\s+|ENV\s+|ARG\s+|(?:const|let|var|val|final|static|public|private)\s+)*["']?([A-Za-z_][\w.-]{1,80})["']?\s*(?::=|=>|=|:(?!\/\/))/;

/** Name that a line gives its value to: `DATABASE_URL` of `DATABASE_URL=postgres://...`. */
export function nameOnLine(line: string): string | undefined {
  // A scheme is no name: `https://...`.
  return assignedName.exec(line)?.[1];
}
