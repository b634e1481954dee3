/** Texts of rows of a Jira backup. */
import type { RecordText } from '../contract.js';
import { isNoise, labelOf } from '../leaves.js';
import type { BackupRow } from './jira-backup-rows.js';
import { changeTexts } from './jira-changes.js';

/** Values that Jira made for itself. */
const ownCredentials: Readonly<Record<string, readonly string[]>> = {
  User: ['credential'],
  UserAttribute: ['value'],
  RememberMeToken: ['token'],
  OAuthServiceProviderToken: ['token', 'tokenSecret'],
  OAuthConsumerToken: ['token', 'tokenSecret'],
};
/** Fields with ids, keys and times. */
const plainFields = new Set([
  'id',
  'issue',
  'issueid',
  'group',
  'customfield',
  'project',
  'created',
  'updated',
  'key',
  'lowerUserName',
  'reporter',
  'assignee',
  'creator',
  'author',
  'updateauthor',
]);

/** Fields of an entity with credentials of Jira itself. */
export function credentialsOf(entity: string): readonly string[] {
  return Object.hasOwn(ownCredentials, entity) ? (ownCredentials[entity] ?? []) : [];
}

/** What is left of a row beside its ids and times. */
export function otherTexts(
  row: BackupRow,
  handled: ReadonlySet<string>,
  prefix: string,
  own: readonly string[] = [],
): RecordText[] {
  const texts: RecordText[] = [];
  for (const [name, value] of row.fields) {
    const text = value.trim();
    if (text === '' || handled.has(name) || (plainFields.has(name) && isNoise('id', text))) continue;
    if (isNoise(name, text) || text === 'true' || text === 'false') continue;
    const label = labelOf(name, text);
    texts.push({
      text,
      // Workflows and filters are XML within the value.
      dialect: /^<[a-z?!]/i.test(text) ? 'html' : 'plain',
      field: { path: prefix + name, role: 'metadata' },
      ...(label === undefined ? {} : { label }),
      ...(own.includes(name) ? { artifact: true } : {}),
    });
  }
  return texts;
}

/** Texts of an item of a change, as `group` of the backup has it. */
export function itemTexts(item: BackupRow, index: number, group: string): RecordText[] {
  const { fields } = item;
  const known: Record<string, unknown> = {
    field: fields.get('field'),
    fieldtype: fields.get('fieldtype'),
    from: fields.get('oldvalue'),
    fromString: fields.get('oldstring'),
    to: fields.get('newvalue'),
    toString: fields.get('newstring'),
  };
  return changeTexts(known, index, `changelog.${group}`, 'jira-wiki');
}
