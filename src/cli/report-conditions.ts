/** Conditions of all secrets, for reports: the derivations of every secret, which a plain report does without. */
import type { ReportConditions, SecretConditions } from '../report/secret-conditions.js';
import type { Dossier } from '../rotation/dossier.js';
import type { Context } from './context.js';
import type { Session } from './session.js';

export async function reportConditions(context: Context, session: Session): Promise<ReportConditions> {
  const { controlsOf } = await import('../rotation/measure/controls.js');
  const { taxonomies, taxonomyOf } = await import('../rotation/measure/taxonomies.js');
  const known = new Map<string, SecretConditions>();
  const conditionsOf = ({ conditions, ownerParty }: Dossier): SecretConditions => ({
    conditions,
    controls: controlsOf(conditions, ownerParty?.type === 'vendor').flatMap((id) => {
      const taxonomy = taxonomyOf(id);
      if (taxonomy === undefined) return [];
      const name = taxonomies.find((one) => one.name === taxonomy)?.names[id];
      return [{ id, taxonomy, ...(name === undefined ? {} : { name }) }];
    }),
  });
  const rotation = await context.services.rotation(context, session, {});
  try {
    for await (const { dossiers } of rotation.look()) {
      for (const dossier of dossiers) known.set(dossier.fingerprint, conditionsOf(dossier));
    }
  } finally {
    rotation.close();
  }
  return {
    taxonomies: taxonomies.map(({ name, title, organization, version, uri }) => ({
      name,
      title,
      organization,
      version,
      uri,
    })),
    of: (fingerprint) => known.get(fingerprint),
  };
}
