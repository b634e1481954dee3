/** Message cards as Mattermost, Rocket.Chat and Discord bots attach them to messages, after Slack's example. */
import type { Dialect } from '../contract.js';
import { type JsonObject, lastKey, stringOf, type TextField } from '../object-texts.js';

const linkKeys = new Set([
  'url',
  'title_link',
  'author_link',
  'image_url',
  'thumb_url',
  'audio_url',
  'video_url',
  'message_link',
  'icon_url',
  'href',
]);
const bodyKeys = new Set(['fallback', 'pretext', 'text', 'footer', 'author_name', 'description']);
const colour = /^#?[0-9a-f]{3,8}$/i;

/**
 * What a string within a card is; undefined for what is left to the sweep.
 *
 * @param path keys from the card down
 */
export function cardField(
  path: readonly string[],
  text: string,
  holder: JsonObject,
  dialect: Dialect,
): TextField | 'skip' | undefined {
  const key = lastKey(path);
  const isInField = path.some((part) => part === 'fields');
  if (isInField && key === 'value') {
    const label = stringOf(holder, 'title', 'name');
    return { role: 'custom-field', dialect, ...(label === undefined ? {} : { label }) };
  }
  if (key === 'title') return { role: isInField ? 'body' : 'title', dialect };
  if (isInField && key === 'name') return { role: 'body', dialect };
  if (linkKeys.has(key)) return { role: 'link', dialect: 'plain' };
  if (bodyKeys.has(key)) return { role: 'body', dialect };
  return (key === 'color' || key === 'colour') && colour.test(text) ? 'skip' : undefined;
}
