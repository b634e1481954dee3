/** Matrix: the keys of encrypted rooms, which clients export under a pass phrase. Reads nothing, but says so. */
import type { ExportReader } from '../contract.js';

const begin = /^\ufeff?\s{0,100}-----BEGIN MEGOLM SESSION DATA-----/;

export const matrixKeysReader: ExportReader = {
  id: 'matrix-keys',
  system: 'matrix',
  label: 'Matrix room keys',
  isNeverJson: true,
  most: 0.97,
  recognise({ text }) {
    return begin.test(text) ? { score: 0.97, reason: 'begins as megolm session data' } : undefined;
  },
  async read(_file, sink) {
    sink.note('encrypted');
  },
};
