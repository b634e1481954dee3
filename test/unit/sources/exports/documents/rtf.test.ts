import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rtfTexts } from '../../../../../src/sources/exports/documents/rtf-text.js';
import { readExport } from '../../../../support/read-export.js';

describe('rtf', () => {
  it('undoes control words, escapes and code pages, and leaves out tables of fonts', async () => {
    const rtf =
      '{\\rtf1\\ansi\\ansicpg1251{\\fonttbl{\\f0 Times;}}{\\*\\generator Writer;}{\\info{\\title The plan}}' +
      '\\pard pass{\\b word}: hunter2\\-\\{x\\}\\par\r\n\\u8217?quote \\\'ef\\\'f0\\~end\\line{\\field{\\*\\fldinst HYPERLINK "https://x.example"}{\\fldrslt shown}}' +
      '\\trowd Key\\cell Value\\cell\\row{\\pict\\bin4 }}{{\\*\\unknowndest hidden}}';
    const { reader, records } = await readExport({ x: rtf }, 'x');
    expect(reader).toBe('rtf');
    expect(records[0]?.texts[0]?.text).toBe(
      'password: hunter2{x}\n\u2019quote пр\u00a0end\nshownKey\tValue\t\n',
    );
    expect(records[0]?.title).toBe('The plan');
    expect(records[1]?.texts.map((text) => text.text)).toEqual(['The plan', 'HYPERLINK "https://x.example"']);
  });

  it('takes out HTML that was packed', () => {
    const { body, isHtml } = rtfTexts(
      '{\\rtf1\\ansi\\fromhtml1{\\fonttbl{\\f0 X;}}{\\*\\htmltag64 <p class="a">}\\htmlrtf {\\htmlrtf0 hun{\\*\\htmltag84 <b>}ter2\\htmlrtf }\\htmlrtf0{\\*\\htmltag72 </p>}}',
    );
    expect([isHtml, body]).toEqual([true, '<p class="a">hun<b>ter2</p>']);
  });

  it('survives any text', () => {
    const soup = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '\\',
        "\\'",
        '\\u',
        '-1',
        '\\*',
        '\\bin',
        '9',
        'a',
        '\\par ',
        '\\uc3',
        '\\htmlrtf',
      ),
      { maxLength: 60 },
    );
    fc.assert(fc.property(soup, (parts) => typeof rtfTexts(`{\\rtf1 ${parts.join('')}`).body === 'string'));
  });
});
