import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactView } from '../../src/text/dialects/compact-view.js';
import type { DerivedText } from '../../src/text/dialects/derived-text.js';
import { type Dialect, dialects } from '../../src/text/dialects/dialect.js';
import { plainView } from '../../src/text/dialects/plain-view.js';

/** Marks of all dialects, whole and in pieces, in any order. */
const mark = fc.constantFrom(
  ...[
    '<',
    '>',
    '&',
    ';',
    '"',
    "'",
    '`',
    '```',
    '\\',
    '[',
    ']',
    '(',
    ')',
    '{',
    '}',
    '|',
    '!',
    '*',
    '**',
    '=',
    '/',
    ':',
  ],
  ...[
    '<b>',
    '</b>',
    '<br/>',
    '<a href="x&amp;y">',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    ']] >',
    '<script>',
    '</script>',
  ],
  ...[
    '<td>',
    '<tr>',
    '<input name="k" value=v>',
    '<ac:parameter ac:name="k">',
    '<nowiki>',
    '<syntaxhighlight>',
    '<?',
  ],
  ...[
    '&amp;',
    '&#8203;',
    '&#x3d;',
    '&nbsp;',
    '&bogus;',
    '<@U1>',
    '<https://h.example/|l>',
    '<mailto:a@b|a@b>',
  ],
  ...[
    '{code}',
    '{code:title=x}',
    '{noformat}',
    '{{',
    '}}',
    '{color:red}',
    '{*}',
    '[l|https://h.example]',
    '\\\\',
  ],
  ...[
    '[l](https://h.example "t")',
    '![',
    '](',
    '~~~',
    '\n',
    '\r\n',
    '\r',
    '> ',
    '\n> ',
    "''",
    "'''",
    ' ',
    '\t',
  ],
  ...[
    '\x02',
    '\x03',
    '04,12',
    '\x04ff00ff',
    '\x1b[31m',
    '\x1b]8;;https://h.example\x07',
    '\x1b[8mha:',
    '\x1b[0m',
    '\x1b',
  ],
  ...[
    '2025-04-23T13:33:19.7504313Z ',
    '2025-04-23T13:33:19.123456Z 00O+',
    'https://x.safelinks.protection.outlook.com/',
  ],
  ...[
    '?url=https%3A%2F%2Fh.example',
    'https://urldefense.com/v3/__',
    '__;',
    '!!a',
    '\u200b',
    '\u00a0',
    '\u201c',
    '\u2014',
  ],
  ...['-----', '\u2014\u2013', 'BEGIN RSA PRIVATE KEY', 'END ', '\u2013password', '=\n', '日本', '😀'],
);
const word = fc.constantFrom(
  'AKIA',
  'ghp_',
  'eyJ',
  'xoxb-',
  'glpat-',
  'abcd',
  'EFGH1234',
  'K9x',
  'is',
  'The',
  'value',
);
const anyText = fc
  .array(fc.oneof({ weight: 2, arbitrary: mark }, word, fc.string({ unit: 'binary', maxLength: 4 })), {
    maxLength: 40,
  })
  .map((parts) => parts.join(''));
const anyDialect = fc.constantFrom(...dialects);

/** Marks of filtered addresses that stand for another character. */
const replaceable = /[_*]/;

function checkMap(view: DerivedText, input: Buffer, from: number, length: number): void {
  expect(view.map.length).toBe(view.bytes.length);
  const start = Math.min(from, view.bytes.length);
  const { ranges } = view.map.toRaw({ start, end: Math.min(start + length, view.bytes.length) });
  let last = -1;
  for (const range of ranges) {
    expect(range.start).toBeGreaterThan(last);
    expect(range.end).toBeGreaterThanOrEqual(range.start);
    expect(range.end).toBeLessThanOrEqual(input.length);
    last = range.end;
  }
  for (let at = start; at < Math.min(start + length, view.bytes.length); at++) checkByte(view, input, at);
}

function checkByte(view: DerivedText, input: Buffer, at: number): void {
  const raw = view.map.toRaw({ start: at, end: at + 1 });
  const [range] = raw.ranges;
  if (!raw.exact || raw.ranges.length !== 1 || range === undefined || range.end - range.start !== 1) return;
  const written = input.toString('latin1', range.start, range.end);
  const shown = view.bytes.toString('latin1', at, at + 1);
  // Any mark may end a line.
  if (shown !== '\n' && !replaceable.test(written)) expect(shown).toBe(written);
}

describe('every view', () => {
  it('leads back into the text, in order, and to the same bytes where they were copied', () => {
    fc.assert(
      fc.property(anyDialect, anyText, fc.nat(200), fc.nat(40), (dialect, text, from, length) => {
        const bytes = Buffer.from(text);
        const plain = plainView(bytes, dialect);
        if (plain !== undefined) checkMap(plain, bytes, from, length);
        const compact = compactView(bytes);
        if (compact !== undefined) checkMap(compact, bytes, from, length);
      }),
      { numRuns: 3000 },
    );
  });

  it('is there only if it says something new', () => {
    fc.assert(
      fc.property(anyDialect, fc.stringMatching(/^[a-z0-9 .,=é-]{0,60}$/), (dialect, text) => {
        expect(plainView(Buffer.from(text), dialect)).toBeUndefined();
        expect(compactView(Buffer.from(text))).toBeUndefined();
      }),
    );
  });

  it('of plain text and of code has nothing left to undo', () => {
    fc.assert(
      fc.property(fc.constantFrom<Dialect>('plain', 'code'), anyText, (dialect, text) => {
        const view = plainView(Buffer.from(text), dialect);
        // What is within a wrapped address may be wrapped again, more often than is undone.
        if (view === undefined || text.includes('safelinks') || text.includes('urldefense')) return;
        expect(plainView(view.bytes, dialect)).toBeUndefined();
      }),
    );
  });
});

const token = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9+/=_-]{18,38}[A-Za-z0-9]$/);

interface Writing {
  /** Text that stands well by itself in the dialect. */
  readonly around: readonly string[];
  /** Writes a token that is cut in two, as the dialect may. */
  readonly ways: readonly ((left: string, right: string) => string)[];
}

const typography = [
  (left: string, right: string): string => left + right,
  (left: string, right: string): string => `${left}\u200b${right}`,
  (left: string, right: string): string => `\u201c${left}\u00ad${right}\u201d`,
];
const references = (text: string): string => text.replace(/[+/=_-]/g, (char) => `&#${char.charCodeAt(0)};`);
const backslashes = (text: string): string => text.replace(/[+_=-]/g, '\\$&');

const writings: Readonly<Record<Dialect, Writing>> = {
  plain: { around: ['words', 'a & b < c', '\u00a0', '"x"'], ways: typography },
  html: {
    around: [
      '<p>a &amp; b</p>',
      '<div class="x">',
      '<!-- c -->',
      '<a href="https://h.example/?a&amp;b">l</a>',
      '1 < 2',
      '<br>',
    ],
    ways: [
      ...typography,
      (left, right) => `<p>${left}<b>${right}</b></p>`,
      (left, right) => `${references(left)}<wbr>${right}`,
      (left, right) => `<a href="${references(left + right)}">l</a>`,
      (left, right) => `<!--${left}${right}-->`,
      (left, right) => `<pre>${left}<span title="x">${right}</span></pre>`,
    ],
  },
  'confluence-storage': {
    around: [
      '<p>a&nbsp;b</p>',
      '<ac:structured-macro ac:name="x">',
      '</ac:structured-macro>',
      '<ri:page ri:content-title="t"/>',
    ],
    ways: [
      ...typography,
      (left, right) => `<ac:plain-text-body><![CDATA[${left}${right}]]></ac:plain-text-body>`,
      (left, right) => `<ac:parameter ac:name="k">${references(left)}${right}</ac:parameter>`,
      (left, right) => `${left}<ac:inline-comment-marker ac:ref="1">${right}</ac:inline-comment-marker>`,
      (left, right) => `<ri:url ri:value="${left}${right}"/>`,
    ],
  },
  'slack-mrkdwn': {
    around: ['hi <@U1>', '&lt;b&gt;', '<https://h.example/|l>', '<!here>', '`x`', ':key:'],
    ways: [
      ...typography,
      (left, right) => `<https://h.example/?t=${left}${right}|l>`,
      (left, right) => `u:<mailto:${left}${right}@h.example|${left}${right}@h.example>`,
      (left, right) => `${left}<http://h.example|${right}>`,
    ],
  },
  'jira-wiki': {
    around: [
      'h1. x',
      '{quote}a{quote}',
      '[l|https://h.example/x]',
      '{color:red}a{color}',
      '{{m}}',
      'a\\_b',
      '{"k": [1]}',
    ],
    ways: [
      ...typography,
      (left, right) => backslashes(left + right),
      (left, right) => `{code:sh}\n${left}${right}\n{code}`,
      (left, right) => `{noformat}${left}${right}{noformat}`,
      (left, right) => `${left}{color:red}${right}{color}`,
      (left, right) => `[${backslashes(left + right)}|https://h.example/]`,
      (left, right) => `[l|https://h.example/?t=${left}${right}]`,
    ],
  },
  markdown: {
    around: [
      '# x',
      '* item',
      '[l](https://h.example/x)',
      '`a\\_b`',
      '<b>x</b>',
      '**bold**',
      'a\\_b',
      '\n```\nx\\_y\n```\n',
    ],
    ways: [
      ...typography,
      (left, right) => backslashes(left + right),
      (left, right) => `\`${left}${right}\``,
      (left, right) => `\n\`\`\`sh\n${left}${right}\n\`\`\`\n`,
      (left, right) => `[l](https://h.example/?t=${left}${right} "title")`,
      (left, right) => `[${backslashes(left + right)}](https://h.example)`,
      (left, right) => `${references(left)}<b>${right}</b>`,
    ],
  },
  wikitext: {
    around: ["''i''", '{{t|a=b}}', '[[P|l]]', '<ref name="x">r</ref>', '<!-- c -->', '== h =='],
    ways: [
      ...typography,
      (left, right) => `${left}'''${right}'''`,
      (left, right) => `<nowiki>${left}${right}</nowiki>`,
      (left, right) => `${left}<nowiki/>${right}`,
      (left, right) => `<syntaxhighlight lang="x">${left}${right}</syntaxhighlight>`,
      (left, right) => references(left) + right,
    ],
  },
  mail: {
    around: ['words', 'x <https://h.example/>', 'a@h.example<mailto:a@h.example>', '> quoted', '1 > 2'],
    ways: [
      ...typography,
      (left, right) => `\n> > ${left}${right}\n`,
      (left, right) => `u:${left}${right}@h.example<http://h.example>/x`,
      (left, right) =>
        `https://x.safelinks.protection.outlook.com/?url=${encodeURIComponent(`https://h.example/?t=${left}${right}`)}&data=1`,
    ],
  },
  irc: {
    around: ['\x02bold\x02', '\x0304red\x03', 'words', '\x0f'],
    ways: [
      ...typography,
      (left, right) => `${left}\x02${right}\x02`,
      (left, right) => `\x0304,01${left}\x0f${right}`,
    ],
  },
  'log-ansi': {
    around: ['\n2025-04-23T13:33:19.7504313Z ##[group]x\n', '\x1b[31mred\x1b[0m', '10%\r', 'words'],
    ways: [
      ...typography,
      (left, right) => `\n2025-04-23T13:33:19.7504313Z ${left}\x1b[0m${right}\n`,
      (left, right) => `\r\x1b[K${left}${right}`,
      (left, right) => `\x1b]8;;https://h.example/${left}${right}\x1b\\l\x1b]8;;\x1b\\`,
    ],
  },
  code: {
    around: ['if (a && b < c) {', '"x\\n"', '&amp;', '`t`', '}'],
    ways: [(left, right) => left + right, (left, right) => `${left}\u200b${right}`],
  },
};

const planted = anyDialect.chain((dialect) => {
  const { around, ways } = writings[dialect];
  const beside = fc.array(fc.constantFrom(...around), { maxLength: 4 }).map((parts) => parts.join(' '));
  return fc.record({
    dialect: fc.constant(dialect),
    value: token,
    cut: fc.integer({ min: 1, max: 19 }),
    write: fc.constantFrom(...ways),
    before: beside,
    behind: beside,
  });
});

describe('a token', () => {
  it('comes back whole, and from what is undone to it', () => {
    fc.assert(
      fc.property(planted, ({ dialect, value, cut, write, before, behind }) => {
        const written = `${before} ${write(value.slice(0, cut), value.slice(cut))} ${behind}`;
        const bytes = Buffer.from(written);
        const view = plainView(bytes, dialect);
        const text = view?.bytes ?? bytes;
        const start = text.indexOf(value);
        expect(start).toBeGreaterThanOrEqual(0);
        if (view === undefined) return;
        const raw = view.map.toRaw({ start, end: start + value.length });
        const ranges = raw.ranges.map((range) => bytes.subarray(range.start, range.end));
        // A link whose label ends with the token ends behind it.
        const pieces = Buffer.concat([...ranges, Buffer.from(dialect === 'slack-mrkdwn' ? '>' : '')]);
        const again = plainView(pieces, dialect)?.bytes ?? pieces;
        const percentDecoded = decodeURIComponent(again.toString().replace(/%(?![0-9A-F]{2})/g, '%25'));
        expect([again.toString(), percentDecoded].some((each) => each.includes(value))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('hostile texts', () => {
  /** Long enough that what is not linear would not end within the time a test has. */
  const size = 300_000;
  const units = [
    ...['<', '&', '[', '\\', '{', '>', '`', '*', "'", '\r', '\n', '\x1b', '\x03', '\u2014', '-', '|', '('],
    ...[
      '<a ',
      '<a b="',
      "<a b='<",
      '<a" b="<a" b="',
      '</',
      '<!--',
      '<![CDATA[',
      '<script>',
      '<?',
      '<nowiki>',
      '<a b=c>',
    ],
    ...[
      '{code',
      '{code}',
      '{{',
      '[a|',
      '[a|b',
      '[a|h:b|',
      '](',
      '](a',
      '[](',
      '](<',
      '[a](b "',
      '` `` ``` ',
      '`` ` ',
    ],
    ...[
      '<@',
      '<h:|',
      '\x1b]',
      '\x1b[1',
      '\x1b]8;',
      '\x1b[8mha:',
      'a\t',
      '\n> ',
      'a<h:',
      '&#',
      '&amp',
      ']] >',
    ],
    ...[
      'https://x.safelinks.protection.',
      'urldefense',
      '/v3/__',
      'AKIA ',
      'eyJ ',
      'eyJhbGciOiJIUzI1NiJ9 ',
      'xox',
      'ghp_A1 ',
    ],
    ...[
      '\u2014BEGIN ',
      '\u2014BEGIN KEY\u2014',
      'END ',
      '\u2013password',
      '\u2013a',
      'sk-',
      '\u200b',
      'AKIA\u200b',
      'AKIA\n',
    ],
  ];

  it.each(units)(
    '%j again and again',
    (unit) => {
      const bytes = Buffer.from(`${unit.repeat(Math.ceil(size / unit.length))}'">)]}`);
      for (const dialect of dialects) plainView(bytes, dialect);
      compactView(bytes);
    },
    15_000,
  );
});
