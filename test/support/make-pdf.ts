/** PDF files whose pages are packed, so that their bytes show none of the text. */
import { deflateSync } from 'node:zlib';

/**
 * A PDF of one page; the table of objects is left out, as readers rebuild it.
 *
 * @param lines of the page, each set in two pieces as typesetters do
 * @param picture bytes that stand in the file as they are
 */
export function pdfOfLines(lines: readonly string[], picture: Buffer = Buffer.alloc(0)): Buffer {
  const shown = lines.map((line) => {
    const middle = line.length >> 1;
    return `[(${line.slice(0, middle)}) -10 (${line.slice(middle)})] TJ 0 -20 Td`;
  });
  const content = deflateSync(Buffer.from(`BT /F1 12 Tf 50 700 Td ${shown.join(' ')} ET`, 'latin1'));
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')];
  const add = (number: number, body: string, bytes?: Buffer): void => {
    const own = bytes === undefined ? [] : [Buffer.from('\nstream\n'), bytes, Buffer.from('\nendstream')];
    parts.push(Buffer.from(`${number} 0 obj\n${body}`), ...own, Buffer.from('\nendobj\n'));
  };
  add(1, '<< /Type /Catalog /Pages 2 0 R >>');
  add(2, '<< /Type /Pages /Kids [3 0 R] /Count 1 >>');
  const page = '/Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R';
  add(3, `<< ${page} /Resources << /Font << /F1 4 0 R >> >> >>`);
  add(4, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>');
  add(5, `<< /Filter /FlateDecode /Length ${content.length} >>`, content);
  add(6, `<< /Length ${picture.length} >>`, picture);
  parts.push(Buffer.from('trailer\n<< /Root 1 0 R /Size 7 >>\n%%EOF\n'));
  return Buffer.concat(parts);
}
