/** Aligns columns for people. Cells are made safe here, so that no caller can forget it. */
import { safeText } from '../report/safe-text.js';
import type { Style } from '../report/style.js';

/** Code points stand for columns: right for all but wide scripts, where only the alignment suffers. */
function widthOf(text: string): number {
  return [...text].length;
}

/** Lines without line breaks: the header dimmed, the last column not padded. */
export function tableLines(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  style: Style,
): string[] {
  const safeRows = rows.map((row) => row.map(safeText));
  const widths = header.map((title, column) =>
    safeRows.reduce((width, row) => Math.max(width, widthOf(row[column] ?? '')), widthOf(title)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)),
      )
      .join('  ')
      .trimEnd();
  return [style.dim(line(header)), ...safeRows.map(line)];
}
