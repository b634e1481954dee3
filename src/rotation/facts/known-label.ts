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
 * of a Kubernetes Secret in another; the first, most specific label stands where the table knows none.
 */
export function knownLabel(
  exposure: Pick<Exposure, 'labels' | 'attributes'>,
  providers: ProviderTable,
): { readonly kind: string; readonly provider: ProviderRow } {
  const { labels } = exposure;
  const fallback = providers.rowOf('');
  const ofAccount = isServiceAccountKey(exposure) ? providers.row(serviceAccountRow) : undefined;
  if (ofAccount !== undefined) return { kind: labels[0]?.kind ?? 'unknown', provider: ofAccount };
  const rows = labels.map(({ kind }) => ({ kind, provider: providers.rowOf(kind) }));
  return (
    rows.find(({ provider }) => provider.id !== fallback.id) ??
    rows[0] ?? { kind: 'unknown', provider: fallback }
  );
}
