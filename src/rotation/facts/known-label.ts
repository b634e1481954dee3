/** Of several labels of a value, the one that says how it is rotated. */
import type { Exposure } from '../../model/exposure.js';
import type { ProviderRow, ProviderTable } from './provider-table.js';

const serviceAccountRow = 'gcp.service-account-key';

/** A private key that stands in the file of a service account is rotated as that, whatever its form is called. */
function isServiceAccountKey({ labels, attributes }: Pick<Exposure, 'labels' | 'attributes'>): boolean {
  const isKey = labels.every(({ kind }) => /private-key/.test(kind));
  return isKey && attributes.some(({ name }) => name === 'gcp-client-email');
}

/**
 * The label that the provider table knows best. One value may be a password of a database in one file and just some value
 * of a Kubernetes Secret in another; of several that the table knows the one of most copies counts, and the first, most
 * specific label stands where it knows none.
 */
export function knownLabel(
  exposure: Pick<Exposure, 'labels' | 'attributes' | 'locations'>,
  providers: ProviderTable,
): { readonly kind: string; readonly provider: ProviderRow } {
  const { labels } = exposure;
  const fallback = providers.rowOf('');
  const ofAccount = isServiceAccountKey(exposure) ? providers.row(serviceAccountRow) : undefined;
  if (ofAccount !== undefined) return { kind: labels[0]?.kind ?? 'unknown', provider: ofAccount };
  const rows = labels.map(({ kind }) => ({ kind, provider: providers.rowOf(kind) }));
  const known = rows.filter(({ provider }) => provider.id !== fallback.id);
  return mostSeen(known, exposure.locations) ?? rows[0] ?? { kind: 'unknown', provider: fallback };
}

/** One copy that reads like something else must not outvote ten; the most specific of equals stands first. */
function mostSeen<Row extends { readonly kind: string; readonly provider: ProviderRow }>(
  rows: readonly Row[],
  locations: Exposure['locations'],
): Row | undefined {
  if (new Set(rows.map(({ provider }) => provider.id)).size < 2) return rows[0];
  const counts = new Map<string, number>();
  for (const { kind } of locations) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const copiesOf = ({ kind }: Row): number => counts.get(kind) ?? 0;
  return rows.reduce<Row | undefined>(
    (best, row) => (best === undefined || copiesOf(row) > copiesOf(best) ? row : best),
    undefined,
  );
}
