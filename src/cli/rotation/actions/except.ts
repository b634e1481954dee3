/** `sprawl except grant`, `renew` and `end`. */
import { ProblemError } from '../../../model/problem.js';
import type { Dossier } from '../../../rotation/dossier.js';
import { basisOf } from '../../../rotation/exceptions/basis.js';
import {
  exceptionId,
  type GrantContext,
  type GrantRequest,
  newGrantFaults,
  renewalFaults,
} from '../../../rotation/exceptions/grant-rules.js';
import { scopeTest, scopeText } from '../../../rotation/exceptions/scope.js';
import { executorsOf } from '../../../rotation/log/approval.js';
import type { ExceptionBasis, ExceptionScope, LogEntry } from '../../../rotation/log/record.js';
import type { ExceptionState } from '../../../rotation/log/state.js';
import type { Decision } from '../../../rotation/policy/decision.js';
import type { Context } from '../../context.js';
import { parseMoment } from '../../quantities.js';
import { resolveFingerprint } from '../../secret-argument.js';
import { type Recording, withRecording } from '../recording.js';
import type { RecordingFlags } from '../recording-flags.js';
import { unexceptedDecisions } from '../unexcepted.js';
import { tellOutcome } from './tell.js';

interface Terms extends RecordingFlags {
  readonly reason: string;
  readonly control: readonly string[];
  readonly riskOwner: string;
  readonly until: string;
  readonly ticket?: string;
}

export interface GrantFlags extends Terms {
  readonly secret?: string;
  readonly slot?: string;
  readonly principal?: string;
  readonly rule?: string;
  readonly path?: string;
}

export interface RenewFlags extends Terms {
  readonly role?: string;
}

export interface EndFlags extends RecordingFlags {
  readonly reason: string;
}

async function scopeOf({ session }: Recording, flags: GrantFlags): Promise<ExceptionScope> {
  const { secret, slot, principal, rule, path } = flags;
  const scopes: ExceptionScope[] = [];
  if (secret !== undefined) {
    scopes.push({ type: 'secret', fingerprint: await resolveFingerprint(session.store, secret) });
  }
  if (slot !== undefined) scopes.push({ type: 'slot', slot });
  if (principal !== undefined) scopes.push({ type: 'principal', principal });
  if (rule !== undefined && path !== undefined) scopes.push({ type: 'rule-path', rule, path });
  const isHalf = (rule === undefined) !== (path === undefined);
  const [only] = scopes;
  if (only !== undefined && scopes.length === 1 && !isHalf) return only;
  throw new ProblemError({
    code: 'usage',
    message: 'An exception covers one thing: --secret, --slot, --principal, or --rule with --path.',
    hint: 'Nothing covers everything.',
  });
}

interface Covered {
  readonly dossiers: readonly Dossier[];
  readonly decisions: ReadonlyMap<string, Decision>;
}

/** The secrets within a scope, with what policy says of them when nothing is excepted. */
async function coveredBy({ rotation }: Recording, scope: ExceptionScope): Promise<Covered> {
  const isWithin = scopeTest(scope);
  const decideOf = unexceptedDecisions(rotation);
  const dossiers: Dossier[] = [];
  const decisions = new Map<string, Decision>();
  const wanted = scope.type === 'secret' ? new Set([scope.fingerprint]) : undefined;
  for await (const look of rotation.look(wanted)) {
    for (const dossier of look.dossiers) {
      if (!isWithin(dossier)) continue;
      dossiers.push(dossier);
      decisions.set(dossier.fingerprint, decideOf(look, dossier));
    }
  }
  return { dossiers: dossiers.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)), decisions };
}

function contextOf(
  { rotation }: Recording,
  { dossiers, decisions }: Covered,
  before: ExceptionState | undefined,
): GrantContext {
  const { people, state, policy, now } = rotation;
  const fingerprints = new Set(dossiers.map(({ fingerprint }) => fingerprint));
  const executors = new Set<string>();
  for (const plan of state.plans.values()) {
    if (!fingerprints.has(plan.fingerprint)) continue;
    for (const executor of executorsOf(plan, people)) executors.add(executor);
  }
  const { exceptionMaxMs } = policy.settings;
  return { now, covered: dossiers, decisions, executors, exceptionMaxMs, ...(before && { before }) };
}

/** The deadline that an exception suspends: as recorded, else as it would be from now on. */
function basisFor({ rotation }: Recording, { dossiers, decisions }: Covered): Record<string, ExceptionBasis> {
  const deadlines = new Map<string, string>();
  for (const { fingerprint, deadline } of rotation.state.plans.values()) {
    if (deadline !== undefined) deadlines.set(fingerprint, deadline);
  }
  const basis: Record<string, ExceptionBasis> = {};
  for (const dossier of dossiers) {
    const decision = decisions.get(dossier.fingerprint);
    if (decision === undefined) continue;
    const { strategy, deadlineMs } = decision;
    const fromNow =
      deadlineMs === undefined ? undefined : new Date(Date.parse(rotation.now) + deadlineMs).toISOString();
    const deadline = deadlines.get(dossier.fingerprint) ?? fromNow;
    basis[dossier.fingerprint] = basisOf(dossier, { strategy, ...(deadline !== undefined && { deadline }) });
  }
  return basis;
}

function until(text: string, now: string): string {
  try {
    return parseMoment(text, now, 1);
  } catch (cause) {
    throw new ProblemError(
      { code: 'usage', message: '--until is no date.', hint: 'Give a date such as 2027-01-31, or 60d.' },
      { cause },
    );
  }
}

async function requestOf(
  recording: Recording,
  scope: ExceptionScope,
  flags: Terms & { readonly role?: string },
): Promise<GrantRequest> {
  const { rotation, actor } = recording;
  const controls: string[] = [];
  for (const control of flags.control) controls.push(await recording.text('--control', control));
  return {
    scope,
    reason: await recording.text('--reason', flags.reason),
    controls,
    riskOwner: recording.named(flags.riskOwner),
    grantedBy: rotation.people.canonical(actor),
    expiresAt: until(flags.until, rotation.now),
    ...(flags.role !== undefined && { role: flags.role }),
  };
}

/** Names of slots, principals and consumers come from files: what is kept for good must hold no value. */
async function checkNames(
  { context, session }: Recording,
  scope: ExceptionScope,
  basis: readonly ExceptionBasis[],
): Promise<void> {
  const text = [
    ...(scope.type === 'secret' ? [] : [scopeText(scope)]),
    ...basis.flatMap(({ consumers, environments, owner = '' }) => [...consumers, ...environments, owner]),
  ].join('\n');
  const known = await session.store.anchors();
  if ((await context.services.maskSecrets(text, { keys: session.keys, known })) === text) return;
  throw new ProblemError({
    code: 'usage',
    message: 'A name of a consumer, slot or owner of these secrets holds a value, so nothing was recorded.',
    hint: 'The evidence log is kept for good. See the name with "sprawl explain", and change it first.',
  });
}

async function grant(
  recording: Recording,
  flags: Terms & { readonly role?: string },
  scope: ExceptionScope,
  isRenewal: boolean,
): Promise<number> {
  const { context, session, rotation } = recording;
  const { people, state } = rotation;
  const id = exceptionId(scope);
  const before = state.exceptions.find((exception) => exception.id === id);
  const covered = await coveredBy(recording, scope);
  const request = await requestOf(recording, scope, flags);
  const given = contextOf(recording, covered, before);
  const refusals = isRenewal ? renewalFaults(request, given) : newGrantFaults(request, given);
  if (refusals.length > 0) return tellOutcome(context, session, people, { lines: [], records: [], refusals });
  const { reason, controls, riskOwner, grantedBy, expiresAt } = request;
  const ticket = flags.ticket === undefined ? undefined : await recording.text('--ticket', flags.ticket);
  const basis = basisFor(recording, covered);
  await checkNames(recording, scope, Object.values(basis));
  const data = {
    scope,
    reason,
    controls,
    riskOwner,
    grantedBy,
    expiresAt,
    ...(ticket !== undefined && { ticket }),
    basis,
  };
  const entry: LogEntry = isRenewal
    ? {
        action: 'exception-renewed',
        subject: id,
        data: { ...data, ...(flags.role !== undefined && { role: flags.role }) },
      }
    : { action: 'exception-granted', subject: id, data };
  const records = await recording.append([entry]);
  const count = covered.dossiers.length === 1 ? '1 secret' : `${covered.dossiers.length} secrets`;
  const lines = [`exception ${id} for ${scopeText(scope)} (${count}) until ${expiresAt}`];
  return tellOutcome(context, session, people, { lines, records });
}

export async function runGrant(context: Context, flags: GrantFlags): Promise<number> {
  return withRecording(context, flags, async (recording) =>
    grant(recording, flags, await scopeOf(recording, flags), false),
  );
}

function exceptionOf({ rotation }: Recording, id: string): ExceptionState {
  const found = rotation.state.exceptions.find((exception) => exception.id === id.toLowerCase());
  if (found !== undefined) return found;
  throw new ProblemError({
    code: 'not-found',
    message: 'There is no such exception.',
    hint: 'See "sprawl except list".',
  });
}

export async function runRenew(context: Context, flags: RenewFlags, id: string): Promise<number> {
  return withRecording(context, flags, async (recording) =>
    grant(recording, flags, exceptionOf(recording, id).scope, true),
  );
}

export async function runEnd(context: Context, flags: EndFlags, id: string): Promise<number> {
  return withRecording(context, flags, async (recording) => {
    const { session, rotation } = recording;
    const exception = exceptionOf(recording, id);
    const { people } = rotation;
    if (exception.endedAt !== undefined) {
      const refusals = [`exception ${exception.id} was ended at ${exception.endedAt} already`];
      return tellOutcome(context, session, people, { lines: [], records: [], refusals });
    }
    const why = await recording.text('--reason', flags.reason);
    const records = await recording.append([
      { action: 'exception-ended', subject: exception.id, data: { why } },
    ]);
    return tellOutcome(context, session, people, { lines: [`exception ${exception.id} is ended`], records });
  });
}
