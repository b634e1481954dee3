/** What the strings of Azure DevOps data are. */

import type { RecordActor, RecordText } from '../contract.js';
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

/** Fields that hold XML whose strings are escaped HTML: test steps and their parameters. */
const xmlFields: ReadonlySet<string> = new Set([
  'Microsoft.VSTS.TCM.Steps',
  'Microsoft.VSTS.TCM.Parameters',
  'Microsoft.VSTS.TCM.LocalDataSource',
]);

const proseFields: ReadonlyMap<string, TextField['role']> = new Map<string, TextField['role']>([
  ['System.Title', 'title'],
  ['System.Description', 'body'],
  ['System.History', 'comment'],
  ['Microsoft.VSTS.TCM.ReproSteps', 'body'],
  ['Microsoft.VSTS.TCM.SystemInfo', 'body'],
  ['Microsoft.VSTS.Common.AcceptanceCriteria', 'body'],
  ['Microsoft.VSTS.CMMI.MitigationPlan', 'body'],
  ['Microsoft.VSTS.Common.Resolution', 'body'],
]);

const known: ReadonlySet<string> = new Set(
  `displayName uniqueName comment name url href System.Tags System.AreaPath System.IterationPath System.TeamProject
   System.State System.Reason System.WorkItemType System.BoardColumn System.BoardLane System.AssignedTo System.CreatedBy
   System.ChangedBy System.NodeName System.AuthorizedAs rel nextLink continuationToken value text renderedText
   description title message path variables`.split(/\s+/),
);

const noise: ReadonlySet<string> = new Set(['descriptor', 'imageUrl', 'System.WatermarkId', 'format']);
/** Addresses of the interface without anything a secret could stand in. */
const plainLink = /^(?:https?|vstfs):\/{2,3}[^?@\s]{1,500}$/;
const linkKeys: ReadonlySet<string> = new Set(['url', 'href']);

/** Format of work items, comments and other objects. Texts of XML fields are given by {@link stepTexts}. */
export const azureFormat: ObjectFormat = {
  known,
  noise,
  field: (path, text, holder) => {
    const key = lastKey(path);
    if (linkKeys.has(key) && plainLink.test(text)) return 'skip';
    if (path[0] === 'fields' && path.length === 2) return fieldOf(key, text);
    if (key === 'text' && memberOf(holder, 'workItemId') !== undefined)
      return {
        role: 'comment',
        dialect: memberOf(holder, 'format') === 'markdown' ? 'markdown' : htmlOr(text, 'markdown'),
      };
    if (key === 'renderedText') return { role: 'comment', dialect: 'html' };
    const name = path.at(-2);
    // `{ "variables": { "DB_PASSWORD": { "value": "..." } } }`
    if (key === 'value' && name !== undefined && path.at(-3) === 'variables')
      return { role: 'setting', dialect: 'plain', label: name };
    if (path.includes('relations') && key === 'name') return { role: 'attachment-name', dialect: 'plain' };
    if (path.includes('relations') && key === 'comment') return { role: 'comment', dialect: 'plain' };
    return undefined;
  },
};

/** What a field of a work item is, by its reference name. */
export function fieldOf(name: string, text: string): TextField | 'skip' | undefined {
  if (xmlFields.has(name)) return 'skip';
  const role = proseFields.get(name);
  if (role === 'title') return { role, dialect: 'plain' };
  if (role !== undefined) return { role, dialect: htmlOr(text, 'markdown') };
  if (/^(?:System|Microsoft)\./.test(name))
    return text.includes('\n') || htmlOr(text, 'plain') === 'html'
      ? { role: 'body', dialect: htmlOr(text, 'markdown') }
      : undefined;
  return {
    role: 'custom-field',
    dialect: htmlOr(text, 'plain'),
    label: name.slice(name.lastIndexOf('.') + 1),
  };
}

/** Texts of the fields that hold XML: what stands in an element is HTML once its entities are undone. */
export function stepTexts(fields: JsonObject): RecordText[] {
  return Object.keys(fields).flatMap((name) => {
    const value = fields[name];
    if (typeof value !== 'string' || !xmlFields.has(name)) return [];
    return xmlTextsOf(value)
      .filter(
        (piece) =>
          piece.text.trim().length > 2 && !/^(?:ActionStep|ValidateStep|true|false|\d+)$/.test(piece.text),
      )
      .map((piece) => ({
        text: piece.text,
        dialect: 'html' as const,
        field: { path: `fields.${name}.${piece.name}`, role: 'body' as const },
      }));
  });
}

/** A person as an object, or as `Name <address>`. */
export function azureActor(value: unknown): RecordActor | undefined {
  if (typeof value === 'string') {
    const parts = /^([^<]{0,200}?) ?<([^<>\s]{1,200})>$/.exec(value);
    if (parts === null) return value === '' ? undefined : { name: value };
    return { ...(parts[1] ? { name: parts[1] } : {}), ...address(parts[2]) };
  }
  if (!isObject(value)) return undefined;
  const id = stringOf(value, 'id');
  const name = stringOf(value, 'displayName', 'name');
  return {
    ...(id !== undefined && { id }),
    ...(name !== undefined && { name }),
    ...address(stringOf(value, 'uniqueName', 'mailAddress')),
  };
}

function address(text: string | undefined): { email: string } | Record<string, never> {
  return text?.includes('@') === true ? { email: text } : {};
}
