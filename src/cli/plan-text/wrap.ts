/** Breaks long sentences at blanks, for lines that people read in a terminal. */

const lineWidth = 110;

/** Lines of at most {@link lineWidth} columns, each with the indent; a word that is longer stands alone. */
export function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > lineWidth) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, indent + line];
}
