/**
 * A report as nodes: the elements of a list, or lines of JSON, or one document. A line that breaks off is a fault and the
 * lines round it are read; a document that does is no report.
 */
import type { ReportNode, ReportSink } from './contract.js';

export interface NodeList {
  readonly nodes: readonly ReportNode[];
  /** Why nothing could be read; what the parser says of it would quote the report. */
  readonly unreadable?: string;
}

/** Line (from 1) of an offset. */
function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** Where the parser gave up: it names a position, or the text ended too early. */
function brokenLine(text: string, error: unknown): number {
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return lineAt(text, position === undefined ? text.length : Number(position));
}

/** Line of each element of a list that is the whole text; strings are stepped over, nothing is parsed. */
function elementLines(text: string): number[] {
  const lines: number[] = [];
  let line = 1;
  let depth = 0;
  let isAwaited = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x0a) line++;
    if (code <= 0x20) continue;
    if (isAwaited && code !== 0x5d) {
      lines.push(line);
      isAwaited = false;
    }
    if (code === 0x22) i = endOfString(text, i);
    else if (code === 0x5b || code === 0x7b) {
      if (depth === 0) isAwaited = true;
      depth++;
    } else if (code === 0x5d || code === 0x7d) depth--;
    else if (code === 0x2c && depth === 1) isAwaited = true;
  }
  return lines;
}

/** Offset of the closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) break;
  }
  return at;
}

function linesOf(text: string, sink: ReportSink): ReportNode[] {
  const nodes: ReportNode[] = [];
  let number = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end).trim();
    start = end + 1;
    number++;
    if (line === '') continue;
    try {
      nodes.push({ value: JSON.parse(line) as unknown, where: `line ${number}` });
    } catch {
      sink.fault(`line ${number}`, 'is not JSON');
    }
  }
  return nodes;
}

function isObjectLine(text: string): boolean {
  const newline = text.indexOf('\n');
  const first = (newline < 0 ? text : text.slice(0, newline)).trim();
  if (!first.startsWith('{')) return false;
  try {
    JSON.parse(first);
    return true;
  } catch {
    return false;
  }
}

/** Takes a report apart. Faults of single lines go to the sink. */
export function reportNodes(given: string, sink: ReportSink): NodeList {
  const text = given.replace(/^\ufeff/, '').trimStart();
  const skipped = given.length - text.length;
  const first = skipped === 0 ? 1 : lineAt(given, skipped);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (isObjectLine(text)) return { nodes: linesOf(given, sink) };
    return { nodes: [], unreadable: `is not JSON from line ${brokenLine(text, error) + first - 1} on` };
  }
  if (!Array.isArray(value)) return { nodes: [{ value, where: 'the report' }] };
  const lines = elementLines(text);
  const nodes = value.map((item: unknown, i) => ({
    value: item,
    where: `finding ${i + 1} (line ${(lines[i] ?? 1) + first - 1})`,
  }));
  return { nodes };
}
