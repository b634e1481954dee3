/** Is a text a mail? Only its header block can tell. */

/** Headers that only mail has, or that together make one. */
const mailFields = new Set([
  'from',
  'to',
  'cc',
  'subject',
  'date',
  'received',
  'mime-version',
  'message-id',
  'return-path',
  'delivered-to',
  'reply-to',
  'in-reply-to',
  'references',
  'content-transfer-encoding',
]);
/** Written by programs that carry mail, and by nothing else. */
const carrierField =
  /^(?:received|message-id|return-path|delivered-to|mime-version|dkim-signature|x-account-key|x-mozilla-status|x-gmail-labels|x-uidl|arc-seal)$/;
const fieldLine = /^([!-9;-~]{1,100})[ \t]*:(.*)$/;
const maxLines = 400;

/** How much a text looks like a message, 0 to 1. */
export function mailScore(text: string): number {
  const fields = headerFields(text);
  if (fields === undefined) return 0;
  const keys = new Set(fields.map((field) => field.key));
  const isMultipart = fields.some(
    ({ key, value }) => key === 'content-type' && /^[ \t]*multipart\/[^;]*;(?:.|\n)*boundary/i.test(value),
  );
  const known = [...keys].filter((key) => mailFields.has(key)).length + (isMultipart ? 2 : 0);
  if (known < 2) return 0;
  const isCarried = isMultipart || [...keys].some((key) => carrierField.test(key));
  return isCarried ? 0.95 : known >= 3 ? 0.8 : 0.6;
}

/** Fields before the first empty line; undefined when something else stands among them. */
function headerFields(text: string): { key: string; value: string }[] | undefined {
  const body = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const fields: { key: string; value: string }[] = [];
  for (const line of text.slice(0, body).split(/\r?\n/, maxLines)) {
    const last = fields.at(-1);
    const match = fieldLine.exec(line);
    if (/^[ \t]/.test(line)) {
      if (last === undefined) return undefined;
      last.value += line;
    } else if (match?.[1] !== undefined) fields.push({ key: match[1].toLowerCase(), value: match[2] ?? '' });
    else if (last !== undefined || !/^>?From /.test(line)) return undefined;
  }
  return fields;
}
