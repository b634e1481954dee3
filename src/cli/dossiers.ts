/** Dossiers of the secrets in question: gathers the estate, derives facts, takes measures. */
import type { Exposure } from '../model/exposure.js';
import type { Fingerprint } from '../model/ids.js';
import { buildDossiers } from '../rotation/build-dossier.js';
import { inventoryMatcher, type MatchContext } from '../rotation/derive/inventory-match.js';
import type { Dossier } from '../rotation/dossier.js';
import type { RotationSettings } from '../rotation/estate.js';
import type { ProviderTable } from '../rotation/facts/provider-table.js';
import type { Imports, Liveness } from '../rotation/imports.js';
import type { Store } from '../store/store.js';
import { gatherEstate } from './estate.js';

/** Other secrets of the same places that are looked at beside the one in question: for pairs, parents, old values. */
const maxNeighbours = 500;

export interface FoundDossier {
  readonly dossier: Dossier;
  readonly providers: ProviderTable;
  /** Names of places whose files cannot be read now. */
  readonly unread: readonly string[];
  /** Names of places that no scan has read: other tools' reports tell of them. */
  readonly unscanned: readonly string[];
}

export async function dossierOf(
  store: Store,
  exposure: Exposure,
  providers: ProviderTable,
  now: string,
  imports: Imports,
  settings?: RotationSettings,
): Promise<FoundDossier> {
  const exposures = [exposure, ...(await neighboursOf(store, exposure, { imports, providers }))];
  const { estate, gone, unscanned, close } = await gatherEstate(
    store,
    exposures,
    providers,
    now,
    new Set(exposure.places),
    imports,
    settings,
  );
  try {
    const { deriveFacts } = await import('../rotation/derive/derive-facts.js');
    const { facts, consumers, resources, containerOf } = await deriveFacts(estate);
    const dossiers = buildDossiers(estate, facts, consumers, resources, { containerOf });
    const dossier = dossiers.find(({ fingerprint }) => fingerprint === exposure.fingerprint);
    if (dossier === undefined) throw new TypeError('a secret of the estate has no dossier');
    const named = (keys: readonly string[]): string[] =>
      keys.map((key) => estate.places.get(key)?.name ?? key);
    return { dossier, providers, unread: named(gone), unscanned: named(unscanned) };
  } finally {
    close();
  }
}

/** Related secrets, those that are said to be of the same account, and what stands in the same places. */
async function neighboursOf(store: Store, exposure: Exposure, context: MatchContext): Promise<Exposure[]> {
  const { fingerprint, relations, places } = exposure;
  const found = new Map<string, Exposure>();
  const known = await store.findByFingerprints(relations.map(({ to }) => to));
  const same = await sameAccount(store, exposure, context);
  for (const other of [...known, ...(await store.relatedTo(fingerprint)), ...same]) {
    if (found.size >= maxNeighbours) break;
    const related = await store.exposure(other);
    if (related !== undefined) found.set(related.fingerprint, related);
  }
  for await (const other of store.exposures({ places })) {
    if (found.size >= maxNeighbours) break;
    found.set(other.fingerprint, other);
  }
  found.delete(fingerprint);
  return [...found.values()];
}

/** Secrets that an entry of the inventory or a check names beside this one: all count against what the account may have. */
async function sameAccount(store: Store, exposure: Exposure, context: MatchContext): Promise<Fingerprint[]> {
  const selectors = (inventoryMatcher(context)(exposure).match?.entries ?? []).flatMap(({ match }) => match);
  const { liveness } = context.imports;
  const isOwn = (check: Liveness): boolean => exposure.fingerprint.startsWith(check.fingerprint);
  const principals = new Set(liveness.filter(isOwn).flatMap(({ principal }) => principal ?? []));
  const checked = liveness.filter(({ principal }) => principal !== undefined && principals.has(principal));
  const prefixes = new Set([...selectors, ...checked].flatMap(({ fingerprint }) => fingerprint ?? []));
  // The key of a principal ends with what names it at its provider: `aws::<id>`.
  const names = new Set(selectors.flatMap(({ identity }) => identity?.split(':').at(-1) || []));
  const found: Fingerprint[] = [];
  for (const prefix of [...prefixes].slice(0, maxNeighbours))
    found.push(...(await store.resolvePrefix(prefix)));
  for (const name of [...names].slice(0, maxNeighbours)) found.push(...(await store.findByIdentifier(name)));
  return found;
}
