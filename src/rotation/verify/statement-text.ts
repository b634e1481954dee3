/** The statement as a page: plain text, or Markdown. What comes from scanned places has been made safe to print before. */
import type { Statement } from './statement.js';

/** Lines of the page without its last one, which names its hash. */
export function statementLines({ plan, standing, sections }: Statement, format: 'text' | 'md'): string[] {
  const isMarkdown = format === 'md';
  const title = `Continuity statement for plan ${plan}`;
  const lines = isMarkdown ? [`# ${title}`, '', standing] : [title, standing];
  for (const { title: heading, lines: own } of sections) {
    lines.push('', isMarkdown ? `## ${heading}` : heading);
    if (isMarkdown) lines.push('');
    lines.push(...own.map((line) => (isMarkdown ? `- ${line}` : `  ${line}`)));
  }
  return lines;
}

/** The last line. */
export function hashLine(sha256: string): string {
  return `SHA-256 of the text above ${sha256}`;
}
