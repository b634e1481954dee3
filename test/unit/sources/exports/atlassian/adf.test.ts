import { describe, expect, it } from 'vitest';
import { adfInString, adfTexts, readAdf } from '../../../../../src/sources/exports/atlassian/adf.js';

const doc = (...content: unknown[]) => ({ type: 'doc', version: 1, content }) as const;
const paragraph = (...content: unknown[]) => ({ type: 'paragraph', content });
const text = (value: string, ...marks: unknown[]) => ({ type: 'text', text: value, marks });

describe('Atlassian Document Format', () => {
  it('joins leaves of a block with nothing and blocks with a newline', () => {
    const { text: joined } = readAdf(
      doc(
        paragraph(text('AK', { type: 'strong' }), text('IA'), { type: 'hardBreak' }, text('x')),
        { type: 'bulletList', content: [{ type: 'listItem', content: [paragraph(text('one'))] }] },
        { type: 'codeBlock', attrs: { language: 'sh' }, content: [text('a\nb')] },
      ),
    );
    expect(joined).toBe('AKIA\nx\none\na\nb');
  });

  it('shows mentions, cards, statuses, dates and pictures in their place', () => {
    const { text: joined } = readAdf(
      doc(
        paragraph(
          { type: 'mention', attrs: { id: '1', text: '@Ana' } },
          { type: 'status', attrs: { text: 'DONE', color: 'green' } },
          { type: 'date', attrs: { timestamp: '1582152559000' } },
        ),
        { type: 'blockCard', attrs: { url: 'https://a.example' } },
        { type: 'embedCard', attrs: { url: 'https://b.example' } },
        { type: 'mediaSingle', content: [{ type: 'media', attrs: { id: '9', alt: 'key.png' } }] },
        { type: 'expand', attrs: { title: 'Keys' }, content: [paragraph(text('k'))] },
      ),
    );
    expect(joined.split('\n')).toEqual([
      '@AnaDONE2020-02-19',
      'https://a.example',
      'https://b.example',
      'key.png',
      'Keys',
      'k',
    ]);
  });

  it('keeps the cells of a row beside each other', () => {
    const cell = (value: string) => ({ type: 'tableCell', attrs: {}, content: [paragraph(text(value))] });
    const row = (...cells: string[]) => ({ type: 'tableRow', content: cells.map(cell) });
    const { text: joined } = readAdf(
      doc({ type: 'table', content: [row('user', 'ana'), row('password', 'x')] }),
    );
    expect(joined).toBe('user | ana\npassword | x');
  });

  it('gives addresses of links apart, unless they are the text', () => {
    const link = (href: string) => ({ type: 'link', attrs: { href } });
    const { text: joined, links } = readAdf(
      doc(
        paragraph(
          text('here', link('https://u:p@a.example')),
          text('https://b.example', link('https://b.example')),
        ),
      ),
    );
    expect(joined).toBe('herehttps://b.example');
    expect(links).toEqual(['https://u:p@a.example']);
  });

  it('puts parameters of macros under their names', () => {
    const macro = {
      type: 'extension',
      attrs: { extensionKey: 'jdbc', parameters: { macroParams: { password: { value: 'x y' } } } },
    };
    expect(adfTexts(doc(macro), 'body', 'body')).toContainEqual({
      text: 'x y',
      dialect: 'plain',
      field: { path: 'body.content.0.attrs.parameters.macroParams.password', role: 'metadata' },
      label: 'password',
    });
  });

  it('reads documents of any depth', () => {
    let node: unknown = paragraph(text('deepest'));
    for (let i = 0; i < 5000; i++) node = { type: 'blockquote', content: [node] };
    const texts = adfTexts(doc(node), 'body', 'body').map((each) => each.text);
    expect(texts.join('\n')).toContain('deepest');
  });

  it('knows a document written as a string', () => {
    expect(adfInString(' {"version":1,"type":"doc","content":[]}')).toBeDefined();
    for (const other of ['{"type": "doc"', 'see {"type":"doc"}', '{"type":"page","content":[]}', 'words'])
      expect(adfInString(other)).toBeUndefined();
  });
});
