/**
 * The repositories that lie in archives and bundles of a scan's targets: further roots of the same scan, opened once
 * the files have been read. Those of a target that has not changed are known from earlier scans.
 */
import { dirname } from 'node:path';
import type { Place } from '../model/place.js';
import { type InputProblem, InputProblemError, ProblemError } from '../model/problem.js';
import { emptyReceipt, isSettled } from '../model/receipt.js';
import {
  type EmbeddedPath,
  embeddedLocator,
  isEmbeddedLocator,
  liesIn,
  parseEmbeddedLocator,
} from '../sources/embedded/embedded-path.js';
import { openEmbedded, rememberedEmbedded } from '../sources/embedded/embedded-source.js';
import { type EmbeddedStore, EmbeddedStores } from '../sources/embedded/embedded-stores.js';
import type { OpenGitOptions } from '../sources/git/git-source.js';
import { defaultMirrorFolder } from '../sources/git/mirror.js';
import type { OpenSource } from '../sources/source.js';
import type { RootRef, ScanWriter, Store } from '../store/store.js';
import { errorName } from './error-name.js';
import type { RootScan } from './root-scan.js';
import { goneState, isGoneState } from './root-state.js';

/** A repository to be scanned, and the root whose files hold it. */
export interface EmbeddedRoot {
  readonly source: OpenSource;
  readonly holder: RootScan;
}

export interface EmbeddedRootsOptions {
  readonly store: Store;
  readonly cacheDir: string | undefined;
  readonly git: OpenGitOptions;
  readonly signal: AbortSignal;
}

export class EmbeddedRoots {
  readonly #options: EmbeddedRootsOptions;
  readonly #stores: EmbeddedStores;
  readonly #opened: OpenSource[] = [];
  /** Roots of earlier scans that their files do not hold any more. */
  readonly #gone: { readonly ref: RootRef; readonly holder: RootScan }[] = [];

  constructor(options: EmbeddedRootsOptions) {
    this.#options = options;
    this.#stores = new EmbeddedStores(options.cacheDir);
  }

  /** Opens what the roots hold, when all of them have been read. */
  async open(roots: readonly RootScan[]): Promise<readonly EmbeddedRoot[]> {
    const holders = roots.filter(({ source }) => source.store === undefined && source.locator !== '-');
    if (holders.length === 0) return [];
    const found = new Map<string, EmbeddedRoot>();
    for (const holder of holders) {
      if (this.#options.signal.aborted) break;
      for (const source of await this.#read(holder)) found.set(source.locator, { source, holder });
    }
    for (const { ref, holder } of await this.#remembered(holders)) {
      if (found.has(ref.locator)) continue;
      if (!holder.unchanged) {
        this.#gone.push({ ref, holder });
        continue;
      }
      const source = await this.#known(ref, holder);
      if (source !== undefined) found.set(ref.locator, { source, holder });
    }
    this.#opened.push(...[...found.values()].map(({ source }) => source));
    return [...found.values()];
  }

  /** Ends the roots that are gone, where the files that held them were read without a gap. */
  async finish(writer: ScanWriter, analysisId: string): Promise<void> {
    for (const { ref, holder } of this.#gone) {
      if (!holder.whole || !isSettled(holder.receipt())) continue;
      await writer.finishRoot(ref, { analysisId, receipt: emptyReceipt, whole: true, state: goneState });
    }
  }

  close(): void {
    for (const source of this.#opened) source.close?.();
    this.#stores.close();
  }

  /** The repositories that the holder's files were seen to hold, file by file. */
  async #read(holder: RootScan): Promise<readonly OpenSource[]> {
    const byFile = new Map<string, Map<string, EmbeddedPath>>();
    for (const at of holder.embedded) {
      const others = byFile.get(at.file) ?? new Map<string, EmbeddedPath>();
      byFile.set(at.file, others.set(embeddedLocator(at), at));
    }
    const sources: OpenSource[] = [];
    for (const paths of byFile.values()) sources.push(...(await this.#openAll(holder, [...paths.values()])));
    return sources;
  }

  async #openAll(holder: RootScan, paths: readonly EmbeddedPath[]): Promise<readonly OpenSource[]> {
    const stores = await this.#unpacked(holder, paths);
    const sources: OpenSource[] = [];
    for (const [i, at] of paths.entries()) {
      const { path, fault } = stores[i] ?? {};
      const where = shownPath(holder, at);
      if (fault !== undefined) holder.report({ code: fault.code, where, detail: fault.detail });
      if (path === undefined) continue;
      try {
        sources.push(await openEmbedded(at, path, this.#stores, this.#options.git));
      } catch (error) {
        holder.report(problemOf(error, where));
      }
    }
    return sources;
  }

  async #unpacked(holder: RootScan, paths: readonly EmbeddedPath[]): Promise<readonly EmbeddedStore[]> {
    try {
      return await this.#stores.open(paths, this.#options.signal);
    } catch (error) {
      for (const at of paths) holder.report(problemOf(error, shownPath(holder, at)));
      return [];
    }
  }

  /** Roots of earlier scans, each with the innermost root of this scan that its file lies in. */
  async #remembered(holders: readonly RootScan[]): Promise<{ ref: RootRef; holder: RootScan }[]> {
    const known: { ref: RootRef; holder: RootScan }[] = [];
    for (const ref of await this.#options.store.roots()) {
      if (!ref.place.startsWith('git:') || !isEmbeddedLocator(ref.locator)) continue;
      const holder = holders
        .filter((root) => liesIn(ref.locator, root.ref.locator))
        .sort((a, b) => b.ref.locator.length - a.ref.locator.length)[0];
      if (holder !== undefined) known.push({ ref, holder });
    }
    return known;
  }

  async #known({ locator }: RootRef, holder: RootScan): Promise<OpenSource | undefined> {
    const memory = await this.#options.store.rootAt(locator);
    if (memory === undefined || isGoneState(memory.state)) return undefined;
    const at = parseEmbeddedLocator(locator);
    // Names that a secret was taken out of lead nowhere; the holder's next reading tells what they were.
    if (at === undefined) {
      holder.report({ code: 'changed-while-read', where: locator });
      return undefined;
    }
    return rememberedEmbedded(at, memory.place, this.#stores, this.#options.git);
  }
}

/** A repository of an earlier scan, to be read once more; it is taken out of its archive when it is, and no cache has it. */
export function reopenEmbedded(place: Place, locator: string): OpenSource | undefined {
  const at = parseEmbeddedLocator(locator);
  if (at === undefined) return undefined;
  const stores = new EmbeddedStores(undefined, defaultMirrorFolder());
  const source = rememberedEmbedded(at, place, stores, {});
  const closeSource = source.close?.bind(source);
  const close = (): void => {
    closeSource?.();
    stores.close();
  };
  return Object.assign(source, { close });
}

/** As problems name files: relative to the target. */
function shownPath(holder: RootScan, at: EmbeddedPath): string {
  const locator = embeddedLocator(at).replace(/!\/$/, '');
  const own = holder.source.locator;
  const folders = [own, dirname(own)].map((folder) => (folder.endsWith('/') ? folder : `${folder}/`));
  const folder = folders.find((prefix) => locator.startsWith(prefix));
  return folder === undefined ? locator : locator.slice(folder.length);
}

function problemOf(error: unknown, where: string): InputProblem {
  if (error instanceof InputProblemError) return { ...error.problem, where };
  if (error instanceof ProblemError) throw error;
  return { code: 'unreadable', where, detail: errorName(error) };
}
