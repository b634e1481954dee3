/**
 * One file of an export on its way through the engine. Records wait until there is enough text for one call: a
 * message is some hundred bytes, and a call costs as much as reading a few thousand. Only records in which that call
 * finds something are looked at one by one.
 */
import { createHash } from 'node:crypto';
import type { AnalysisInput } from '../../detect/analysis.js';
import { contentIdOf } from '../../identity/content-id.js';
import type { IdentityKeys } from '../../identity/hkdf-keys.js';
import type { FileAppearance } from '../../model/appearance.js';
import type { Finding } from '../../model/finding.js';
import type { InputProblem } from '../../model/problem.js';
import type { ExportCoverage } from '../../model/receipt.js';
import type { JsonTape } from '../../prefilter/json-tape.js';
import type {
  CoverageNote,
  ExportReader,
  ExportRecord,
  RecordSink,
  RecordText,
} from '../../sources/exports/contract.js';
import type { LeanSink } from '../../sources/exports/lean-record.js';
import type { ContentResult } from '../../store/store.js';
import type { EngineResult } from '../engine-result.js';
import { type Artefact, artefactContent, artefactTexts } from './artefacts.js';
import { CoverageCount } from './coverage-count.js';
import type { HeldElements } from './held-elements.js';
import { guessAcross, judgeRecord, type TextFindings } from './judge-record.js';
import { LeanIntake } from './lean-intake.js';
import type { People } from './people.js';
import { RecordBatch } from './record-batch.js';
import { appearanceOf, placeOf } from './record-place.js';
import { joinParts, ownBytes, type RecordViews, viewsOf } from './record-views.js';

/** Text of one call. */
const batchBytes = 256 * 1024;
/** Damage told one by one. */
const maxDamage = 20;

/** Where lean records are read; by one run at a time. */
export interface LeanDesk {
  readonly tape: JsonTape;
  readonly elements: HeldElements;
}

export interface RecordRunDeps {
  readonly reader: ExportReader;
  /** File of the export, relative to the target, container entries joined with `!/`. */
  readonly source: string;
  readonly keys: IdentityKeys;
  readonly people: People;
  /** Reads a document; reports caps and failures itself. */
  readonly engine: (input: AnalysisInput) => EngineResult;
  /** False while known values are looked for: then tags are not wanted. */
  readonly collectsTags: boolean;
  readonly emit: (content: ContentResult, tags: Float64Array) => void;
  readonly problem: (problem: InputProblem) => void;
  readonly signal: AbortSignal;
  /** Present where records may come in the lean form. */
  readonly desk?: () => LeanDesk | undefined;
  /**
   * Present for files whose copies stand in the file itself, see registry.ts `readsFiles`; where blobs appear only their
   * history tells.
   */
  readonly inFile?: FileAppearance | 'blob';
}

const noTags = new Float64Array(0);

export class RecordRun implements RecordSink {
  readonly #deps: RecordRunDeps;
  readonly #coverage: CoverageCount;
  readonly #artefacts = new Map<string, Artefact>();
  #desk: LeanDesk | undefined;
  #lean: LeanSink | undefined;
  #waiting: RecordBatch;
  #damage = 0;

  constructor(deps: RecordRunDeps) {
    this.#deps = deps;
    this.#coverage = new CoverageCount(deps.reader.id, deps.reader.system);
    this.#waiting = this.#batch();
  }

  get lean(): LeanSink | undefined {
    if (this.#lean !== undefined) return this.#lean;
    const desk = this.#deps.desk?.();
    if (desk === undefined) return undefined;
    this.#desk = desk;
    const { tape, elements } = desk;
    this.#flush();
    elements.clear();
    this.#waiting = this.#batch();
    this.#lean = new LeanIntake(tape, {
      coverage: this.#coverage,
      elements,
      waiting: () => this.#waiting,
      added: () => this.#flushFull(),
      record: (record) => this.record(record),
      take: (record) => this.#take(record),
      read: (bytes) => this.#read(bytes),
      judge: (record) => void this.#judge(viewsOf(record)),
    });
    return this.#lean;
  }

  get aborted(): boolean {
    return this.#deps.signal.aborted;
  }

  record(record: ExportRecord): void {
    this.#coverage.record(record);
    this.#take(record);
  }

  #take(record: ExportRecord): void {
    const texts = record.texts.filter(({ text }) => text !== '');
    if (texts.length === 0) return;
    const own = texts.filter(({ artifact }) => artifact !== true);
    if (own.length < texts.length) {
      this.#artefact({ ...record, texts: artefactTexts(texts.filter(({ artifact }) => artifact === true)) });
    }
    if (own.length === 0) return;
    const whole = own.length === record.texts.length ? record : { ...record, texts: own };
    if (sizeOf(own) >= ownBytes) {
      const views = viewsOf(whole);
      const result = this.#read(joinParts(views.parts).bytes);
      if (result.findings.length > 0) this.#judge(views);
      return;
    }
    this.#waiting.add(whole);
    this.#flushFull();
  }

  note(note: CoverageNote, count = 1): void {
    this.#coverage.note(note, count);
  }

  unknownKey(key: string): void {
    this.#coverage.unknownKey(key);
  }

  damaged(detail: string): void {
    if (++this.#damage > maxDamage) return;
    this.#deps.problem({ code: 'export-damaged', where: this.#deps.source, detail });
  }

  async drained(): Promise<void> {
    // Records are read as they come, so there is always room.
  }

  /** Reads what waits and gives what was covered. */
  end(): Omit<ExportCoverage, 'gaps'> {
    this.#flush();
    for (const artefact of this.#artefacts.values()) {
      this.#deps.emit(artefactContent(this.#deps.keys, artefact, this.#deps), noTags);
    }
    const coverage = this.#coverage.result();
    const { malformed = 0, encrypted = 0, 'too-large': cut = 0 } = coverage.notes;
    if (malformed > 0 && this.#damage === 0) this.damaged(`${malformed} malformed records`);
    if (cut > 0) {
      const detail = `${cut} parts were not read to their end`;
      this.#deps.problem({ code: 'document-too-large', where: this.#deps.source, detail });
    }
    if (encrypted > 0) {
      const detail = `${encrypted} encrypted records`;
      this.#deps.problem({ code: 'export-encrypted', where: this.#deps.source, detail });
    }
    return coverage;
  }

  #batch(): RecordBatch {
    return new RecordBatch(this.#desk?.elements, this.#desk?.tape.undone);
  }

  #flushFull(): void {
    if (this.#waiting.bytes >= batchBytes || this.#desk?.elements.isFull === true) this.#flush();
  }

  #flush(): void {
    const batch = this.#waiting;
    if (batch.isEmpty) return;
    this.#waiting = this.#batch();
    this.#desk?.elements.clear();
    const { findings } = this.#read(batch.joined());
    const hit = new Set<number>();
    for (const { span } of findings) {
      const last = batch.at(Math.max(span.start, span.end - 1));
      for (let piece = batch.at(span.start); piece <= last; piece++) hit.add(batch.piece(piece).owner);
    }
    const told = new Map<number, ReadonlySet<string>>();
    for (const owner of [...hit].sort((a, b) => a - b)) {
      told.set(owner, this.#judge(viewsOf(batch.record(owner) as ExportRecord)));
    }
    for (const finding of findings) {
      const { owner, text, view, start } = batch.piece(batch.at(finding.span.start));
      const record = batch.record(owner) as ExportRecord;
      if (told.get(owner)?.has(finding.fingerprint) !== false) continue;
      if (!follows(record, batch.record(owner - 1))) continue;
      const views = viewsOf(record);
      const part = views.parts.find((one) => one.text === text && one.view === view);
      const guess = part && guessAcross(views, part, finding, start);
      if (guess !== undefined) this.#emit(views, guess.text, guess.findings, new Map());
    }
  }

  /** Reads joined text as one content of the sweep index. */
  #read(bytes: Buffer): EngineResult {
    const result = this.#deps.engine({ bytes, chain: [], collectTags: this.#deps.collectsTags });
    if (result.tags.length > 0) {
      const id = contentIdOf(this.#deps.keys.content, createHash('sha256').update(bytes).digest(), 'file');
      this.#deps.emit({ id, bytes: bytes.length, findings: [] }, result.tags);
    }
    return result;
  }

  readonly #judging = (bytes: Buffer): readonly Finding[] =>
    this.#deps.engine({ bytes, chain: [], collectTags: false }).findings;

  /** Gives the fingerprints of what the record holds. */
  #judge(views: RecordViews): ReadonlySet<string> {
    const { record } = views;
    const judged = judgeRecord(views, this.#judging);
    const told = new Map<string, string[]>();
    for (const { text, findings } of primaryOf(judged, told, record)) this.#emit(views, text, findings, told);
    return new Set(told.keys());
  }

  #emit(
    views: RecordViews,
    index: number,
    findings: readonly Finding[],
    told: ReadonlyMap<string, string[]>,
  ): void {
    const { record, decoded } = views;
    const { reader, keys, people, source, inFile } = this.#deps;
    const text = record.texts[index] as RecordText;
    const bytes = decoded[index] as Buffer;
    const isFile = inFile !== undefined && inFile !== 'blob';
    const digest = createHash('sha256')
      .update(`record\0${isFile ? inFile.path.text : ''}\0${text.dialect}\0${text.label ?? ''}\0`)
      .update(bytes)
      .digest();
    const id = contentIdOf(keys.content, digest, 'file');
    if (inFile !== undefined) {
      const placed = findings.map((finding) => inFileOf(finding, record, text));
      const content = { id, bytes: bytes.length, findings: placed };
      this.#deps.emit(isFile ? { ...content, appearances: [inFile] } : content, noTags);
      return;
    }
    const alsoIn = new Set(findings.flatMap(({ fingerprint }) => told.get(fingerprint) ?? []));
    alsoIn.delete(text.field.path);
    const context = {
      system: reader.system,
      reader: reader.id,
      source,
      place: placeOf(reader.system, record.place),
      author: people.personOf(record.actor, reader.system, record.place),
    };
    this.#deps.emit(
      {
        id,
        bytes: bytes.length,
        findings,
        appearances: [appearanceOf(record, text, [...alsoIn], context)],
      },
      noTags,
    );
  }

  /** The export's own credentials: told once, however often they stand in it. */
  #artefact(record: ExportRecord): void {
    for (const { text, findings } of judgeRecord(viewsOf(record), this.#judging)) {
      const own = record.texts[text] as RecordText;
      for (const finding of findings) {
        const known = this.#artefacts.get(finding.fingerprint);
        if (known === undefined)
          this.#artefacts.set(finding.fingerprint, { finding, record, text: own, count: 1 });
        else known.count++;
      }
    }
  }
}

/** The finding as one of the file: the record's lines are the best that is known of its place. */
function inFileOf(finding: Finding, { raw }: ExportRecord, { field }: RecordText): Finding {
  const { rawRanges: _, ...rest } = finding;
  const line = (raw?.line ?? 1) + (raw?.line === undefined ? 0 : finding.position.line - 1);
  return {
    ...rest,
    span: { start: raw?.start ?? 0, end: raw?.end ?? 0 },
    exact: false,
    position: { line, column: 1, endLine: line, endColumn: 1 },
    chain: [],
    slot: finding.slot ?? field.path,
  };
}

/** Characters of the texts, about. */
function sizeOf(texts: readonly RecordText[]): number {
  let size = 0;
  for (const { text } of texts) size += text.length;
  return size;
}

/** Whether a message comes right behind another of the same author: people send a name first and then its value. */
function follows(record: ExportRecord, before: ExportRecord | undefined): boolean {
  if (before === undefined) return false;
  const { actor, place, revision, type } = record;
  const author = actor?.id ?? actor?.name;
  const other = before.actor?.id ?? before.actor?.name;
  return (
    type === 'message' &&
    before.type === 'message' &&
    author !== undefined &&
    author === other &&
    place.id === before.place.id &&
    revision.state === 'current' &&
    before.revision.state === 'current'
  );
}

/**
 * One message that holds several forms of its own text is one location: each secret is told at the first text that
 * has it. `told` gets the fields of all.
 */
function primaryOf(
  judged: readonly TextFindings[],
  told: Map<string, string[]>,
  { texts }: ExportRecord,
): TextFindings[] {
  const primary: TextFindings[] = [];
  for (const { text, findings } of judged) {
    const path = texts[text]?.field.path ?? '';
    const own = new Set<string>();
    const fresh = findings.filter(({ fingerprint }) => {
      const fields = told.get(fingerprint);
      if (fields !== undefined && !own.has(fingerprint)) {
        fields.push(path);
        return false;
      }
      own.add(fingerprint);
      if (fields === undefined) told.set(fingerprint, [path]);
      return true;
    });
    if (fresh.length > 0) primary.push({ text, findings: fresh });
  }
  return primary;
}
