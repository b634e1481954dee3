/**
 * What derivations look at: the database's secrets with their locations, the files of the repositories that hold them,
 * and what was imported. Plain data and readers, gathered once a run; nothing of it contacts anybody.
 */
import type { Exposure } from '../model/exposure.js';
import type { Place } from '../model/place.js';
import type { ProviderTable } from './facts/provider-table.js';
import type { Imports } from './imports.js';

/** Settings of the policy that derivations need; defaults are those of the default policy. */
export interface RotationSettings {
  /** Milliseconds each. */
  readonly ephemeralMaxMs: number;
  readonly longLivedMs: number;
  readonly staleInventoryMs: number;
  readonly overlapMs: number;
  readonly soakMs: number;
  readonly exceptionMaxMs: number;
}

/** Files of a repository at the tip of its default branch (or of a folder), read when asked. */
export interface FilesView {
  /** Key of the place. */
  readonly place: string;
  /** All paths, `/` between parts, sorted by code points. */
  readonly paths: readonly string[];
  /** Text of a file; undefined when it is missing, binary or larger than `maxBytes` (default 1 MiB). */
  read(path: string, maxBytes?: number): Promise<string | undefined>;
  /**
   * Authors of the last commits on a path, newest first, mail map applied; at most `limit`. Empty where there is no
   * history. Used for weak owners only.
   */
  authors(path: string, limit: number): Promise<readonly FileAuthor[]>;
}

export interface FileAuthor {
  readonly name: string;
  readonly email: string;
  /** RFC 3339. */
  readonly authorDate: string;
  readonly committerDate: string;
  readonly isMerge: boolean;
  readonly subject: string;
}

export interface Estate {
  /** RFC 3339 UTC: `--now`, the only clock. */
  readonly now: string;
  readonly settings: RotationSettings;
  /** All secrets that are not low, known-public or allowed... with all locations, sorted by fingerprint. */
  readonly exposures: readonly Exposure[];
  readonly places: ReadonlyMap<string, Place>;
  /** By key of place; only places that hold a location and can be read now. */
  readonly files: ReadonlyMap<string, FilesView>;
  readonly imports: Imports;
  readonly providers: ProviderTable;
}

/** A derivation reads the estate and gives facts; the same estate gives the same facts in the same order. */
export type Derivation = (estate: Estate) => Promise<readonly import('./fact.js').Fact[]>;
