import { describe, expect, it } from 'vitest';
import { plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';
import { lostTexts } from './lost-texts.js';

function message(over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    creator: { name: 'Ana', email: 'ana@example.org', user_type: 'Human' },
    created_date: 'Thursday, November 3, 2016 at 1:59:50\u202fPM UTC',
    text: 'KEY=value',
    topic_id: 'TTT',
    message_id: 'SSS/TTT/MMM',
    ...over,
  };
}

/** As Google writes it: `=`, `<` and `'` escaped. */
function takeout(...messages: readonly unknown[]): string {
  return JSON.stringify({ messages }).replaceAll('=', '\\u003d').replaceAll('<', '\\u003c');
}

const space = 'Takeout/Google Chat/Groups/Space SSS/messages.json';

describe('Google Chat of a Takeout', () => {
  it('tells space, author, time and text', async () => {
    const files = {
      [space]: takeout(message({ updated_date: 'Friday, November 4, 2016 at 12:05:00 AM UTC' })),
      'Takeout/Google Chat/Groups/Space SSS/group_info.json': JSON.stringify({
        name: 'Deploys',
        members: [{ name: 'Ana', email: 'ana@example.org', user_type: 'Human' }],
      }),
    };
    const result = await readExport(files, space);
    expect(result.reader).toBe('google-chat-messages');
    expect(result.records).toMatchObject([
      {
        place: { kind: 'channel', id: 'SSS', name: 'Deploys' },
        id: 'SSS/TTT/MMM',
        thread: 'TTT',
        actor: { name: 'Ana', email: 'ana@example.org', kind: 'user' },
        time: { created: '2016-11-03T13:59:50Z', edited: '2016-11-04T00:05:00Z' },
        permalink: { url: 'https://chat.google.com/room/SSS/TTT/MMM', level: 'record' },
        texts: expect.arrayContaining([
          { text: 'KEY=value', dialect: 'plain', field: { path: 'text', role: 'body' } },
        ]),
      },
    ]);
    const group = await readExport(files, 'Takeout/Google Chat/Groups/Space SSS/group_info.json');
    expect(group.reader).toBe('google-chat-lists');
    expect(group.records[0]).toMatchObject({ type: 'setting', place: { id: 'SSS', name: 'Deploys' } });
  });

  it('knows direct messages by their folder or group', async () => {
    const direct = { 'x/DM QQQ/messages.json': takeout(message({ message_id: 'QQQ/a/b' })) };
    const left = await readExport(direct, 'x/DM QQQ/messages.json', { includeDirect: false });
    expect(left.notes).toEqual({ 'direct-message': 1 });
    const renamed = {
      'y/1.json': takeout(message()),
      'y/group_info.json': '{"members":[{"name":"a","user_type":"Human"},{"name":"b","user_type":"Human"}]}',
    };
    expect((await readExport(renamed, 'y/1.json')).records[0]?.place.kind).toBe('dm');
    expect((await readExport({ z: takeout(message()) }, 'z')).records[0]?.place).toMatchObject({
      kind: 'channel',
      id: 'SSS',
    });
  });

  it('takes quoted messages out, and knows deleted ones', async () => {
    const quoted = { creator: { name: 'Eve' }, text: 'old words', message_id: 'SSS/TTT/000' };
    const { records } = await readExport(
      {
        x: takeout(
          message({ quoted_message_metadata: quoted }),
          message({
            message_id: 'SSS/TTT/2',
            message_state: 'DELETED',
            deletion_metadata: { deletion_type: 'CREATOR' },
          }),
        ),
      },
      'x',
    );
    expect(records[1]).toMatchObject({
      id: 'SSS/TTT/MMM/quote',
      revision: { state: 'quoted-copy', of: 'SSS/TTT/000' },
      actor: { name: 'Eve' },
    });
    expect(records[1]?.texts[0]).toMatchObject({ text: 'old words' });
    expect(JSON.stringify(records[0]?.texts)).not.toContain('old words');
    expect(records[2]?.revision.state).toBe('deleted');
  });

  it('loses no text', async () => {
    const kept = /(?:^|\.)(?:user_type|\w+_date|message_id|topic_id|message_state|id|type)$/;
    const url = 'private_do_not_access_or_else_safe_url_wrapped_value';
    const planted = plantMarkers(
      message({
        attached_files: [{ original_name: 'a', export_name: 'b' }],
        annotations: [
          { url_metadata: { title: 'c', snippet: 'd', url: { [url]: 'https://e' } } },
          { drive_metadata: { title: 'f' } },
        ],
        cards: [{ sections: ['g'] }],
        quoted_message_metadata: { text: 'h', other: 'i' },
      }),
      (path) => kept.test(path),
    );
    const { records } = await readExport({ x: JSON.stringify({ messages: [planted.value] }) }, 'x');
    expect(lostTexts(planted, records)).toEqual([]);
  });
});
