/** Which headers hold what a person or a program wrote, and which only tell how a mail travelled. */
import { decodeWords } from 'postal-mime';
import type { RecordText } from '../contract.js';
import type { HeaderField } from './header-fields.js';

/** Ids, dates, routes, signatures and verdicts of filters: random-looking by nature, written by no one. */
const noise = new Set([
  'received',
  'x-received',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'content-length',
  'content-id',
  'content-language',
  'content-md5',
  'dkim-signature',
  'domainkey-signature',
  'x-google-dkim-signature',
  'x-gm-message-state',
  'x-gm-thrid',
  'x-gm-msgid',
  'x-google-smtp-source',
  'x-gm-features',
  'x-gm-gg',
  'authentication-results',
  'received-spf',
  'thread-index',
  'autocrypt',
  'face',
  'x-face',
  'x-uidl',
  'x-uid',
  'x-attachment-id',
  'x-mozilla-status',
  'x-mozilla-status2',
  'x-imapbase',
  'x-status',
  'status',
  'lines',
  'precedence',
  'feedback-id',
  'x-ui-filterresults',
  'x-provags-id',
]);
const noisePrefixes = [
  'arc-',
  'x-arc-',
  'x-ms-exchange-',
  'x-microsoft-antispam',
  'x-forefront-',
  'x-ms-has-attach',
  'x-ms-tnef-correlator',
  'x-spam-',
  'x-ironport-',
  'x-proofpoint-',
  'x-mimecast-',
  'x-me-',
];

/** Headers of RFC 5322 and of lists: their value is prose or addresses, no value under a name of its own. */
const prose =
  /^(?:subject|from|to|cc|bcc|sender|reply-to|resent-\w+|return-path|delivered-to|envelope-to|x-original-to|comments|keywords|thread-topic|organization|user-agent|x-mailer|x-gmail-labels|list-[\w-]+|archived-at|newsgroups|content-(?:description|location)|errors-to)$/;

const word = /^[\w.+:,()-]{1,80}$/;
const contentType = /^[\w.+-]{1,100}(?:\/[\w.+*-]{1,100})?$/;
const parameter = /^[\w*-]{1,60} *= *\S{0,2000}$/;
/** Words of a date, the longest of these values. */
const mostWords = 9;

function isIds(value: string): boolean {
  const parts = value.split(/[\s,]+/).filter((part) => part !== '');
  const isId = (part: string): boolean =>
    part.includes('@') || (part.startsWith('<') && part.endsWith('>')) || parts.length === 1;
  return parts.every(isId);
}

function isWords(value: string): boolean {
  const parts = value.split(/\s+/, mostWords + 1);
  return parts.length <= mostWords && parts.every((part) => part === '' || word.test(part));
}

function isStructured(value: string): boolean {
  const [first = '', ...rest] = value.replace(/"[^"]*"/g, '').split(';');
  const isParameter = (part: string): boolean => part.trim() === '' || parameter.test(part.trim());
  return contentType.test(first.trim()) && rest.every(isParameter);
}

/** How the values of some headers that are noise are written. What is not written so may be anything, also a text. */
const forms = new Map<string, (value: string) => boolean>([
  ['message-id', isIds],
  ['in-reply-to', isIds],
  ['references', isIds],
  ['content-id', isIds],
  ['date', isWords],
  ['mime-version', isWords],
  ['precedence', isWords],
  ['lines', isWords],
  ['status', isWords],
  ['content-length', isWords],
  ['content-language', isWords],
  ['content-transfer-encoding', isWords],
  ['content-type', isStructured],
  ['content-disposition', isStructured],
]);

/** Longer values of such headers are not looked at. */
const mostOfForm = 16_384;

/** True for headers that are not handed over. */
export function isNoise({ key, value }: Pick<HeaderField, 'key' | 'value'>): boolean {
  if (!noise.has(key)) return noisePrefixes.some((prefix) => key.startsWith(prefix));
  const form = forms.get(key);
  return form === undefined || value === '' || (value.length <= mostOfForm && form(value));
}

/**
 * Texts of a header block. `part` is the path of the MIME part that it stands on; none for the message's own.
 */
export function headerTexts(fields: readonly HeaderField[], part?: string): RecordText[] {
  const texts: RecordText[] = [];
  for (const field of fields) {
    const text = isNoise(field) ? '' : decodeWords(field.value);
    if (text === '') continue;
    const path = part === undefined ? field.name : `${part}/${field.name}`;
    const role = field.key === 'subject' && part === undefined ? 'title' : 'header';
    texts.push({
      text,
      dialect: 'plain',
      field: { path, role },
      ...(prose.test(field.key) ? {} : { label: field.name }),
    });
  }
  return texts;
}
