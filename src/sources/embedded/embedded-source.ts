/**
 * A repository within an archive as a source. It is taken out when it is first read: one that is known not to have
 * changed, because its archive has not, costs nothing.
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { parsePlaceKey } from '../../model/ids.js';
import type { Place } from '../../model/place.js';
import { InputProblemError } from '../../model/problem.js';
import { type GitSource, type OpenGitOptions, openGitSource } from '../git/git-source.js';
import type {
  AttributedObject,
  GitStoreHandle,
  HitObject,
  MetadataString,
  OpenSource,
  PlanEvents,
  PlannedRange,
  PlanOptions,
} from '../source.js';
import { type EmbeddedPath, embeddedLocator } from './embedded-path.js';
import { type EmbeddedStores, fileStamp } from './embedded-stores.js';

/** Stands for the store of a repository that was not taken out. */
const notOpened: GitStoreHandle = {
  gitDir: '',
  neutralDir: '',
  objectFormat: 'sha1',
  config: [],
  alternates: false,
};

/** One that was taken out to `path`; throws when it cannot be opened. */
export async function openEmbedded(
  at: EmbeddedPath,
  path: string,
  stores: EmbeddedStores,
  options: OpenGitOptions,
): Promise<OpenSource> {
  const git = await openGitSource(path, options);
  return new EmbeddedSource(at, placeWithin(at, git.place), stores, options, git);
}

/** One whose place is known. */
export function rememberedEmbedded(
  at: EmbeddedPath,
  place: Place,
  stores: EmbeddedStores,
  options: OpenGitOptions,
): OpenSource {
  return new EmbeddedSource(at, place, stores, options, undefined);
}

class EmbeddedSource implements OpenSource {
  readonly place: Place;
  readonly locator: string;
  readonly #at: EmbeddedPath;
  readonly #stores: EmbeddedStores;
  readonly #options: OpenGitOptions;
  #git: GitSource | undefined;

  constructor(
    at: EmbeddedPath,
    place: Place,
    stores: EmbeddedStores,
    options: OpenGitOptions,
    git: GitSource | undefined,
  ) {
    this.#at = at;
    this.place = place;
    this.locator = embeddedLocator(at);
    this.#stores = stores;
    this.#options = options;
    this.#git = git;
  }

  get store(): GitStoreHandle {
    return this.#git?.store ?? notOpened;
  }

  async state(): Promise<Uint8Array | undefined> {
    const stamp = fileStamp(Buffer.from(this.#at.file, 'base64'));
    return createHash('sha256').update(`sprawl embedded 1\0${this.locator}\0${stamp}`).digest();
  }

  async *plan(options: PlanOptions, events: PlanEvents): AsyncIterable<PlannedRange> {
    yield* (await this.#opened()).plan(options, events);
  }

  async metadata(): Promise<readonly MetadataString[]> {
    return (await this.#opened()).metadata();
  }

  async fullPlace(): Promise<Place> {
    const { rootCommits } = await (await this.#opened()).fullPlace();
    return rootCommits === undefined ? this.place : { ...this.place, rootCommits };
  }

  async *attribute(
    hits: readonly HitObject[],
    events: PlanEvents,
    signal: AbortSignal,
  ): AsyncIterable<AttributedObject> {
    yield* (await this.#opened()).attribute(hits, events, signal);
  }

  async resolve(prefixes: Iterable<string>): Promise<readonly HitObject[]> {
    return (await (await this.#opened()).resolve?.(prefixes)) ?? [];
  }

  close(): void {
    this.#git?.close();
  }

  async #opened(): Promise<GitSource> {
    if (this.#git !== undefined) return this.#git;
    const [found] = await this.#stores.open([this.#at], new AbortController().signal);
    if (found?.path === undefined) {
      const { code, detail } = found?.fault ?? { code: 'unreadable', detail: 'could not be taken out' };
      throw new InputProblemError({ code, where: this.locator, detail });
    }
    this.#git = await openGitSource(found.path, this.#options);
    return this.#git;
  }
}

/** Without an origin a repository is called after its archive; without commits too, that is all it is known by. */
function placeWithin(at: EmbeddedPath, place: Place): Place {
  const isByFolder = place.key.startsWith('git:local:');
  if (!isByFolder && !place.key.startsWith('git:roots:')) return place;
  const name = [basename(Buffer.from(at.file, 'base64').toString()), ...at.chain, at.folder]
    .filter((part) => part !== '')
    .join('!/');
  if (!isByFolder) return { ...place, name };
  const digest = createHash('sha256').update(embeddedLocator(at)).digest('hex').slice(0, 32);
  return { ...place, key: parsePlaceKey(`git:local:${digest}`), name };
}
