import { describe, expect, it } from 'vitest';
import { plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';
import { lostTexts } from './lost-texts.js';

/** Each byte of UTF-8 as a character of its own, as the download writes text. */
function bytesAsText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

const thread = {
  participants: [{ name: bytesAsText('Zoë') }, { name: 'Ben' }],
  messages: [
    { sender_name: bytesAsText('Zoë'), timestamp_ms: 1415147732056, content: bytesAsText('pässwörd “x”') },
    { sender_name: 'Ben', timestamp_ms: 1415147681489, content: 'plain é stays' },
    { sender_name: 'Ben', timestamp_ms: 1415147681489, content: 'same time', is_unsent: true },
    { sender_name: 'Ben', timestamp_ms: 1415147681000, share: { link: 'https://example.org/?token=abc' } },
  ],
  title: bytesAsText('Zoë'),
  thread_path: 'inbox/zoe_123',
};

describe('a conversation of Messenger', () => {
  it('has its text, names and place decoded, though they stand behind the messages', async () => {
    const source = `\ufeff${JSON.stringify(thread, null, 2)}`;
    const result = await readExport({ 'm/inbox/other/1': source }, 'm/inbox/other/1', { piece: 50 });
    expect(result.reader).toBe('messenger-thread');
    expect(result.records[0]).toMatchObject({
      place: { kind: 'dm', id: 'inbox/zoe_123', name: 'Zoë' },
      id: '1415147732056/Zoë',
      actor: { name: 'Zoë' },
      time: { created: '2014-11-05T00:35:32.056Z' },
      texts: [{ text: 'pässwörd “x”', field: { path: 'content', role: 'body' } }],
    });
    expect(result.records[1]?.texts[0]?.text).toBe('plain é stays');
    expect(result.records.slice(1, 3).map((record) => record.id)).toEqual([
      '1415147681489/Ben',
      '1415147681489/Ben/2',
    ]);
    expect(result.records[2]?.revision.state).toBe('deleted');
    expect(result.records[3]?.texts[0]).toMatchObject({ field: { role: 'link' } });
    expect(result.records[4]).toMatchObject({ type: 'setting' });
  });

  it('is direct', async () => {
    const { records, notes } = await readExport({ x: JSON.stringify(thread) }, 'x', { includeDirect: false });
    expect(records).toEqual([]);
    expect(notes).toEqual({ 'direct-message': 4 });
  });

  it('is known in the form of the encrypted backup', async () => {
    const messages = [
      {
        isUnsent: false,
        media: [],
        reactions: [],
        senderName: 'Ana',
        text: 'hi',
        timestamp: 1700000000000,
        type: 'text',
      },
    ];
    const source = JSON.stringify({ participants: ['Ana', 'Ben', 'Eve'], threadName: 'Us_1', messages });
    const { reader, records } = await readExport({ x: source }, 'x');
    expect(reader).toBe('messenger-thread');
    expect(records[0]).toMatchObject({
      place: { kind: 'group-dm', id: 'Us_1' },
      actor: { name: 'Ana' },
      time: { created: '2023-11-14T22:13:20.000Z' },
      texts: [{ text: 'hi', field: { role: 'body' } }],
    });
  });

  it('loses no text', async () => {
    const planted = plantMarkers({ ...thread, image: { uri: 'a' }, vendor: 'b' }, (path) =>
      /sender_name|thread_path/.test(path),
    );
    const { records } = await readExport({ x: JSON.stringify(planted.value) }, 'x');
    expect(lostTexts(planted, records)).toEqual([]);
  });
});
