/** Gathers what rotation looks at: secrets with their locations, places, and readers of the places' current files. */
import type { Exposure } from '../model/exposure.js';
import { withStatedPrincipals } from '../rotation/derive/stated-principals.js';
import type { Estate, RotationSettings } from '../rotation/estate.js';
import type { ProviderTable } from '../rotation/facts/provider-table.js';
import { type Imports, noImports } from '../rotation/imports.js';
import { openPlaceFiles } from '../scan/files-views.js';
import type { Store } from '../store/store.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Those of the default policy. */
export const defaultSettings: RotationSettings = {
  ephemeralMaxMs: dayMs,
  longLivedMs: 90 * dayMs,
  staleInventoryMs: 180 * dayMs,
  overlapMs: dayMs,
  soakMs: 2 * dayMs,
  exceptionMaxMs: 90 * dayMs,
};

export interface GatheredEstate {
  readonly estate: Estate;
  /** Keys of places whose files cannot be read now. */
  readonly gone: readonly string[];
  /** Keys of places that no scan has read. */
  readonly unscanned: readonly string[];
  close(): void;
}

/**
 * @param exposures the secrets in question, with all their locations
 * @param within keys of the places whose files are of interest
 */
export async function gatherEstate(
  store: Store,
  exposures: readonly Exposure[],
  providers: ProviderTable,
  now: string,
  within: ReadonlySet<string>,
  imports: Imports = noImports,
  settings: RotationSettings = defaultSettings,
): Promise<GatheredEstate> {
  const places = new Map((await store.places()).map((place) => [place.key as string, place]));
  const wanted = new Set<string>();
  for (const { locations } of exposures) {
    for (const { place, system } of locations)
      if ((system === 'git' || system === 'folder') && within.has(place)) wanted.add(place);
  }
  const { files, gone, unscanned, close } = await openPlaceFiles(wanted, store);
  const sorted = [...exposures].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  const stated = withStatedPrincipals({ exposures: sorted, imports, providers });
  return {
    estate: { now, settings, exposures: stated, places, files, imports, providers },
    gone,
    unscanned,
    close,
  };
}
