/** Logs of IRC: irssi, WeeChat, HexChat, mIRC, ZNC, dircproxy, eggdrop, supybot and others. */

import type { ExportFile, ExportReader, ExportRecord, Probe, RecordPlace, RecordSink } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { defined } from '../defined.js';
import { endsInLine } from '../file-ending.js';
import { Ordinals } from '../ordinals.js';
import { readLines, type TextLine } from '../text-lines.js';
import { fromIso, recordTime } from '../times.js';
import { channelOf, dayOf, dayOfName, type IrcLine, type IrcStamp, parseIrcLine } from './irc-lines.js';

/** Lines looked at to tell a log of IRC. */
const probeLines = 200;

export const ircReader: ExportReader = {
  id: 'irc-log',
  system: 'irc',
  label: 'IRC log',
  most: 0.9,
  isNeverJson: true,
  ending: endsInLine,
  recognise(probe: Probe) {
    // A stamp in brackets looks like a list, but one without objects.
    if ((probe.json?.keys.length ?? 0) > 0) return undefined;
    const lines = probe.text.split(/\r?\n/, probeLines + 1);
    // The last one may be cut.
    if (!probe.isWhole || lines.length > probeLines) lines.pop();
    const score = scoreOf(lines.filter((line) => line.trim() !== ''));
    return score === 0 ? undefined : { score, reason: 'stamped lines of nicks and of joins' };
  },
  async read(file, sink, hints) {
    const place = await placeOf(file);
    if (place.kind === 'dm' && !hints.includeDirect) {
      sink.note('direct-message');
      return;
    }
    const log = new LogReader(file.name, place, sink);
    for await (const lines of readLines(file)) {
      for (const line of lines) log.line(line);
      await sink.drained();
      if (sink.aborted) return;
    }
    log.end();
  },
};

function scoreOf(lines: readonly string[]): number {
  let known = 0;
  let messages = 0;
  let columns = 0;
  let isSession = false;
  for (const line of lines) {
    if (dayOf(line) !== undefined) {
      known++;
      isSession = true;
      continue;
    }
    const parsed = parseIrcLine(line, isSession);
    if (parsed === undefined) continue;
    known++;
    if (parsed.kind === 'message' && !line.includes(`<`)) columns++;
    else if (parsed.kind === 'message') messages++;
  }
  if (lines.length < 2 || known * 10 < lines.length * 8) return 0;
  // Columns alone could be any table: WeeChat's joins and its marks tell them.
  const isColumns =
    columns > 0 && lines.some((line) => /^[\d: -]{19}\t(?:--?>|<--?|--| \*|[@+%])/.test(line));
  if (messages === 0 && !isColumns && !(isSession && known > messages + columns)) return 0;
  if (columns > messages && !isColumns) return 0;
  return known === lines.length ? 0.9 : 0.8;
}

/** Lines of one nick that are taken for one message: a server cuts long ones, and people paste several lines. */
const maxLines = 100;
const maxLength = 64 * 1024;
const maxGapMinutes = 5;

interface Run {
  readonly key: string;
  readonly first: IrcLine;
  readonly day: string | undefined;
  readonly lines: string[];
  readonly start: number;
  readonly line: number;
  end: number;
  length: number;
}

class LogReader {
  readonly #sink: RecordSink;
  readonly #place: RecordPlace;
  readonly #nameDay: string | undefined;
  #day: string | undefined;
  #isSession = false;
  #run: Run | undefined;
  /** For lines of one nick in one second, and at one time of days that nothing tells. */
  readonly #ids = new Ordinals();
  /** Of the last record that had one: lines without a stamp stand behind it, wherever the file begins. */
  #lastTime: string | undefined;

  constructor(fileName: string, place: RecordPlace, sink: RecordSink) {
    this.#sink = sink;
    this.#place = place;
    this.#nameDay = dayOfName(fileName);
    this.#day = this.#nameDay;
  }

  line(line: TextLine): void {
    const day = dayOf(line.text);
    if (day !== undefined) {
      this.#flush();
      this.#isSession = true;
      if (day !== '') this.#day = day;
      // The line says no more than the day, mostly; what it says is kept.
      this.#add({ stamp: undefined, kind: 'event', text: line.text }, line);
      this.#flush();
      return;
    }
    const parsed = parseIrcLine(line.text, this.#isSession);
    if (parsed !== undefined) this.#add(parsed, line);
    else if (line.text.trim() !== '') this.#continue(line);
  }

  end(): void {
    this.#flush();
  }

  #add(parsed: IrcLine, line: TextLine): void {
    const isTopic = parsed.kind === 'event' && /\btopic\b/i.test(parsed.text);
    const key = isTopic ? `topic ${line.number}` : `${parsed.kind} ${parsed.nick ?? ''}`;
    const run = this.#run;
    if (run !== undefined && run.key === key && canJoin(run, parsed)) {
      this.#append(run, parsed.text, line);
      return;
    }
    this.#flush();
    this.#run = {
      key,
      first: parsed,
      day: this.#day,
      lines: [parsed.text],
      start: line.start,
      line: line.number,
      end: line.end,
      length: parsed.text.length,
    };
  }

  /** A line in no known form goes on with the message before it. */
  #continue(line: TextLine): void {
    if (this.#run === undefined || this.#run.length > maxLength) {
      this.#flush();
      this.#add({ stamp: undefined, kind: 'event', text: line.text }, line);
    } else this.#append(this.#run, line.text, line);
  }

  #append(run: Run, text: string, line: TextLine): void {
    run.lines.push(text);
    run.length += text.length;
    run.end = line.end;
  }

  #flush(): void {
    const run = this.#run;
    this.#run = undefined;
    if (run === undefined || run.lines.every((line) => line === '')) return;
    const { first } = run;
    const created = timeOf(first.stamp, run.day, this.#nameDay);
    const isEvent = first.kind === 'event';
    const nick = first.nick === undefined || first.nick === '' ? undefined : first.nick;
    const role = run.key.startsWith('topic ') ? 'topic' : 'body';
    const record: ExportRecord = defined({
      place: this.#place,
      type: isEvent ? 'event' : 'message',
      id: this.#ids.next(`${this.#whenOf(created, run)} ${nick ?? '*'}`),
      actor: nick === undefined ? (isEvent ? { kind: 'system' } : undefined) : { name: nick, kind: 'user' },
      time: recordTime(fromIso(created)),
      revision: { state: 'current' },
      action: 'cannot-remove',
      texts: [{ text: run.lines.join('\n'), dialect: 'irc', field: { path: first.kind, role } }],
      raw: { start: run.start, end: run.end, line: run.line },
    });
    this.#sink.record(record);
  }

  /** What lasts of when a run was written: its time, its clock, else what it stands behind. */
  #whenOf(created: string | undefined, { first, day, line }: Run): string {
    const own = created ?? first.stamp?.clock;
    if (own !== undefined) {
      this.#lastTime = own;
      return own;
    }
    // A line that tells a day stands before all that is of it.
    if (day !== undefined && this.#lastTime?.startsWith(day) !== true) return day;
    return this.#lastTime === undefined ? `line ${line}` : `after ${this.#lastTime}`;
  }
}

function canJoin(run: Run, next: IrcLine): boolean {
  if (run.lines.length >= maxLines || run.length + next.text.length > maxLength) return false;
  const before = minutesOf(run.first.stamp);
  const after = minutesOf(next.stamp);
  return before === undefined || after === undefined || Math.abs(after - before) <= maxGapMinutes;
}

function minutesOf(stamp: IrcStamp | undefined): number | undefined {
  if (stamp === undefined) return undefined;
  const [hours, minutes] = stamp.clock.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** The time of a stamp, whose day may stand in another line or in the file's name; nothing is guessed. */
function timeOf(
  stamp: IrcStamp | undefined,
  day: string | undefined,
  nameDay: string | undefined,
): string | undefined {
  if (stamp === undefined) return undefined;
  const year = (nameDay ?? day)?.slice(0, 4);
  const date =
    stamp.date ??
    (stamp.monthDay === undefined ? day : year === undefined ? undefined : `${year}-${stamp.monthDay}`);
  return date === undefined ? undefined : `${date}T${stamp.clock}`;
}

/**
 * The channel by the names of file and folder (`Libera/#ops.log`, `znc/libera/#ops/2024-03-01.log`), else by the first
 * event that names one. A name without the sign of a channel, beside others that have it, is a talk with one person.
 */
async function placeOf(file: ExportFile): Promise<RecordPlace> {
  const parts = file.name.split('/');
  const base = (parts.at(-1) ?? '').replace(extension, '');
  const channel =
    [base, parts.at(-2) ?? ''].map(channelIn).find((name) => name !== undefined) ?? channelInHead(file);
  if (channel !== undefined) return { kind: 'channel', id: channel, name: channel, audience: 'unknown' };
  const own = base.replace(date, '').replace(/^[._-]+|[._-]+$/g, '');
  const id = own === '' ? (parts.at(-2) ?? 'log') : own;
  const siblings = await file.tree.list(parts.slice(0, own === '' ? -2 : -1).join('/'));
  const isQuery = siblings.some((name) => channelIn(name.slice(name.lastIndexOf('/') + 1)) !== undefined);
  return isQuery
    ? { kind: 'dm', id, name: id, audience: 'restricted' }
    : { kind: 'channel', id, name: id, audience: 'unknown' };
}

const extension = /\.(?:log|txt|weechatlog)$/i;
const date = /(?<!\d)(?:19|20)\d\d[-_.]?\d\d(?:[-_.]?\d\d)?(?!\d)/;

/** `#ops` in `libera.#ops.weechatlog` or `#ops_20240301.log`; names of channels ignore case. */
function channelIn(name: string): string | undefined {
  const bare = name
    .replace(extension, '')
    .replace(date, '')
    .replace(/[._-]+$/, '');
  return /(?:^|[._])([#&]{1,2}[^\s#&,/]{1,60})$/.exec(bare)?.[1]?.toLowerCase();
}

function channelInHead(file: ExportFile): string | undefined {
  for (const line of decodeHead(file.head).split(/\r?\n/)) {
    const parsed = parseIrcLine(line, true);
    const channel = parsed?.kind === 'event' ? channelOf(parsed.text) : undefined;
    if (channel !== undefined) return channel.toLowerCase();
  }
  return undefined;
}
