import { describe, expect, it } from 'vitest';
import { plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';
import { lostTexts } from './lost-texts.js';

const room = '!abc:example.org';

function event(
  id: string,
  content: unknown,
  over: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    type: 'm.room.message',
    sender: '@ana:example.org',
    content,
    origin_server_ts: 1700000000123,
    event_id: `$${id}`,
    room_id: room,
    ...over,
  };
}

function text(body: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { msgtype: 'm.text', body, ...more };
}

function exportOf(...messages: readonly unknown[]): string {
  const header = {
    room_name: 'Ops',
    room_creator: '@ana:example.org',
    topic: 'all keys',
    export_date: '1/2/24',
  };
  return JSON.stringify({ ...header, exported_by: '@ben:example.org', messages }, null, 4);
}

describe('Matrix rooms', () => {
  it.each([
    ['an export of Element', exportOf(event('1', text('pw', { formatted_body: '<b>pw</b>', format: 'x' })))],
    ['a list of events', JSON.stringify([event('1', text('pw', { formatted_body: '<b>pw</b>' }))])],
    [
      'a page of events',
      JSON.stringify({ chunk: [event('1', text('pw', { formatted_body: '<b>pw</b>' }))] }),
    ],
    ['lines of events', JSON.stringify(event('1', text('pw', { formatted_body: '<b>pw</b>' })))],
  ])('are known from %s', async (_, source) => {
    const result = await readExport({ 'a/b': source }, 'a/b');
    expect(result.reader).toBe('matrix-events');
    expect(result.records[0]).toMatchObject({
      place: { kind: 'channel', id: room },
      type: 'message',
      id: '$1',
      actor: { id: '@ana:example.org' },
      time: { created: '2023-11-14T22:13:20.123Z' },
      permalink: { url: `https://matrix.to/#/${encodeURIComponent(room)}/${encodeURIComponent('$1')}` },
      revision: { state: 'current' },
    });
    expect(result.records[0]?.texts.map((each) => [each.text, each.dialect])).toEqual([
      ['pw', 'plain'],
      ['<b>pw</b>', 'html'],
    ]);
    expect(result.unknownKeys).toEqual([]);
  });

  it('keep each wording of an edited message', async () => {
    const edit = (id: string, body: string): Record<string, unknown> =>
      event(
        id,
        text(`* ${body}`, {
          'm.new_content': text(body),
          'm.relates_to': { rel_type: 'm.replace', event_id: '$1' },
        }),
        { origin_server_ts: 1700000000123 + Number(id) },
      );
    const source = exportOf(
      event('1', text('first')),
      edit('3', 'third'),
      edit('2', 'second'),
      event('4', text('x')),
    );
    const { records } = await readExport({ x: source }, 'x');
    expect(records.slice(0, 4).map((record) => [record.id, record.revision, record.texts[0]?.text])).toEqual([
      ['$1', { state: 'previous', id: '$1' }, 'first'],
      ['$1', { state: 'current', id: '$3' }, 'third'],
      ['$1', { state: 'previous', id: '$2' }, 'second'],
      ['$4', { state: 'current' }, 'x'],
    ]);
    expect(records[1]?.texts).toHaveLength(1);
  });

  it('give what a reply copies as a quote of the message it answers', async () => {
    const reply = text('> <@eve:example.org> old words\n> more\n\nanswer', {
      formatted_body: '<mx-reply><blockquote>old words</blockquote></mx-reply>answer',
      'm.relates_to': { 'm.in_reply_to': { event_id: '$0' } },
    });
    const { records } = await readExport(
      { x: exportOf(event('1', reply), event('2', text('> no reply'))) },
      'x',
    );
    expect(records[0]?.texts.map((each) => each.text)).toEqual(['answer', 'answer']);
    expect(records[1]).toMatchObject({ id: '$1/quote', revision: { state: 'quoted-copy', of: '$0' } });
    expect(records[1]?.actor).toBeUndefined();
    expect(records[1]?.texts.map((each) => each.text)).toEqual([
      '<@eve:example.org> old words\nmore',
      '<blockquote>old words</blockquote>',
    ]);
    expect(records[2]?.texts[0]?.text).toBe('> no reply');
  });

  it('count what was not decrypted, and flag keys of attachments', async () => {
    const file = { url: 'mxc://x/y', key: { k: 'c2VjcmV0', alg: 'A256CTR', kty: 'oct' }, iv: 'aXY' };
    const source = exportOf(
      event('1', { algorithm: 'm.megolm.v1.aes-sha2', ciphertext: 'AwgA' }, { type: 'm.room.encrypted' }),
      event('2', { msgtype: 'm.file', body: 'a.env', file }),
      event('3', { body: 'gone' }, { unsigned: { redacted_because: { type: 'm.room.redaction' } } }),
      event('4', { topic: 'new topic' }, { type: 'm.room.topic', state_key: '' }),
      event('5', text('in thread', { 'm.relates_to': { rel_type: 'm.thread', event_id: '$2' } })),
    );
    const { records, notes } = await readExport({ x: source }, 'x');
    expect(notes).toEqual({ encrypted: 1 });
    const byId = new Map(records.map((record) => [record.id, record]));
    expect(
      byId
        .get('$2')
        ?.texts.filter((each) => each.artifact)
        .map((each) => each.text),
    ).toEqual(['c2VjcmV0']);
    expect(byId.get('$3')?.revision.state).toBe('deleted');
    expect(byId.get('$4')).toMatchObject({
      type: 'setting',
      texts: [{ text: 'new topic', field: { role: 'topic' } }],
    });
    expect(byId.get('$5')?.thread).toBe('$2');
    expect(byId.get('room')?.texts.map((each) => each.text)).toContain('all keys');
  });

  it('between two are direct when an event says so, wherever it stands', async () => {
    const source = exportOf(
      event('1', text('pw')),
      event('2', { membership: 'invite', is_direct: true }, { type: 'm.room.member' }),
    );
    const left = await readExport({ x: source }, 'x', { includeDirect: false });
    expect(left.records).toEqual([]);
    expect(left.notes).toEqual({ 'direct-message': 2 });
    expect((await readExport({ x: source }, 'x')).records[0]?.place.kind).toBe('dm');
  });

  it('lose no text', async () => {
    const kept = /(?:^|\.)(?:type|event_id|room_id|rel_type|msgtype|format|export_date)$/;
    const planted = plantMarkers(
      JSON.parse(
        exportOf(
          event('1', text('a', { filename: 'f', url: 'mxc://u', info: { note: 'n' }, vendor: ['v'] })),
          event(
            '2',
            text('* b', {
              'm.new_content': text('c'),
              'm.relates_to': { rel_type: 'm.replace', event_id: '$1' },
            }),
          ),
        ),
      ),
      (path) => kept.test(path) || path.endsWith('sender'),
    );
    const { records } = await readExport({ x: JSON.stringify(planted.value) }, 'x');
    expect(lostTexts(planted, records)).toEqual([]);
  });
});
