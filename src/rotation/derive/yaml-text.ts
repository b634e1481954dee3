/**
 * YAML of repositories as the parser's nodes. Anybody may have written it: what is nested so deeply that the parser
 * would run out of stack (which ends the process, it cannot be caught) is refused before it is looked at.
 */
import { LineCounter, type Node, parseAllDocuments } from 'yaml';
import { isShallowYaml } from '../../model/shallow-yaml.js';

/** Larger texts are data, not settings that people write. */
const maxChars = 131_072;

export interface YamlText {
  /** Contents of each document. Aliases are not followed. */
  readonly documents: readonly unknown[];
  readonly counter: LineCounter;
  /** From 1. */
  lineOf(node: unknown): number;
}

/** Offsets of a node's start and of the end of all that belongs to it. */
export function yamlRange(node: unknown): readonly [number, number] | undefined {
  const range = (node as Node | undefined | null)?.range;
  return range === undefined || range === null ? undefined : [range[0], range[2]];
}

/** Undefined for what is no YAML, too large or too deep. */
export function readYamlText(text: string): YamlText | undefined {
  if (text.length > maxChars || !isShallowYaml(text)) return undefined;
  const counter = new LineCounter();
  try {
    // Pretty errors quote their line: with many errors in a long line that takes minutes.
    const parsed = parseAllDocuments(text, {
      lineCounter: counter,
      logLevel: 'silent',
      prettyErrors: false,
      uniqueKeys: false,
    });
    const documents: unknown[] = Array.isArray(parsed) ? parsed.map(({ contents }) => contents) : [];
    const lineOf = (node: unknown): number => {
      const range = yamlRange(node);
      return range === undefined ? 1 : counter.linePos(range[0]).line;
    };
    return { documents, counter, lineOf };
  } catch {
    return undefined;
  }
}
