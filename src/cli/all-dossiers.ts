/** Dossiers of every secret in the database, with what was imported. */
import type { Exposure } from '../model/exposure.js';
import type { Dossier } from '../rotation/dossier.js';
import type { RotationSettings } from '../rotation/estate.js';
import type { Imports } from '../rotation/imports.js';
import type { Context } from './context.js';
import { gatherEstate } from './estate.js';
import { loadImports } from './rotation-imports.js';
import type { Session } from './session.js';

export interface AllDossiers {
  readonly dossiers: readonly Dossier[];
  readonly imports: Imports;
  readonly settings: RotationSettings;
  readonly now: string;
}

export async function allDossiers(
  context: Context,
  session: Session,
  flags: { readonly inventory?: readonly string[]; readonly now?: string },
): Promise<AllDossiers> {
  const { store } = session;
  const now = flags.now ?? context.io.now();
  const imports = await loadImports(context, session, flags.inventory ?? []);
  const providers = await context.services.providerTable(context.io.cwd);
  const exposures: Exposure[] = [];
  for await (const exposure of store.exposures({})) exposures.push(exposure);
  const within = new Set(exposures.flatMap(({ places }) => places as readonly string[]));
  const { estate, close } = await gatherEstate(store, exposures, providers, now, within, imports);
  try {
    const { deriveFacts } = await import('../rotation/derive/derive-facts.js');
    const { buildDossiers } = await import('../rotation/build-dossier.js');
    const { facts, consumers, resources, containerOf } = await deriveFacts(estate);
    const dossiers = buildDossiers(estate, facts, consumers, resources, { containerOf });
    return { dossiers, imports, settings: estate.settings, now };
  } finally {
    close();
  }
}
