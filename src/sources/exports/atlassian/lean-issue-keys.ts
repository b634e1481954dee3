/** Keys by which issues in the lean form are read. */
import { indicesOf } from '../lean-members.js';
import { blockLeaves, inlineAttributes, plainAttributes } from './adf.js';
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
  'type',
  'text',
  'attrs',
  'marks',
  'href',
] as const;

/** Words that values have. */
const words = ['custom', 'doc', 'hardBreak', 'tableRow', 'date'] as const;

export const leanKeys: readonly string[] = [
  ...new Set([
    ...ownKeys,
    ...fieldKinds.keys(),
    ...fieldNoise,
    ...words,
    ...plainAttributes,
    ...inlineAttributes,
    ...blockLeaves,
  ]),
];

export const keyOf: Readonly<Record<(typeof ownKeys)[number], number>> = indicesOf(ownKeys);
export const wordOf: Readonly<Record<(typeof words)[number], number>> = Object.fromEntries(
  words.map((word) => [word, leanKeys.indexOf(word) + 1]),
) as Record<(typeof words)[number], number>;
