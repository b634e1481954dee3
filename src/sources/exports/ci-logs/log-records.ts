/**
 * Lines of a log to records: one a step or group, its text in chunks. The dialect undoes stamps and escape sequences
 * later, with the way back.
 */
import type { ExportRecord, RecordPlace, RecordSink, RecordText } from '../contract.js';
import type { TextLine } from '../text-lines.js';
import { fromEpoch, type Instant, recordTime } from '../times.js';

/** A step, group, section or stage, by the line that begins it. */
export interface LogStep {
  /** What of the id is lasting: the stamp of the first line, a section and its time, a count. */
  readonly key: string;
  readonly title?: string | undefined;
  readonly time?: Instant | undefined;
}

/** Text of a chunk; a private key or an overlong line may make it longer. */
const chunkChars = 64 * 1024;
/** A block that was begun and is not ended by then is no reason to wait any longer. */
const blockChars = 64 * 1024;
/** A step with more text goes on in another record. */
const recordChars = 1024 * 1024;

const blockBegin = '-----BEGIN ';
const blockEnd = '-----END ';

export interface LogRecordsOptions {
  readonly place: RecordPlace;
  /** Put before the key of each step: the job. */
  readonly job: string | undefined;
  readonly permalink: ExportRecord['permalink'];
}

export class LogRecords {
  readonly #sink: RecordSink;
  readonly #options: LogRecordsOptions;
  readonly #ids = new Map<string, number>();
  #job: string | undefined;
  #step: LogStep | undefined;
  /** Number of the line with which the step went on in another record. */
  #from: number | undefined;
  #texts: RecordText[] = [];
  #chars = 0;
  #raw: { start: number; end: number; line: number } | undefined;
  #lines: string[] = [];
  #lineChars = 0;
  #firstLine = 0;
  #lastLine = 0;
  /** Characters since the begin line of a block that has not ended. */
  #block: number | undefined;
  /** True when the last line goes on with the next piece. */
  #isCut = false;

  constructor(sink: RecordSink, options: LogRecordsOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#job = options.job;
  }

  /** The job of the lines to come, where each line tells it. */
  set job(job: string) {
    this.#job = job;
  }

  begin(step: LogStep): void {
    this.#give();
    this.#step = step;
    this.#from = undefined;
  }

  line(line: TextLine): void {
    const { text } = line;
    this.#raw ??= { start: line.start, end: line.end, line: line.number };
    this.#raw.end = line.end;
    if (this.#lines.length === 0) this.#firstLine = line.number;
    this.#lastLine = line.number;
    if (this.#isCut) this.#lines.push(`${this.#lines.pop() ?? ''}${text}`);
    else this.#lines.push(text);
    this.#isCut = line.isCut;
    this.#lineChars += text.length + 1;
    this.#follow(text);
    if (line.isLossy) this.#sink.note('undecodable');
    // A log may be one line without an end.
    const isWaiting = line.isCut && this.#lineChars < recordChars;
    if (this.#lineChars >= chunkChars && this.#block === undefined && !isWaiting) this.#cutChunk();
    if (this.#chars >= recordChars && this.#block === undefined && this.#lines.length === 0) this.#goOn(line);
  }

  end(): void {
    this.#give();
  }

  /** Knows whether a private key is being printed. */
  #follow(text: string): void {
    const end = text.lastIndexOf(blockEnd);
    const begin = text.lastIndexOf(blockBegin);
    if (begin > end) this.#block = 0;
    else if (end >= 0) this.#block = undefined;
    else if (this.#block !== undefined) {
      this.#block += text.length;
      if (this.#block > blockChars) this.#block = undefined;
    }
  }

  #cutChunk(): void {
    if (this.#lines.length === 0) return;
    const lines =
      this.#firstLine === this.#lastLine
        ? `line ${this.#firstLine}`
        : `lines ${this.#firstLine}-${this.#lastLine}`;
    const text = this.#lines.join('\n');
    if (text.trim() !== '')
      this.#texts.push({ text, dialect: 'log-ansi', field: { path: lines, role: 'body' } });
    this.#chars += this.#lineChars;
    this.#lines = [];
    this.#lineChars = 0;
  }

  /** The step goes on in a record of its own. */
  #goOn(line: TextLine): void {
    this.#give();
    this.#from = line.number;
  }

  #give(): void {
    this.#cutChunk();
    const step = this.#step ?? { key: 'start' };
    const key = this.#from === undefined ? step.key : `${step.key}+${this.#from}`;
    const title = [this.#job, step.title].filter((part) => part !== undefined && part !== '').join(' / ');
    const { place, permalink } = this.#options;
    const time = recordTime(step.time);
    if (this.#texts.length > 0)
      this.#sink.record({
        place,
        type: 'log-step',
        id: this.#unique(this.#job === undefined ? key : `${this.#job}/${key}`),
        ...(title !== '' && { title }),
        ...(time && { time }),
        ...(permalink && { permalink }),
        action: 'delete',
        revision: { state: 'current' },
        texts: this.#texts,
        ...(this.#raw && { raw: this.#raw }),
      });
    this.#texts = [];
    this.#chars = 0;
    this.#raw = undefined;
    this.#block = undefined;
    this.#isCut = false;
  }

  #unique(id: string): string {
    const count = (this.#ids.get(id) ?? 0) + 1;
    if (this.#ids.size < maxRemembered || count > 1) this.#ids.set(id, count);
    return count === 1 ? id : `${id}~${count}`;
  }
}

const maxRemembered = 100_000;

/** Seconds since 1970, as section markers have them. */
export function epochSeconds(text: string): Instant | undefined {
  return fromEpoch(text, 's');
}
