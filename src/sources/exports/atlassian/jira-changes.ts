/** Items of Jira's change log: what a field said before and after, in full. */
import type { Dialect, RecordText } from '../contract.js';
import { isNoise, noClaims, unclaimedTexts } from '../leaves.js';
import type { JsonObject } from '../object-texts.js';
import { append } from './append.js';
import { restNoise } from './jira-mentions.js';
import { customDialect, richTexts, stringOf } from './jira-values.js';

/** Role of each side, the key of its wording, and the key of the id behind that. */
const sides = [
  ['history-old', 'fromString', 'from'],
  ['history-new', 'toString', 'to'],
] as const;
const itemMembers = new Set([
  'field',
  'fieldtype',
  'fieldId',
  ...sides.flatMap(([, wording, id]) => [wording, id]),
]);
/** Fields with markup; the rest of Jira's own are one line. */
export const richFields: ReadonlySet<string> = new Set(['description', 'environment', 'comment']);

/** @param markup dialect of rich text */
export function changeTexts(item: JsonObject, index: number, prefix: string, markup: Dialect): RecordText[] {
  const field = stringOf(item['field']) ?? stringOf(item['fieldId']) ?? String(index);
  const isCustom = item['fieldtype'] === 'custom';
  const path = `${prefix}.${field}`;
  const texts: RecordText[] = [];
  for (const [role, wording, id] of sides) {
    // Every object has a `toString`; only an own one is the export's.
    const text = Object.hasOwn(item, wording) ? item[wording] : undefined;
    const dialect = richFields.has(field.toLowerCase()) ? markup : dialectOf(text, isCustom);
    append(texts, richTexts(text, `${path}.${wording}`, role, dialect, isCustom ? field : undefined) ?? []);
    const value = item[id];
    if (typeof value === 'string' && value !== '' && value !== text && !isNoise('id', value))
      texts.push({ text: value, dialect: 'plain', field: { path: `${path}.${id}`, role } });
  }
  for (const key of Object.keys(item))
    if (!itemMembers.has(key))
      append(texts, unclaimedTexts({ [key]: item[key] }, noClaims, { prefix: path, noise: restNoise }));
  return texts;
}

function dialectOf(text: unknown, isCustom: boolean): Dialect {
  return isCustom && typeof text === 'string' ? customDialect(text) : 'plain';
}
