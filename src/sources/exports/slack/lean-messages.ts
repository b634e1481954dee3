/**
 * Messages in the lean form: those that consist of members which nearly all messages have. It says of them what message.ts
 * says; whatever else a message holds, that one reads it.
 */
import { type JsonTape, jsonFlags, jsonKinds } from '../../../prefilter/json-tape.js';
import type { TapePlace } from '../../../prefilter/tape-notes.js';
import type { ExportRecord, ReaderHints } from '../contract.js';
import { byteSet } from '../json-bytes.js';
import { collectingSink, type LeanElement, type LeanReader, type LeanSink } from '../lean-record.js';
import { isNoise } from '../leaves.js';
import { fromEpoch } from '../times.js';
import { blockNames, LeanBlocks } from './lean-blocks.js';
import { LeanTexts } from './lean-texts.js';
import { MessageReader } from './message.js';
import { isMessage } from './message-shape.js';
import { addReactions, messageNoise } from './message-texts.js';
import type { SlackPlace } from './places.js';
import { longestPlain } from './text-list.js';
import { maxProfiles, type Workspace } from './workspace.js';

/** Members that say whose message it is, and where: what has them is read in full. */
const placeKeys: ReadonlySet<string> = new Set(['channel', 'channel_id', 'channel_name', 'deleted_ts']);
/** Members with a case of their own below. */
const ownKeys = ['ts', 'type', 'text', 'blocks', 'user_profile', 'user', 'edited', 'replies', 'reactions'];
const noiseKeys = [...messageNoise].filter((key) => !placeKeys.has(key) && !ownKeys.includes(key));
const keys: readonly string[] = [...new Set([...ownKeys, ...noiseKeys, ...blockNames, 'message'])];
const indexOf = (key: string): number => keys.indexOf(key) + 1;
const key = {
  ts: indexOf('ts'),
  type: indexOf('type'),
  text: indexOf('text'),
  blocks: indexOf('blocks'),
  userProfile: indexOf('user_profile'),
  user: indexOf('user'),
  edited: indexOf('edited'),
  replies: indexOf('replies'),
  reactions: indexOf('reactions'),
  message: indexOf('message'),
} as const;
const firstNoise = ownKeys.length + 1;
const lastNoise = ownKeys.length + noiseKeys.length;

/** By key: 1 where a UUID says nothing. */
const mayBeUuid = Uint8Array.from(['', ...keys], (name) =>
  isNoise(name, '01234567-89ab-cdef-0123-456789abcdef') ? 1 : 0,
);

/** What reads the messages of a file in full. */
export interface FullReading {
  readonly reader: MessageReader;
  readonly workspace: Workspace;
  readonly hints: ReaderHints;
  readonly domain: string | undefined;
  placeOf(ancestors: readonly Readonly<Record<string, unknown>>[]): SlackPlace;
}

export class LeanMessages implements LeanReader {
  readonly tape: JsonTape;
  readonly keys: readonly string[] = keys;
  readonly #sink: LeanSink;
  readonly #full: FullReading;
  readonly #blocks: LeanBlocks;
  /** A profile that the message read last has, and that was not met before. */
  #newProfile: readonly [TapePlace, TapePlace] | undefined;
  readonly #out: LeanTexts;

  constructor(sink: LeanSink, full: FullReading) {
    this.tape = sink.tape;
    this.#sink = sink;
    this.#full = full;
    this.#blocks = new LeanBlocks(sink.tape, indexOf);
    this.#out = new LeanTexts(sink);
  }

  read(
    element: number,
    ancestors: readonly Readonly<Record<string, unknown>>[],
    raw: NonNullable<ExportRecord['raw']>,
  ): boolean {
    this.#newProfile = undefined;
    const { tape } = this;
    if (tape.has(element, jsonFlags.odd)) return false;
    const at = this.#full.placeOf(ancestors);
    if (at.isDirect && !this.#full.hints.includeDirect) return false;
    const out = this.#out;
    out.begin(element);
    let ts = 0;
    let user = 0;
    let profile = 0;
    let edited = 0;
    let isMessageType = false;
    for (let entry = element + 5, end = tape.next(element); entry < end; entry = tape.next(entry)) {
      const kind = tape.kind(entry);
      const name = tape.key(entry);
      if (kind < jsonKinds.string) {
        // What stands there instead of a text has a meaning of its own.
        if (name !== 0 && name < firstNoise) return false;
        continue;
      }
      if (name >= firstNoise && name <= lastNoise) {
        if (kind === jsonKinds.string && tape.size(entry) <= longestPlain) continue;
        if (kind === jsonKinds.string && mayBeUuid[name] === 1 && isUuidAt(tape, entry)) continue;
        const noise = keys[name - 1] as string;
        out.list.noise(noise, noise, tape.value(entry));
        continue;
      }
      switch (name) {
        case key.ts:
          if (kind !== jsonKinds.string || !isStampAt(tape, entry)) return false;
          ts = entry;
          break;
        case key.type:
          if (kind !== jsonKinds.string || tape.word(entry) !== key.message) return false;
          isMessageType = true;
          break;
        case key.text:
          if (kind !== jsonKinds.string) return false;
          out.add(entry, 'slack-mrkdwn');
          break;
        case key.blocks:
          if (!this.#blocks.add(entry, out)) return false;
          break;
        case key.userProfile:
          if (kind !== jsonKinds.object) return false;
          profile = entry;
          break;
        case key.user:
          if (kind !== jsonKinds.string || tape.size(entry) > longestPlain || tape.size(entry) === 0)
            return false;
          user = entry;
          break;
        case key.edited:
          if (kind !== jsonKinds.object) return false;
          edited = entry;
          break;
        case key.replies: {
          const replies = tape.value(entry);
          if (!Array.isArray(replies) || replies.some(isMessage)) return false;
          break;
        }
        case key.reactions:
          addReactions(tape.value(entry), 'reactions', out.list);
          break;
        default:
          return false;
      }
    }
    if (ts === 0 || !isMessageType) return false;
    if (profile !== 0 && !this.#isKnownProfile(user, profile)) return false;
    out.give();
    if (out.isOdd) return false;
    const dot = tape.endOf(ts) - 7;
    const seconds = numberAt(tape.bytes, tape.start(ts), dot);
    // Zero means "never".
    if (seconds === 0) return false;
    if (this.#sink.texts > 0) {
      const ms = seconds * 1000 + numberAt(tape.bytes, dot + 1, dot + 4);
      this.#sink.lean(at.place, 'message', ms, ts);
      if (!this.#sink.commit(new LeanMessage(this.#full, at, raw))) return false;
    }
    if (edited !== 0) this.#full.reader.noteEdit(tape.string(ts), tape.value(edited));
    return true;
  }

  wasRead(): void {
    // Where no more are remembered, each is handed over again and again.
    if (this.#newProfile !== undefined && this.#full.workspace.seenProfiles.size < maxProfiles)
      this.tape.notes.add(0, ...this.#newProfile);
    this.#newProfile = undefined;
  }

  #isKnownProfile(user: number, profile: number): boolean {
    if (user === 0) return false;
    const { tape } = this;
    tape.notes.belongTo(this.#full.workspace);
    const whose = tape.place(user);
    const what = tape.place(profile);
    if (tape.notes.find(0, whose, what) !== 0) return true;
    this.#newProfile = [whose, what];
    return false;
  }
}

class LeanMessage implements LeanElement {
  readonly #full: FullReading;
  readonly #at: SlackPlace;
  readonly #raw: NonNullable<ExportRecord['raw']>;

  constructor(full: FullReading, at: SlackPlace, raw: NonNullable<ExportRecord['raw']>) {
    this.#full = full;
    this.#at = at;
    this.#raw = raw;
  }

  time(stamp: string): string {
    return fromEpoch(stamp, 's')?.text ?? '';
  }

  records(json: Buffer): readonly ExportRecord[] {
    const { workspace, hints, domain } = this.#full;
    const found: ExportRecord[] = [];
    const sink = collectingSink((record) => {
      if (record.type === 'message' && record.revision.state === 'current') found.push(record);
    });
    const reader = new MessageReader(workspace, sink, { ...hints, includeDirect: true }, domain);
    const text = json.toString('utf8');
    reader.read(JSON.parse(text), this.#at, this.#raw);
    // There is one; but nothing that was found may be lost.
    return found.length > 0 ? found : [this.#standIn(text)];
  }

  #standIn(json: string): ExportRecord {
    return {
      place: this.#at.place,
      type: 'message',
      id: '',
      revision: { state: 'current' },
      texts: [{ text: json, dialect: 'plain', field: { path: '', role: 'body' } }],
      raw: this.#raw,
    };
  }
}

/** Seconds, a dot, six digits, as `isStamp` asks. */
function isStampAt(tape: JsonTape, entry: number): boolean {
  const size = tape.size(entry);
  if (size !== 17 && size !== 16) return false;
  const { bytes } = tape;
  const start = tape.start(entry);
  for (let i = 0; i < size; i++) {
    const byte = bytes[start + i] as number;
    if (i === size - 7 ? byte !== 0x2e : byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}

const uuidBytes = 36;
const isHex = byteSet('0123456789abcdefABCDEF');

/** Hexadecimal digits, with dashes where a UUID has them. */
function isUuidAt(tape: JsonTape, entry: number): boolean {
  if (tape.size(entry) !== uuidBytes) return false;
  const { bytes } = tape;
  const start = tape.start(entry);
  for (let i = 0; i < uuidBytes; i++) {
    const byte = bytes[start + i] as number;
    const isDash = i === 8 || i === 13 || i === 18 || i === 23;
    if (isDash ? byte !== 0x2d : isHex[byte] === 0) return false;
  }
  return true;
}

/** The number that digits write. */
function numberAt(bytes: Buffer, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at++) number = number * 10 + (bytes[at] as number) - 0x30;
  return number;
}
