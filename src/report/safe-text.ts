/**
 * Makes strings that come from a scanned target safe to print. Paths, names and refs are hostile: they may
 * hold terminal escapes, line breaks that forge a second row, or bidirectional controls that reorder what
 * a reader sees.
 */

/**
 * C0 and C1 controls, DEL, bidirectional controls, zero-width and line separators, the byte order mark, tag
 * characters, and lone surrogates. Written as code points so that this file holds none of them.
 */
const unsafe = new RegExp(
  '[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb' +
    '\\u{e0000}-\\u{e007f}\\p{Cs}]',
  'gu',
);

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\u{${code.toString(16)}}`;
}

/** Replaces every character that could steer a terminal or hide text by its escape, e.g. `\x1b`. */
export function safeText(text: string): string {
  return text.replace(unsafe, escaped);
}

/** Text for a Markdown table cell or paragraph: no markup, no link, no mention, no cell border. */
export function markdownText(text: string): string {
  return safeText(text)
    .replace(/[\\`*_{}[\]<>()#+!|~&@:$^=]/g, '\\$&')
    .replace(/www\./gi, (prefix) => `${prefix.slice(0, -1)}\\.`);
}

const markupEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text for an element or a quoted attribute of XML and HTML. No `<` and no `>` is left, so neither a tag nor `]]>` can
 * come of it; the two code points that XML forbids beside the controls are escaped as those are.
 */
export function markupText(text: string): string {
  return safeText(text)
    .replace(/[\ufffe\uffff]/g, escaped)
    .replace(/[&<>"']/g, (character) => markupEntities[character] ?? '');
}

/**
 * One CSV field (RFC 4180). A field that a spreadsheet would take for a formula gets an apostrophe in
 * front, as OWASP's note on CSV injection advises.
 */
export function csvField(value: string | number | boolean | undefined): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const text = safeText(value);
  const guarded = /^\s*[=+\-@|%]/.test(text) ? `'${text}` : text;
  return /[",;\r\n\t]|^\s|\s$/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** The first letter in upper case: for the start of a sentence. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `1234567` as `1,234,567`. Not by `toLocaleString`, whose first call loads locale data for 20 ms. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 place`, `2 places`; `many` where the plural is irregular. */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** Bytes for people: `12 B`, `3.4 MB` (powers of ten, as disks are sold and `git count-objects -H` is not). */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? 'B'}`;
}

/** Times without the thousandths that nobody needs: `10:05:00.000Z` is `10:05:00Z`. */
export function wholeSeconds(text: string): string {
  return text.replace(/(T\d\d:\d\d:\d\d)\.\d+Z/g, '$1Z');
}
