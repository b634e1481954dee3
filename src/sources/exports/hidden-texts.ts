/**
 * Signs of files whose bytes hide their text: PDF, Office and OpenDocument packages, Office files of before 2007, RTF,
 * SQLite. Asked of every blob of a history, so that the readers are loaded only where one of them is needed.
 */

/** As Latin-1, at the very start: a blob has no name that would tell a PDF from a text that speaks of one. */
const signatures: readonly string[] = [
  '%PDF-',
  '{\\rtf',
  'SQLite format 3\0',
  '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
];
const firstBytes: ReadonlySet<number> = new Set(signatures.map((signature) => signature.charCodeAt(0)));

/** Names of parts that packages of Office and OpenDocument begin with. */
const firstPart =
  /^(?:\[Content_Types\]\.xml|_rels\/|docProps\/|customXml\/|word\/|xl\/|ppt\/|mimetypeapplication\/vnd\.oasis\.)/;

/** Whether a file begins as one whose text a reader can give; such a zip is an archive as well. */
export function hidesText(bytes: Buffer): boolean {
  const first = bytes[0];
  if (first === undefined) return false;
  if (firstBytes.has(first)) {
    const head = bytes.toString('latin1', 0, 16);
    return signatures.some((signature) => head.startsWith(signature));
  }
  return (
    first === 0x50 &&
    bytes.toString('latin1', 0, 4) === 'PK\x03\x04' &&
    firstPart.test(bytes.toString('latin1', 30, 80))
  );
}
