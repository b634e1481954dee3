/** How shells and prompts write their histories, and how their lines become commands again. */
import type { TextLine } from '../text-lines.js';

/**
 * `stamped`: bash with `#1700000000` lines. `libedit`: escapes as `\040`. `powershell`: a backtick at the end of a
 * line goes on. `plain`: a line is a command.
 */
export type HistoryForm = 'zsh' | 'fish' | 'stamped' | 'powershell' | 'libedit' | 'plain';

export interface Command {
  readonly text: string;
  /** Seconds since 1970. */
  readonly time?: number;
  /** Paths that fish remembers of the command. */
  readonly paths: readonly string[];
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

const zshLine = /^: (\d{9,11}):\d{1,10};(.*)$/;
const stampLine = /^#(\d{9,11})$/;
const fishCommand = /^- cmd: (.*)$/;
const fishTime = /^ {2}when: (\d{9,11})$/;
const fishPath = /^ {4}- (.*)$/;
const libeditMark = '_HiStOrY_V2_';
/** Lines looked at. */
const sampleLines = 400;

/** The form that the lines themselves show; undefined when they could be anything. */
export function historyFormOf(text: string): HistoryForm | undefined {
  if (text.startsWith(libeditMark)) return 'libedit';
  const lines = text.split(/\r?\n/, sampleLines).filter((line) => line !== '');
  const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
  const first = lines[0] ?? '';
  if (zshLine.test(first) && count(zshLine) * 3 >= lines.length) return 'zsh';
  if (fishCommand.test(first) && count(fishTime) > 0) return 'fish';
  if (stampLine.test(first) && lines.length > 1 && count(stampLine) * 5 >= lines.length) return 'stamped';
  return undefined;
}

/** Lines that one command may go on for. */
const maxCommandLines = 2000;

interface OpenCommand {
  readonly line: TextLine;
  time: number | undefined;
  readonly parts: string[];
  readonly paths: string[];
  end: number;
  /** What the command waits for: the end of a block of key material. */
  isBlock: boolean;
}

/** Joins lines to commands. */
export class CommandLines {
  readonly #form: HistoryForm;
  readonly #give: (command: Command) => void;
  #open: OpenCommand | undefined;
  #stamp: number | undefined;

  constructor(form: HistoryForm, give: (command: Command) => void) {
    this.#form = form;
    this.#give = give;
  }

  add(line: TextLine): void {
    if (this.#open !== undefined && this.#open.parts.length >= maxCommandLines) this.#close();
    if (this.#form === 'zsh') this.#zsh(line);
    else if (this.#form === 'fish') this.#fish(line);
    else if (this.#form === 'stamped') this.#stamped(line);
    else this.#line(line);
  }

  end(): void {
    this.#close();
  }

  #zsh(line: TextLine): void {
    const goesOn = this.#open?.parts.at(-1)?.endsWith('\\') === true;
    const [, time, text] = zshLine.exec(line.text) ?? [];
    if (goesOn && this.#open !== undefined) this.#append(this.#open, line, line.text, /\\$/);
    else {
      this.#close();
      this.#start(line, text ?? line.text, time === undefined ? undefined : Number(time));
    }
  }

  #fish(line: TextLine): void {
    const command = fishCommand.exec(line.text)?.[1];
    if (command !== undefined) {
      this.#close();
      this.#start(line, unescapeFish(command), undefined);
      return;
    }
    const open = this.#open;
    if (open === undefined) return;
    open.end = line.end;
    const time = fishTime.exec(line.text)?.[1];
    const path = fishPath.exec(line.text)?.[1];
    if (time !== undefined) open.time = Number(time);
    else if (path !== undefined) open.paths.push(unescapeFish(path));
  }

  #stamped(line: TextLine): void {
    const time = stampLine.exec(line.text)?.[1];
    if (time !== undefined) {
      this.#close();
      this.#stamp = Number(time);
    } else if (this.#open !== undefined) this.#append(this.#open, line, line.text);
    else this.#start(line, line.text, this.#stamp);
  }

  /** Forms in which a line is a command, unless it says that it goes on. */
  #line(line: TextLine): void {
    const isLibedit = this.#form === 'libedit';
    if (isLibedit && line.text === libeditMark) return;
    const text = isLibedit ? unescapeOctal(line.text) : line.text;
    const goesOn = this.#form === 'powershell' ? /`$/ : /\\$/;
    const open = this.#open;
    if (open === undefined) this.#start(line, text, undefined);
    else this.#append(open, line, text, goesOn);
    const now = this.#open;
    if (now === undefined) return;
    if (text.includes('-----BEGIN ')) now.isBlock = true;
    if (text.includes('-----END ')) now.isBlock = false;
    if (!now.isBlock && !goesOn.test(text)) this.#close();
  }

  #start(line: TextLine, text: string, time: number | undefined): void {
    this.#open = { line, time, parts: [text], paths: [], end: line.end, isBlock: false };
  }

  /** @param mark what the line before ends with to say that it goes on; no part of the command */
  #append(open: OpenCommand, line: TextLine, text: string, mark?: RegExp): void {
    const last = open.parts.length - 1;
    if (mark !== undefined) open.parts[last] = (open.parts[last] ?? '').replace(mark, '');
    open.parts.push(text);
    open.end = line.end;
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    this.#stamp = undefined;
    if (open === undefined) return;
    const text = open.parts.join('\n');
    if (text.trim() === '') return;
    const { line, time, paths, end } = open;
    this.#give({
      text,
      ...(time === undefined ? {} : { time }),
      paths,
      line: line.number,
      start: line.start,
      end,
    });
  }
}

function unescapeFish(text: string): string {
  return text.includes('\\')
    ? text.replace(/\\([\\n])/g, (_, letter: string) => (letter === 'n' ? '\n' : '\\'))
    : text;
}

function unescapeOctal(text: string): string {
  if (!text.includes('\\')) return text;
  // The escapes are bytes; several make one character.
  return text.replace(/(?:\\[0-3][0-7]{2})+/g, (run) =>
    Buffer.from((run.match(/[0-7]{3}/g) ?? []).map((digits) => Number.parseInt(digits, 8))).toString('utf8'),
  );
}

/** zsh writes some bytes as 0x83 and the byte with bit 5 flipped. */
export function unmetafied(bytes: Buffer): string {
  const plain = Buffer.alloc(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    const next = bytes[at + 1];
    if (byte === 0x83 && next !== undefined) {
      plain[length++] = next ^ 0x20;
      at++;
    } else plain[length++] = byte;
  }
  return plain.toString('utf8', 0, length);
}
