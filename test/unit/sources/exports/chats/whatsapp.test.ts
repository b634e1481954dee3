import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';

async function read(
  lines: readonly string[],
  name = 'chat.txt',
  includeDirect = true,
): ReturnType<typeof readExport> {
  return await readExport({ [name]: lines.join('\n') }, name, { includeDirect });
}

describe('WhatsApp text', () => {
  it('reads Android lines, and goes on over lines without a header', async () => {
    const { reader, records } = await read([
      '13/9/20, 23:54 - Messages and calls are end-to-end encrypted.',
      '13/9/20, 23:55 - Ana: KEY=1',
      'KEY2: 2',
      '',
      '13/9/20, 23:55 - Bob: <Media omitted>',
    ]);
    expect(reader).toBe('whatsapp-text');
    expect(records).toMatchObject([
      { type: 'event', texts: [{ text: 'Messages and calls are end-to-end encrypted.' }] },
      {
        type: 'message',
        id: '13/9/20, 23:55',
        actor: { name: 'Ana' },
        time: { created: '2020-09-13T23:55:00', precision: 'min' },
        texts: [{ text: 'KEY=1\nKEY2: 2' }],
        raw: { line: 2 },
      },
      { id: '13/9/20, 23:55/2', actor: { name: 'Bob' } },
    ]);
  });

  it('reads iOS lines with their marks and narrow blanks', async () => {
    const { records, notes } = await read([
      '\ufeff\u200e[9/13/20, 11:55:01\u202fPM] Ana: \u200e<attached: 1.jpg>\r',
      '[9/13/20, 12:05:02\u202fAM] Bob: night\r',
      '\u200e[9/14/20, 12:05:02\u202fPM] Bob: \u200eimage omitted\r',
    ]);
    expect(records.map((r) => r.time?.created)).toEqual([
      '2020-09-13T23:55:01',
      '2020-09-13T00:05:02',
      '2020-09-14T12:05:02',
    ]);
    expect(notes['attachment-missing']).toBe(1);
  });

  it.each([
    ['a day beyond twelve', ['13/1/21, 10:00 - A: x'], '2021-01-13'],
    ['a month behind it', ['1/13/21, 10:00 - A: x'], '2021-01-13'],
    ['dots', ['02.03.21, 10:00 - A: x'], '2021-03-02'],
    ['a year first', ['2021-03-02, 10:00 - A: x'], '2021-03-02'],
    ['the same number twice', ['2/2/21, 10:00 - A: x'], '2021-02-02'],
    ['the order of days', ['2/1/21, 10:00 - A: x', '1/2/21, 10:00 - A: y'], '2021-01-02'],
    ['nothing', ['2/3/21, 10:00 - A: x'], undefined],
  ])('tells the day from the month by %s', async (_what, lines, date) => {
    const { records } = await read(lines);
    expect(records[0]?.time?.created?.slice(0, 10)).toBe(date);
  });

  it.each([
    ['Hungarian', '2024. 03. 01. 22:02 - %', '2024-03-01T22:02:00'],
    ['Korean', '2024. 3. 1. 오후 10:02 - %', '2024-03-01T22:02:00'],
    ['Korean iOS', '[2024. 3. 1. 오후 10:02:03] %', '2024-03-01T22:02:03'],
    ['Chinese iOS', '[2024/3/1 下午10:02:03] %', '2024-03-01T22:02:03'],
    ['Finnish', '1.3.2024 klo 22.02 - %', '2024-03-01T22:02:00'],
    ['Bulgarian', '1.03.24 г., 22:02 - %', '2024-03-01T22:02:00'],
    ['Arabic', '\u200f١٣\u200f/٣\u200f/٢٠٢٤، ١٠:٠٢ م - %', '2024-03-13T22:02:00'],
    ['Persian', '۲۰۲۴/۳/۱،\u200f ۲۲:۰۲ - %', '2024-03-01T22:02:00'],
    ['Thai', '13/3/2567 22:02 - %', '2024-03-13T22:02:00'],
    ['Vietnamese', '22:02, 13/03/2024 - %', '2024-03-13T22:02:00'],
    ['Greek', '13/3/24, 10:02 μ.μ. - %', '2024-03-13T22:02:00'],
    ['Indian', '13/03/24, 10:02 pm - %', '2024-03-13T22:02:00'],
  ])('reads the dates of %s phones', async (_language, form, created) => {
    const lines = ['Ana: KEY=1', 'Bob: other', 'Cem: last'].map((text) => form.replace('%', text));
    const { reader, records } = await read([...lines, 'KEY2: 2'], 'WhatsApp Chat with Ops.txt');
    expect(reader).toBe('whatsapp-text');
    expect(records).toMatchObject([
      { actor: { name: 'Ana' }, time: { created }, texts: [{ text: 'KEY=1' }] },
      { actor: { name: 'Bob' }, time: { created } },
      { actor: { name: 'Cem' }, texts: [{ text: 'last\nKEY2: 2' }] },
    ]);
  });

  it('names the chat after its file, or after the folder of a _chat.txt', async () => {
    const lines = ['1/1/21, 10:00 - A: x', '1/1/21, 10:00 - B: x', '1/1/21, 10:00 - C: x'];
    const place = async (name: string): Promise<unknown> => (await read(lines, name)).records[0]?.place;
    expect(await place('WhatsApp Chat with Ops.txt')).toMatchObject({
      kind: 'channel',
      id: 'Ops',
      name: 'Ops',
    });
    expect(await place('x/Ops team/_chat.txt')).toMatchObject({ id: 'Ops team' });
    lines.unshift('[1/1/21, 9:59:00] Night shift: \u200eMessages and calls are end-to-end encrypted.');
    expect(await place('_chat.txt')).toMatchObject({ id: 'Night shift' });
    lines[0] = '1/1/21, 9:59 - A created group "Day shift"';
    expect(await place('x.txt')).toMatchObject({ id: 'Day shift' });
  });

  it('takes a chat of two for a direct one', async () => {
    const lines = ['1/1/21, 10:00 - A: x', '1/1/21, 10:01 - B: x'];
    const { records, notes } = await read(lines, 'WhatsApp Chat with Ana.txt', false);
    expect(records).toEqual([]);
    expect(notes['direct-message']).toBe(2);
    const group = ['1/1/21, 10:00 - A created group "G"', ...lines];
    expect((await read(group, 'x.txt', false)).records).toHaveLength(3);
  });

  it('knows a renamed chat by people who speak, where the locale writes no comma', async () => {
    const chat = ['13/03/2024 10:02 - Ana: a', '13/03/2024 10:02 - Bob: b', '13/03/2024 10:03 - Ana: c'];
    expect((await read(chat)).reader).toBe('whatsapp-text');
    const log = ['13/03/2024 10:02 - INFO: a', '13/03/2024 10:02 - Bob: b', '13/03/2024 10:03 - INFO: c'];
    expect((await read(log)).reader).not.toBe('whatsapp-text');
  });

  it('does not take logs for chats', async () => {
    const log = ['2021-01-01 10:00:00 - INFO - start', '2021-01-01 10:00:01 - INFO - stop: x'];
    expect((await read(log)).reader).not.toBe('whatsapp-text');
    expect((await read(['[2021-01-01 10:00:00] app: x'])).reader).not.toBe('whatsapp-text');
  });
});
