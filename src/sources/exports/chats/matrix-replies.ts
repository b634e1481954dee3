/** The copy of the answered message with which clients of Matrix begin a reply. */

export interface ReplyParts {
  readonly quoted: string;
  readonly own: string;
}

const openTag = '<mx-reply>';
const closeTag = '</mx-reply>';

/** Lines with `> ` at the start of a body, up to the blank line. Undefined when there are none. */
export function splitPlainReply(body: string): ReplyParts | undefined {
  if (!body.startsWith('> ')) return undefined;
  const lines = body.split('\n');
  let end = lines.findIndex((line) => !line.startsWith('>'));
  if (end < 0) end = lines.length;
  const quoted = lines.slice(0, end).map((line) => line.replace(/^> ?/, ''));
  return { quoted: quoted.join('\n'), own: lines.slice(lines[end] === '' ? end + 1 : end).join('\n') };
}

/** `<mx-reply>` at the start of a formatted body. */
export function splitHtmlReply(html: string): ReplyParts | undefined {
  const start = html.indexOf(openTag);
  const end = start < 0 ? -1 : html.indexOf(closeTag, start);
  if (end < 0) return undefined;
  return {
    quoted: html.slice(start + openTag.length, end),
    own: html.slice(0, start) + html.slice(end + closeTag.length),
  };
}
