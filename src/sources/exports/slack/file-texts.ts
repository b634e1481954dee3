/** Files as messages and canvas lists name them: titles, previews, mail parts and addresses; never their bytes. */
import type { RecordSink } from '../contract.js';
import { isNoise } from '../leaves.js';
import { isObject, type JsonObject } from '../object-texts.js';
import { addBlocks } from './rich-text.js';
import type { TextList } from './text-list.js';

/** Keys that hold no text: ids, sizes, sorts, people. */
const noiseKeys = new Set([
  'id',
  'user',
  'user_team',
  'mimetype',
  'filetype',
  'pretty_type',
  'mode',
  'external_type',
  'external_id',
  'media_display_type',
  'subtype',
  'file_access',
  'quip_thread_id',
  'source_canvas_id',
  'channels',
  'groups',
  'ims',
  'shares',
  'pinned_to',
  'team_pref_version_history_enabled',
  'thumb_tiny',
  'cc_count',
  'last_editor',
  'editors',
  'favorites',
  'reactions',
  'teams_shared_with',
  'access',
  'org_or_workspace_access',
  'dm_mpdm_users_with_file_access',
  'canvas_creator_id',
  'editor',
  'bot_id',
  'app_id',
]);
const knownKeys = new Set([
  'username',
  'headers',
  'from',
  'to',
  'cc',
  'address',
  'original',
  'transcription',
  'content',
  'date',
  'message_id',
  'reply_to',
  'locale',
  'list_metadata',
  'app_name',
  'summary',
  'value',
  'label',
  'list_csv_download_url',
]);

/** Adds the texts of one file. */
export function addFile(file: unknown, path: string, out: TextList, sink: RecordSink): void {
  if (!isObject(file)) return;
  const isSnippet = file['mode'] === 'snippet';
  for (const key in file) {
    const value = file[key];
    if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) continue;
    if (noiseKeys.has(key)) out.noise(`${path}.${key}`, key, value);
    else addMember(file, key, value, `${path}.${key}`, isSnippet, out);
  }
  if (file['preview_is_truncated'] === true || isMore(file['lines_more'])) sink.note('truncated');
}

function isMore(lines: unknown): boolean {
  return typeof lines === 'number' && lines > 0;
}

function addMember(
  file: JsonObject,
  key: string,
  value: unknown,
  path: string,
  isSnippet: boolean,
  out: TextList,
): void {
  switch (key) {
    case 'title':
      out.add(path, 'attachment-name', value, 'plain');
      return;
    case 'name':
      if (value !== file['title']) out.add(path, 'filename', value, 'plain');
      return;
    case 'subject':
      out.add(path, 'title', value, 'plain');
      return;
    case 'preview':
      out.add(path, isSnippet ? 'snippet' : 'attachment-text', value, isSnippet ? 'code' : 'plain');
      return;
    case 'preview_highlight':
      out.add(path, 'snippet', value, 'html');
      return;
    case 'simplified_html':
      out.add(path, 'attachment-text', value, 'html');
      return;
    case 'plain_text':
    case 'preview_plain_text':
    case 'alt_txt':
      out.add(path, 'attachment-text', value, 'plain');
      return;
    case 'initial_comment':
    case 'comment':
      addComment(value, path, out);
      return;
    case 'title_blocks':
    case 'blocks':
      addBlocks(value, path, out);
      return;
    default:
      if (typeof value === 'string' && isAddress(key)) addAddress(key, path, value, out);
      else out.sweep(path, key, value, knownKeys);
  }
}

/** A comment on a file: `{ comment: "...", user, created }`. */
export function addComment(value: unknown, path: string, out: TextList): void {
  if (isObject(value)) {
    out.add(`${path}.comment`, 'comment', value['comment'], 'slack-mrkdwn');
    for (const key in value) {
      if (key !== 'comment' && key !== 'user' && key !== 'id') out.sweep(`${path}.${key}`, key, value[key]);
    }
  } else out.add(path, 'comment', value, 'slack-mrkdwn');
}

function isAddress(key: string): boolean {
  return (
    key.startsWith('url') ||
    key.startsWith('thumb_') ||
    key.startsWith('permalink') ||
    key.endsWith('_url') ||
    key.endsWith('_link') ||
    key === 'converted_pdf' ||
    key === 'deanimate_gif' ||
    key === 'mp4' ||
    key === 'hls' ||
    key === 'hls_embed' ||
    key === 'mp4_low' ||
    key === 'aac' ||
    key === 'vtt'
  );
}

/** Pictures of the file are worth a look only for the export's token, or whatever else follows a `?`. */
function addAddress(key: string, path: string, url: string, out: TextList): void {
  if (!key.startsWith('thumb_') || !isNoise(key, url)) out.link(path, url);
}

/** True when the bytes of the file lie at Slack and could have been in the export. */
export function isHosted(file: unknown): boolean {
  if (!isObject(file)) return false;
  if (file['mode'] === 'tombstone' || file['mode'] === 'hidden_by_limit') return true;
  return file['is_external'] !== true && typeof file['url_private'] === 'string';
}
