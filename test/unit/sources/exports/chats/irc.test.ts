import { describe, expect, it } from 'vitest';
import type { ExportRecord } from '../../../../../src/sources/exports/contract.js';
import { readExport } from '../../../../support/read-export.js';

function shown(record: ExportRecord | undefined): unknown[] {
  return [record?.texts[0]?.field.path, record?.actor?.name, record?.time?.created, record?.texts[0]?.text];
}

async function readLog(lines: readonly string[], name = 'x'): Promise<readonly ExportRecord[]> {
  const result = await readExport({ [name]: lines.join('\n') }, name);
  expect(result.reader).toBe('irc-log');
  return result.records;
}

describe('a log of IRC', () => {
  it.each<[string, string, string[], unknown[][]]>([
    [
      'of a bot',
      'x',
      [
        '2005-01-09T02:05:04  <ana> hello',
        '2005-01-09T02:06:04  * ben waves',
        '2005-01-09T02:07:00  *** eve has quit',
      ],
      [
        ['message', 'ana', '2005-01-09T02:05:04', 'hello'],
        ['action', 'ben', '2005-01-09T02:06:04', 'waves'],
        ['event', undefined, '2005-01-09T02:07:00', 'eve has quit'],
      ],
    ],
    [
      'of irssi',
      'x',
      [
        '--- Log opened Wed Jan 14 10:36:00 2009',
        '10:36 <@ana> hello',
        '--- Day changed Thu Jan 15 2009',
        '00:01 < ben> late',
        '00:02 -!- eve [e@h] has joined #ops',
      ],
      [
        ['event', undefined, undefined, '--- Log opened Wed Jan 14 10:36:00 2009'],
        ['message', 'ana', '2009-01-14T10:36:00', 'hello'],
        ['event', undefined, undefined, '--- Day changed Thu Jan 15 2009'],
        ['message', 'ben', '2009-01-15T00:01:00', 'late'],
        ['event', undefined, '2009-01-15T00:02:00', 'eve [e@h] has joined #ops'],
      ],
    ],
    [
      'of ZNC',
      'znc/libera/#Ops/2024-03-01.log',
      ['[12:34:56] <ana> hello', '[12:35:00] *** Joins: ben (b@h)', '[12:36:00] -NickServ- identify first'],
      [
        ['message', 'ana', '2024-03-01T12:34:56', 'hello'],
        ['event', undefined, '2024-03-01T12:35:00', 'Joins: ben (b@h)'],
        ['notice', 'NickServ', '2024-03-01T12:36:00', 'identify first'],
      ],
    ],
    [
      'of dircproxy',
      'log-2009-01.txt',
      ['[14 Jan 10:36] --> ana (u@h) joined the channel', '[14 Jan 12:36] <ben!u@h> +hello'],
      [
        ['event', undefined, undefined, 'ana (u@h) joined the channel'],
        ['message', 'ben', undefined, '+hello'],
      ],
    ],
    [
      'of HexChat',
      'x',
      [
        '**** BEGIN LOGGING AT Wed Jan 14 10:36:00 2009',
        'Jan 14 10:36:05 <ana>\thello',
        'Jan 14 10:37:05 *\tben waves',
      ],
      [
        ['event', undefined, undefined, '**** BEGIN LOGGING AT Wed Jan 14 10:36:00 2009'],
        ['message', 'ana', '2009-01-14T10:36:05', 'hello'],
        ['action', 'ben', '2009-01-14T10:37:05', 'waves'],
      ],
    ],
    [
      'of WeeChat',
      'irc.libera.#ops.weechatlog',
      [
        '2024-03-01 10:36:05\t-->\tana (u@h) has joined #ops',
        '2024-03-01 10:36:06\t@ana\thello',
        '2024-03-01 10:36:09\tben\thi',
      ],
      [
        ['event', undefined, '2024-03-01T10:36:05', 'ana (u@h) has joined #ops'],
        ['message', 'ana', '2024-03-01T10:36:06', 'hello'],
        ['message', 'ben', '2024-03-01T10:36:09', 'hi'],
      ],
    ],
    [
      'of mIRC',
      'x',
      [
        'Session Start: Wed Jan 14 10:36:00 2009',
        'Session Ident: #ops',
        '[10:36] <ana> hello',
        '<ben> no stamp',
      ],
      [
        ['event', undefined, undefined, 'Session Start: Wed Jan 14 10:36:00 2009'],
        ['event', undefined, undefined, 'Session Ident: #ops'],
        ['message', 'ana', '2009-01-14T10:36:00', 'hello'],
        ['message', 'ben', undefined, 'no stamp'],
      ],
    ],
  ])('%s tells who said what when', async (_, name, lines, expected) => {
    const records = await readLog(lines, name);
    expect(records.map(shown)).toEqual(expected);
    for (const record of records) expect(record.texts[0]?.dialect).toBe('irc');
  });

  it('stands in the channel that its name or a line tells', async () => {
    const lines = ['[12:34:56] <ana> hello', '[12:35:00] *** ben has joined #Deploys', '[12:35:01] <ben> hi'];
    const place = async (name: string): Promise<unknown> => (await readLog(lines, name))[0]?.place;
    expect(await place('a/b')).toMatchObject({ kind: 'channel', id: '#deploys' });
    expect(await place('Libera/#ops_20240301.log')).toMatchObject({ kind: 'channel', id: '#ops' });
    expect(await place('irc.libera.#Ops.weechatlog')).toMatchObject({ id: '#ops' });
  });

  it('is direct where the others beside it are channels', async () => {
    const files = {
      'l/#ops.log': '[12:00] <a> x\n[12:01] <b> y',
      'l/eve.log': '[12:00] <eve> x\n[12:01] <b> y',
    };
    const left = await readExport(files, 'l/eve.log', { includeDirect: false });
    expect(left.records).toEqual([]);
    expect(left.notes).toEqual({ 'direct-message': 1 });
    expect((await readExport(files, 'l/eve.log')).records[0]?.place).toMatchObject({ kind: 'dm', id: 'eve' });
  });

  it('joins the lines of one nick, as servers cut long ones and people paste several', async () => {
    const records = await readLog([
      '2024-03-01T10:00:00 <ana> -----BEGIN KEY-----',
      '2024-03-01T10:00:00 <ana> abcdef',
      '  a line of another form',
      '2024-03-01T10:00:01 <ana> -----END KEY-----',
      '2024-03-01T10:00:02 <ben> thanks',
      '2024-03-01T10:00:02 <ana> np',
      '2024-03-01T11:00:00 <ana> much later',
    ]);
    expect(records.map((record) => [record.id, record.texts[0]?.text, record.raw?.line])).toEqual([
      [
        '2024-03-01T10:00:00 ana',
        '-----BEGIN KEY-----\nabcdef\n  a line of another form\n-----END KEY-----',
        1,
      ],
      ['2024-03-01T10:00:02 ben', 'thanks', 5],
      ['2024-03-01T10:00:02 ana', 'np', 6],
      ['2024-03-01T11:00:00 ana', 'much later', 7],
    ]);
    const many = Array.from({ length: 1000 }, (_, i) => `2024-03-01T10:00:00 <ana> line ${i}`);
    const pieces = await readLog(many);
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.flatMap((record) => record.texts[0]?.text.split('\n'))).toHaveLength(1000);
    expect(new Set(pieces.map((record) => record.id)).size).toBe(pieces.length);
  });

  it('is decoded line by line', async () => {
    const bytes = Buffer.concat([
      Buffer.from('[12:00] <ana> ', 'latin1'),
      Buffer.from('p\u00e4ss\n', 'latin1'),
      Buffer.from('[12:01] <ben> pässwörter\n', 'utf8'),
    ]);
    const { records } = await readExport({ x: bytes }, 'x');
    expect(records.map((record) => record.texts[0]?.text)).toEqual(['päss', 'pässwörter']);
  });

  it('keeps topics apart', async () => {
    const records = await readLog([
      '[12:00:01] <ana> x',
      '[12:00:02] *** ana changes topic to "pw is x"',
      '[12:00:03] *** ben has quit',
    ]);
    expect(records.map((record) => record.texts[0]?.field.role)).toEqual(['body', 'topic', 'body']);
  });

  it.each([
    ['[12:00:01] [Server thread/INFO]: started', '[12:00:02] [main/WARN]: slow', '[12:00:03] <x> y'].join(
      '\n',
    ),
    '<html>\n<body>\n<b> text\n</body>',
    '2024-01-01 10:00:00\tINFO\tstarted\n2024-01-01 10:00:01\tWARN\tslow\n2024-01-01 10:00:02\tINFO\tdone',
    '10:00 start of the day\n11:00 lunch\n12:00 end',
    '* one\n* two\n* three',
    '[12/9/20, 23:55:01] Ana: text\n[12/9/20, 23:55:02] Ben: <x> text',
  ])('is not every text with stamps or nicks: %#', async (source) => {
    expect((await readExport({ x: source }, 'x')).reader).not.toBe('irc-log');
  });

  it('of which only one line is there is no JSON', async () => {
    const { reader } = await readExport({ x: '[12:00] <ana> hello' }, 'x');
    expect(reader).not.toMatch(/json/);
  });
});

describe('ids of a log of IRC', () => {
  const lines = [
    '--- Log opened Wed Jan 14 10:36:00 2009',
    '10:36 <ana> one',
    'a line in no known form, behind an action',
    '10:36 -!- ben [b@h] has joined #ops',
    '10:36 <ana> two',
    '--- Log closed Wed Jan 14 10:40:00 2009',
  ];
  const idsOf = async (all: readonly string[]) =>
    new Map((await readLog(all)).map((record) => [record.texts[0]?.text, record.id]));

  it('are their own', async () => {
    const ids = [...(await idsOf(lines)).values()];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are the same when an older day was put before it', async () => {
    const before = ['--- Log opened Tue Jan 13 09:00:00 2009', '09:01 <eve> older'];
    const [now, grown] = [await idsOf(lines), await idsOf([...before, ...lines])];
    for (const [text, id] of now) expect([text, grown.get(text)]).toEqual([text, id]);
  });
});
