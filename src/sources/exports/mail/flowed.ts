/** Lines that a mail program wrapped and that belong together again (RFC 3676, `format=flowed`). */

const signature = '-- ';

/**
 * A line that ends in a blank goes on in the next one, if that is quoted as deeply. With `delsp` the blank was put there
 * by the wrapping, within a word perhaps.
 */
export function joinFlowed(text: string, delsp: boolean): string {
  const lines: string[] = [];
  let open: string[] | undefined;
  let openDepth = 0;
  const close = (): void => {
    if (open !== undefined) lines.push(quoted(openDepth, open.join('')));
    open = undefined;
  };
  for (const raw of text.split('\n')) {
    const depth = quoteDepth(raw);
    let line = raw.slice(depth);
    if (line[0] === ' ') line = line.slice(1);
    if (open !== undefined && (depth !== openDepth || line === signature)) close();
    const isSoft = line.endsWith(' ') && line !== signature;
    open ??= [];
    open.push(isSoft && delsp ? line.slice(0, -1) : line);
    openDepth = depth;
    if (!isSoft) close();
  }
  close();
  return lines.join('\n');
}

function quoteDepth(line: string): number {
  let depth = 0;
  while (line.charCodeAt(depth) === 0x3e) depth++;
  return depth;
}

function quoted(depth: number, text: string): string {
  return depth === 0 ? text : `${'>'.repeat(depth)} ${text}`;
}
