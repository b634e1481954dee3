/** What the bytes of an object tell before any detector looks at them. */

const lfsPrefix = Buffer.from('version https://git-lfs.github.com/spec/v');
/** The pointer format caps a pointer file at this many bytes. */
const maxLfsPointerBytes = 1024;

/** Offset of the message of a commit or tag: behind the first empty line. */
export function messageStart(bytes: Buffer): number {
  const at = bytes.indexOf('\n\n');
  return at < 0 ? bytes.length : at + 2;
}

export function isLfsPointer(bytes: Buffer): boolean {
  return bytes.length <= maxLfsPointerBytes && bytes.subarray(0, lfsPrefix.length).equals(lfsPrefix);
}
