import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../../src/text/dialects/dialect.js';
import { plainView } from '../../../../src/text/dialects/plain-view.js';

function plain(text: string, dialect: Dialect): string | undefined {
  return plainView(Buffer.from(text), dialect)?.bytes.toString();
}

/** Raw text in which `part` of the view was written. */
function rawOf(text: string, dialect: Dialect, part: string): string {
  const bytes = Buffer.from(text);
  const view = plainView(bytes, dialect);
  const start = view?.bytes.indexOf(part) ?? -1;
  if (view === undefined || start < 0) throw new RangeError('the view does not hold the part');
  const { ranges } = view.map.toRaw({ start, end: start + Buffer.byteLength(part) });
  return ranges.map((range) => bytes.toString('utf8', range.start, range.end)).join('…');
}

type Cases = readonly (readonly [written: string, meant: string | undefined])[];

const cases: Partial<Record<Dialect, Cases>> = {
  plain: [
    ['a\u200bb\u2060c\ufeffd\u00ade\u202ef\u2066g', 'abcdefg'],
    ['a\u00a0b\u202fc\u2009d', 'a b c d'],
    ['\u201ca\u201d \u2018b\u2019', '"a" \'b\''],
    ['it\u2019s, they\u2019ll, \u{1f469}\u200d\u{1f467}', undefined],
    ['it\u2019s \u201cx\u201d', `it's "x"`],
    ['pa\u2019ss1', "pa'ss1"],
    ['a\u2028b\u2029c', 'a\nb\nc'],
    ['a\x02b\x08c\x1cd\x7fe', 'abcde'],
  ],
  html: [
    ['ab<b>cd</b>ef<wbr>gh<span class="x">ij</span>', 'abcdefghij'],
    ['<p>one</p><p>two</p>', 'one\ntwo\n'],
    ['a<br>b<BR/>c', 'a\nb\nc'],
    ['a &amp; b&nbsp;&lt;c&#61;&#x2b;&#8203;d&#150;', 'a & b <c=+d–'],
    [
      '<a href="https://h.example/?a=1&amp;b=2" class="c">text</a> end',
      'text end\nhttps://h.example/?a=1&b=2',
    ],
    ['<img src=x.png alt="al&#116;" title=\'ti\'>.', '.\nx.png\nalt\nti'],
    ['x<div data-key="v&amp;w" style="color:red">', 'x\ndata-key="v&w"'],
    [
      '<i style="background:url(https://h.example/x)">a</i>',
      'a\nstyle="background:url(https://h.example/x)"',
    ],
    ['<input name="password" value="a&amp;b">', 'password: a&b'],
    ['<tr><th>password</th><td>x y</td></tr>', 'password | x y\n'],
    ['ab<!-- hidden -->cd', 'abcd\nhidden'],
    ['<script>if (a < b) c("&amp;<b>")</script>d', 'if (a < b) c("&amp;<b>")\nd'],
    ['<pre><code>a\n  b &lt;c></code></pre>', 'a\n  b <c>\n'],
    ['<!DOCTYPE html><?php $a = 1 ?>x', 'x\nphp $a = 1 ?'],
    ['1 < 2 &amp;&amp; a<b c', '1 < 2 && a<b c'],
    ['<img src="data:image/png;base64,AAAA" alt="a">', 'a'],
    ['p://u:<pa55word>@db.example', 'p://u:\n@db.example\npa55word'],
    ['<a title="unclosed>x</a>', 'x\n"unclosed'],
  ],
  'confluence-storage': [
    [
      '<ac:structured-macro ac:name="jdbc"><ac:parameter ac:name="password">a&uuml;&amp;</ac:parameter></ac:structured-macro>',
      'password: aü&\n',
    ],
    ['<ac:plain-text-body><![CDATA[a <b> &amp; ]] >x]]></ac:plain-text-body>', 'a <b> &amp; ]]>x\n'],
    ['ab<ac:inline-comment-marker ac:ref="1">cd</ac:inline-comment-marker>ef', 'abcdef'],
    ['a <ac:link><ri:page ri:content-title="T &amp; U" /></ac:link>b', 'a b\nT & U'],
    ['a\x02b\x1cc&ndash;d', 'abc–d'],
  ],
  'slack-mrkdwn': [
    ['a &amp;amp; &lt;b&gt;', 'a &amp; <b>'],
    ['p://u:<mailto:pw@db.example|pw@db.example>/x', 'p://u:pw@db.example/x'],
    ['<http://x.example|x.example> <https://y.example/>', 'x.example https://y.example/'],
    ['<https://h.example/?a=1&amp;b=2|label> c\nd', 'label c\nhttps://h.example/?a=1&b=2\nd'],
    ['a<@U012AB>b <#C01|general> <!here> <!subteam^S1|@team>', 'a b general   @team'],
    ['<!date^1^{date}^https://h.example/|today>', 'today\ndate^1^{date}^https://h.example/'],
    ['<tel:+1555|+1555> <mailto:a@b.example>', '+1555 a@b.example'],
    [':key: *a* `b` <not a link>', undefined],
  ],
  'jira-wiki': [
    ['a\\_b \\{c\\} \\[d\\] \\*', 'a_b {c} [d] *'],
    ['{code:title=a.sh|language=sh}\nx\\_y {z}\n{code}', 'title=a.sh|language=sh\n\nx\\_y {z}\n'],
    ['a {noformat}b\\_c{noformat} d', 'a \nb\\_c\n d'],
    ['{{a\\-b}} c', 'a-b c'],
    ['ab{color:red}cd{color}ef{*}gh{*}', 'abcdefgh'],
    ['see [label|https://h.example/x|smart-link] end', 'see label end\nhttps://h.example/x'],
    ['u:[pw@db.example|mailto:pw@db.example]/x', 'u:pw@db.example/x'],
    ['{panel:title=T}a{panel}', 'title=T\na\n'],
    ['a\\\\b', 'a\nb'],
  ],
  markdown: [
    ['a\\_b\\*c \\[d\\] C:\\dir', 'a_b*c [d] C:\\dir'],
    ['`a\\_b` ``c`\\_`` \\_', '`a\\_b` ``c`\\_`` _'],
    ['\\_\n```sh\na\\_b &amp;\n```\n\\_', '_\n```sh\na\\_b &amp;\n```\n_'],
    ['~~~\na\\_b\n```\nc\\_d', undefined],
    ['[label](https://h.example/a_(b) "ti&amp;tle") end', 'label end\nhttps://h.example/a_(b)\nti&tle'],
    ['u:[pw@db.example](mailto:pw@db.example)/x', 'u:pw@db.example/x'],
    ['![alt](a.png) <https://h.example/x>', 'alt https://h.example/x\na.png'],
    ['ab**cd**ef **gh**', 'abcdef **gh**'],
    ['a<!-- b -->c &amp; <details>d</details>', 'ac & \nb\nd\n'],
    ['List<String> a <your-token>&lt;', 'List<String> a <your-token><'],
  ],
  wikitext: [
    ["ab'''cd'''ef ''x''", 'abcdef x'],
    ["<nowiki>[[a''b''&amp;]]</nowiki> c<nowiki/>d", "[[a''b''&]] cd"],
    ['<pre>a &lt;b></pre><syntaxhighlight lang="x">&amp;</syntaxhighlight>', 'a <b>\n&amp;\n'],
    ['{{t|a=b}} a<!-- c -->d<ref name="r">e</ref>', '{{t|a=b}} ad\nc\ne\n'],
  ],
  mail: [
    ['> > a\n>b\nc > d', 'a\nb\nc > d'],
    [
      'u:p@db.example<http://db.example>/x <https://h.example/>',
      'u:p@db.example/x <https://h.example/>\nhttp://db.example',
    ],
    ['a@b.example<mailto:a@b.example>:pw', 'a@b.example:pw'],
    [
      'https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fh.example%2F%3Ft%3Da%252Bb&data=05%7C01 x',
      'https://h.example/?t=a%2Bb x',
    ],
    [
      'https://urldefense.proofpoint.com/v2/url?u=https-3A__h.example_a-5Fb-3Fc-3Dd&d=DwMF&c=x',
      'https://h.example/a_b?c=d',
    ],
    [
      `https://urldefense.com/v3/__https://h.example/?a=b*c**Ad__;${Buffer.from('#%%').toString('base64url')}!!k!x$ y`,
      'https://h.example/?a=b#c%%d y',
    ],
  ],
  irc: [
    ['a\x02b\x02 \x0304,12c\x03 7\x03\x0f \x04ff0000d\x1de', 'ab c 7 de'],
    [`${'x'.repeat(400)}\r\nyz\nshort\nlines`, `${'x'.repeat(400)}yz\nshort\nlines`],
  ],
  'log-ansi': [
    ['a\x1b[1;31mb\x1b[0mc\x1b(Bd', 'abcd'],
    ['2025-04-23T13:33:19.7504313Z a\n2025-04-23T13:33:20.0000000Z b', 'a\nb'],
    ['job\tstep\t\ufeff2025-04-23T13:33:19.7504313Z a', 'a'],
    ['10%\r20%\r\nx', '10%\n20%\r\nx'],
    ['section_start:1:n\r\x1b[0KHead', 'section_start:1:n\nHead'],
    [
      '##[group]a \x1b]8;;https://h.example/?t=1\x1b\\link\x1b]8;;\x07',
      '##[group]a link\nhttps://h.example/?t=1',
    ],
    ['2024-05-01T10:00:00.123456Z 00O ab\n2024-05-01T10:00:00.123456Z 00O+cd', 'abcd'],
    ['a\x1b[8mha:////AAAA\x1b[0mb', 'ab'],
  ],
  code: [['a\u200bb \u201cc\u201d\u00a0d &amp; \\_', 'ab \u201cc\u201d d &amp; \\_']],
};

for (const [dialect, list] of Object.entries(cases) as [Dialect, Cases][]) {
  describe(`plain view of ${dialect}`, () => {
    it.each(list)('%j', (written, meant) => {
      expect(plain(written, dialect)).toBe(meant);
    });
  });
}

describe('raw ranges', () => {
  it.each<readonly [Dialect, string, string, string]>([
    ['html', 'x ab<b>cd</b>&amp;e y', 'abcd&e', 'ab<b>cd</b>&amp;e'],
    ['html', '<a href="k&amp;l">t</a>', 'k&l', 'k&amp;l'],
    [
      'slack-mrkdwn',
      'u:<mailto:a@b.example|a@b.example>/x',
      'u:a@b.example/x',
      'u:<mailto:a@b.example|a@b.example>/x',
    ],
    ['jira-wiki', 'k a\\_b\\-c', 'a_b-c', 'a\\_b\\-c'],
    ['markdown', '[l](https://h.example/x) y', 'https://h.example/x', 'https://h.example/x'],
    ['log-ansi', '2025-04-23T13:33:19.7504313Z a\x1b[0mb', 'ab', 'a\x1b[0mb'],
    ['plain', 'x a\u200bb', 'ab', 'a\u200bb'],
  ])('%s %j', (dialect, written, part, raw) => {
    expect(rawOf(written, dialect, part)).toBe(raw);
  });

  it('of a token in two lines of IRC hold the line end', () => {
    const text = `${'x'.repeat(300)}ab\r\ncd`;
    expect(rawOf(text, 'irc', 'abcd')).toBe('ab\r\ncd');
  });
});

describe('spelling', () => {
  it.each<readonly [Dialect, string, readonly string[]]>([
    ['html', 'a<b>b</b>c &amp;', ['split-over-leaves', 'xml-escaped']],
    ['slack-mrkdwn', '<https://h.example/|x>', ['link-mangled']],
    ['markdown', 'a\\_b', ['shell-escaped']],
    ['mail', 'https://x.safelinks.protection.outlook.com/?url=https%3A%2F%2Fh.example', ['percent']],
    ['plain', 'a\u200bb', []],
  ])('%s %j', (dialect, written, spelling) => {
    expect(plainView(Buffer.from(written), dialect)?.spelling).toEqual(spelling);
  });
});
