/** The containers that are open while a JSON text is read, with what is kept of their members for the records in them. */
import type { PathPattern } from './json-paths.js';
import { matchMember, pointerPart, recordPattern } from './json-paths.js';
import { setMember } from './json-repair.js';

/** What may come next in a container. */
export type Expected = 'first-key' | 'key' | 'colon' | 'member' | 'first-element' | 'element' | 'separator';

export interface Frame {
  readonly isArray: boolean;
  /** Key or index in the parent; `''` at the root. */
  readonly key: string;
  readonly pointer: string;
  /** Patterns that match down to here. */
  readonly patterns: readonly PathPattern[];
  /** Set when every element of this array is a record. */
  readonly records: PathPattern | undefined;
  readonly value: unknown[] | Record<string, unknown>;
  /** Objects from the root down to this container, this one among them when it is an object. */
  readonly ancestors: readonly Record<string, unknown>[];
  expects: Expected;
  /** Next index of an array. */
  index: number;
  /** Key of the member that is being read. */
  member: string;
  /** Bytes of members kept in `value`. */
  kept: number;
  /** True once the root was given to the reader. */
  isGiven: boolean;
}

/** What a container costs, beside its members. */
const containerBytes = 64;

export class FrameStack {
  readonly #patterns: readonly PathPattern[];
  readonly #maxKept: number;
  #frames: Frame[] = [];
  #kept = 0;
  /** The containers that records stood in last; some may be closed. */
  #last: readonly Frame[] = [];

  constructor(patterns: readonly PathPattern[], maxKeptBytes: number) {
    this.#patterns = patterns;
    this.#maxKept = maxKeptBytes;
  }

  get depth(): number {
    return this.#frames.length;
  }

  get top(): Frame | undefined {
    return this.#frames.at(-1);
  }

  keyAt(level: number): string | undefined {
    return this.#frames[level]?.key;
  }

  get memberKey(): string {
    const { top } = this;
    return top === undefined ? '' : top.isArray ? String(top.index) : top.member;
  }

  get memberPointer(): string {
    const { top } = this;
    return top === undefined ? '' : `${top.pointer}/${pointerPart(this.memberKey)}`;
  }

  /** Patterns that the member to be read may lie under. */
  memberPatterns(): readonly PathPattern[] {
    const { top } = this;
    return top === undefined ? this.#patterns : matchMember(top.patterns, this.depth - 1, this.memberKey);
  }

  /** Opens the member to be read as a container. */
  open(isArray: boolean): void {
    const patterns = this.memberPatterns();
    const value: Frame['value'] = isArray ? [] : {};
    const ancestors = this.top?.ancestors ?? [];
    const level = this.depth + 1;
    const ofAll = patterns.filter(({ parts }) => parts[level - 1] === '*');
    const frame: Frame = {
      isArray,
      key: this.memberKey,
      pointer: this.memberPointer,
      patterns,
      records: isArray && ofAll.length === patterns.length ? recordPattern(ofAll, level) : undefined,
      value,
      ancestors: Array.isArray(value) ? ancestors : [...ancestors, value],
      expects: isArray ? 'first-element' : 'first-key',
      index: 0,
      member: '',
      kept: 0,
      isGiven: false,
    };
    this.#frames.push(frame);
    if (frame.records !== undefined) this.#last = [...this.#frames];
  }

  /** Goes to what follows the member. */
  step(): void {
    const { top } = this;
    if (top === undefined) return;
    top.index++;
    top.expects = 'separator';
  }

  /** Keeps a member of the top container; false when there is no more room. */
  keep(value: unknown, bytes: number): boolean {
    const { top } = this;
    if (top === undefined) return true;
    if (this.#kept + bytes > this.#maxKept) return false;
    this.#put(top, this.memberKey, value, bytes);
    this.#kept += bytes;
    return true;
  }

  /** Closes the top container; returns the root when it was the last. */
  close(): Frame | undefined {
    const frame = this.#frames.pop();
    const { top } = this;
    if (frame === undefined) return undefined;
    if (top === undefined) {
      this.#kept = 0;
      return frame;
    }
    // Containers that are done with give way to members that records to come will need.
    if (this.#kept + containerBytes <= this.#maxKept / 2) {
      this.#kept += containerBytes;
      this.#put(top, frame.key, frame.value, frame.kept + containerBytes);
    } else this.#kept -= frame.kept;
    this.step();
    return undefined;
  }

  /** No records to come stand in the containers of those before. */
  forget(): void {
    this.#last = [];
  }

  /** Number of containers that stay open when a value at `level` under a pattern comes next, by `key` when it has one. */
  sharedWith(pattern: PathPattern, level: number, key: string | undefined): number {
    let shared = 0;
    while (shared < Math.min(level, this.depth)) {
      const part = pattern.parts[shared - 1];
      if (shared > 0 && part !== '*' && part !== this.#frames[shared]?.key) break;
      shared++;
    }
    const holder = this.#frames[level - 1];
    if (shared === level && holder !== undefined && holder.isArray !== (key === undefined)) return level - 1;
    return shared;
  }

  /** Opens containers until a value at `level` may come, which has a key when it is a member of an object. */
  reach(pattern: PathPattern, level: number, key: string | undefined): void {
    if (this.#frames.every((frame, i) => this.#last[i] === frame)) {
      const more = this.#last.slice(this.depth, level);
      this.#frames.push(...more);
    }
    while (this.depth < level) {
      const part = pattern.parts[this.depth - 1];
      if (this.top !== undefined && part !== undefined && part !== '*') this.top.member = part;
      const isLast = this.depth === level - 1;
      this.open(pattern.parts[this.depth] === '*' && !(isLast && key !== undefined));
    }
    const { top } = this;
    if (top === undefined) return;
    if (key !== undefined) top.member = key;
    top.expects = top.isArray ? 'element' : 'member';
  }

  #put(frame: Frame, key: string, value: unknown, bytes: number): void {
    if (Array.isArray(frame.value)) frame.value.push(value);
    else setMember(frame.value, key, value);
    frame.kept += bytes;
  }
}
