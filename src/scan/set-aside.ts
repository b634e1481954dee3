/**
 * Blobs that are read once their range is: archives, and documents (PDF, Office) that hide text from their plain reading.
 * Opening them waits for others, while readers hand objects over one behind the other in memory that is used again; so
 * they are copied. What is found in one is the blob's own.
 */
import type { InputProblem } from '../model/problem.js';
import type { SkipReason } from '../model/receipt.js';
import { looksLikeArchive } from '../sources/archives/sniff.js';
import { walkArchive } from '../sources/archives/walk-archive.js';
import { gitContainerOf } from '../sources/embedded/git-signs.js';
import { hidesText } from '../sources/exports/hidden-texts.js';
import type { DocumentRef, FoundGit, RawDocument } from '../sources/source.js';
import { describeDocument } from './describe-document.js';
import type { EngineResult } from './engine-result.js';
import { HiddenTexts, type HiddenTextsDeps, unreadDocument } from './hidden-texts.js';
import { PartCollector } from './part-collector.js';

type ObjectRef = DocumentRef & { readonly type: 'git-object' };

export interface SetAsideDeps extends Pick<HiddenTextsDeps, 'keys' | 'collectsTags' | 'problem'> {
  readonly engine: (input: Parameters<HiddenTextsDeps['engine']>[0], where: string) => EngineResult;
  readonly skipped: (reason: SkipReason, count: number) => void;
  readonly embedded: (found: FoundGit) => void;
  /** Takes what was found in a blob. */
  readonly finish: (document: RawDocument, result: EngineResult) => void;
}

/** A repository can be opened where the archive that holds it is a file of its own. */
export const unreadGit = {
  code: 'unsupported-archive',
  detail: 'a git repository that can be read only from a file on disk',
} as const;

const unreadArchive = {
  code: 'archive-too-large',
  detail: 'an archive of which only the bytes are read',
} as const;

/** What is lost of an object that is too large to be set aside. */
export function unreadOf(head: Buffer): Omit<InputProblem, 'where'> | undefined {
  if (hidesText(head)) return unreadDocument;
  if (gitContainerOf(head) !== undefined) return unreadGit;
  return looksLikeArchive(head) ? unreadArchive : undefined;
}

/** True for a blob that is opened instead of read. */
export function isOpened(bytes: Buffer): boolean {
  return looksLikeArchive(bytes) || gitContainerOf(bytes) !== undefined;
}

/** What stays of a blob when its reader goes on. */
export function copyOf(document: RawDocument, ref: ObjectRef): RawDocument {
  return { ...document, ref: { ...ref, oid: ref.oid.slice() }, bytes: Buffer.from(document.bytes) };
}

export class SetAside {
  readonly #deps: SetAsideDeps;
  readonly #archives: RawDocument[] = [];
  /** Blobs that hide text from their plain reading, and what that gave. */
  readonly #hiding: { readonly document: RawDocument; readonly plain: EngineResult }[] = [];

  constructor(deps: SetAsideDeps) {
    this.#deps = deps;
  }

  /** @param archive a copy */
  addArchive(archive: RawDocument): void {
    this.#archives.push(archive);
  }

  /** @param document a copy; `plain`: what its bytes hold */
  addHiding(document: RawDocument, plain: EngineResult): void {
    this.#hiding.push({ document, plain });
  }

  async read(signal: AbortSignal): Promise<void> {
    for (const { document, plain } of this.#hiding.splice(0)) {
      const hidden = this.#hiddenIn(document, signal);
      await hidden.read(document.bytes);
      this.#deps.finish(document, hidden.joined(plain));
    }
    for (const archive of this.#archives.splice(0)) await this.#open(archive, signal);
  }

  /** Opens an archive; its entries count as parts of the blob. */
  async #open(archive: RawDocument, signal: AbortSignal): Promise<void> {
    const { engine, problem, skipped, embedded, finish } = this.#deps;
    const where = describeDocument(archive);
    if (gitContainerOf(archive.bytes) !== undefined) {
      problem({ ...unreadGit, where });
      finish(archive, { findings: [], tags: new Float64Array(0), caps: [unreadGit.code] });
      return;
    }
    const parts = new PartCollector((input) => engine(input, where));
    const hidden = this.#hiddenIn(archive, signal);
    await hidden.read(archive.bytes);
    const outcome = await walkArchive(
      { kind: 'buffer', bytes: archive.bytes },
      {
        document: (document) => parts.take(document),
        exported: (offer) => hidden.offered(offer),
        problem: (one) => {
          parts.gap(one.code);
          problem(one);
        },
        skipped,
        embedded: (found) => {
          parts.gap(unreadGit.code);
          embedded(found);
        },
      },
      { ref: archive.ref, name: where, signal },
    );
    if (!outcome.readable) parts.take(archive);
    finish(archive, hidden.joined(parts.result()));
  }

  #hiddenIn(document: RawDocument, signal: AbortSignal): HiddenTexts {
    const { keys, collectsTags, engine, problem } = this.#deps;
    const where = describeDocument(document);
    return new HiddenTexts(where, {
      keys,
      collectsTags,
      engine: (input) => engine(input, where),
      problem,
      signal,
    });
  }
}
