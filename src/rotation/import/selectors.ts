/** Selectors: which secrets an entry of the inventory is about. */
import { isSelectorPath } from '../derive/inventory-match.js';
import type { Selector } from '../imports.js';
import type { Fields } from './fields.js';

/** Of these one is enough; a kind may stand beside a path, to narrow it. */
const keys = ['fingerprint', 'identity', 'slot', 'vault', 'path', 'kind'] as const;
type SelectorKey = (typeof keys)[number];

/** What is wrong with the text of a selector; undefined when nothing is. */
const rules: { readonly [Key in SelectorKey]?: (text: string) => string | undefined } = {
  fingerprint: (text) =>
    /^[0-9a-f]{12,64}$/i.test(text) ? undefined : 'must be 12 to 64 hex digits, as "sprawl list" shows them',
  slot: (text) => (/^.+:.+#.+$/.test(text) ? undefined : 'must be written <place>:<path>#<key>'),
  vault: (text) => (/^.+#.+$/.test(text) ? undefined : 'must be written <path>#<key>'),
  path: (text) => (isSelectorPath(text) ? undefined : 'must be a pattern of paths, <place>:<glob>'),
};

export function readSelector(fields: Fields): Selector | undefined {
  fields.only(keys);
  const named = keys.filter((key) => fields.has(key));
  const deciding = named.filter((key) => key !== 'kind' || !named.includes('path'));
  if (deciding.length !== 1) {
    fields.source.fault(
      fields.at,
      `a selector names one of ${keys.join(', ')}; only a kind may stand beside a path`,
    );
    return undefined;
  }
  const selector: Partial<Record<SelectorKey, string>> = {};
  for (const key of named) {
    const text = fields.text(key);
    if (text === undefined) return undefined;
    const wrong = rules[key]?.(text);
    if (wrong !== undefined) return fields.fault(key, wrong);
    selector[key] = key === 'fingerprint' ? text.toLowerCase() : text;
  }
  return selector;
}
