/** Takes lean records from a reader and has them wait among the full ones, in their order. */
import type { JsonTape } from '../../prefilter/json-tape.js';
import type {
  Dialect,
  ExportRecord,
  RecordPlace,
  RecordText,
  RecordType,
} from '../../sources/exports/contract.js';
import type { LeanElement, LeanSink } from '../../sources/exports/lean-record.js';
import type { EngineResult } from '../engine-result.js';
import type { CoverageCount } from './coverage-count.js';
import type { HeldElements } from './held-elements.js';
import { LeanDraft, type LeanRecord } from './lean-draft.js';
import type { HeldElement, RecordBatch } from './record-batch.js';
import { ownBytes } from './record-views.js';

/** What a run does with records. */
export interface LeanIntakeDeps {
  readonly coverage: CoverageCount;
  readonly elements: HeldElements;
  readonly waiting: () => RecordBatch;
  /** Told when a record was added to those that wait: they may be enough. */
  readonly added: () => void;
  readonly record: (record: ExportRecord) => void;
  /** Takes a record that was counted. */
  readonly take: (record: ExportRecord) => void;
  readonly read: (text: Buffer) => EngineResult;
  readonly judge: (record: ExportRecord) => void;
}

export class LeanIntake implements LeanSink {
  readonly tape: JsonTape;
  readonly #deps: LeanIntakeDeps;
  readonly #draft: LeanDraft;
  /** End of the texts of records that wait. */
  #kept: number;

  constructor(tape: JsonTape, deps: LeanIntakeDeps) {
    this.tape = tape;
    this.#deps = deps;
    this.#draft = new LeanDraft(tape);
    tape.undone.clear();
    this.#kept = tape.undone.end;
  }

  get texts(): number {
    return this.#draft.texts;
  }

  begin(entry: number): void {
    const { undone } = this.tape;
    const waiting = this.#deps.waiting();
    // What waits lies before the texts of the draft.
    undone.end = this.#kept;
    if (waiting.isEmpty) undone.clear();
    else if (undone.isHalfFull) waiting.move(undone);
    this.#kept = undone.end;
    this.#draft.begin(entry);
  }

  string(entry: number, dialect: Dialect, label?: string): void {
    this.#draft.string(entry, dialect, label);
  }

  join(entry: number): void {
    this.#draft.joint.add(entry);
  }

  joinBreak(): void {
    this.#draft.joint.break();
  }

  joinLine(): void {
    this.#draft.joint.endLine();
  }

  joined(dialect: Dialect | undefined): void {
    this.#draft.joined(dialect);
  }

  text(text: Omit<RecordText, 'field'>): void {
    this.#draft.text(text);
  }

  lean(place: RecordPlace, type: RecordType, createdMs?: number, created?: number): void {
    this.#draft.lean(place, type, createdMs, created);
  }

  record(record: ExportRecord): void {
    this.#draft.records.push(record);
  }

  commit(element: LeanElement): boolean {
    const draft = this.#draft;
    if (draft.isLost) {
      // Whoever gave those will not give them again.
      for (const record of draft.records) if (!('pieces' in record)) this.#deps.record(record);
      return false;
    }
    this.#kept = this.tape.undone.end;
    const all = new ElementRecords(element, this.tape, draft.element);
    for (const record of draft.records) {
      if ('pieces' in record) this.#lean(record, all);
      else this.#deps.record(record);
    }
    return true;
  }

  #lean(record: LeanRecord, all: ElementRecords): void {
    const { coverage, waiting, added, take } = this.#deps;
    const index = all.next();
    coverage.lean(record, all.element, this.tape);
    if (record.hasArtifact) take(all.full(index));
    else if (record.size >= ownBytes) this.#large(record, index, all);
    else {
      waiting().addLean(record, all.held(this.#deps.elements), index);
      added();
    }
  }

  #large({ isPlain, pieces }: LeanRecord, index: number, all: ElementRecords): void {
    const first = pieces[0];
    const last = pieces.at(-1);
    if (!isPlain || first === undefined || last === undefined) {
      this.#deps.take(all.full(index));
      return;
    }
    const { findings } = this.#deps.read(this.tape.undone.bytes(first.start, last.end + 1));
    if (findings.length > 0) this.#deps.judge(all.full(index));
  }
}

/** The lean records of an element on the tape. */
class ElementRecords {
  readonly element: LeanElement;
  readonly #tape: JsonTape;
  readonly #entry: number;
  #count = 0;
  #full: readonly ExportRecord[] | undefined;
  #held: HeldElement | undefined;

  constructor(element: LeanElement, tape: JsonTape, entry: number) {
    this.element = element;
    this.#tape = tape;
    this.#entry = entry;
  }

  /** Index of the next lean record. */
  next(): number {
    return this.#count++;
  }

  full(index: number): ExportRecord {
    const { bytes } = this.#tape;
    const start = this.#tape.start(this.#entry);
    this.#full ??= this.element.records(bytes.subarray(start, this.#tape.endOf(this.#entry)));
    return this.#full[index] as ExportRecord;
  }

  held(elements: HeldElements): HeldElement {
    const start = elements.keep(this.#tape, this.#entry);
    // It begins elsewhere once what waited was read.
    if (this.#held?.start !== start)
      this.#held = { element: this.element, start, size: this.#tape.size(this.#entry) };
    return this.#held;
  }
}
