/** Takes secrets that were just learned out of what was stored before. */
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import { anchorTableOf } from '../identity/sweep.js';
import type { ScanWriter } from '../store/store.js';
import { KnownRedactor } from './redactor.js';

/** Names that were stored before a secret of this scan was known may hold it. */
export async function redactStored(writer: ScanWriter, keys: IdentityKeys): Promise<void> {
  const learned = await writer.anchors(writer.scan);
  if (learned.length === 0) return;
  const redactor = new KnownRedactor(keys, anchorTableOf(learned));
  await writer.redactStrings((text) => redactor.redact(text));
}
