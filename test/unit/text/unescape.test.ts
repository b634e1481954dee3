import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hullOf } from '../../../src/text/offset-map.js';
import { unescapeWindow } from '../../../src/text/unescape.js';

function texts(written: string): string[] {
  const bytes = Buffer.from(written);
  return unescapeWindow(bytes, 0, bytes.length).map((view) => view.bytes.toString());
}

describe('unescapeWindow', () => {
  it.each([
    ['a\\u003db\\/c\\x2bd', 'a=b/c+d'],
    ['\\ud83d\\ude00', '😀'],
    ['\\u{1F600}x', '😀x'],
    ['p%40ss%3Aw', 'p@ss:w'],
    ['&lt;a&gt;&amp;&#61;&#x2B;&colon;', '<a>&=+:'],
    ['&amp;lt;', '<'],
    ['it'.concat("'\\''", 's'), "it's"],
    ['AK\\_IA\\-x', 'AK_IA-x'],
    ['key=3Dab=\r\ncd', 'key=abcd'],
    ['see <https://h.example/x?a=1&amp;b=2|here> ok', 'see here ok'],
    ['<mailto:a@b.example|a@b.example>:pw', 'a@b.example:pw'],
    ['AK\u200bIA \u201cx\u201d\u00a0y', 'AKIA "x" y'],
    ['{\\\\\\"k\\\\\\":\\\\\\"v\\\\\\"}', '{"k":"v"}'],
    ['%2525', '%'],
  ])('%s', (written, meant) => {
    expect(texts(written)).toContain(meant);
  });

  it('finds nothing to undo in plain text', () => {
    expect(texts('password: "abc" # nothing')).toEqual([]);
  });

  it('names the layers from the outside in', () => {
    const view = unescapeWindow(Buffer.from('a\\u00253db'), 0, 11).find(
      (each) => each.bytes.toString() === 'a=b',
    );
    expect(view?.spelling).toEqual(['json-escaped', 'percent']);
  });

  it('leads back to exactly what was written', () => {
    const value = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 });
    const writers: ((text: string) => string)[] = [
      (text) => JSON.stringify(text).slice(1, -1),
      (text) => encodeURIComponent(text),
      (text) => [...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
      (text) => [...text].map((char) => `&#${char.charCodeAt(0)};`).join(''),
    ];
    fc.assert(
      fc.property(
        value,
        fc.constantFrom(...writers),
        fc.constantFrom('k: "', 'x=', ''),
        (text, write, before) => {
          const written = write(text);
          if (written === text) return;
          const bytes = Buffer.from(`..${before}${written}`);
          const views = unescapeWindow(bytes, 2, bytes.length);
          const view = views.find((each) => each.bytes.toString() === before + text);
          expect(view).toBeDefined();
          if (view === undefined) return;
          const raw = view.map.toRaw({ start: before.length, end: before.length + Buffer.byteLength(text) });
          expect(hullOf(raw)).toEqual({ start: 2 + before.length, end: bytes.length });
          expect(raw.exact).toBe(true);
        },
      ),
    );
  });

  it('is bounded on hostile windows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('\\', 'u', '0', '%', '2', '5', '&', '#', ';', '<', '=', '\n', '"'), {
          maxLength: 200,
        }),
        (parts) => {
          expect(texts(parts.join('')).length).toBeLessThanOrEqual(16);
        },
      ),
    );
  });
});
