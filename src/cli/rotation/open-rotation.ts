/**
 * From the database to plans: the one way in which every command that speaks of rotation gets its facts. All secrets are
 * looked at, since a plan must not depend on what was asked for; what does not fit into memory together (facts, dossiers,
 * plans) is made batch by batch.
 */
import type { Exposure, Status } from '../../model/exposure.js';
import { dossierMaker } from '../../rotation/build-dossier.js';
import { openDerivations } from '../../rotation/derive/derive-facts.js';
import { entryOf, inventoryMatcher } from '../../rotation/derive/inventory-match.js';
import { principalOf } from '../../rotation/derive/principal.js';
import type { Dossier } from '../../rotation/dossier.js';
import type { Estate } from '../../rotation/estate.js';
import { exceptionStandings, inForce } from '../../rotation/exceptions/standing.js';
import { knownLabel } from '../../rotation/facts/known-label.js';
import { graphFacts } from '../../rotation/graph/graph.js';
import { type GraphFacts, noGraphFacts } from '../../rotation/graph/graph-facts.js';
import { togetherBatches } from '../../rotation/graph/together.js';
import { type IdleStatements, idleReader } from '../../rotation/import/idle-statements.js';
import type { Imports } from '../../rotation/imports.js';
import { foldLog } from '../../rotation/log/fold.js';
import { rotationStatuses } from '../../rotation/log/rotation-status.js';
import type { PlanningInput } from '../../rotation/plan/plan.js';
import { decide } from '../../rotation/policy/decide.js';
import type { Decision } from '../../rotation/policy/decision.js';
import { subjectIfPublic } from '../../rotation/policy/if-public.js';
import type { Policy } from '../../rotation/policy/policy.js';
import { withOverdue } from '../../rotation/policy/with-overdue.js';
import { openEvidenceLog } from '../../store/evidence-log.js';
import type { Store } from '../../store/store.js';
import type { Context } from '../context.js';
import { gatherEstate } from '../estate.js';
import { loadPolicy } from '../policy-file.js';
import { loadImports } from '../rotation-imports.js';
import type { Session } from '../session.js';
import { openPeople } from './people.js';
import type { Rotation, RotationLook, RotationOptions } from './rotation.js';

/** Secrets whose dossiers are in memory together. */
const batchSize = 1000;

/** What is planned unless it is asked for by name: guesses, public samples and what somebody allowed are not. */
const plannedStatuses: readonly Status[] = ['open', 'baselined', 'author-suppressed', 'vanished'];

async function exposuresOf(store: Store, wanted: readonly string[]): Promise<Exposure[]> {
  const exposures = new Map<string, Exposure>();
  for await (const exposure of store.exposures({ statuses: plannedStatuses })) {
    exposures.set(exposure.fingerprint, exposure);
  }
  for (const fingerprint of wanted) {
    if (exposures.has(fingerprint)) continue;
    const exposure = await store.exposure(fingerprint as Exposure['fingerprint']);
    if (exposure !== undefined) exposures.set(exposure.fingerprint, exposure);
  }
  return [...exposures.values()].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}

function decisionsOf(
  dossiers: readonly Dossier[],
  subjectOf: (dossier: Dossier) => Parameters<typeof decide>[1],
  policy: Policy,
): Pick<PlanningInput, 'decisions' | 'ifPublic'> {
  const decisions = new Map<string, Decision>();
  const ifPublic = new Map<string, Decision>();
  for (const dossier of dossiers) {
    const subject = subjectOf(dossier);
    decisions.set(dossier.fingerprint, decide(policy, subject));
    if (dossier.audience !== 'unknown') continue;
    ifPublic.set(dossier.fingerprint, decide(policy, subjectIfPublic(subject)));
  }
  return { decisions, ifPublic };
}

/** What an inventory says of an environment comes last, and holds. */
function withEnvironments(policy: Policy, imports: Imports): Imports {
  return { ...imports, environments: [...policy.environments, ...imports.environments] };
}

/** Secrets that are not planned for, such as allowed ones, are known all the same. */
async function idleOf(store: Store, { exposures, imports, providers }: Estate): Promise<IdleStatements> {
  const reader = idleReader(imports);
  const matchOf = inventoryMatcher({ imports, providers });
  for (const exposure of exposures) reader.see(exposure, entryOf(matchOf(exposure))?.id);
  const rest = reader.rest();
  const liveness: string[] = [];
  for (const name of rest.liveness) if ((await store.resolvePrefix(name)).length === 0) liveness.push(name);
  return { ...rest, liveness };
}

/** Throws a problem for a broken policy, inventory or log. */
export async function openRotation(
  context: Context,
  session: Session,
  options: RotationOptions = {},
): Promise<Rotation> {
  const { store } = session;
  const { cwd } = context.io;
  const now = options.now ?? context.io.now();
  const policy = loadPolicy(cwd, options.policy);
  const imports = withEnvironments(policy, await loadImports(context, session, options.inventory ?? []));
  const providers = await context.services.providerTable(cwd);
  const log = openEvidenceLog(store.path, options.log ?? 'read');
  const people = await openPeople(session, imports);
  const stored = await exposuresOf(store, options.wanted ?? []);
  const places = new Set(stored.flatMap(({ places: own }) => own as readonly string[]));
  const gathered = await gatherEstate(store, stored, providers, now, places, imports, policy.settings);
  const { estate } = gathered;
  const { exposures } = estate;
  try {
    const derivations = await openDerivations(estate);
    const make = dossierMaker(estate, derivations.consumers, { containerOf: derivations.containerOf });
    const byFingerprint = new Map(exposures.map((exposure) => [exposure.fingerprint as string, exposure]));
    const dossiersOf = async (fingerprints: readonly string[]): Promise<Dossier[]> => {
      const own = fingerprints.flatMap((fingerprint) => byFingerprint.get(fingerprint) ?? []);
      const { facts, resources } = await derivations.of(own);
      return make(own, facts, resources);
    };
    const graph = graphFacts(
      exposures.map((exposure) => {
        const { kind, provider } = knownLabel(exposure, providers);
        return {
          exposure,
          fingerprint: exposure.fingerprint,
          kind,
          provider,
          principal: principalOf(exposure, provider),
          consumers: derivations.consumers.get(exposure.fingerprint) ?? [],
          relations: make.relations.get(exposure.fingerprint) ?? [],
        };
      }),
      imports,
      providers,
    );
    const state = foldLog(log.records());
    const granted = [...new Set(state.exceptions.flatMap(({ basis }) => Object.keys(basis)))];
    const standings = exceptionStandings(state, await dossiersOf(granted), now);
    const excepted = inForce(standings);
    const statuses = rotationStatuses(state);
    const lookAt = async (fingerprints: readonly string[]): Promise<RotationLook> => {
      const found = await dossiersOf(fingerprints);
      const graphOf = (fingerprint: string): GraphFacts => graph.get(fingerprint) ?? noGraphFacts;
      const decided = decisionsOf(
        found,
        (dossier) => {
          const status = statuses.get(dossier.fingerprint);
          return {
            dossier,
            graph: graphOf(dossier.fingerprint),
            isExcepted: excepted.has(dossier.fingerprint),
            now,
            ...(status === undefined ? {} : { status }),
          };
        },
        policy,
      );
      const dossiers = found.map((dossier) => {
        const decision = decided.decisions.get(dossier.fingerprint);
        return decision === undefined ? dossier : withOverdue(dossier, decision, now);
      });
      const { settings } = policy;
      const shared = {
        now,
        graph,
        state,
        people,
        imports,
        providers,
        settings,
        exceptions: standings,
        consumers: derivations.consumers,
      };
      return { dossiers, input: { dossiers, ...decided, ...shared } };
    };
    const batches = togetherBatches([...byFingerprint.keys()], make.relations, batchSize);
    return {
      now,
      policy,
      imports,
      providers,
      log,
      state,
      people,
      standings,
      idle: await idleOf(store, estate),
      unread: gathered.gone.map((key) => estate.places.get(key)?.name ?? key),
      unscanned: gathered.unscanned.map((key) => estate.places.get(key)?.name ?? key),
      fingerprints: [...byFingerprint.keys()],
      look: async function* look(wanted) {
        for (const batch of batches) {
          if (wanted === undefined || batch.some((fingerprint) => wanted.has(fingerprint))) {
            yield await lookAt(batch);
          }
        }
      },
      close: gathered.close,
    };
  } catch (error) {
    gathered.close();
    throw error;
  }
}
