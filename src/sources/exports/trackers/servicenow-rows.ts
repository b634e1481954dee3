/** Rows of ServiceNow tables: what their fields are, and how the three ways of writing a reference become one. */
import type { RecordText } from '../contract.js';
import {
  isObject,
  type JsonObject,
  lastKey,
  memberOf,
  type ObjectFormat,
  stringOf,
  type TextField,
} from '../object-texts.js';
import { htmlOr } from './tidy-record.js';
import { xmlTextsOf } from './xml-objects.js';

/** Tables by the prefix of their numbers, for exports that do not say the table. */
const prefixes: ReadonlyMap<string, string> = new Map([
  ['INC', 'incident'],
  ['PRB', 'problem'],
  ['CHG', 'change_request'],
  ['REQ', 'sc_request'],
  ['RITM', 'sc_req_item'],
  ['SCTASK', 'sc_task'],
  ['TASK', 'sc_task'],
  ['KB', 'kb_knowledge'],
  ['CS', 'sn_customerservice_case'],
  ['STRY', 'rm_story'],
]);

export function tableOfNumber(number: string | undefined): string | undefined {
  const prefix = /^([A-Z]{2,8})\d{3,}$/.exec(number ?? '')?.[1];
  return prefix === undefined ? undefined : prefixes.get(prefix);
}

const sysId = /^[0-9a-f]{32}$/;

/**
 * The row with each reference as the name it shows: `<opened_by display_value="Ana">id</opened_by>` and
 * `{ "display_value": "Ana", "value": "id", "link": ".." }` alike. A value that is no id stays beside the name.
 */
export function flatRow(row: JsonObject): JsonObject {
  const flat = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(row)) {
    const value = row[key];
    if (!isObject(value)) {
      flat[key] = value;
      continue;
    }
    const shown = stringOf(value, '@display_value', 'display_value');
    const stored = stringOf(value, '#text', 'value');
    const isReference =
      memberOf(value, '@display_value') !== undefined || memberOf(value, 'display_value') !== undefined;
    if (!isReference && memberOf(value, 'link') === undefined && stored === undefined) {
      flat[key] = value;
      continue;
    }
    flat[key] = shown ?? stored ?? '';
    if (shown !== undefined && stored !== undefined && stored !== shown && !sysId.test(stored))
      flat[`${key}.value`] = stored;
    addExtras(flat, key, value);
  }
  return flat;
}

const referenceMembers: ReadonlySet<string> = new Set([
  '@display_value',
  'display_value',
  '#text',
  'value',
  'link',
  '@sys_id',
  '@name',
]);

function addExtras(flat: Record<string, unknown>, key: string, value: JsonObject): void {
  const link = stringOf(value, 'link');
  if (link !== undefined && /[?@]/.test(link)) flat[`${key}.link`] = link;
  for (const name of Object.keys(value))
    if (!referenceMembers.has(name)) flat[`${key}.${name}`] = value[name];
}

/** Id that a reference stores, or the plain value. */
export function storedOf(row: JsonObject, key: string): string | undefined {
  const value = memberOf(row, key);
  if (typeof value === 'string' && value !== '') return value;
  return isObject(value) ? stringOf(value, '#text', 'value', '@sys_id') : undefined;
}

const fields: ReadonlyMap<string, TextField['role']> = new Map<string, TextField['role']>([
  ['short_description', 'title'],
  ['subject', 'title'],
  ['description', 'body'],
  ['text', 'body'],
  ['wiki', 'body'],
  ['body', 'body'],
  ['body_text', 'body'],
  ['comments', 'comment'],
  ['work_notes', 'comment'],
  ['comments_and_work_notes', 'comment'],
  ['additional_comments', 'comment'],
  ['close_notes', 'comment'],
  ['resolution_notes', 'comment'],
  ['work_notes_list', 'metadata'],
  ['file_name', 'attachment-name'],
  ['headers', 'header'],
]);

const codeFields: ReadonlySet<string> = new Set([
  'script',
  'condition',
  'client_script',
  'processing_script',
  'html',
  'css',
]);

const known: ReadonlySet<string> = new Set(
  `number caller_id opened_by assigned_to assignment_group closed_by resolved_by sys_created_by sys_updated_by location
   company category subcategory cmdb_ci business_service service_offering close_code contact_type name value element
   priority impact urgency severity state incident_state sys_domain task_effective_number user_name first_name last_name
   email phone mobile_phone title department manager recipients direct copied blind_copied user_id mailbox
   content_type table_name type instance target display_value`.split(/\s+/),
);

const noise: ReadonlySet<string> = new Set(
  `sys_id sys_domain_path sys_mod_count sys_domain action @action element_id table_sys_id documentkey
   average_image_color hash upon_approval upon_reject sys_class_name table_name content_type`.split(/\s+/),
);

const flag = /^(?:true|false|\d{1,6})$/;

export const rowFormat: ObjectFormat = {
  known,
  noise,
  field: (path, text) => {
    const key = lastKey(path);
    if (flag.test(text) || (sysId.test(text) && idKeys.test(key))) return 'skip';
    if (codeFields.has(key)) return { role: 'code', dialect: 'code' };
    const role = fields.get(key);
    if (role === 'title' || role === 'attachment-name') return { role, dialect: 'plain' };
    if (role !== undefined) return { role, dialect: htmlOr(text, 'plain') };
    if (key === '#comment') return { role: 'metadata', dialect: 'plain' };
    return htmlOr(text, 'plain') === 'html' ? { role: 'custom-field', dialect: 'html' } : undefined;
  },
};

const idKeys =
  /(?:^|_)(?:id|by|to|group|ci|parent|key|sys_id|item|instance|record|domain|company|location|user)$/;

/** Texts of a row's XML in a field, as update sets carry it: scripts and properties under their own names. */
export function payloadTexts(payload: string): RecordText[] {
  return xmlTextsOf(payload)
    .filter((piece) => piece.text.trim().length > 2 && !flag.test(piece.text) && !sysId.test(piece.text))
    .map((piece) => ({
      text: piece.text,
      dialect: codeFields.has(piece.name) ? ('code' as const) : htmlOr(piece.text, 'plain'),
      field: { path: `payload.${piece.name}`, role: 'code' as const },
      ...(piece.text.includes('\n') ? {} : { label: piece.name }),
    }));
}
