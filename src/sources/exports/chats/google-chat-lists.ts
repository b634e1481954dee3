/** Google Chat: `group_info.json` and `user_info.json` of a Takeout. */
import type { ExportReader, Probe, RecordPlace } from '../contract.js';
import { readJsonRecords } from '../json-records.js';
import { isObject, type ObjectFormat, objectOf, stringOf, textsOf } from '../object-texts.js';
import { googleChatPlace } from './google-chat.js';

export const googleChatListsReader: ExportReader = {
  id: 'google-chat-lists',
  system: 'google-chat',
  label: 'Google Chat members (Takeout)',
  most: 0.9,
  jsonKeys: ['membership_info', 'user_type'],
  recognise(probe: Probe) {
    if (probe.json?.root !== 'object') return undefined;
    const { keys, inner } = probe.json;
    if (keys.includes('user') && keys.includes('membership_info'))
      return { score: 0.9, reason: 'keys user, membership_info' };
    return inner['members']?.includes('user_type') === true
      ? { score: 0.9, reason: 'members with user_type' }
      : undefined;
  },
  async read(file, sink, hints) {
    await readJsonRecords(file, [''], sink, {
      record: ({ value, raw }) => {
        if (!isObject(value)) return;
        const user = objectOf(value, 'user');
        const place = user === undefined ? googleChatPlace(file.name, value, undefined) : people;
        if (place.kind !== 'channel' && place.kind !== 'workspace' && !hints.includeDirect) return;
        const { texts } = textsOf(value, format, (key) => sink.unknownKey(key));
        sink.record({
          place,
          type: user === undefined ? 'setting' : 'profile',
          id: user === undefined ? 'group' : (stringOf(user, 'email', 'name') ?? 'user'),
          revision: { state: 'current' },
          texts,
          raw,
        });
      },
    });
  },
};

const people: RecordPlace = {
  kind: 'workspace',
  id: 'people',
  name: 'Google Chat people',
  audience: 'restricted',
};

const format: ObjectFormat = {
  known: new Set([
    'email',
    'name',
    'group_name',
    'description',
    'guidelines',
    'emoji',
    'organization',
    'domain',
    'display_name',
    'structured_guidelines',
  ]),
  noise: new Set(['user_type', 'group_id', 'membership_state', 'space_type', 'created_date']),
  field(path) {
    if (path.length === 1 && path[0] === 'name') return { role: 'title', dialect: 'plain' };
    return path.at(-1) === 'description' ? { role: 'description', dialect: 'plain' } : undefined;
  },
};
