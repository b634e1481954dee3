/** Files of a range that belong to exports: chooses their reader and runs it. */
import type { AnalysisInput } from '../../detect/analysis.js';
import type { IdentityKeys } from '../../identity/hkdf-keys.js';
import type { InputProblem } from '../../model/problem.js';
import type { ExportCoverage, SkipReason } from '../../model/receipt.js';
import { JsonTape } from '../../prefilter/json-tape.js';
import type { WasmModule } from '../../prefilter/wasm-api.js';
import { looksLikeArchive } from '../../sources/archives/sniff.js';
import { type ExportReader, isTooLarge } from '../../sources/exports/contract.js';
import { readToEnd } from '../../sources/exports/file-ending.js';
import { type ExportOffer, heldBytes, sourceOf } from '../../sources/exports/offer.js';
import type { ExportOptions } from '../../sources/exports/options.js';
import { probeOf } from '../../sources/exports/probe.js';
import { boldBelow, chooseReader, readsFiles } from '../../sources/exports/registry.js';
import type { ContentResult } from '../../store/store.js';
import { viewWords } from '../../text/dialects/untouched.js';
import type { EngineResult } from '../engine-result.js';
import { errorName } from '../error-name.js';
import { fileAppearanceOf } from '../file-appearance.js';
import { CoverageSums } from './coverage-sums.js';
import { HeldElements } from './held-elements.js';
import { People } from './people.js';
import { type LeanDesk, RecordRun } from './record-run.js';

export interface ExportFilesDeps {
  readonly keys: IdentityKeys;
  /** False while known values are looked for. */
  readonly collectsTags: boolean;
  readonly engine: (input: AnalysisInput, where: string) => EngineResult;
  readonly emit: (content: ContentResult, tags: Float64Array) => void;
  /** Takes what a reader found in a file that is read as a plain document too. */
  readonly hidden: (content: ContentResult) => void;
  readonly problem: (problem: InputProblem) => void;
  readonly skipped: (reason: SkipReason, count: number) => void;
  readonly signal: AbortSignal;
  /** The WebAssembly core, if it is to be had: without it all records are read in full. */
  readonly core: () => WasmModule | undefined;
}

const desks = new WeakMap<WasmModule, LeanDesk>();

/** One for all files that a worker reads: their memory is large, and files may be small. */
function deskOf(core: WasmModule): LeanDesk {
  let desk = desks.get(core);
  if (desk === undefined) {
    desk = { tape: new JsonTape(core, viewWords), elements: new HeldElements() };
    desks.set(core, desk);
  }
  return desk;
}

const onlyBytes = 'too large, only its bytes were read';

/** What became of a file. */
export type OfferedFile = 'unread' | 'read' | 'damaged';

export class ExportFiles {
  readonly #deps: ExportFilesDeps;
  readonly #options: ExportOptions;
  readonly #people: People;
  readonly #coverage = new CoverageSums();
  /** The reader of the file before: most files of a folder are alike. */
  #likely: ExportReader | undefined;

  constructor(options: ExportOptions, deps: ExportFilesDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#people = new People(deps.keys.pseudonym, options.people);
  }

  get coverage(): readonly ExportCoverage[] {
    return this.#coverage.all();
  }

  /** Gives `damaged` for a file that is to be read as a plain document as well, see damaged-files.ts. */
  async offered(offer: ExportOffer): Promise<OfferedFile> {
    const { file, isWhole } = offer;
    const { system, includeDirect, baseUrl } = this.#options;
    const choice = chooseReader(probeOf(file.name, file.head, isWhole), system, this.#likely);
    if (choice === undefined) return 'unread';
    this.#likely = choice.reader;
    if (system === undefined && choice.recognition.score < boldBelow) return 'unread';
    if (readsFiles(choice.reader)) {
      await this.#inFile(offer, choice.reader);
      return 'unread';
    }
    // What lies in an archive without being packed can be seen in its bytes; each entry is offered by itself.
    if (looksLikeArchive(file.head)) return 'unread';
    const { engine, problem, skipped, core: _, ...deps } = this.#deps;
    const source = sourceOf(offer);
    const problems: InputProblem[] = [];
    const run = new RecordRun({
      ...deps,
      reader: choice.reader,
      desk: () => this.#desk(),
      source,
      people: this.#people,
      engine: (input) => engine(input, source),
      problem: (one) => problems.push(one),
    });
    const hints = { includeDirect, ...(baseUrl === undefined ? {} : { baseUrl }) };
    let failure: unknown;
    try {
      await readToEnd(choice.reader, file, run, hints);
    } catch (error) {
      failure = error;
    }
    const coverage = run.end();
    const { 'direct-message': direct = 0, ...notes } = coverage.notes;
    const isSeen = coverage.records > 0 || direct > 0 || (notes['encrypted'] ?? 0) > 0;
    const isRead = failure === undefined && isSeen;
    // A file that no record came from may be no export at all: then it is a document like any other.
    if (!isRead && offer.isRepeatable) return 'unread';
    if (failure !== undefined) {
      const detail = isTooLarge(failure) ? 'too large to be read whole' : errorName(failure);
      problems.push({ code: 'export-damaged', where: source, detail });
    }
    problems.forEach(problem);
    skipped('direct-messages', direct);
    this.#coverage.add({ ...coverage, notes, gaps: gapsOf(problems) });
    // Direct messages that are left out stay so.
    const isPlain = offer.isRepeatable && direct === 0;
    const isDamaged = problems.some(({ code }) => code === 'export-damaged' || code === 'document-too-large');
    // A file that only says to be encrypted may hold other things as well.
    const isUnread = coverage.records === 0 && direct === 0;
    return (isDamaged || isUnread) && isPlain ? 'damaged' : 'read';
  }

  #desk(): LeanDesk | undefined {
    const core = this.#deps.core();
    return core && deskOf(core);
  }

  /** Reads a file beside its plain reading, which is the caller's. */
  async #inFile({ file, ref, chain, isRepeatable, hold }: ExportOffer, reader: ExportReader): Promise<void> {
    if (ref.type === 'git-object') return;
    const { hidden, engine, core: _, ...deps } = this.#deps;
    const source = sourceOf({ file, ref, chain });
    const gap = (code: InputProblem['code'], detail: string): void =>
      deps.problem({ code, where: source, detail: `${reader.label}: ${detail}` });
    if (!isRepeatable && (await hold?.(heldBytes)) !== true) {
      gap('document-too-large', onlyBytes);
      return;
    }
    const run = new RecordRun({
      ...deps,
      reader,
      source,
      people: this.#people,
      engine: (input) => engine(input, source),
      collectsTags: false,
      emit: hidden,
      inFile: fileAppearanceOf(ref, chain, file.modifiedMs),
    });
    try {
      await reader.read(file, run, { includeDirect: true });
    } catch (error) {
      // The plain reading has it all but what only the reader could have undone.
      if (isTooLarge(error)) gap('document-too-large', onlyBytes);
      else gap('export-damaged', errorName(error));
    }
    this.#coverage.add({ ...run.end(), places: [], gaps: {} });
  }
}

function gapsOf(problems: readonly InputProblem[]): ExportCoverage['gaps'] {
  const gaps: Partial<Record<InputProblem['code'], number>> = {};
  for (const { code } of problems) gaps[code] = (gaps[code] ?? 0) + 1;
  return gaps;
}
