/**
 * What is said in a message weighs more than the same words in code: `pass=Jk8_2mNbV` in a program is mostly a name
 * or a test, in a chat somebody hands over a password.
 */
import type { Finding } from '../../model/finding.js';
import type { ExportRecord } from '../../sources/exports/contract.js';

const spoken: ReadonlySet<string> = new Set([
  'message',
  'comment',
  'issue',
  'mail',
  'page',
  'worklog',
  'review',
]);

const sorts = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9\s]/];
const enoughSorts = 3;

/** The finding, as medium where a low one is a password of mixed characters that a person wrote to others. */
export function weighed(finding: Finding, record: ExportRecord, value: string): Finding {
  if (finding.confidence !== 'low' || !finding.reasons.includes('inline')) return finding;
  if (!finding.kind.startsWith('generic-password') || !spoken.has(record.type)) return finding;
  if (sorts.filter((sort) => sort.test(value)).length < enoughSorts) return finding;
  return { ...finding, confidence: 'medium', reasons: [...finding.reasons, 'said-in-message'] };
}
