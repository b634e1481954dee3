/** Takes secrets out of a text that has no key at hand, such as an error about a path that was typed. */
import { randomBytes } from 'node:crypto';
import { createAnalyzer } from '../detect/create-analyzer.js';
import { deriveKeys, masterKeyBytes } from '../identity/hkdf-keys.js';
import { anchorTableOf } from '../identity/sweep.js';
import { loadRuleSet } from '../rules/load-bundle.js';
import { mayHoldSecret, Redactor } from './redactor.js';

/** The text with `‹secret …›` for each value; the digits are of a key that is forgotten at once. */
export async function maskSecrets(text: string): Promise<string> {
  if (!mayHoldSecret(text)) return text;
  const keys = deriveKeys(randomBytes(masterKeyBytes));
  const rules = await loadRuleSet();
  return new Redactor(createAnalyzer({ rules, keys, known: anchorTableOf([]) })).redact(text);
}
