import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { probeBytes } from '../../../../src/sources/exports/contract.js';
import { readXml } from '../../../../src/sources/exports/xml-pieces.js';
import { collectingSink, fileOf } from '../../../support/export-file.js';

interface Read {
  /** Events as one string each: `<name a=b>`, `</name>`, text, `!comment`. */
  readonly events: string[];
  readonly damage: string[];
}

async function read(content: string | Buffer, piece: number = probeBytes): Promise<Read> {
  const events: string[] = [];
  const sink = collectingSink();
  let text = '';
  const push = (event: string): void => {
    if (text !== '') events.push(text);
    text = '';
    if (event !== '') events.push(event);
  };
  await readXml(fileOf(content, piece), sink, {
    open: (element, parents) => {
      expect(parents).toHaveLength(element.depth);
      push(
        `<${[element.name, ...[...element.attributes].map(([key, value]) => `${key}=${value}`)].join(' ')}>`,
      );
    },
    close: (element) => push(`</${element.name}>`),
    text: (piece) => {
      text += piece;
    },
    comment: (comment) => push(`!${comment}`),
  });
  push('');
  return { events, damage: sink.damage };
}

describe('readXml', () => {
  it('gives elements, attributes, text, CDATA and comments decoded', async () => {
    const xml =
      '<?xml version="1.0"?><a x="1 &amp; &quot;2&#x22;" x="again"><!-- old &amp; --><b/>t &lt;&amp;lt; &eacute;&ndash;' +
      '<![CDATA[raw &amp; <i>]] >]]></a>';
    for (const piece of [1, 2, 5, 1000]) {
      expect(await read(xml, piece)).toEqual({
        events: ['<a x=1 & "2">', '! old &amp; ', '<b>', '</b>', 't <&lt; é–raw &amp; <i>]] >', '</a>'],
        damage: [],
      });
    }
  });

  it('never resolves what a document type declares, nor an unknown name', async () => {
    const { events } = await read(
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hosts"><!ENTITY y "&x;&x;">]><a>&x;&y;&bogus; &amp &#0;</a>',
    );
    expect(events.at(-2)).toBe('&x;&y;&bogus; &amp &#0;');
  });

  it('tolerates control characters', async () => {
    expect((await read('<a>x\x02\x08\x1cy\x00</a>')).events).toEqual(['<a>', 'x\x02\x08\x1cy\x00', '</a>']);
  });

  it('closes what was not closed, and goes on', async () => {
    const { events, damage } = await read('<a><b>one</a></c><a>two</a><d>three');
    expect(events).toEqual([
      '<a>',
      '<b>',
      'one',
      '</b>',
      '</a>',
      '<a>',
      'two',
      '</a>',
      '<d>',
      'three',
      '</d>',
    ]);
    expect(damage).toHaveLength(3);
  });

  it.each([
    ['comment', '<a><!-- open <b>one</b><b>two</b></a>'],
    ['CDATA section', '<a><![CDATA[ open <b>one</b><b>two</b></a>'],
  ])('reads what follows an unclosed %s', async (_what, xml) => {
    const { events, damage } = await read(xml, 4);
    expect(events.join('')).toContain('<b>one</b><b>two</b></a>');
    expect(damage).toHaveLength(1);
  });

  it('gives the text of a tag that the end of the file cuts', async () => {
    const { events, damage } = await read('<a>one<b key="va<c>two</c>lue');
    expect(events.join('')).toContain('va<c>two</c>lue');
    expect(damage.length).toBeGreaterThan(0);
  });

  it('ends in time when nothing is ever closed', async () => {
    const text = '<!-- <![CDATA[ <a b="'.repeat(20_000);
    const { events } = await read(text);
    expect(events.join('').length).toBeGreaterThan(text.length * 0.9);
  });

  it('leaves out tags nested too deeply, not their text', async () => {
    const { events, damage } = await read(`${'<x>'.repeat(5000)}deep${'</x>'.repeat(5000)}<after/>`);
    expect(events.filter((event) => event === '<x>')).toHaveLength(1000);
    expect(events).toContain('deep');
    expect(events.slice(-2)).toEqual(['<after>', '</after>']);
    expect(damage).toHaveLength(1);
  });

  it('decodes UTF-16, a declared encoding, and bytes that contradict the declaration', async () => {
    const utf16 = Buffer.from('\ufeff<a>grün</a>', 'utf16le');
    expect((await read(utf16, 3)).events).toEqual(['<a>', 'grün', '</a>']);
    const cyrillic = Buffer.concat([
      Buffer.from('<?xml version="1.0" encoding="windows-1251"?><a>'),
      Buffer.from([0xef, 0xf0, 0xe8]),
      Buffer.from('</a>'),
    ]);
    expect((await read(cyrillic)).events).toEqual(['<a>', 'при', '</a>']);
    expect((await read(Buffer.from('<a>gr\xfcn</a>', 'latin1'))).events).toEqual(['<a>', 'grün', '</a>']);
  });

  it('knows the bytes of each element and text', async () => {
    const xml = '\ufeff<a>é<b k="ü">text &amp; more</b></a>';
    const bytes = Buffer.from(xml);
    const seen: string[] = [];
    await readXml(fileOf(bytes, 3), collectingSink(), {
      close: (element, end) => seen.push(bytes.subarray(element.start, end).toString()),
      text: (text, at) => seen.push(`${text}=${bytes.subarray(at.start, at.end)}`),
    });
    expect(seen).toEqual(
      expect.arrayContaining(['<b k="ü">text &amp; more</b>', '<a>é<b k="ü">text &amp; more</b></a>']),
    );
    expect(seen).toContain('é=é');
  });

  it('gives long texts in pieces that break no reference and no character', async () => {
    const body = '&lt;é€'.repeat(300_000);
    const pieces: string[] = [];
    for (const xml of [`<a>${body}</a>`, `<a><![CDATA[${body}]]></a>`]) {
      pieces.length = 0;
      await readXml(fileOf(xml, 10_007), collectingSink(), { text: (text) => pieces.push(text) });
      expect(pieces.length).toBeGreaterThan(1);
      expect(pieces.join('')).toBe(xml.includes('CDATA') ? body : body.replaceAll('&lt;', '<'));
    }
  });

  it('survives any text', async () => {
    const soup = fc.array(
      fc.constantFrom(
        '<',
        '>',
        '</',
        '/>',
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        '<?',
        '?>',
        'a',
        ' ',
        '"',
        '=',
        '&',
        ';',
        '<b>',
        '</b>',
      ),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(soup, fc.integer({ min: 1, max: 9 }), async (parts, piece) => {
        const { events } = await read(parts.join(''), piece);
        const opened = events.filter((event) => event.startsWith('<') && !event.startsWith('</'));
        expect(opened.length).toBeLessThanOrEqual(parts.length);
      }),
    );
  });
});
