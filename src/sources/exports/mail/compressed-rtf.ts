/** Compressed RTF (LZFu, MS-OXRTFCP), the form in which Outlook keeps rich bodies. */

/** What the window holds at first, so that short bodies compress. */
const seed = Buffer.from(
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor ' +
    'MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n' +
    '\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx',
  'latin1',
);
const windowSize = 4096;
const headerSize = 16;
const compressed = 0x75465a4c;
const stored = 0x414c454d;
/** Larger bodies are cut. */
const maxSize = 64 * 1024 * 1024;

/** The RTF, or as much of it as can be had; empty for what is none. */
export function undoCompressedRtf(bytes: Buffer): string {
  if (bytes.length < headerSize) return '';
  const size = Math.min(bytes.readUInt32LE(4), maxSize);
  const kind = bytes.readUInt32LE(8);
  if (kind === stored) return bytes.toString('latin1', headerSize, headerSize + size);
  if (kind !== compressed) return '';
  const window = Buffer.alloc(windowSize, 0x20);
  seed.copy(window);
  let write = seed.length;
  // A pair of bytes stands for 17 at most.
  const out = Buffer.alloc(Math.min(size, (bytes.length - headerSize) * 9));
  let length = 0;
  const put = (byte: number): void => {
    if (length < out.length) out[length++] = byte;
    window[write] = byte;
    write = (write + 1) % windowSize;
  };
  for (let at = headerSize; at < bytes.length && length < out.length; ) {
    const control = bytes[at++] as number;
    for (let bit = 0; bit < 8 && at < bytes.length; bit++) {
      if ((control & (1 << bit)) === 0) {
        put(bytes[at++] as number);
        continue;
      }
      if (at + 1 >= bytes.length) return out.toString('latin1', 0, length);
      const pair = bytes.readUInt16BE(at);
      at += 2;
      const from = pair >> 4;
      // A reference to where the next byte goes is the end.
      if (from === write) return out.toString('latin1', 0, length);
      for (let i = 0; i < (pair & 0xf) + 2; i++) put(window[(from + i) % windowSize] as number);
    }
  }
  return out.toString('latin1', 0, length);
}
