/**
 * `.secrets.baseline` of detect-secrets: JSON with `results`, file -> findings of `type`, `hashed_secret`,
 * `line_number` and, once audited, `is_secret`.
 *
 * The hashes are plain SHA-1 of the value and confirm any guess, so they are not even taken over.
 */
import type { Fault } from './fault.js';
import { type ForeignAllow, normalisePath } from './foreign-allow.js';

export const maxSecretsBaselineBytes: number = 64 * 1024 * 1024;
const maxEntries = 200_000;

/** An entry that the audit called a real secret (`is_secret: true`) allows nothing and is left out. */
export function parseSecretsBaseline(text: string): {
  readonly entries: readonly ForeignAllow[];
  readonly faults: readonly Fault[];
} {
  const fault = (message: string): Fault => ({ line: 1, message });
  if (text.length > maxSecretsBaselineBytes) return { entries: [], faults: [fault('too large')] };
  let root: unknown;
  try {
    root = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return { entries: [], faults: [fault('not JSON')] };
  }
  const results = isObject(root) ? root['results'] : undefined;
  if (!isObject(results)) return { entries: [], faults: [fault('field "results" is missing')] };
  const entries: ForeignAllow[] = [];
  const faults: Fault[] = [];
  let place = 0;
  for (const [path, findings] of Object.entries(results)) {
    for (const finding of Array.isArray(findings) ? findings : [undefined]) {
      place++;
      const entry = parseFinding(path, finding);
      if (entry === 'real') continue;
      if (entry === undefined) faults.push(fault(`finding ${place} has no type or line_number`));
      else if (entries.length === maxEntries)
        return { entries, faults: [...faults, fault('too many entries')] };
      else entries.push(entry);
    }
  }
  return { entries, faults };
}

function parseFinding(path: string, finding: unknown): ForeignAllow | 'real' | undefined {
  if (!isObject(finding)) return undefined;
  if (finding['is_secret'] === true) return 'real';
  const rule = finding['type'];
  const line = finding['line_number'];
  if (typeof rule !== 'string' || typeof line !== 'number' || !Number.isSafeInteger(line) || line < 1)
    return undefined;
  return { format: '.secrets.baseline', path: normalisePath(path), rule, line };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
