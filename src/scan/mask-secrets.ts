/** Takes secrets out of a text that is about to be printed. */
import { randomBytes } from 'node:crypto';
import { createAnalyzer } from '../detect/create-analyzer.js';
import { deriveKeys, type IdentityKeys, masterKeyBytes } from '../identity/hkdf-keys.js';
import { anchorTableOf } from '../identity/sweep.js';
import type { KnownAnchor } from '../model/finding.js';
import { loadRuleSet } from '../rules/load-bundle.js';
import { mayHoldSecret, Redactor } from './redactor.js';

/** What there is where a database is open: then marks name its secrets, and bare copies of those go too. */
export interface MaskWith {
  readonly keys: IdentityKeys;
  readonly known: readonly KnownAnchor[];
}

/**
 * The text with `‹secret …›` for each value. Without a database, as in an error about a path that was typed, the digits
 * are of a key that is forgotten at once.
 */
export async function maskSecrets(text: string, given?: MaskWith): Promise<string> {
  if (!mayHoldSecret(text)) return text;
  return (await redactorOf(given)).redact(text);
}

/** A long output comes in pieces; a table of all known secrets is made once for it. */
const redactors = new WeakMap<readonly KnownAnchor[], Redactor>();

async function redactorOf(given: MaskWith | undefined): Promise<Redactor> {
  const { keys, known } = given ?? { keys: deriveKeys(randomBytes(masterKeyBytes)), known: [] };
  const before = redactors.get(known);
  if (before !== undefined) return before;
  const rules = await loadRuleSet();
  const redactor = new Redactor(createAnalyzer({ rules, keys, known: anchorTableOf(known) }));
  redactors.set(known, redactor);
  return redactor;
}
