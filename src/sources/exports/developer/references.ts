/** Templates: values that only name a variable are no values. */
import type { RecordText } from '../contract.js';

/** `{{name}}`, `{{ _.name }}`, `{% tag %}`. */
const reference = /\{\{[^{}]{1,200}\}\}|\{%[^%]{1,500}%\}/g;
/** What may stand around a reference without being a value: `Bearer {{token}}`, `{{host}}:{{port}}/`. */
const frame = /^(?:Basic|Bearer|Token|Digest|ApiKey|[\s:/@,;.|=&?"'-])*$/i;

/**
 * A text without references that stand alone: undefined when nothing else is in it; without its label when it mixes
 * them with text, so that `prefix-{{name}}` is not taken for the value.
 */
export function withoutReferences(text: RecordText): RecordText | undefined {
  if (!text.text.includes('{{') && !text.text.includes('{%')) return text;
  const rest = text.text.replace(reference, '');
  if (rest === text.text) return text;
  if (frame.test(rest)) return undefined;
  const { label: _, ...bare } = text;
  return bare;
}
