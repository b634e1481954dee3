/** Values of Jira's custom fields: strings, documents, options with or without child, people, or lists of these. */
import type { Dialect, RecordText } from '../contract.js';
import { noClaims, unclaimedTexts } from '../leaves.js';
import { isObject, type JsonObject } from '../object-texts.js';
import { append } from './append.js';
import { type JiraMentions, restNoise } from './jira-mentions.js';
import { issueKey, type JiraSite } from './jira-site.js';
import { customDialect, isUser, richTexts, stringOf, withoutJunk } from './jira-values.js';

/** Names of fields by their id: `customfield_10010` to `Root password`. */
export type FieldNames = Readonly<Record<string, unknown>>;

/** Members of fields with durations and times besides those of all resources. */
export const fieldNoise: ReadonlySet<string> = new Set([
  ...restNoise,
  'timeSpent',
  'originalEstimate',
  'remainingEstimate',
]);

/** Lists and options that are followed one by one; the sweep takes what lies deeper. */
const maxDepth = 8;

interface FieldFrame {
  readonly site: JiraSite;
  readonly markup: Dialect;
}

/** Texts of a custom field; people and issues in it go to `mentions`. */
export function customTexts(
  value: unknown,
  id: string,
  names: FieldNames | undefined,
  frame: FieldFrame,
  mentions: JiraMentions,
): RecordText[] {
  const label = names !== undefined && Object.hasOwn(names, id) ? stringOf(names[id]) : undefined;
  const texts: RecordText[] = [];

  const visit = (node: unknown, path: string, depth: number): void => {
    if (typeof node === 'string') append(texts, stringTexts(node, path, label, frame.markup));
    else if (depth > maxDepth)
      append(texts, unclaimedTexts(node, noClaims, { prefix: path, role: 'custom-field' }));
    else if (Array.isArray(node))
      for (const [i, element] of node.entries()) visit(element, `${path}.${i}`, depth + 1);
    else if (isObject(node)) object(node, path, depth);
  };
  const object = (node: JsonObject, path: string, depth: number): void => {
    const rich = richTexts(node, path, 'custom-field', frame.markup, label);
    if (rich !== undefined) append(texts, rich);
    else if (isUser(node)) mentions.user(node, frame.site);
    else if (typeof node['key'] === 'string' && issueKey.test(node['key'])) mentions.issue(node, frame.site);
    else option(node, path, depth);
  };
  const option = ({ value: own, child, ...others }: JsonObject, path: string, depth: number): void => {
    visit(own, `${path}.value`, depth + 1);
    visit(child, `${path}.child`, depth + 1);
    append(
      texts,
      unclaimedTexts(others, noClaims, { prefix: path, role: 'custom-field', noise: fieldNoise }),
    );
  };

  visit(value, `fields.${id}`, 0);
  return texts;
}

function stringTexts(value: string, path: string, label: string | undefined, markup: Dialect): RecordText[] {
  const text = withoutJunk(value);
  const dialect = markup === 'plain' ? 'plain' : customDialect(text);
  return richTexts(text, path, 'custom-field', dialect, label) ?? [];
}
