/**
 * What each layer between an author and an export does to a value, and that it comes back whole in one of the views.
 * Container syntax is undone by readers, and here only where it stands inside of a text again.
 */
import { describe, expect, it } from 'vitest';
import { compactView } from '../../../../src/text/dialects/compact-view.js';
import type { Dialect } from '../../../../src/text/dialects/dialect.js';
import { plainView } from '../../../../src/text/dialects/plain-view.js';
import { unescapeWindow } from '../../../../src/text/unescape.js';
import { fakeSecret } from '../../../support/fake-secret.js';

const kinds = [
  'aws-access-key-id',
  'github-pat',
  'github-fine-grained-pat',
  'gitlab-pat',
  'gcp-api-key',
  'jwt',
  'npm',
  'slack-bot-token',
  'stripe-secret-key',
  'openai-key-legacy',
];

const fakes = (seed: string): string[] => kinds.map((kind) => fakeSecret(kind, seed));

const tokens = [...fakes('recall'), ...fakes('again'), 'k9/Qz+7r=_W-x2/Lp+0==', 'xY_1-__b--_2_c_-Zq'];
/** Values that hold what other syntaxes give a meaning to. */
const passwords = ['pA&ss<w>o"rd\'1', 'a&amp;b<c', 'x=1;y&z#2', 'Tr0ub4dor&3', '<&>"\''];
const anchored = [
  'aws-access-key-id',
  'github-pat',
  'gitlab-pat',
  'gcp-api-key',
  'jwt',
  'npm',
  'github-fine-grained-pat',
  'anthropic-api-key',
  'digitalocean-pat',
  'dockerhub-pat',
  'openai-key-legacy',
].map((kind) => fakeSecret(kind, 'anchored'));

/** All that detectors read of a text. */
function viewsOf(text: string, dialect: Dialect): string[] {
  const bytes = Buffer.from(text);
  const plain = plainView(bytes, dialect)?.bytes ?? bytes;
  const readings = unescapeWindow(plain, 0, plain.length).map((reading) => reading.bytes.toString());
  return [text, plain.toString(), compactView(plain)?.bytes.toString() ?? '', ...readings];
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '=': '&#61;',
  '+': '&#x2B;',
};
const escapeEntities = (value: string): string =>
  value.replace(/[&<>"'=+]/g, (char) => entities[char] ?? char);
const escapeSlack = (value: string): string => value.replace(/[&<>]/g, (char) => entities[char] ?? char);
const half = (value: string): number =>
  Math.max(Math.min(12, value.length - 4), Math.floor(value.length / 2));
const split = (value: string, by: string): string =>
  `${value.slice(0, half(value))}${by}${value.slice(half(value))}`;
const everyFour = (value: string, by: string): string => value.replace(/(.{4})(?=.)/g, `$1${by}`);

interface Quirk {
  readonly name: string;
  readonly dialect: Dialect;
  readonly values: readonly string[];
  readonly write: (value: string) => string;
}

const quirk = (
  name: string,
  dialect: Dialect,
  values: readonly string[],
  write: (value: string) => string,
): Quirk => ({ name, dialect, values, write });

const both = [...tokens, ...passwords];
const invisible = [
  0xad, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0xfeff,
];
const json = (value: string): string => JSON.stringify(JSON.stringify({ k: value }));

const layers: Readonly<Record<string, readonly Quirk[]>> = {
  'JSON inside a JSON string': [
    quirk('escaped again', 'plain', tokens, (value) => `body ${json(value)}`),
    quirk(
      'as .NET writes it',
      'plain',
      tokens,
      (value) => `{"k":"${value.replace(/[+=&<>]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)}"}`,
    ),
    quirk('as PHP writes it', 'plain', tokens, (value) => `{"k":"${value.replaceAll('/', '\\/')}"}`),
  ],
  'HTML and XML entities': [
    quirk('in HTML', 'html', both, (value) => `<p>key: ${escapeEntities(value)}</p>`),
    quirk('of every character', 'html', tokens, (value) =>
      [...value].map((char) => `&#${char.charCodeAt(0)};`).join(''),
    ),
    quirk('in an attribute', 'html', both, (value) => `<a href="${escapeEntities(value)}">x</a>`),
    quirk(
      'in storage format',
      'confluence-storage',
      both,
      (value) => `<p>${escapeEntities(value)}&nbsp;</p>`,
    ),
    quirk('in Markdown', 'markdown', tokens, (value) => `key ${escapeEntities(value)}`),
    quirk('in wikitext', 'wikitext', tokens, (value) => `key ${escapeEntities(value)}`),
    quirk('in wiki markup', 'jira-wiki', tokens, (value) => `key ${escapeEntities(value)}`),
    quirk('twice', 'html', tokens, (value) => `<p>${escapeEntities(escapeEntities(value))}</p>`),
  ],
  'Slack text': [
    quirk('escaped', 'slack-mrkdwn', both, (value) => `key ${escapeSlack(value)} ok`),
    quirk(
      'in the query of a link',
      'slack-mrkdwn',
      tokens,
      (value) => `<https://h.example/?a=1&amp;t=${value}>`,
    ),
    quirk(
      'in a target with a label',
      'slack-mrkdwn',
      tokens,
      (value) => `<https://h.example/?t=${value}|here>`,
    ),
    quirk('in a label', 'slack-mrkdwn', tokens, (value) => `<https://h.example/|${value}>`),
    quirk(
      'before what became an address',
      'slack-mrkdwn',
      tokens,
      (value) => `p://u:<mailto:${value}@db.example|${value}@db.example>/x`,
    ),
    quirk('in backticks', 'slack-mrkdwn', both, (value) => `\`\`\`${escapeSlack(value)}\`\`\``),
  ],
  'markup that splits a run': [
    ...['<b>', '</b>', '<wbr>', '<wbr/>', '<span class="x">', '</span></b>', '<!-- -->', '<em><i>'].map(
      (tag) => quirk(`HTML ${tag}`, 'html', tokens, (value) => `<p>${split(value, tag)}</p>`),
    ),
    quirk('an inline comment of Confluence', 'confluence-storage', tokens, (value) =>
      split(value, '<ac:inline-comment-marker ac:ref="1">'),
    ),
    quirk('bold in Markdown', 'markdown', tokens, (value) => split(value, '**')),
    quirk('HTML in Markdown', 'markdown', tokens, (value) => split(value, '<b>')),
    quirk('bold in wikitext', 'wikitext', tokens, (value) => split(value, "'''")),
    quirk('an empty nowiki', 'wikitext', tokens, (value) => split(value, '<nowiki/>')),
    quirk('colour in wiki markup', 'jira-wiki', tokens, (value) => `${split(value, '{color:red}')}{color}`),
    quirk('bold in wiki markup', 'jira-wiki', tokens, (value) => split(value, '{*}')),
  ],
  'markup that escapes characters': [
    quirk('Jira', 'jira-wiki', tokens, (value) => value.replace(/[_+-]/g, '\\$&')),
    quirk('Jira, in code', 'jira-wiki', both, (value) => `{code:title=x}${value}{code}`),
    quirk('Jira, as text without format', 'jira-wiki', both, (value) => `{noformat}\n${value}\n{noformat}`),
    quirk('Jira, monospaced', 'jira-wiki', tokens, (value) => `{{${value.replace(/[_-]/g, '\\$&')}}}`),
    quirk('Markdown', 'markdown', tokens, (value) => value.replace(/[_+=-]/g, '\\$&')),
    quirk('Markdown, in a span of code', 'markdown', both, (value) => `x \`${value}\` y`),
    quirk('Markdown, in a block of code', 'markdown', both, (value) => `\n\`\`\`sh\nK=${value}\n\`\`\`\n`),
    quirk('Markdown, in a target', 'markdown', tokens, (value) => `[here](https://h.example/?t=${value})`),
    quirk('wikitext', 'wikitext', tokens, (value) => `<nowiki>${value}</nowiki>`),
    quirk(
      'Confluence, in CDATA',
      'confluence-storage',
      both,
      (value) => `<ac:plain-text-body><![CDATA[k ${value}]] >]]></ac:plain-text-body>`,
    ),
    quirk(
      'Confluence, in a parameter',
      'confluence-storage',
      both,
      (value) => `<ac:parameter ac:name="password">${escapeEntities(value)}</ac:parameter>`,
    ),
  ],
  'typographic rewriting': [
    quirk('curly quotes', 'plain', tokens, (value) => `"token": "${value}"`),
    quirk('fine hyphens', 'plain', anchored, (value) => value.replaceAll('-', '\u2010')),
    quirk('hyphens that do not break', 'html', anchored, (value) => value.replaceAll('-', '&#8209;')),
  ],
  'invisible characters': [
    ...invisible.map((code) =>
      quirk(`U+${code.toString(16)}`, 'plain', both, (value) => everyFour(value, String.fromCodePoint(code))),
    ),
    quirk('as entities', 'html', tokens, (value) => everyFour(value, '&#8203;')),
    quirk('soft hyphens of a mail', 'html', tokens, (value) => everyFour(value, '&shy;')),
    quirk('in code', 'code', both, (value) => split(value, '\u200b')),
  ],
  'control characters': [
    ...[0x02, 0x08, 0x1c].map((code) =>
      quirk(`0x${code.toString(16)}`, 'confluence-storage', tokens, (value) =>
        split(value, String.fromCharCode(code)),
      ),
    ),
    quirk('colours of a terminal', 'log-ansi', both, (value) => split(value, '\x1b[0m\x1b[36;1m')),
    quirk(
      'a link of a terminal',
      'log-ansi',
      tokens,
      (value) => `\x1b]8;;https://h.example/${value}\x1b\\x\x1b]8;;\x1b\\`,
    ),
    quirk('erased lines', 'log-ansi', both, (value) => `10%\r\x1b[K${value}\r`),
    ...['\x02', '\x0f', '\x16', '\x1d', '\x1f'].map((code) =>
      quirk(`IRC ${JSON.stringify(code)}`, 'irc', both, (value) => split(value, code)),
    ),
  ],
  'line wrapping': [
    ...['\n', '\r\n', '\n> ', '\n    ', '=\r\n', '\\\n'].map((gap) =>
      quirk(`at ${JSON.stringify(gap)}`, 'plain', anchored, (value) => split(value, gap)),
    ),
    quirk('in a quoted mail', 'mail', anchored, (value) => `> > ${split(value, '\n> > ')} they said`),
    quirk('in HTML', 'html', anchored, (value) => split(value, '<br>')),
    quirk('by an IRC server', 'irc', both, (value) => `${'x '.repeat(220)}${split(value, '\n')}`),
    quirk(
      'by a runner',
      'log-ansi',
      tokens,
      (value) => `2024-05-01T10:00:00.123456Z 00O ${split(value, '\n2024-05-01T10:00:00.123456Z 00O+')}`,
    ),
  ],
  'link rewriting': [
    quirk(
      'by Outlook',
      'mail',
      tokens,
      (value) =>
        `https://x.safelinks.protection.outlook.com/?url=${encodeURIComponent(`https://h.example/?t=${value}`)}&data=05`,
    ),
    quirk(
      'by Outlook, in HTML',
      'html',
      tokens,
      (value) =>
        `<a href="https://x.safelinks.protection.outlook.com/?url=${encodeURIComponent(`https://h.example/?t=${value}`)}&amp;data=05">x</a>`,
    ),
    quirk(
      'by Proofpoint',
      'mail',
      tokens,
      (value) => `https://urldefense.com/v3/__https://h.example/?t=${value}__;!!a!b$`,
    ),
  ],
};

for (const [layer, quirks] of Object.entries(layers)) {
  describe(layer, () => {
    it.each(quirks)('$name ($dialect)', ({ dialect, values, write }) => {
      const lost = values.filter(
        (value) =>
          !viewsOf(`some words, ${write(value)} and more`, dialect).some((view) => view.includes(value)),
      );
      expect(lost).toEqual([]);
    });
  });
}

describe('options and armour after typographic rewriting', () => {
  it.each(['\u2013', '\u2014'])('%s', (dash) => {
    expect(viewsOf(`tool ${dash}password=x`, 'plain').join()).toContain('--password=x');
    const mark = ['BEGIN', 'PRIVATE', 'KEY'].join(' ');
    expect(viewsOf(`${dash}${dash}-${mark}${dash}${dash}-\nQUJD`, 'plain').join()).toContain(
      `-----${mark}-----`,
    );
  });
});
