/** Keys by which issues in the lean form are read. */
import { indicesOf } from '../lean-members.js';
import { fieldNoise } from './jira-custom-fields.js';
import { fieldKinds } from './jira-field-texts.js';

const ownKeys = [
  'key',
  'self',
  'fields',
  'changelog',
  'operations',
  'schema',
  'name',
  'comments',
  'worklogs',
  'histories',
  'total',
  'body',
  'renderedBody',
  'author',
  'updateAuthor',
  'filename',
  'content',
  'thumbnail',
  'items',
  'field',
  'fieldtype',
  'fieldId',
  'fromString',
  'from',
  'toString',
  'to',
  'summary',
  'comment',
  'worklog',
  'attachment',
  'project',
  'created',
  'started',
  'creator',
  'reporter',
  'id',
  'expand',
] as const;

/** Besides those, words that values have. */
export const leanKeys: readonly string[] = [
  ...new Set([...ownKeys, ...fieldKinds.keys(), ...fieldNoise, 'custom', 'jira', 'Comment', 'Description']),
];

export const keyOf: Readonly<Record<(typeof ownKeys)[number], number>> = indicesOf(ownKeys);
export const wordOf: Readonly<Record<'custom', number>> = { custom: leanKeys.indexOf('custom') + 1 };
