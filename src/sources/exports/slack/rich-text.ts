/** Block Kit: the `blocks` of messages, attachments and titles. */
import { isObject, type JsonObject } from '../object-texts.js';
import type { TextList } from './text-list.js';

/** Lists stand in quotes in lists; deeper than this nobody writes. */
const maxDepth = 24;

/** Adds the texts of a `blocks` array: one for each block of rich text, one for each text object of the others. */
export function addBlocks(blocks: unknown, path: string, out: TextList): void {
  if (!Array.isArray(blocks)) {
    if (isObject(blocks)) addBlocks([blocks], path, out);
    return;
  }
  for (let i = 0; i < blocks.length; i++) addKit(blocks[i], 'blocks', `${path}.${i}`, out, 0);
}

/** Text of a `rich_text` block: its leaves joined with nothing, since a token may lie over several of them. */
function richText(block: JsonObject, path: string, out: TextList, depth: number): string {
  let text = '';
  /** The leaves on lines of their own, when words of two would touch. */
  let apart = '';
  let isTouching = false;
  /** Last character of the leaf before. */
  let end = '';
  const parts = block['elements'];
  if (!Array.isArray(parts)) return text;
  for (let i = 0; i < parts.length; i++) {
    const part: unknown = parts[i];
    if (!isObject(part)) continue;
    if (Array.isArray(part['elements'])) {
      // Sections, quotes, code and the items of lists are lines of their own.
      if (text !== '') text += '\n';
      end = '';
      if (depth < maxDepth) text += richText(part, `${path}.elements.${i}`, out, depth + 1);
      else out.sweep(`${path}.elements.${i}`, 'elements', part, kitTextKeys);
    } else {
      const leaf = leafText(part, `${path}.elements.${i}`, out);
      if (wordCharacter.test(end) && wordCharacter.test(leaf.charAt(0))) isTouching = true;
      end = leaf.at(-1) ?? end;
      text += leaf;
      apart += `${leaf}\n`;
    }
  }
  if (isTouching) out.add(`${path}.elements`, 'body', apart, 'plain');
  return text;
}

export const wordCharacter: RegExp = /\w/;

/** Keys of leaves that are part of their text, or no text. */
export const leafKeys: ReadonlySet<string> = new Set([
  'type',
  'text',
  'url',
  'name',
  'unicode',
  'style',
  'value',
  'fallback',
  'format',
  'range',
  'user_id',
  'channel_id',
  'usergroup_id',
  'team_id',
  'file_id',
  'skin_tone',
  'display_team_id',
  'timestamp',
  'unsafe',
  'border',
  'indent',
  'offset',
]);

function leafText(leaf: JsonObject, path: string, out: TextList): string {
  for (const key in leaf) if (!leafKeys.has(key)) out.sweep(`${path}.${key}`, key, leaf[key]);
  const type = leaf['type'];
  if (type === 'text') return stringIn(leaf, 'text');
  if (type === 'link') {
    const label = stringIn(leaf, 'text');
    const url = stringIn(leaf, 'url');
    if (label === '' || label === url) return url;
    out.link(`${path}.url`, url);
    return label;
  }
  if (type === 'emoji') return `:${stringIn(leaf, 'name')}:`;
  if (type === 'user') return `@${stringIn(leaf, 'user_id')}`;
  if (type === 'usergroup') return `@${stringIn(leaf, 'usergroup_id')}`;
  if (type === 'channel') return `#${stringIn(leaf, 'channel_id')}`;
  if (type === 'broadcast') return `@${stringIn(leaf, 'range')}`;
  if (type === 'color') return stringIn(leaf, 'value');
  out.link(`${path}.url`, leaf['url']);
  return (
    stringIn(leaf, 'text') || stringIn(leaf, 'fallback') || stringIn(leaf, 'value') || stringIn(leaf, 'name')
  );
}

function stringIn(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === 'string' ? value : '';
}

/** Keys of blocks and elements that hold links. */
const linkKeys = new Set([
  'url',
  'image_url',
  'video_url',
  'thumbnail_url',
  'title_url',
  'provider_icon_url',
]);
/** Keys that hold text; the role of all is the body, since a reader of the message sees them. */
const kitTextKeys = new Set([
  'text',
  'alt_text',
  'title',
  'label',
  'hint',
  'placeholder',
  'description',
  'confirm',
  'deny',
  'author_name',
  'provider_name',
  'initial_value',
]);
/** Keys that hold names given by programs; short ones say nothing, long ones may carry a payload. */
const programKeys = new Set([
  'block_id',
  'action_id',
  'external_id',
  'callback_id',
  'dispatch_action_config',
]);
export const longestId: number = 24;

/** Any block or element: its text objects, links and values. */
function addKit(node: unknown, key: string, path: string, out: TextList, depth: number): void {
  if (typeof node === 'string') {
    addKitString(node, key, path, out);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  if (depth > maxDepth) {
    out.sweep(path, key, node, kitTextKeys);
    return;
  }
  if (Array.isArray(node)) {
    for (let i = 0; i < node.length; i++) addKit(node[i], key, `${path}.${i}`, out, depth + 1);
    return;
  }
  const object = node as JsonObject;
  const type = object['type'];
  if (type === 'rich_text') {
    out.add(path, 'body', richText(object, path, out, 0), 'plain');
    addOthers(object, richTextKeys, path, out, depth);
  } else if (type === 'table' && Array.isArray(object['rows'])) {
    addTable(object['rows'], `${path}.rows`, out);
    addOthers(object, tableKeys, path, out, depth);
  } else if (typeof object['text'] === 'string' && typeof type === 'string') {
    out.add(`${path}.text`, 'body', object['text'], type === 'markdown' ? 'markdown' : 'slack-mrkdwn');
    addOthers(object, textKeys, path, out, depth);
  } else addOthers(object, noKeys, path, out, depth);
}

const richTextKeys = new Set(['elements']);
const tableKeys = new Set(['rows']);
const textKeys = new Set(['text']);
const noKeys: ReadonlySet<string> = new Set();

function addOthers(
  object: JsonObject,
  done: ReadonlySet<string>,
  path: string,
  out: TextList,
  depth: number,
): void {
  for (const key in object) {
    const value = object[key];
    if (typeof value === 'string' || typeof value === 'object') {
      if (!done.has(key) && key !== 'type') addKit(value, key, `${path}.${key}`, out, depth + 1);
    }
  }
}

function addKitString(text: string, key: string, path: string, out: TextList): void {
  if (linkKeys.has(key)) out.link(path, text);
  else if (kitTextKeys.has(key)) out.add(path, 'body', text, 'slack-mrkdwn');
  else if (key === 'value') out.add(path, 'metadata', text, 'plain');
  else if (!programKeys.has(key)) out.sweep(path, key, text);
  else if (text.length > longestId) out.add(path, 'metadata', text, 'plain');
}

/** Rows of a table: the cells of one row are one text. */
function addTable(rows: readonly unknown[], path: string, out: TextList): void {
  for (let i = 0; i < rows.length; i++) {
    const cells: unknown = rows[i];
    if (!Array.isArray(cells)) continue;
    const texts = cells.map((cell: unknown, column) => {
      if (!isObject(cell)) return '';
      return typeof cell['text'] === 'string'
        ? cell['text']
        : richText(cell, `${path}.${i}.${column}`, out, 0);
    });
    out.add(`${path}.${i}`, 'body', texts.join('\t'), 'plain');
  }
}
