/**
 * What a line of a WhatsApp chat begins with: date and time as the locale of the phone writes them. No two locales agree
 * on the order, the signs between, the clock or even the digits.
 */

/** Date and time as a line writes them; which number is the day, only other lines tell. */
export interface WhatsAppHeader {
  /** Date and time as written. */
  readonly stamp: string;
  readonly isBracketed: boolean;
  readonly first: number;
  readonly second: number;
  readonly third: number;
  readonly separator: string;
  readonly hour: number;
  readonly minute: string;
  readonly seconds: string | undefined;
  readonly rest: string;
}

const day = String.raw`(\d{1,4})\u200f?([./-]) ?(\d{1,2})\u200f?[./-] ?(\d{1,4})`;
const morning = 'ص|上午|午前|오전|凌晨|清晨|早上|π\\.μ\\.|SA';
const evening = 'م|下午|午後|오후|中午|晚上|μ\\.μ\\.|CH';
const clock = String.raw`(?:(${morning}|${evening}) ?)?(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?(?:[ \u00a0\u202f]?([AaPp]\.?[ \u00a0]?[Mm]\.?|${morning}|${evening}))?`;
const marks = String.raw`[\u200e\u200f\ufeff]{0,3}`;
/** A comma, a full stop behind the year, the word for "at". */
const between = String.raw`(?:\.|\u200f| г\.)?(?:[,،]?\u200f? | klo | kl\. | um | à | alle | в )`;

/**
 * `12/9/20, 23:55 - ` (Android) and `[12/9/20, 23:55:01] ` (iOS). iOS puts a left-to-right mark before lines, and a
 * narrow blank before AM and PM.
 */
const dayFirst = new RegExp(`^${marks}(\\[?)${day}${between}${clock}(?:\\] | - )${marks}(.*)$`);
/** `23:55, 12/9/20 - `. */
const clockFirst = new RegExp(`^${marks}(\\[?)${clock}, ${day}(?:\\] | - )${marks}(.*)$`);

const isEvening = new RegExp(`^(?:[Pp]|${evening})`);

/** Digits of Arabic, of Persian and of Hindi. */
const otherDigits = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g;
const digitsAtFront = /[\d\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/;
/** No header is longer. */
const longestHeader = 60;

export function whatsAppHeader(line: string): WhatsAppHeader | undefined {
  // Most lines are cheap to tell apart.
  if (line.length < 12 || !digitsAtFront.test(line.slice(0, 6))) return undefined;
  const text = withPlainDigits(line);
  const parts = dayFirst.exec(text);
  if (parts !== null) {
    const [, bracket, first, separator, second, third, before, hour, minute, seconds, half] = parts;
    return headerOf(line, parts, {
      bracket,
      first,
      separator,
      second,
      third,
      hour,
      minute,
      seconds,
      half: before ?? half,
    });
  }
  const turned = clockFirst.exec(text);
  if (turned === null) return undefined;
  const [, bracket, before, hour, minute, seconds, half, first, separator, second, third] = turned;
  return headerOf(line, turned, {
    bracket,
    first,
    separator,
    second,
    third,
    hour,
    minute,
    seconds,
    half: before ?? half,
  });
}

type Parts = Readonly<
  Record<
    'bracket' | 'first' | 'separator' | 'second' | 'third' | 'hour' | 'minute' | 'seconds' | 'half',
    string | undefined
  >
>;

function headerOf(line: string, [, ...found]: RegExpExecArray, parts: Parts): WhatsAppHeader | undefined {
  const length = line.length - (found.at(-1) ?? '').length;
  // `[...] ` and `... - ` are the only pairs.
  const stamp = line
    .slice(0, length)
    .replace(/[\u200e\u200f\ufeff]+$/, '')
    .trim();
  if ((parts.bracket === '[') !== stamp.endsWith(']')) return undefined;
  const { half, seconds } = parts;
  const hours = Number(parts.hour) % (half === undefined ? 24 : 12);
  return {
    stamp: stamp.replace(/^[\u200e\u200f\ufeff[]+|[\]\s-]+$/g, ''),
    first: Number(parts.first),
    second: Number(parts.second),
    third: Number(parts.third),
    separator: parts.separator ?? '',
    isBracketed: parts.bracket === '[',
    hour: half !== undefined && isEvening.test(half) ? hours + 12 : hours,
    minute: parts.minute ?? '',
    seconds,
    rest: line.slice(length),
  };
}

/** The header with digits that are numbers here; as long as the line. */
function withPlainDigits(line: string): string {
  const head = line.slice(0, longestHeader);
  const plain = head.replace(otherDigits, (digit) => String(digitOf(digit)));
  return plain === head ? line : plain + line.slice(longestHeader);
}

/** Blocks of digits begin at 0x0660, 0x06f0 and 0x0966. */
function digitOf(digit: string): number {
  const code = digit.charCodeAt(0);
  return code >= 0x966 ? code - 0x966 : code & 0xf;
}
