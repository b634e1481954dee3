/**
 * Signs of files whose bytes hide their text: PDF, Office and OpenDocument packages, Office files of before 2007, RTF,
 * SQLite; and of JSON whose strings hold texts of their own, in lines or escaped many times over: notebooks, requests that
 * were recorded or kept. Asked of every blob of a history, so that the readers are loaded only where one is needed.
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

/**
 * How Jupyter, HAR, Postman and Insomnia begin a file. Much else begins so as well: their readers look at the whole of it.
 */
const firstKey =
  /^\{\s{0,40}"(?:cells|nbformat(?:_minor)?|worksheets|metadata|log|info|_type|_postman_[a-z]{1,20}|id|values|collections)"\s{0,8}:/;
/** A name of theirs in what follows; notebooks tell theirs at the end. */
const secondSign =
  /"(?:cell_type|cells|nbformat|worksheets|kernelspec)"\s{0,8}:|"(?:creator|pages|entries)"\s{0,8}:|postman|"__export_format"|insomnia/;
const jsonSignBytes = 2048;

/** Whether a file begins as one whose text a reader can give; such a zip is an archive as well. */
export function hidesText(bytes: Buffer): boolean {
  const first = bytes[0];
  if (first === undefined) return false;
  if (firstBytes.has(first)) {
    const head = bytes.toString('latin1', 0, 16);
    return (
      signatures.some((signature) => head.startsWith(signature)) || (first === 0x7b && isRecorded(bytes))
    );
  }
  return (
    first === 0x50 &&
    bytes.toString('latin1', 0, 4) === 'PK\x03\x04' &&
    firstPart.test(bytes.toString('latin1', 30, 80))
  );
}

function isRecorded(bytes: Buffer): boolean {
  return (
    firstKey.test(bytes.toString('latin1', 0, 96)) &&
    secondSign.test(bytes.toString('latin1', 0, jsonSignBytes))
  );
}
