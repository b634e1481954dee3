/** Office documents with a password: they are compound files that hold the encrypted package. */
import type { ExportReader, Probe, Recognition } from '../contract.js';

const signature = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const streamName = Buffer.from('EncryptedPackage', 'utf16le');

/** Reads nothing, but says so. */
export const encryptedOffice: ExportReader = {
  id: 'encrypted-office-document',
  system: 'generic',
  label: 'Encrypted Office document',
  isNeverJson: true,
  most: 0.95,
  recognise,
  async read(_file, sink) {
    sink.note('encrypted');
  },
};

function recognise({ head }: Probe): Recognition | undefined {
  const isEncrypted = head.subarray(0, signature.length).equals(signature) && head.includes(streamName);
  return isEncrypted ? { score: 0.95, reason: 'a compound file with an EncryptedPackage' } : undefined;
}
