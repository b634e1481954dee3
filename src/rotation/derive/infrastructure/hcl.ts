/** Top-level blocks of Terraform and OpenTofu files: enough to see what is made, for whom, and with which rights. */

export interface HclBlock {
  /** `resource`, `data`, `module`, `provider`. */
  readonly type: string;
  readonly labels: readonly string[];
  /** Lines from 1, both included. */
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

const opening = /^\s*(resource|data|module|provider|locals|variable)\b((?:\s+"[^"\n]{1,200}")*)\s*\{/;
const heredoc = /<<-?\s*"?(\w+)"?\s*$/;
/** Longer lines are data. */
const maxLine = 10_000;

/** Braces of a line that open or close, without those in texts and comments. */
function depthOf(line: string): number {
  let depth = 0;
  let isText = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i];
    if (isText) {
      if (character === '\\') i++;
      else if (character === '"') isText = false;
    } else if (character === '"') isText = true;
    else if (character === '#' || (character === '/' && line[i + 1] === '/')) return depth;
    else if (character === '{') depth++;
    else if (character === '}') depth--;
  }
  return depth;
}

/** Blocks in their order; what stands in none is left out. */
export function hclBlocks(text: string): readonly HclBlock[] {
  const lines = text.split(/\r\n|\n|\r/);
  const blocks: HclBlock[] = [];
  let open: { readonly type: string; readonly labels: readonly string[]; readonly from: number } | undefined;
  let depth = 0;
  let end: string | undefined;
  for (const [index, line] of lines.entries()) {
    if (line.length > maxLine) continue;
    if (end !== undefined) {
      if (line.trim() === end) end = undefined;
      continue;
    }
    end = heredoc.exec(line)?.[1];
    const found = depth === 0 ? opening.exec(line) : null;
    if (found !== null) {
      const labels = [...(found[2] ?? '').matchAll(/"([^"]*)"/g)].map(([, label = '']) => label);
      open = { type: found[1] ?? '', labels, from: index + 1 };
    }
    depth = Math.max(0, depth + depthOf(line));
    if (depth === 0 && open !== undefined) {
      blocks.push({ ...open, to: index + 1, lines: lines.slice(open.from - 1, index + 1) });
      open = undefined;
    }
  }
  return blocks;
}

/** What an argument is set to, as written: a text in its quotes, or an expression. Nested blocks count too. */
export function argumentsOf({ lines }: Pick<HclBlock, 'lines'>, name: string): readonly string[] {
  const assigned = new RegExp(`^\\s*"?${name}"?\\s*[=:]\\s*(.+?)\\s*,?\\s*$`);
  return lines.flatMap((line) => (line.length > maxLine ? [] : (assigned.exec(line)?.[1] ?? [])));
}

/** A text without anything to be filled in; undefined for expressions. */
export function literalOf(expression: string | undefined): string | undefined {
  const text = /^"([^"\\]*)"$/.exec(expression ?? '')?.[1];
  return text === undefined || text.includes('${') ? undefined : text;
}
