/** Texts of a record whose format nobody told: each leaf with its key as label, its role by what the key means. */
import type { FieldRole } from '../../../model/appearance.js';
import type { Dialect, RecordText } from '../contract.js';
import { noClaims, unclaimedTexts } from '../leaves.js';
import { meaningsOf } from './record-keys.js';

/** A tag with a name that people's rich text has. */
const markup =
  /<\/?(?:p|br|div|span|a|b|i|strong|em|u|ul|ol|li|table|tr|td|code|pre|img|h[1-6]|blockquote)(?:\s[^<>]{0,300})?\/?>/i;
/** Tags are looked for in the beginning of a text only. */
const markupWindow = 20_000;

/** HTML when it holds tags, else plain. */
export function dialectOf(text: string): Dialect {
  if (text.includes('\u001b[')) return 'log-ansi';
  return text.includes('<') && markup.test(text.slice(0, markupWindow)) ? 'html' : 'plain';
}

export function roleOf(key: string): FieldRole {
  const meanings = meaningsOf(key);
  if (meanings.includes('title')) return 'title';
  if (!meanings.includes('text')) return 'custom-field';
  return /comment|note|repl/i.test(key) ? 'comment' : /desc/i.test(key) ? 'description' : 'body';
}

/** All string leaves of a value. @param prefix put before the paths, and the key of a leaf that stands alone */
export function leafTexts(value: unknown, prefix?: string): RecordText[] {
  return unclaimedTexts(value, noClaims, prefix === undefined ? {} : { prefix }).map(withRole);
}

function withRole(text: RecordText): RecordText {
  const key = text.field.path.split('.').findLast((part) => !/^\d+$/.test(part)) ?? '';
  return { ...text, dialect: dialectOf(text.text), field: { ...text.field, role: roleOf(key) } };
}
