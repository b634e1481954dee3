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

/** True for headers that are not handed over. */
export function isNoise(key: string): boolean {
  return noise.has(key) || noisePrefixes.some((prefix) => key.startsWith(prefix));
}

/**
 * Texts of a header block. `part` is the path of the MIME part that it stands on; none for the message's own.
 */
export function headerTexts(fields: readonly HeaderField[], part?: string): RecordText[] {
  const texts: RecordText[] = [];
  for (const field of fields) {
    const text = isNoise(field.key) ? '' : decodeWords(field.value);
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
