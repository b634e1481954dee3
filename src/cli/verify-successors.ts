/** Looks at the new values of a plan with all that was imported; one that is exposed gets a plan of its own. */
import type { Exposure } from '../model/exposure.js';
import type { Dossier } from '../rotation/dossier.js';
import type { Imports } from '../rotation/imports.js';
import { makePlans } from '../rotation/plan/make-plans.js';
import type { Plan } from '../rotation/plan/plan.js';
import { checkSuccessor, type SuccessorFinding } from '../rotation/verify/successor.js';
import type { Context } from './context.js';
import { recordTime } from './rotation/record.js';
import { recordPlans } from './rotation/record-plans.js';
import { type RotationFlags, rotationOptions } from './rotation/rotation-flags.js';
import type { Session } from './session.js';
import type { VerifyTarget } from './verify-target.js';

/** A finding, and for an exposed value the plan that it needs. */
export interface CheckedSuccessor extends SuccessorFinding {
  readonly newPlan?: string;
  readonly strategy?: string;
}

export async function checkSuccessors(
  context: Context,
  session: Session,
  { state, plan, exposures, successors }: VerifyTarget,
  flags: RotationFlags & { readonly record: boolean },
): Promise<CheckedSuccessor[]> {
  const [old] = exposures;
  if (plan === undefined || old === undefined || successors.length === 0) return [];
  const wanted = [...new Set<string>([old.fingerprint, ...(await knownOf(session, successors))])];
  const rotation = await context.services.rotation(context, session, {
    ...rotationOptions(flags),
    now: context.io.now(),
    log: flags.record ? 'append' : 'read',
    wanted,
  });
  try {
    const dossiers = new Map<string, Dossier>();
    const plans: Plan[] = [];
    for await (const look of rotation.look(new Set(wanted))) {
      for (const dossier of look.dossiers) dossiers.set(dossier.fingerprint, dossier);
      plans.push(...makePlans(look.input).plans);
    }
    const predecessor = dossiers.get(old.fingerprint);
    if (predecessor === undefined) return [];
    const found: CheckedSuccessor[] = [];
    for (const successor of new Set(successors)) {
      const dossier = await dossierOf(session, dossiers, successor);
      const findings = checkSuccessor({
        predecessor,
        successor,
        plannedAt: plan.createdAt,
        ...(dossier === undefined ? {} : { dossier }),
        otherPlans: otherPlansOf(state, plan.plan, successor),
        vaultPaths: vaultPathsOf(rotation.imports, successor),
        scopesOf: (fingerprint) => scopesIn(rotation.imports, fingerprint),
      });
      const own = plans.find(({ fingerprint }) => fingerprint === dossier?.fingerprint);
      found.push(...findings.map((finding) => withPlan(finding, own)));
      const isExposed = findings.some(({ isEmergency }) => isEmergency);
      if (isExposed && own !== undefined && flags.record) {
        await recordPlans([own], rotation, recordTime(context, flags.now), context.tell);
      }
    }
    return found;
  } finally {
    rotation.close();
  }
}

function withPlan(finding: SuccessorFinding, plan: Plan | undefined): CheckedSuccessor {
  if (!finding.isEmergency || plan === undefined) return finding;
  const { strategy } = plan.decision;
  const text = `${finding.text}: plan ${plan.id}, strategy ${strategy}`;
  return { ...finding, text, newPlan: plan.id, strategy };
}

/** The secrets that own these fingerprints, where scans met them. */
async function knownOf({ store }: Session, fingerprints: readonly string[]): Promise<readonly string[]> {
  return store.findByFingerprints(fingerprints as readonly Exposure['fingerprint'][]);
}

/** A value may be recorded under another of its fingerprints than the one that stands for it. */
async function dossierOf(
  session: Session,
  dossiers: ReadonlyMap<string, Dossier>,
  successor: string,
): Promise<Dossier | undefined> {
  const [own] = await knownOf(session, [successor]);
  return own === undefined ? undefined : dossiers.get(own);
}

function otherPlansOf({ plans }: VerifyTarget['state'], plan: string, successor: string): string[] {
  return [...plans.values()]
    .filter((other) => other.plan !== plan)
    .filter(({ steps }) => [...steps.values()].some((step) => step.successor === successor))
    .map((other) => other.plan)
    .sort();
}

/** Imports may name a fingerprint by its beginning. */
function isNamed(name: string | undefined, fingerprint: string): boolean {
  return name !== undefined && name !== '' && fingerprint.startsWith(name.toLowerCase());
}

function vaultPathsOf({ vault }: Imports, successor: string): string[] {
  return vault
    .filter(({ fingerprint }) => isNamed(fingerprint, successor))
    .map(({ path }) => path)
    .sort();
}

/** As the latest check of liveness saw them. */
function scopesIn({ liveness }: Imports, secret: string): readonly string[] {
  const [latest] = liveness
    .filter(({ fingerprint }) => isNamed(fingerprint, secret))
    .sort((a, b) => Date.parse(b.checkedAt) - Date.parse(a.checkedAt));
  return latest?.scopes ?? [];
}
