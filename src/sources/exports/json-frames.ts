/**
 * Walks through a JSON text piece by piece: containers that lead to records are opened, records and all other members
 * are cut out whole and parsed. See json-records.ts for what it is for.
 */
import type { RecordSink } from './contract.js';
import { lacksMembers, parseJson, RecordBatch } from './json-batch.js';
import {
  closeBrace,
  closeBracket,
  colon,
  comma,
  newline,
  openBrace,
  openBracket,
  quote,
  skipSpaces,
} from './json-bytes.js';
import { type PathPattern, pathPatterns, recordPattern } from './json-paths.js';
import { isJsonPrefix } from './json-prefix.js';
import type { JsonDamage, JsonRecordEvents } from './json-record.js';
import { repairWhole } from './json-remainder.js';
import { type Candidate, type Holder, leadBytes, type OpenContainers, Resync } from './json-resync.js';
import { salvagedParts } from './json-salvage.js';
import { Skim } from './json-skim.js';
import { type Frame, FrameStack } from './json-stack.js';
import { type JsonWindow, textOfBytes } from './json-window.js';

export interface FrameLimits {
  /** Of a record; what is larger is cut off. */
  readonly maxRecordBytes: number;
  /** Of any other member. */
  readonly maxMemberBytes: number;
  /** Of memory for all members that are kept as ancestors at a time. */
  readonly maxKeptBytes: number;
}

export const frameLimits: FrameLimits = {
  maxRecordBytes: 64 << 20,
  maxMemberBytes: 16 << 20,
  maxKeptBytes: 128 << 20,
};

/** Bytes that may be looked at again because of damage: for each byte of the text, and in any case. */
const againFactor = 4;
const againBytes = 64 << 20;
/** Bytes before a place that tell whether a record begins there. */
const lookBehind = 1024;
/** Damages told one by one; of more, the notes give the number of records. */
const maxDamages = 1000;
/** Of how many records the beginning is remembered. */
const learnedRecords = 32;

interface Place {
  readonly start: number;
  readonly line: number;
}

/** A value that is being cut out. */
interface Task {
  /** `gap`: what stands between two records and is no JSON. */
  readonly part: 'record' | 'member' | 'key' | 'gap';
  readonly pattern: PathPattern | undefined;
  readonly pointer: string;
  readonly ancestors: readonly Record<string, unknown>[];
  readonly place: Place;
  /** Index of its first byte in the window, while that is there. */
  start: number;
  /** First bytes of a value that is too large; the window has them no more. */
  head?: Buffer;
}

/** A search for a place to go on at. */
interface Search {
  /** The value that the damage is in, unless it was given already. */
  lost: Task | undefined;
  at: number;
  /** Where the damage showed. */
  bad: number;
  /** True when the text ended within a value that was whole so far. */
  readonly isCut: boolean;
}

export class JsonFramer {
  readonly #window: JsonWindow;
  readonly #sink: RecordSink;
  readonly #events: JsonRecordEvents;
  readonly #limits: FrameLimits;
  readonly #patterns: readonly PathPattern[];
  readonly #stack: FrameStack;
  readonly #resync: Resync;
  readonly #batch: RecordBatch;
  readonly #skim: Skim = new Skim();
  /** For counting members in a value that is whole. */
  readonly #counting: Skim = new Skim();
  /** Where in the window the text begins that was put into the tape; undefined: none of this window was. */
  #taped: number | undefined;
  /** Index in the window of the next byte outside of a task. */
  #at = 0;
  #task: Task | undefined;
  #search: Search | undefined;
  #rootPlace: Place = { start: 0, line: 1 };
  #roots = 0;
  /** True since something whole was read: damage that shows now is new. */
  #isHealthy = true;
  /** True behind damage until a container is met that is known: brackets may have been lost. */
  #isDoubtful = false;
  #isFinal = false;
  #total = 0;
  #again = 0;
  #learned = 0;
  #damages = 0;

  constructor(
    paths: readonly string[],
    window: JsonWindow,
    sink: RecordSink,
    events: JsonRecordEvents,
    limits: FrameLimits = frameLimits,
  ) {
    this.#window = window;
    this.#sink = sink;
    this.#events = events;
    this.#limits = limits;
    this.#patterns = pathPatterns(paths);
    this.#stack = new FrameStack(this.#patterns, limits.maxKeptBytes);
    this.#resync = new Resync(this.#patterns);
    this.#batch = new RecordBatch(window);
  }

  /** Tells beforehand that the text has several roots, each of which begins a line. */
  expectLines(): void {
    this.#skim.isOfLines = true;
  }

  push(chunk: Buffer): void {
    const from = Math.min(this.#keepFrom(), this.#window.end);
    this.#window.push(chunk, from);
    this.#taped = undefined;
    this.#at -= from;
    this.#skim.at -= from;
    if (this.#task !== undefined) this.#task.start -= from;
    if (this.#search !== undefined) {
      this.#search.at -= from;
      this.#search.bad -= from;
      if (this.#search.lost !== undefined) this.#search.lost.start -= from;
    }
    this.#total += chunk.length;
    this.#advance(false);
  }

  /** Reads what is left when the text ends. */
  finish(): void {
    this.#advance(true);
    if (this.#stack.depth > 0 && this.#isHealthy) this.#damaged(this.#window.end);
    while (this.#stack.depth > 0) this.#close();
    if (this.#roots === 0 && this.#total > 0 && this.#isHealthy) this.#sink.damaged('not a JSON text');
  }

  /** First index of the window that is still needed. */
  #keepFrom(): number {
    const { at, lost } = this.#search ?? { at: this.#at, lost: this.#task };
    const needed = lost === undefined ? at : lost.head === undefined ? lost.start : this.#skim.at;
    return Math.max(0, needed - lookBehind);
  }

  #advance(isFinal: boolean): void {
    this.#isFinal = isFinal;
    let goesOn = true;
    while (goesOn && !this.#sink.aborted) {
      if (this.#search !== undefined) goesOn = this.#seek(this.#search, isFinal);
      else if (this.#task !== undefined) goesOn = this.#cutOut(this.#task, isFinal);
      else goesOn = this.#step(isFinal);
    }
    this.#flush();
  }

  /** Reads one token outside of records; false when there is none any more. */
  #step(isFinal: boolean): boolean {
    const { bytes, end } = this.#window;
    this.#at = skipSpaces(bytes, this.#at, end);
    if (this.#at >= end) return false;
    const byte = bytes[this.#at] as number;
    const { top } = this.#stack;
    if (top === undefined) return this.#rootStep(byte, isFinal);
    if (this.#skim.isOfLines && beginsValue(byte) && bytes[this.#at - 1] === newline)
      return this.#fail(this.#at);
    switch (top.expects) {
      case 'first-element':
      case 'element':
        if (byte === closeBracket) return this.#closeAtBracket();
        return top.records === undefined ? this.#value(byte) : this.#elements(top, top.records);
      case 'first-key':
      case 'key':
        if (byte === closeBrace) return this.#closeAtBracket();
        return byte === quote ? this.#begin('key', undefined) : this.#fail(this.#at);
      case 'colon':
        if (byte !== colon) return this.#fail(this.#at);
        top.expects = 'member';
        this.#at++;
        return true;
      case 'member':
        return this.#value(byte);
      case 'separator':
        return this.#separator(top, byte);
    }
  }

  #separator(top: Frame, byte: number): boolean {
    if (byte === (top.isArray ? closeBracket : closeBrace)) return this.#closeAtBracket();
    if (byte === comma) this.#at++;
    else if (top.isArray && byte === openBrace) {
      // Only the comma is lost.
      this.#flush();
      this.#damaged(this.#at);
    } else return this.#fail(this.#at);
    top.expects = top.isArray ? 'element' : 'key';
    return true;
  }

  /** Between roots. */
  #rootStep(byte: number, isFinal: boolean): boolean {
    const { bytes, end } = this.#window;
    if (byte === 0xef) {
      // A byte order mark, where files were joined.
      if (!isFinal && end - this.#at < 3) return false;
      if (bytes[this.#at + 1] !== 0xbb || bytes[this.#at + 2] !== 0xbf) return this.#fail(this.#at);
      this.#at += 3;
      return true;
    }
    if (byte === 0x1e) {
      // Record separator of JSON text sequences (RFC 7464).
      this.#at++;
      return true;
    }
    if (byte === comma && this.#roots > 0) return this.#commaBetweenRoots();
    if (!beginsValue(byte) && this.#roots === 0 && !mayBeScalar(byte)) return this.#fail(this.#at);
    if (this.#skim.isOfLines && this.#stack.depth === 0 && this.#line(isFinal)) return true;
    this.#rootPlace = this.#placeOf(this.#at);
    return this.#value(byte);
  }

  /** Roots with commas between are elements of an array whose brackets are lost, or were never written. */
  #commaBetweenRoots(): boolean {
    const pattern = this.#patterns.find(({ parts }) => parts.length === 0 || parts[0] === '*');
    if (pattern === undefined) return this.#fail(this.#at);
    if (pattern.parts.length > 0) {
      this.#damaged(this.#at);
      this.#stack.reach(pattern, 1, undefined);
    }
    this.#at++;
    return true;
  }

  /** Reads a line of JSON that is a record, if it is no more than that. */
  #line(isFinal: boolean): boolean {
    const record = recordPattern(this.#stack.memberPatterns(), 0);
    if (record === undefined) return false;
    const { bytes, end } = this.#window;
    const found = bytes.indexOf(newline, this.#at);
    if ((found < 0 || found >= end) && !isFinal) return false;
    const lineEnd = found < 0 || found >= end ? end : found;
    if (lineEnd - this.#at > this.#limits.maxRecordBytes) return false;
    const value = parseJson(this.#window.text(this.#at, lineEnd));
    if (value === undefined || this.#isTwo(value, lineEnd)) return false;
    const place = this.#placeOf(this.#at);
    this.#learn(record, 'root', this.#at, lineEnd);
    let valueEnd = lineEnd;
    while ((bytes[valueEnd - 1] as number) <= 0x20) valueEnd--;
    this.#emit('', [], place, this.#window.placeOf(valueEnd), value);
    this.#roots++;
    this.#at = Math.min(lineEnd + 1, end);
    if (lineEnd < end) this.#window.skipLines(this.#at, 1);
    return true;
  }

  /** Whether a line up to `end` is two that ran into each other: its first key comes again then. */
  #isTwo(value: unknown, end: number): boolean {
    if (typeof value !== 'object' || value === null) return false;
    const line = this.#window.bytes.subarray(this.#at, end);
    const first = line.indexOf(quote);
    const key = line.subarray(first, line.indexOf(quote, first + 1) + 1);
    if (key.length < 2 || line.indexOf(key, first + key.length) < 0) return false;
    return lacksMembers(value, this.#keysOf(this.#at, end));
  }

  /** Opens the value, or begins to cut it out. */
  #value(byte: number): boolean {
    const patterns = this.#stack.memberPatterns();
    const record = recordPattern(patterns, this.#stack.depth);
    if (record !== undefined) return this.#begin('record', record);
    if (!beginsValue(byte) || patterns.length === 0) return this.#begin('member', undefined);
    const holder = this.#holder();
    const { bytes, end } = this.#window;
    if (!this.#isFinal && end - this.#at < leadBytes) return false;
    if (this.#isDoubtful) {
      const level = this.#resync.levelOf(bytes, this.#at, end, this.#open);
      if (level !== undefined && level > this.#stack.depth) return this.#fail(this.#at);
      this.#isDoubtful = level !== this.#stack.depth;
    }
    for (const pattern of patterns)
      this.#resync.learn(pattern, this.#stack.depth, holder, bytes, this.#at, end, this.#damages === 0);
    this.#stack.open(byte === openBracket);
    this.#at++;
    return true;
  }

  #holder(): Holder {
    const { top } = this.#stack;
    return top === undefined ? 'root' : top.isArray ? 'array' : 'object';
  }

  /** Cuts out the elements of an array of records: most of a text is read here. */
  #elements(top: Frame, pattern: PathPattern): boolean {
    const { bytes, end } = this.#window;
    const skim = this.#skim;
    for (;;) {
      if (this.#leanElements(top, pattern)) {
        this.#at = skipSpaces(bytes, this.#at, end);
        if (bytes[this.#at] !== comma || this.#at >= end) return true;
        top.expects = 'element';
        this.#at = skipSpaces(bytes, this.#at + 1, end);
        if (this.#at >= end || bytes[this.#at] === closeBracket) return true;
        continue;
      }
      const line = this.#window.lineOf(this.#at);
      skim.start(this.#at);
      const skimmed = skim.run(bytes, end);
      if (skimmed !== 'whole') return this.#begin('record', pattern);
      if (this.#learned < learnedRecords) this.#learn(pattern, 'array', this.#at, skim.at);
      this.#batch.add(this.#at, skim.at, line, top.index, skim.keys);
      this.#window.skipLines(skim.at, skim.newlines);
      if (this.#batch.isFull) this.#flush();
      this.#stack.step();
      this.#at = skipSpaces(bytes, skim.at, end);
      if (bytes[this.#at] !== comma || this.#at >= end) return true;
      top.expects = 'element';
      this.#at = skipSpaces(bytes, this.#at + 1, end);
      if (this.#at >= end || bytes[this.#at] === closeBracket) return true;
    }
  }

  /** Has the elements from here on read in the lean form, as far as they are sound; false when the first is not. */
  #leanElements(top: Frame, pattern: PathPattern): boolean {
    const { lean } = this.#events;
    const window = this.#window;
    if (lean === undefined || this.#skim.isOfLines || window.isMixed) return false;
    const { tape } = lean;
    if (this.#taped === undefined) {
      tape.useKeys(lean.keys);
      if (!tape.put(window.bytes, this.#at, window.end)) return false;
      this.#taped = this.#at;
    }
    const base = this.#taped;
    const count = tape.read(this.#at - base);
    if (count === 0) return false;
    // What waits stands before these.
    this.#flush();
    const { ancestors } = top;
    const line = window.lineOf(this.#at);
    let element = 0;
    for (let i = 0; i < count && !this.#sink.aborted; i++) {
      const start = base + tape.offset(element);
      const end = start + tape.size(element);
      if (this.#learned < learnedRecords) this.#learn(pattern, 'array', start, end);
      const elementLine = line + tape.newlinesBefore(element);
      const raw = { start: window.placeOf(start), end: window.placeOf(end), line: elementLine };
      if (lean.read(element, ancestors, raw)) this.#isHealthy = true;
      else {
        this.#batch.add(start, end, elementLine, top.index, this.#keysOf(start, end));
        this.#flush();
        lean.wasRead?.();
      }
      element = tape.next(element);
      this.#stack.step();
    }
    window.skipLines(base + tape.end, tape.newlines);
    this.#at = base + tape.end;
    return true;
  }

  /** Members of the objects in a value that is whole. */
  #keysOf(start: number, end: number): number {
    const skim = this.#counting;
    skim.start(start);
    return skim.run(this.#window.bytes, end) === 'whole' ? skim.keys : 0;
  }

  #begin(part: Task['part'], pattern: PathPattern | undefined): boolean {
    this.#skim.start(this.#at);
    this.#task = {
      part,
      pattern,
      pointer: part === 'record' ? this.#stack.memberPointer : '',
      ancestors: this.#stack.top?.ancestors ?? [],
      place: this.#placeOf(this.#at),
      start: this.#at,
    };
    return true;
  }

  /** Goes on with the value that is being cut out; false when the window ends within it. */
  #cutOut(task: Task, isFinal: boolean): boolean {
    const { bytes, end } = this.#window;
    let skimmed = this.#skim.run(bytes, end);
    if (skimmed === 'more' && isFinal && this.#skim.isScalar && this.#stack.depth === 0) skimmed = 'whole';
    if (skimmed === 'bad') return this.#fail(this.#skim.at, task);
    if (skimmed === 'more') {
      if (isFinal) return this.#fail(end, task, true);
      const limit = task.part === 'record' ? this.#limits.maxRecordBytes : this.#limits.maxMemberBytes;
      if (task.head === undefined && end - task.start > limit)
        task.head = Buffer.from(bytes.subarray(task.start, task.start + limit));
      return false;
    }
    this.#task = undefined;
    this.#at = this.#skim.at;
    if (this.#skim.isScalar && this.#stack.depth === 0 && task.head === undefined) {
      if (parseJson(this.#window.text(task.start, this.#at)) === undefined) return this.#fail(this.#at);
    }
    this.#complete(task, this.#at);
    return true;
  }

  #complete(task: Task, end: number): void {
    this.#flush();
    const value = task.head === undefined ? parseJson(this.#window.text(task.start, end)) : undefined;
    if (task.part === 'record' && task.head === undefined && value === undefined) {
      this.#salvage(task, end);
      this.#stack.step();
    } else if (task.part === 'record' && lacksMembers(value, this.#skim.keys)) {
      this.#untwine(task, end);
      this.#stack.step();
    } else this.#take(task, value, end);
    if (this.#stack.depth > 0) return;
    if (task.part === 'member') this.#events.end?.(value);
    this.#roots++;
    this.#endRoot(task.place);
  }

  /** Puts a value that was read where it belongs. */
  #take(task: Task, read: unknown, end: number): void {
    const { top } = this.#stack;
    const { part, head, place } = task;
    let value = read;
    if (head !== undefined) {
      value = repairWhole(textOfBytes(head), true);
      this.#sink.note('too-large');
    } else if (value === undefined) {
      this.#damaged(task.start);
      value = repairWhole(this.#window.text(task.start, end), false);
    } else this.#isHealthy = true;
    const endPlace = this.#window.placeOf(end);
    if (part === 'key') {
      if (top === undefined) return;
      top.member = typeof value === 'string' ? value : '';
      top.expects = 'colon';
      return;
    }
    if (part === 'record') {
      if (task.pattern !== undefined && head === undefined)
        this.#learn(task.pattern, this.#holder(), task.start, end);
      this.#emit(task.pointer, task.ancestors, place, endPlace, value, head && 'truncated');
    } else {
      const size = head === undefined ? endPlace - place.start : this.#limits.maxMemberBytes;
      if (!this.#stack.keep(value, memoryOf(value, size)) && head === undefined) this.#sink.note('too-large');
    }
    this.#stack.step();
  }

  #emit(
    pointer: string,
    ancestors: readonly Record<string, unknown>[],
    place: Place,
    end: number,
    value: unknown,
    damage?: JsonDamage,
  ): void {
    if (damage === undefined) this.#isHealthy = true;
    else if (!saysSomething(value)) return;
    const raw = { start: place.start, end, line: place.line };
    this.#events.record(
      damage === undefined ? { pointer, value, ancestors, raw } : { pointer, value, ancestors, raw, damage },
    );
  }

  #flush(): void {
    const { top } = this.#stack;
    if (top === undefined) return;
    const { pointer, ancestors, records } = top;
    const window = this.#window;
    this.#batch.flush((start, end, line, index, value, isWhole) => {
      const place = { start: window.placeOf(start), line };
      const recordPointer = `${pointer}/${index}`;
      if (value === undefined)
        this.#salvage({ pattern: records, pointer: recordPointer, ancestors, place, start }, end);
      else if (!isWhole) this.#untwine({ pointer: recordPointer, ancestors, place, start }, end);
      else this.#emit(recordPointer, ancestors, place, window.placeOf(end), value);
    });
  }

  /** Gives what can be told of a malformed record, and the whole records that it swallowed with a lost bracket. */
  #salvage({ pattern, pointer, ancestors, place, start }: Omit<Task, 'part'>, end: number): void {
    const window = this.#window;
    this.#damaged(start);
    if (pattern !== undefined && this.#resync.isNew(pattern))
      this.#learn(pattern, this.#holder(), start, end);
    for (const part of salvagedParts(window, this.#resync, { start, end, line: place.line })) {
      if (!part.isWhole) this.#sink.note('malformed');
      const partPlace = { start: window.placeOf(part.start), line: part.line };
      const damage = part.isWhole ? undefined : 'malformed';
      this.#emit(pointer, ancestors, partPlace, window.placeOf(part.end), part.value, damage);
    }
  }

  /** Gives a record in which keys come twice: two that ran into each other, each with members of its own. */
  #untwine({ pointer, ancestors, place, start }: Omit<Task, 'part' | 'pattern'>, end: number): void {
    this.#damaged(start);
    this.#sink.note('malformed');
    const value = repairWhole(this.#window.text(start, end), false);
    this.#emit(pointer, ancestors, place, this.#window.placeOf(end), value, 'malformed');
  }

  #learn(
    pattern: PathPattern,
    holder: Holder,
    start: number,
    end: number,
    isSure: boolean = this.#damages === 0,
  ): void {
    if (this.#learned++ < learnedRecords)
      this.#resync.learn(pattern, pattern.parts.length, holder, this.#window.bytes, start, end, isSure);
  }

  /** Closes the top container at its bracket. */
  #closeAtBracket(): boolean {
    this.#at++;
    if (this.#close()) this.#endRoot(this.#rootPlace);
    return true;
  }

  /** Closes the top container; true when it was the root. */
  #close(): boolean {
    this.#flush();
    const root = this.#stack.close();
    if (root === undefined) return false;
    if (!root.isGiven) this.#events.end?.(root.value);
    root.isGiven = true;
    this.#roots++;
    return true;
  }

  /** Sees behind the first root whether the text is made of lines. */
  #endRoot(place: Place): void {
    if (this.#roots === 1 && !this.#skim.isOfLines) {
      const { bytes } = this.#window;
      const next = bytes[this.#at] === 0x0d ? bytes[this.#at + 1] : bytes[this.#at];
      this.#skim.isOfLines = next === newline && this.#window.lineOf(this.#at) === place.line;
    }
    if (this.#skim.isOfLines) this.#stack.forget();
  }

  get #open(): OpenContainers {
    return { keyAt: (level) => this.#stack.keyAt(level), isOfLines: this.#skim.isOfLines };
  }

  #placeOf(index: number): Place {
    return { start: this.#window.placeOf(index), line: this.#window.lineOf(index) };
  }

  #damaged(index: number): void {
    if (this.#isHealthy && this.#damages++ < maxDamages)
      this.#sink.damaged(`at byte ${this.#window.placeOf(index)}`);
    this.#isHealthy = false;
    this.#isDoubtful = true;
  }

  /** Begins to look for a place to go on at, since there is no JSON at `bad`. */
  #fail(bad: number, task?: Task, isCut = false): boolean {
    this.#flush();
    this.#task = undefined;
    const isFirst = this.#damages === 0;
    this.#damaged(bad);
    let lost = task ?? this.#gapAt(bad);
    if (lost?.head !== undefined) {
      this.#sink.note('too-large');
      const value = repairWhole(textOfBytes(lost.head), true);
      if (lost.part === 'record')
        this.#emit(lost.pointer, lost.ancestors, lost.place, this.#window.placeOf(bad), value, 'truncated');
      lost = undefined;
    }
    // All is looked at again from the value's beginning, as the damage may lie well before the place where it showed.
    const start = lost?.start ?? bad;
    this.#again += bad - start;
    const isAffordable = this.#again <= againFactor * this.#total + againBytes;
    if (lost?.part === 'record' && lost.pattern !== undefined && this.#resync.isNew(lost.pattern))
      this.#learn(lost.pattern, this.#holder(), start, bad, isFirst);
    const isNothingElse =
      lost === undefined || lost.part === 'gap' || (isCut && isJsonPrefix(this.#window.bytes, start, bad));
    const at = isNothingElse ? bad : isAffordable ? start + 1 : Math.max(start + 1, bad);
    this.#search = { lost, at, bad, isCut };
    return true;
  }

  /** What begins at `at`, between the records of an array, as a value that is lost. */
  #gapAt(at: number): Task | undefined {
    const { top } = this.#stack;
    if (top?.records === undefined) return undefined;
    const { ancestors } = top;
    const pointer = this.#stack.memberPointer;
    return { part: 'gap', pattern: top.records, pointer, ancestors, place: this.#placeOf(at), start: at };
  }

  /** Goes on with a search; false when the window ends before a place was found. */
  #seek(search: Search, isFinal: boolean): boolean {
    const { bytes, end } = this.#window;
    const found = this.#resync.find(bytes, search.at, end, isFinal, this.#open);
    if (found !== undefined) {
      this.#lose(search, found.at);
      this.#goOnAt(found);
      return true;
    }
    search.at = this.#resync.next;
    const isLarge = search.lost !== undefined && end - search.lost.start > this.#limits.maxRecordBytes;
    if (isFinal || isLarge) this.#lose(search, end);
    if (isFinal) {
      this.#search = undefined;
      this.#at = end;
    }
    return false;
  }

  /** Gives what can be told of the value that the damage is in; another value begins at `end`. */
  #lose(search: Search, end: number): void {
    const { lost } = search;
    search.lost = undefined;
    if (lost === undefined || lost.part === 'key') return;
    const to = Math.min(end, lost.start + this.#limits.maxRecordBytes);
    const isCut = search.isCut && end === this.#window.end;
    const value = repairWhole(this.#window.text(lost.start, to), isCut);
    if (lost.part === 'member') {
      if (!this.#stack.keep(value, memoryOf(value, to - lost.start))) this.#sink.note('too-large');
      return;
    }
    if (lost.part === 'gap' && !saysSomething(value)) return;
    const damage: JsonDamage = isCut ? 'incomplete' : 'malformed';
    this.#sink.note(damage);
    this.#emit(lost.pointer, lost.ancestors, lost.place, this.#window.placeOf(end), value, damage);
  }

  #goOnAt({ at, pattern, level, key }: Candidate): void {
    const shared = this.#stack.sharedWith(pattern, level, key);
    while (this.#stack.depth > shared) this.#close();
    const { top } = this.#stack;
    if (top !== undefined && top.expects !== 'separator' && top.isArray) top.index++;
    this.#stack.reach(pattern, level, key);
    this.#search = undefined;
    this.#at = at;
    this.#isDoubtful = false;
    if (level === 0) this.#rootPlace = this.#placeOf(at);
    this.#value(this.#window.bytes[at] as number);
    this.#isDoubtful = true;
  }
}

function beginsValue(byte: number): boolean {
  return byte === openBrace || byte === openBracket;
}

const scalarStarts = '"-0123456789tfn';

function mayBeScalar(byte: number): boolean {
  return scalarStarts.includes(String.fromCharCode(byte));
}

/** Bytes of memory, by and large, of a value that took `size` bytes of JSON. */
function memoryOf(value: unknown, size: number): number {
  // Short members, as `1,` and `[{`, take many times as much as they say.
  return typeof value === 'object' ? 8 * size : size;
}

/** Whether a repaired value is worth a record. */
function saysSomething(value: unknown): boolean {
  if (typeof value === 'string') return value !== '';
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
