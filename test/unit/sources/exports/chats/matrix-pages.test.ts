import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';

describe('the text export of a Matrix room', () => {
  const lines = [
    '1/2/2024, 10:02:03 AM - Ana: pw is x',
    'second line: of it',
    '1/2/2024, 10:02:09 AM - ben invited eve',
    '1/13/2024, 10:03:03 PM - Eve: <Ana "pw"> thanks',
    '1/13/2024, 10:03:03 PM - Eve: again',
  ];

  it('tells who said what when', async () => {
    const result = await readExport(
      { 'x/matrix-Ops-export-1.txt': lines.join('\n') },
      'x/matrix-Ops-export-1.txt',
    );
    expect(result.reader).toBe('matrix-text');
    expect(
      result.records.map((record) => [
        record.id,
        record.type,
        record.actor?.name,
        record.texts[0]?.text,
        record.raw?.line,
      ]),
    ).toEqual([
      ['2024-01-02T10:02:03 Ana', 'message', 'Ana', 'pw is x\nsecond line: of it', 1],
      ['2024-01-02T10:02:09 *', 'event', undefined, 'ben invited eve', 3],
      ['2024-01-13T22:03:03 Eve', 'message', 'Eve', '<Ana "pw"> thanks', 4],
      ['2024-01-13T22:03:03 Eve/2', 'message', 'Eve', 'again', 5],
    ]);
    expect(result.records[0]?.place).toMatchObject({ kind: 'channel', id: 'Ops' });
    expect(result.records[0]?.time).toEqual({ created: '2024-01-02T10:02:03', precision: 's' });
  });

  it.each([
    ['2.1.2024, 10:02:03 - Ana: x', '2024-01-02T10:02:03'],
    ['2024-01-02 10:02:03 - Ana: x', '2024-01-02T10:02:03'],
    ['13/1/2024, 10:02:03 - Ana: x', '2024-01-13T10:02:03'],
    ['2/1/2024, 10:02:03 - Ana: x', undefined],
  ])('reads %j only as far as its date is sure', async (line, created) => {
    const { reader, records } = await readExport({ x: line }, 'x');
    expect(reader).toBe('matrix-text');
    expect(records[0]?.time?.created).toBe(created);
    expect(records[0]?.texts[0]?.text).toBe('x');
  });
});

describe('the HTML export of a Matrix room', () => {
  const url = 'https://matrix.to/#/!abc:example.org/$2?via=example.org';
  const event = (id: string, inner: string): string =>
    `<div class="mx_Export_EventWrapper" id="${id}">${inner}</div>`;
  const source = [
    '<html><body><div class="mx_MatrixChat_wrapper"><div class="mx_RoomHeader_nametext" title="Ops &amp; more">Ops</div>',
    '<div class="mx_RoomHeader_topic">all keys</div>',
    event('$1', '<span class="mx_DisambiguatedProfile_displayName mx_x">Ana</span><p>pw is x</p>'),
    event(
      '$2',
      `<a href="${url.replace('?', '?a=1&amp;')}"><span class="mx_MessageTimestamp" title="Fri, Jan 5, 2024, 10:02:03">10:02</span></a><p>more</p>`,
    ),
    '</div></body></html>',
  ].join('\n');

  it('gives each event with its id, author, time and link', async () => {
    const result = await readExport({ 'messages.html': source }, 'messages.html', { piece: 70 });
    expect(result.reader).toBe('matrix-html');
    expect(result.records.map((record) => [record.id, record.type, record.actor?.name])).toEqual([
      ['room', 'setting', undefined],
      ['$1', 'message', 'Ana'],
      ['$2', 'message', 'Ana'],
    ]);
    expect(new Set(result.records.map((record) => record.place.id)).size).toBe(1);
    expect(result.records[2]).toMatchObject({
      place: { id: '!abc:example.org', name: 'Ops & more' },
      time: { created: '2024-01-05T10:02:03' },
      permalink: { url: url.replace('?', '?a=1&') },
    });
    expect(result.records.map((record) => record.texts[0]?.text).join('')).toBe(source);
  });
});
