/** Lines of IRC logs in the forms that clients, bouncers and bots write. */

export interface IrcStamp {
  /** `2009-01-14`, when the line says it. */
  readonly date?: string;
  /** `01-14`, for stamps without a year. */
  readonly monthDay?: string;
  /** `10:36` or `10:36:05`, with a fraction and an offset where the line has them. */
  readonly clock: string;
}

export type IrcKind = 'message' | 'action' | 'notice' | 'event';

export interface IrcLine {
  readonly stamp: IrcStamp | undefined;
  readonly kind: IrcKind;
  readonly nick?: string;
  readonly text: string;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `2005-01-09T02:05:04`, also with a blank or a tab, in brackets, with a fraction or a zone. */
const isoStamp =
  /^[[(]?(\d{4}-\d\d-\d\d)[T _](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)[\])]?(?:[ \t]|$)/;
/** `[14 Jan 10:36]` of dircproxy, `Jan 14 10:36:05` of HexChat. */
const dayStamp =
  /^\[?(?:(\d{1,2}) ([A-Z][a-z]{2})|([A-Z][a-z]{2}) (\d{1,2})) (\d\d:\d\d(?::\d\d)?)\]?(?:[ \t]|$)/;
/** `[12:34:56]`, `12:34`, `(12:34)`. */
const clockStamp = /^[[(]?(\d\d:\d\d(?::\d\d)?)[\])]?(?:[ \t]|$)/;

/** A line without its stamp, if it has one. */
function takeStamp(line: string): { stamp: IrcStamp | undefined; rest: string } {
  const iso = isoStamp.exec(line);
  if (iso !== null)
    return { stamp: { date: iso[1] ?? '', clock: iso[2] ?? '' }, rest: line.slice(iso[0].length) };
  const day = dayStamp.exec(line);
  if (day !== null) {
    const month = months.indexOf((day[2] ?? day[3] ?? '').toLowerCase()) + 1;
    const number = (day[1] ?? day[4] ?? '').padStart(2, '0');
    if (month > 0) {
      const stamp = { monthDay: `${String(month).padStart(2, '0')}-${number}`, clock: day[5] ?? '' };
      return { stamp, rest: line.slice(day[0].length) };
    }
  }
  const clock = clockStamp.exec(line);
  if (clock !== null) return { stamp: { clock: clock[1] ?? '' }, rest: line.slice(clock[0].length) };
  return { stamp: undefined, rest: line };
}

const nick = '[A-Za-z_\\[\\]\\\\`^{|}\\x80-\\uffff][^\\s<>!]{0,63}';
/** `<@nick!user@host> text`: with the sign of its rank and its address. */
const message = new RegExp(`^[ \\t]*<[@+%&~!. ]?(${nick})(?:!([^\\s>]{1,200}))?>(?:[ \\t]|$)`);
/** `-nick- text`, `-nick(user@host)- text`, but not `-!-` of irssi. */
const notice = new RegExp(`^-(${nick}?)(?:\\([^\\s)]{1,200}\\))?-[ \\t]`);
const action = new RegExp(`^[ \\t]{0,3}\\*[ \\t]{1,2}[@+%]?(${nick})[ \\t]`);
/** What clients write before joins, parts and modes. */
const event = /^[ \t]{0,3}(?:\*\*\*|-!-|--?>|<--?|-->\||---|===)(?=[ \t|]|$)/;
/** Weechat: nick, TAB, text. */
const column = new RegExp(`^[@+%&~!]?(${nick})\\t`);
/** irssi: `[msg(nick)] text`, `[nick(user@host)] text`. */
const direct = new RegExp(`^\\[(?:msg\\((${nick}?)\\)|(${nick}?)\\([^\\s)]{1,200}\\))\\][ \\t]`);

/** Undefined for a line in none of the forms. A line without a stamp is one only when `isStampless` allows it. */
export function parseIrcLine(line: string, isStampless = false): IrcLine | undefined {
  const { stamp, rest } = takeStamp(line);
  if (stamp === undefined && !isStampless) return undefined;
  const said = message.exec(rest);
  if (said !== null) return { stamp, kind: 'message', nick: said[1] ?? '', text: rest.slice(said[0].length) };
  const told = notice.exec(rest) ?? direct.exec(rest);
  if (told !== null)
    return { stamp, kind: 'notice', nick: told[1] ?? told[2] ?? '', text: rest.slice(told[0].length) };
  const mark = event.exec(rest);
  if (mark !== null)
    return { stamp, kind: 'event', text: rest.slice(mark[0].length).replace(/^[ \t|]+/, '') };
  const acted = action.exec(rest);
  if (acted !== null)
    return { stamp, kind: 'action', nick: acted[1] ?? '', text: rest.slice(acted[0].length) };
  if (stamp === undefined) return undefined;
  const cell = column.exec(rest);
  return cell === null
    ? undefined
    : { stamp, kind: 'message', nick: cell[1] ?? '', text: rest.slice(cell[0].length) };
}

const dayLine =
  /^(?:---|\*{4}) ?(?:Day changed|Log (?:opened|closed)|(?:BEGIN|ENDING) LOGGING AT)[ :]+(.{0,60})|^Session (?:Start|Time|Ident|Close)(?: \([^)]{0,80}\))?: ?(.{0,60})/i;
const longDate = /([A-Z][a-z]{2}) +(\d{1,2})(?:,? +\d\d:\d\d(?::\d\d)?)?,? +(\d{4})/;

/** The day from which on lines stand, from a line that a client writes about its log; empty when it tells none. */
export function dayOf(line: string): string | undefined {
  const match = dayLine.exec(line);
  if (match === null) return undefined;
  const said = match[1] ?? match[2] ?? '';
  const iso = /\d{4}-\d\d-\d\d/.exec(said)?.[0];
  if (iso !== undefined) return iso;
  const date = longDate.exec(said);
  const month = months.indexOf((date?.[1] ?? '').toLowerCase()) + 1;
  if (date === null || month === 0) return '';
  return `${date[3]}-${String(month).padStart(2, '0')}-${(date[2] ?? '').padStart(2, '0')}`;
}

/** Day in a file's name: `2009-01-14.log`, `#chan_20090114.log`. */
export function dayOfName(name: string): string | undefined {
  const match = /(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)/.exec(name);
  return match === null ? undefined : `${match[1]}-${match[3]}-${match[4]}`;
}

/** The channel that an event names: `has joined #pov`, `Now talking in #pov`. */
export function channelOf(text: string): string | undefined {
  return /\b(?:joined|talking (?:in|on)|joins|entered|logging started for)[: ]+(?:channel )?([#&][^\s,:"')]{1,63})/i.exec(
    text,
  )?.[1];
}
