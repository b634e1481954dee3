/** Downstream resources: what each secret reaches, as far as anything beside it tells. Never tried, only read. */
import type { Exposure, Location } from '../../../model/exposure.js';
import type { Resource } from '../../dossier.js';
import type { Estate } from '../../estate.js';
import type { InventoryEntry } from '../../imports.js';
import { codePointOrder } from '../../order.js';
import { type EnvironmentVocabulary, environmentVocabulary, machineName } from '../environments/words.js';
import { pathOf } from '../slots.js';
import { attributeResources } from './attribute-resources.js';
import { besideReader } from './beside-resources.js';
import { providerResources } from './provider-resources.js';

/** Entries of the inventory that were matched to a secret. */
export type EntriesOf = (exposure: Exposure) => readonly InventoryEntry[];

/** True for copies that stand in the file that can be read now. */
function isAtTip({ appearance, chain, status }: Location): boolean {
  const kind = appearance.locationKind;
  return (kind === 'git-head' || kind === 'loose-file') && chain.length === 0 && status.status !== 'vanished';
}

interface CopyAt {
  readonly fingerprint: string;
  readonly line: number;
}

/** Copies by place and path, so that every file is read once. */
function copiesByFile(
  exposures: readonly Exposure[],
): ReadonlyMap<string, ReadonlyMap<string, readonly CopyAt[]>> {
  const places = new Map<string, Map<string, CopyAt[]>>();
  for (const { fingerprint, locations } of exposures) {
    for (const location of locations) {
      const path = pathOf(location);
      if (path === undefined || !isAtTip(location)) continue;
      const files = places.get(location.place) ?? new Map<string, CopyAt[]>();
      places.set(location.place, files);
      const copies = files.get(path) ?? [];
      files.set(path, copies);
      copies.push({ fingerprint, line: location.position.line });
    }
  }
  return places;
}

async function besideCopies(
  estate: Estate,
  exposures: readonly Exposure[],
): Promise<ReadonlyMap<string, readonly Resource[]>> {
  const found = new Map<string, Resource[]>();
  for (const [place, files] of copiesByFile(exposures)) {
    const view = estate.files.get(place);
    if (view === undefined) continue;
    const present = new Set(view.paths);
    for (const [path, copies] of files) {
      const text = present.has(path) ? await view.read(path) : undefined;
      if (text === undefined) continue;
      const besideLine = besideReader(path, text);
      for (const { fingerprint, line } of copies) {
        const known = found.get(fingerprint) ?? [];
        found.set(fingerprint, known);
        known.push(...besideLine(line));
      }
    }
  }
  return found;
}

function declared(entry: InventoryEntry): readonly Resource[] {
  return entry.resources.map((resource) => ({ ...resource, rule: 'R7' }));
}

/** Environment that the name of a server tells. */
function withEnvironment(resource: Resource, vocabulary: EnvironmentVocabulary): Resource {
  if (resource.environment !== undefined || /[\s@]/.test(resource.address)) return resource;
  const host = resource.address.replace(/^[a-z-]+:(?=\D)/, '').split('/')[0] ?? '';
  const [environment, ...others] = vocabulary.namedIn(machineName(host));
  return environment === undefined || others.length > 0 ? resource : { ...resource, environment };
}

/** One of each kind and address: what was declared first, then by the lowest rule; sorted. */
function distinct(resources: readonly Resource[]): readonly Resource[] {
  const rank = ({ rule }: Resource): string => (rule === 'R7' ? 'R0' : rule);
  const sorted = [...resources].sort(
    (a, b) =>
      codePointOrder(a.kind, b.kind) ||
      codePointOrder(a.address, b.address) ||
      codePointOrder(rank(a), rank(b)) ||
      (a.criticality ?? 0) - (b.criticality ?? 0) ||
      codePointOrder(a.environment ?? '', b.environment ?? ''),
  );
  return sorted.filter((resource, index) => {
    const before = sorted[index - 1];
    return before?.kind !== resource.kind || before.address !== resource.address;
  });
}

/** Reader of resources by fingerprint, of the secrets that have any. */
export function resourcesReader(
  estate: Estate,
  entriesOf: EntriesOf = () => [],
  grantsOf: (exposure: Exposure) => readonly Resource[] = () => [],
): (exposures: readonly Exposure[]) => Promise<ReadonlyMap<string, readonly Resource[]>> {
  const vocabulary = environmentVocabulary(estate.imports.environments);
  return async (exposures) => {
    const beside = await besideCopies(estate, exposures);
    const resources = new Map<string, readonly Resource[]>();
    for (const exposure of exposures) {
      const known: readonly Resource[] = [
        ...entriesOf(exposure).flatMap(declared),
        ...attributeResources(exposure),
        ...grantsOf(exposure),
        ...(beside.get(exposure.fingerprint) ?? []),
      ];
      const rows =
        known.length > 0 ? [] : providerResources(estate.providers.rowOf(exposure.labels[0]?.kind ?? ''));
      const all = distinct([...known, ...rows].map((resource) => withEnvironment(resource, vocabulary)));
      if (all.length > 0) resources.set(exposure.fingerprint, all);
    }
    return resources;
  };
}

export async function deriveResources(
  estate: Estate,
  entriesOf?: EntriesOf,
): Promise<ReadonlyMap<string, readonly Resource[]>> {
  return resourcesReader(estate, entriesOf)(estate.exposures);
}
