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
  ['approval_history', 'comment'],
  ['activity_notes', 'comment'],
  ['review_comments', 'comment'],
  ['resolution', 'comment'],
  ['root_cause', 'body'],
  ['cause', 'body'],
  ['cause_notes', 'body'],
  ['fix_notes', 'body'],
  ['fix', 'body'],
  ['workaround', 'body'],
  ['problem_statement', 'body'],
  ['known_error_notes', 'body'],
  ['business_impact', 'body'],
  ['probable_cause', 'body'],
  ['action_taken', 'body'],
  ['implementation_plan', 'body'],
  ['change_plan', 'body'],
  ['backout_plan', 'body'],
  ['test_plan', 'body'],
  ['justification', 'body'],
  ['risk_impact_analysis', 'body'],
  ['special_instructions', 'body'],
  ['user_input', 'body'],
  ['acceptance_criteria', 'body'],
  ['meta', 'metadata'],
  ['meta_description', 'description'],
  ['oldvalue', 'history-old'],
  ['newvalue', 'history-new'],
  ['old', 'history-old'],
  ['new', 'history-new'],
  ['error_string', 'body'],
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
   content_type table_name type instance target display_value active approval approval_set business_duration
   business_stc calendar_duration calendar_stc caused_by contract correlation_display correlation_id delivery_plan
   delivery_task escalation group_list hold_reason knowledge made_sla notify order origin origin_table parent
   parent_incident problem_id reassignment_count rejection_goto reopened_by rfc route_reason skills sla_due sys_tags
   task_for time_worked universal_request upon_approval upon_reject variables watch_list wf_activity sys_updated_on
   service_offering additional_assignee_list sn_ind_usage severity resolution_code cab_delegate cab_recommendation
   cab_required reason scope phase phase_state risk risk_value requested_by requested_for production_system chg_model
   std_change_producer_version conflict_status on_hold_reason outside_maintenance_schedule review_status
   first_reported_by_task major_problem duplicate_of confirmed_by fix_communicated_by workaround_communicated_by
   kb_knowledge_base kb_category workflow_state article_type source author topic roles can_read_user_criteria
   cannot_read_user_criteria flagged image ownership_group revised_by version display_number article_id
   cat_item request stage price recurring_price recurring_frequency quantity configuration_item delivery_address
   sc_catalog order_guide context account consumer entitlement asset product contact channel sla case_report
   uid message_id in_reply_to importance notification_type weight target_table receive_type content_language
   fieldname tablename reason cmdb_ci_business_app sys_created_on update internal_checkpoint record_checkpoint field label
   suffix choices read_roles write_roles description_html city street zip country time_zone date_format
   source_ip employee_number gender preferred_language cost_center building introduction sys_import_state
   vip assigned_vendor vendor_ticket external_reference sys_name sys_package sys_policy sys_update_name
   sys_customer_update api_name url urls link template tags u_name application comment_text size_bytes`.split(
    /\s+/,
  ),
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
