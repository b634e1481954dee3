/**
 * Lean records of one element until all of it is read: only then is it sure that they are wanted. Their texts lie in the
 * core's memory as they will be searched.
 */
import { type JsonTape, jsonFlags } from '../../prefilter/json-tape.js';
import type { UndoneTexts } from '../../prefilter/undone-texts.js';
import type {
  Dialect,
  ExportRecord,
  RecordPlace,
  RecordText,
  RecordType,
} from '../../sources/exports/contract.js';
import { isUntouched } from '../../text/dialects/untouched.js';
import { JointText } from './joint-text.js';
import { framed, isLatin, maxCompared, partsOf, type TextPart } from './record-views.js';

const anything = jsonFlags.odd | jsonFlags.beyondAscii | jsonFlags.word;
const angles = anything | jsonFlags.less | jsonFlags.ampersand;
/** Not all marks of these have flags: each string is looked at. */
const unseen = -1;
/** Flags of strings of which a view may differ from the text. */
const touching: Readonly<Record<Dialect, number>> = {
  plain: anything,
  code: anything,
  html: angles,
  'confluence-storage': angles,
  'slack-mrkdwn': angles,
  'jira-wiki': anything | jsonFlags.brace | jsonFlags.bracket | jsonFlags.ampersand | jsonFlags.backslash,
  markdown: unseen,
  wikitext: unseen,
  mail: unseen,
  irc: unseen,
  'log-ansi': unseen,
};

/** A form of one text, between two addresses; a newline stands behind it. */
export interface LeanPiece {
  readonly start: number;
  readonly end: number;
  /** Number of the text within the record. */
  readonly text: number;
  readonly view: TextPart['view'];
}

export interface LeanRecord {
  readonly place: RecordPlace;
  readonly type: RecordType;
  readonly createdMs: number | undefined;
  /** Entry of that time. */
  readonly created: number;
  readonly texts: number;
  /** Characters of the texts, about. */
  readonly size: number;
  readonly pieces: readonly LeanPiece[];
  /** True when each piece is a text as it is: there is no other order of them. */
  readonly isPlain: boolean;
  /** True when it holds a credential of the export's own. */
  readonly hasArtifact: boolean;
}

/** A text that the record has, where its bytes are, and its label. */
interface Told {
  readonly bytes: Buffer | undefined;
  readonly start: number;
  readonly end: number;
  readonly label: string | undefined;
}

export class LeanDraft {
  readonly #tape: JsonTape;
  readonly #undone: UndoneTexts;
  /** In their order. */
  records: (ExportRecord | LeanRecord)[] = [];
  /** Entry of the element. */
  element = 0;
  /** True when there was no room for all texts. */
  isLost = false;
  /** Texts of the record to come. */
  texts = 0;
  /** The text that is being put together. */
  readonly joint: JointText;
  #pieces: LeanPiece[] = [];
  #told: Told[] = [];
  #size = 0;
  #isPlain = true;
  #hasArtifact = false;

  constructor(tape: JsonTape) {
    this.#tape = tape;
    this.#undone = tape.undone;
    this.joint = new JointText(tape);
  }

  begin(element: number): void {
    this.element = element;
    this.records = [];
    this.isLost = false;
    this.#open();
  }

  string(entry: number, dialect: Dialect, label?: string): void {
    const tape = this.#tape;
    if (tape.size(entry) === 0) {
      // Counted, and no more.
      this.texts++;
      return;
    }
    if (label !== undefined || tape.has(entry, touching[dialect])) {
      this.text({ text: tape.string(entry), dialect, ...(label === undefined ? {} : { label }) });
      return;
    }
    const start = this.#undone.end;
    const end = this.#undone.add(tape.start(entry), tape.endOf(entry));
    if (end === 0) {
      this.isLost = true;
      return;
    }
    this.#take(start, end);
  }

  /** Takes a text that is read as it stands. */
  #take(start: number, end: number): void {
    const text = this.texts++;
    this.#size += end - start;
    if (this.#isTold(undefined, start, end, undefined)) this.#undone.end = start;
    else this.#pieces.push({ start, end, text, view: 'decoded' });
  }

  /** Adds the text that was put together. */
  joined(dialect: Dialect | undefined): void {
    const { joint } = this;
    const place = joint.end();
    if (joint.isLost) {
      joint.isLost = false;
      this.isLost = true;
    }
    if (place === undefined) return;
    const { start, end } = place;
    if (dialect === undefined || joint.mayBe(touching[dialect])) {
      const text = this.#undone.bytes(start, end).toString('utf8');
      this.#undone.end = start;
      if (dialect !== undefined) this.text({ text, dialect });
      return;
    }
    this.#take(start, end);
  }

  text(text: Omit<RecordText, 'field'>): void {
    const index = this.texts++;
    if (text.text === '') return;
    this.#size += text.text.length;
    if (text.artifact === true) this.#hasArtifact = true;
    const bytes = Buffer.from(text.text, 'utf8');
    if (this.#isTold(bytes, 0, bytes.length, text.label)) return;
    if (isUntouched(text.text, text.dialect) && isLatin(text.label)) {
      this.#add(text.label === undefined ? bytes : Buffer.from(framed(text), 'latin1'), index, 'decoded');
      return;
    }
    for (const part of partsOf(index, text, bytes)) {
      if (part.view !== 'decoded') this.#isPlain = false;
      this.#add(part.bytes, index, part.view);
    }
  }

  lean(place: RecordPlace, type: RecordType, createdMs?: number, created = 0): void {
    this.records.push({
      place,
      type,
      createdMs,
      created,
      texts: this.texts,
      size: this.#size,
      pieces: this.#pieces,
      isPlain: this.#isPlain,
      hasArtifact: this.#hasArtifact,
    });
    this.#open();
  }

  #open(): void {
    this.#pieces = [];
    this.#told = [];
    this.texts = 0;
    this.#size = 0;
    this.#isPlain = true;
    this.#hasArtifact = false;
  }

  #add(bytes: Buffer, text: number, view: TextPart['view']): void {
    const start = this.#undone.end;
    if (this.#undone.addBytes(bytes)) this.#pieces.push({ start, end: this.#undone.end - 1, text, view });
    else this.isLost = true;
  }

  /** Whether the record has the text already, as `isRepeated` would say; if not, it has now. */
  #isTold(bytes: Buffer | undefined, start: number, end: number, label: string | undefined): boolean {
    for (const told of this.#told) {
      const size = end - start;
      if (told.end - told.start !== size || told.label !== label) continue;
      const isSame =
        bytes === undefined && told.bytes === undefined
          ? this.#undone.isSame(told.start, start, size)
          : (bytes ?? this.#undone.bytes(start, end)).equals(
              told.bytes ?? this.#undone.bytes(told.start, told.end),
            );
      if (isSame) return true;
    }
    if (this.texts <= maxCompared + 1) this.#told.push({ bytes, start, end, label });
    return false;
  }
}
