/**
 * Which place a row of a report is about: the repository that it names, by its URL or by the clone that lies here; else what
 * `--of` names. The place is the one that a scan of the same thing writes, so that both meet.
 */
import { realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, relative, resolve } from 'node:path';
import { parsePlaceKey } from '../../model/ids.js';
import type { Place } from '../../model/place.js';
import { ProblemError } from '../../model/problem.js';
import { openPathSource } from '../../sources/files/folder-source.js';
import { discoverGitStore } from '../../sources/git/discover.js';
import { openGitSource } from '../../sources/git/git-source.js';
import { isGitUrl } from '../../sources/git/mirror.js';
import { normaliseRemoteUrl } from '../../sources/git/origin.js';
import type { ReportedSpot } from '../../sources/reports/contract.js';
import { placeOf } from '../records/record-place.js';

/** A place and, for files, where in it. */
export interface ResolvedSpot {
  readonly place: Place;
  /** Relative to the place's root, `/` between its parts; absent where the row names no file. */
  readonly path?: string;
}

/** What `--of` names. */
interface NamedTarget {
  readonly place: Place;
  /** Where it lies here; absent for URLs and for places that are known by name only. */
  readonly folder?: string;
  /** Way from the root of the place down to that folder. */
  readonly prefix: string;
}

export interface PlaceOptions {
  readonly cwd: string;
  /** Repository, folder, URL, or name of a known place. */
  readonly of?: string;
  /** Beginning of the report's paths that is not part of the place. */
  readonly strip?: string;
  readonly known: readonly Place[];
}

export class ReportPlaces {
  readonly #options: PlaceOptions;
  #named: Promise<NamedTarget | undefined> | undefined;
  readonly #clones = new Map<string, Promise<NamedTarget | undefined>>();

  constructor(options: PlaceOptions) {
    this.#options = options;
  }

  /** Undefined when nothing says where it is. */
  async resolve(spot: ReportedSpot): Promise<ResolvedSpot | undefined> {
    if (spot.record !== undefined) {
      const { system, tenant, place: id } = spot.record;
      const name = tenant === undefined ? id : `${tenant} ${id}`;
      return {
        place: placeOf(system, { kind: 'channel', id, name, audience: 'unknown', ...(tenant && { tenant }) }),
      };
    }
    this.#named ??= this.#target(this.#options.of);
    const named = await this.#named;
    const path = spot.path === undefined ? undefined : this.#stripped(spot.path);
    const remote = spot.repository === undefined ? undefined : normaliseRemoteUrl(spot.repository);
    if (remote !== undefined) {
      const place = gitPlace(remote);
      return named?.place.key === place.key
        ? within(named, spot, path)
        : within({ place, prefix: '' }, spot, path);
    }
    if (named !== undefined) return within(named, spot, path);
    const clone = spot.repository === undefined ? undefined : await this.#clone(spot.repository);
    if (clone !== undefined) return within(clone, spot, path);
    if (path === undefined || !isAbsolute(path)) return undefined;
    const holder = await this.#clone(dirname(path));
    return holder === undefined ? undefined : within(holder, spot, path);
  }

  #stripped(path: string): string {
    const { strip } = this.#options;
    if (strip === undefined || !path.startsWith(strip)) return path;
    return path.slice(strip.length).replace(/^\/+/, '');
  }

  /** The work tree or store that lies at a path, or above it. */
  async #clone(path: string): Promise<NamedTarget | undefined> {
    const local = path.replace(/^file:\/\//i, '');
    if (!isAbsolute(local)) return undefined;
    const known = this.#clones.get(local) ?? repositoryAt(local);
    this.#clones.set(local, known);
    return known;
  }

  async #target(of: string | undefined): Promise<NamedTarget | undefined> {
    if (of === undefined) return undefined;
    const { cwd, known } = this.#options;
    const byName = known.find(({ key }) => key === of) ?? known.find(({ name }) => name === of);
    if (byName !== undefined) return { place: byName, prefix: '' };
    const path = resolve(cwd, of);
    const isThere = statSync(path, { throwIfNoEntry: false }) !== undefined;
    const remote = isThere ? undefined : isGitUrl(of) ? normaliseRemoteUrl(of) : undefined;
    if (remote !== undefined) return { place: gitPlace(remote), prefix: '' };
    if (!isThere) {
      throw new ProblemError({
        code: 'not-found',
        message: 'What --of names is no repository, no folder, no URL, and no place of the database.',
        hint: 'See the places with "sprawl place list".',
      });
    }
    const repository = await repositoryAt(path);
    if (repository !== undefined) return repository;
    const { place, locator } = await openPathSource(path);
    const isFolder = statSync(path).isDirectory();
    return { place, folder: isFolder ? realpathSync(path) : dirname(locator), prefix: '' };
  }
}

async function repositoryAt(path: string): Promise<NamedTarget | undefined> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const location = isFolder ? discoverGitStore(path) : undefined;
  if (location === undefined) return undefined;
  const source = await openGitSource(path, { location });
  const { place } = source;
  source.close();
  const { prefix } = location;
  return { place, folder: realpathSync(path), prefix };
}

function gitPlace(remote: string): Place {
  return { key: parsePlaceKey(`git:${remote}`), system: 'git', name: remote, audience: 'unknown' };
}

/** The spot in the target; undefined for a path that leads out of it. */
function within(
  { place, folder, prefix }: NamedTarget,
  { commit }: ReportedSpot,
  path: string | undefined,
): ResolvedSpot | undefined {
  if (path === undefined) return { place };
  if (!isAbsolute(path)) {
    const clean = normalize(path).replace(/\\/g, '/');
    if (clean === '..' || clean.startsWith('../')) return outer(place, prefix, clean);
    // Paths of commits count from the root of the repository, whatever folder a tool was started in.
    return { place, path: commit === undefined ? join(prefix, clean) : clean };
  }
  if (folder === undefined) return undefined;
  const way = relative(folder, realOf(path));
  if (way.startsWith('../')) return outer(place, prefix, way);
  return { place, path: join(prefix, way) };
}

/** A path that leaves the folder which was named may still lie in its repository. */
function outer(place: Place, prefix: string, way: string): ResolvedSpot | undefined {
  const path = join(prefix, way);
  return path === '..' || path.startsWith('../') ? undefined : { place, path };
}

/** The file may be gone, or have been on another machine: then its folder, or its name as it is. */
function realOf(path: string): string {
  try {
    return join(realpathSync(dirname(path)), path.slice(dirname(path).length + 1));
  } catch {
    return path;
  }
}
