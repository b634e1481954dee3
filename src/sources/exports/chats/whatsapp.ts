/** WhatsApp: the text of one chat, as phones export it. */

import type { ExportReader, ExportRecord, RecordPlace, RecordSink } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { defined } from '../defined.js';
import { mostlyEndsInLine } from '../file-ending.js';
import { Ordinals } from '../ordinals.js';
import { readLines, type TextLine } from '../text-lines.js';
import { fromIso, type Instant, recordTime } from '../times.js';
import { type WhatsAppHeader, whatsAppHeader } from './whatsapp-header.js';

/** Which number is which: known when a number is none but a day or a year. */
type DateOrder = 'dmy' | 'mdy' | 'ymd';

/** Lines of a head looked at. */
const headLines = 400;
/** Senders in the head beyond whom it can be no direct chat. */
const directPeople = 2;

interface HeadFacts {
  readonly messages: number;
  readonly lines: number;
  readonly order: DateOrder | undefined;
  /** How often each name speaks. */
  readonly senders: ReadonlyMap<string, number>;
  readonly isGroup: boolean;
  /** Name of the chat by what its system says in it. */
  readonly name: string | undefined;
}

function headFacts(text: string): HeadFacts {
  const lines = text.split(/\r?\n/, headLines).filter((line) => line !== '');
  const headers = lines.map(whatsAppHeader).filter((found) => found !== undefined);
  const people = new Map<string, number>();
  for (const { rest } of headers) {
    const name = senderOf(rest)?.name;
    if (name !== undefined) people.set(name, (people.get(name) ?? 0) + 1);
  }
  const isGroup =
    people.size > directPeople ||
    headers.some(({ rest }) => senderOf(rest) === undefined && /\bgroup\b/.test(rest));
  return {
    messages: headers.length,
    lines: lines.length,
    senders: people,
    order: orderOf(headers),
    isGroup,
    name: chatName(headers),
  };
}

/** iOS lets the chat itself say that it is encrypted; whoever creates a group names it. */
function chatName(headers: readonly WhatsAppHeader[]): string | undefined {
  for (const { rest } of headers) {
    const sender = senderOf(rest);
    if (sender?.text.includes('end-to-end encrypted') === true) return sender.name;
    const created =
      sender === undefined ? /created group [\u201c"](.{1,100})[\u201d"]/.exec(rest)?.[1] : undefined;
    if (created !== undefined) return created;
  }
  return undefined;
}

function orderOf(headers: readonly WhatsAppHeader[]): DateOrder | undefined {
  if (headers.some(({ first }) => first > 31)) return 'ymd';
  // With dots the day comes first wherever they are used.
  if (headers.some(({ first, separator }) => first > 12 || separator === '.')) return 'dmy';
  if (headers.some(({ second }) => second > 12)) return 'mdy';
  // Messages stand in the order of their days: one reading of the dates may contradict it.
  const isRising = (order: DateOrder): boolean =>
    headers.every(
      (header, i) => i === 0 || dayNumber(header, order) >= dayNumber(headers[i - 1] ?? header, order),
    );
  const dmy = isRising('dmy');
  return dmy === isRising('mdy') ? undefined : dmy ? 'dmy' : 'mdy';
}

function dayNumber(header: WhatsAppHeader, order: DateOrder): number {
  const [year, month, day] = partsOf(header, order);
  return (year * 100 + month) * 100 + day;
}

/** Year, month and day. */
function partsOf(
  { first, second, third }: WhatsAppHeader,
  order: DateOrder,
): readonly [number, number, number] {
  if (order === 'ymd') return [first, second, third];
  return order === 'dmy' ? [third, second, first] : [third, first, second];
}

/** Name and text; lines of the system name nobody. */
function senderOf(rest: string): { readonly name: string; readonly text: string } | undefined {
  const colon = rest.indexOf(': ');
  if (colon > 0 && colon <= 100) return { name: rest.slice(0, colon), text: rest.slice(colon + 2) };
  // A message whose first line is empty.
  return rest.endsWith(':') && rest.length <= 100 ? { name: rest.slice(0, -1), text: '' } : undefined;
}

export const whatsAppReader: ExportReader = {
  id: 'whatsapp-text',
  system: 'whatsapp',
  label: 'WhatsApp chat',
  isNeverJson: true,
  most: 0.93,
  ending: mostlyEndsInLine,

  recognise(probe) {
    // Logs may begin with dates as well; the form of this line is theirs alone.
    const [first = ''] = probe.text.trimStart().split('\n', 1);
    const opening = whatsAppHeader(first.trimEnd());
    if (opening === undefined) return undefined;
    const { messages, lines, senders } = headFacts(probe.text);
    const isNamed = /(?:_chat|whatsapp[^/]*)\.txt$/i.test(probe.name);
    const isLog = isLogLike(opening) && !isTalk(opening, senders);
    if (!isNamed && (messages * 4 < lines || isLog)) return undefined;
    return { score: isNamed ? 0.93 : 0.82, reason: 'lines "date, time - name: text"' };
  },

  async read(file, sink, hints) {
    const facts = headFacts(decodeHead(file.head));
    const place = placeOf(file.name, facts);
    const chat = new Chat(place, facts.order, sink, hints.includeDirect || facts.isGroup);
    for await (const lines of readLines(file)) {
      for (const line of lines) chat.line(line);
      if (sink.aborted) return;
      await sink.drained();
    }
    chat.end();
  },
};

/** Some locales write no comma either. What then tells a chat are people, more than one, who speak again. */
function isTalk({ isBracketed, seconds }: WhatsAppHeader, senders: ReadonlyMap<string, number>): boolean {
  if (isBracketed || seconds !== undefined || senders.size < 2) return false;
  const names = [...senders];
  return names.every(([name]) => !level.test(name)) && names.some(([, count]) => count > 1);
}

/** What logs write where a name would stand. */
const level =
  /^(?:trace|debug|info|notice|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|severe)\b|[[\]{}=<>/\\]/i;

/** A comma, the words of other languages, a full stop behind the year. */
const phoneLike = /[,،]|[^ -~]| klo | kl\. |\d\. \d/;

/** Phones of most locales write a comma behind the date, and Android no seconds; logs do neither. */
function isLogLike({ stamp, isBracketed, seconds }: WhatsAppHeader): boolean {
  return !phoneLike.test(stamp) || (!isBracketed && seconds !== undefined);
}

function placeOf(path: string, { isGroup, name }: HeadFacts): RecordPlace {
  const parts = path.split('/');
  const stem = (parts.pop() ?? '').replace(/\.txt$/i, '');
  const named = /^whatsapp chat (?:with|-) (.+)$/i.exec(stem)?.[1];
  // iOS calls every file `_chat.txt` and names the archive after the chat.
  const id = named ?? name ?? (stem === '_chat' ? (parts.pop() ?? stem) : stem);
  return {
    kind: isGroup ? 'channel' : 'dm',
    id,
    name: isGroup ? id : 'direct message',
    audience: 'restricted',
  };
}

/** A message longer than this is given in parts. */
const maxTextLength = 1024 * 1024;
const leftOut = /^<(?:media|video|image|audio|sticker|gif|document)[^<>]{0,20} omitted>$|^\S{1,20} omitted$/i;

class Chat {
  readonly #place: RecordPlace;
  readonly #order: DateOrder | undefined;
  readonly #sink: RecordSink;
  readonly #isRead: boolean;
  readonly #ordinals = new Ordinals();
  #header: WhatsAppHeader | undefined;
  #lines: string[] = [];
  #length = 0;
  #start = 0;
  #end = 0;
  #number = 1;

  constructor(place: RecordPlace, order: DateOrder | undefined, sink: RecordSink, isRead: boolean) {
    this.#place = place;
    this.#order = order;
    this.#sink = sink;
    this.#isRead = isRead;
  }

  line(line: TextLine): void {
    const opening = whatsAppHeader(line.text);
    if (opening !== undefined || this.#length > maxTextLength) {
      this.#flush();
      this.#header = opening ?? this.#header;
      this.#start = line.start;
      this.#number = line.number;
      this.#lines = [opening?.rest ?? line.text];
    } else this.#lines.push(line.text);
    this.#length += line.text.length;
    this.#end = line.end;
  }

  end(): void {
    this.#flush();
  }

  #flush(): void {
    const whole = this.#lines.join('\n').trimEnd();
    const head = this.#header;
    this.#lines = [];
    this.#length = 0;
    if (whole === '') return;
    if (!this.#isRead) {
      this.#sink.note('direct-message');
      return;
    }
    const sender = senderOf(whole.split('\n', 1)[0] ?? '');
    const text = sender === undefined ? whole : whole.slice(sender.name.length + 1).trimStart();
    const bare = text.replace(/^[\u200e\u200f]+/, '');
    if (leftOut.test(bare)) this.#sink.note('attachment-missing');
    if (bare === '') return;
    this.#sink.record(
      defined<ExportRecord>({
        place: this.#place,
        type: sender === undefined ? 'event' : 'message',
        id: this.#ordinals.next(head?.stamp ?? `line ${this.#number}`),
        actor: sender === undefined ? undefined : { name: sender.name, kind: 'user' },
        time: head === undefined ? undefined : recordTime(this.#timeOf(head)),
        revision: { state: 'current' },
        action: 'delete',
        texts: [{ text, dialect: 'plain', field: { path: 'text', role: 'body' } }],
        raw: { start: this.#start, end: this.#end, line: this.#number },
      }),
    );
  }

  /** Local time of the phone; none when nothing tells the day from the month. */
  #timeOf(head: WhatsAppHeader): Instant | undefined {
    // The second of February is that in any order.
    const order = this.#order ?? (head.first === head.second ? 'dmy' : undefined);
    if (order === undefined) return undefined;
    const [year, month, day] = partsOf(head, order);
    // Thailand counts from the death of Buddha.
    const full = year < 100 ? 2000 + year : year > 2400 ? year - 543 : year;
    const two = (value: number): string => String(value).padStart(2, '0');
    const clock = head.seconds === undefined ? head.minute : `${head.minute}:${head.seconds}`;
    return fromIso(`${full}-${two(month)}-${two(day)}T${two(head.hour)}:${clock}`);
  }
}
