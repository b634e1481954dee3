/** What `sprawl verify` does: reads again, judges, records, prints. Loaded when the command is run. */
import type { Exposure } from '../model/exposure.js';
import type { PeopleMode } from '../model/people-mode.js';
import { ProblemError } from '../model/problem.js';
import type { SecretValue } from '../model/secret-value.js';
import { findingRecord, recordOf } from '../report/finding-record.js';
import { beginRecord, jsonLine, receiptRecord } from '../report/records.js';
import { judgeSecret } from '../rotation/verify/judge-secret.js';
import { purgeTimes } from '../rotation/verify/purge-times.js';
import { type SecretVerdict, verdictExitCode } from '../rotation/verify/verdict.js';
import type { Context } from './context.js';
import { exitCodes } from './exit-codes.js';
import { printMasked } from './masked-output.js';
import { loadPolicy } from './policy-file.js';
import { rescan } from './rescan.js';
import { type RotationFlags, rotationOptions } from './rotation/rotation-flags.js';
import { loadImports } from './rotation-imports.js';
import { readSecret } from './secret-input.js';
import { type Session, withSession } from './session.js';
import { checkedValue, type DeepReach, gatherEvidence, lookAtAll, placesHolding } from './verify-evidence.js';
import { countsOf, recordVerdicts } from './verify-record.js';
import { type CheckedSuccessor, checkSuccessors } from './verify-successors.js';
import { type PlannedSecrets, type VerifyTarget, verifyTarget } from './verify-target.js';
import { deepLine, successorLines, verdictLines } from './verify-text.js';

export interface VerifyFlags extends RotationFlags {
  /** False under `--no-rescan`. */
  readonly rescan: boolean;
  /** False under `--no-record`. */
  readonly record: boolean;
  readonly value?: string;
  readonly fetch?: boolean;
  readonly vendor?: boolean;
  readonly alternates?: boolean;
  readonly includeDirect?: boolean;
  readonly people?: PeopleMode;
  readonly trustOwner?: boolean;
}

/** One secret with what was found out about it. */
interface Verified {
  readonly exposure: Exposure;
  readonly verdict: SecretVerdict;
  readonly deep?: DeepReach;
}

/** The same clock for the scans, the verdicts and the log. */
function atTime(context: Context, now: string | undefined): Context {
  if (now === undefined) return context;
  if (Number.isNaN(Date.parse(now)))
    throw new ProblemError({ code: 'usage', message: '--now takes a time such as 2026-11-22T10:00:00Z.' });
  const at = new Date(now).toISOString();
  return { ...context, io: { ...context.io, now: () => at } };
}

export async function runVerify(given: Context, flags: VerifyFlags, subject: string): Promise<number> {
  if (flags.value !== undefined && flags.value !== '-') {
    throw new ProblemError({
      code: 'usage',
      message: '--value takes "-": the value is read from stdin, never from the argument list.',
    });
  }
  const context = atTime(given, flags.now);
  return withSession(context, flags.rescan ? 'write' : 'read', async (session) => {
    const target = await verifyTarget(session, subject, (handle) =>
      plannedSecrets(context, session, flags, handle),
    );
    const value = flags.value === undefined ? undefined : await readSecret(context.io);
    const valued =
      value === undefined ? undefined : await checkedValue(context, session, target.exposures, value);
    const sinceScan = flags.rescan ? await rescanAll(context, session, target, flags) : undefined;
    const verified: Verified[] = [];
    for (const { fingerprint } of target.exposures) {
      const given = fingerprint === valued?.fingerprint ? value : undefined;
      verified.push(
        await verifyOne(context, session, target, fingerprint, { flags, sinceScan, value: given }),
      );
    }
    const successors = await checkSuccessors(context, session, target, flags);
    if (flags.record && !context.signal.aborted)
      await recordVerdicts(
        context,
        session,
        target,
        verified.map(({ verdict }) => verdict),
        flags.now,
      );
    await print(context, session, target, verified, successors);
    if (context.signal.aborted) return exitCodes.interrupted;
    const code = verdictExitCode(verified.flatMap(({ verdict }) => verdict.verdicts));
    return successors.length > 0 ? exitCodes.open : code;
  });
}

/** The plan that has a handle which "plan --all" printed, and nobody recorded. */
async function plannedSecrets(
  context: Context,
  session: Session,
  flags: VerifyFlags,
  handle: string,
): Promise<PlannedSecrets | undefined> {
  const { planWithHandle } = await import('./rotation/find-plan.js');
  const rotation = await context.services.rotation(context, session, {
    ...rotationOptions(flags),
    now: context.io.now(),
  });
  try {
    const plan = await planWithHandle(rotation, handle);
    return plan && { id: plan.id, fingerprints: [plan.fingerprint, ...plan.others] };
  } finally {
    rotation.close();
  }
}

/** Reads what has or had the secrets; number of the first scan of it. */
async function rescanAll(
  context: Context,
  session: Session,
  { exposures }: VerifyTarget,
  flags: VerifyFlags,
): Promise<number> {
  const places = new Set<Exposure['places'][number]>();
  for (const { fingerprint } of exposures)
    for (const place of await placesHolding(session, fingerprint)) places.add(place);
  const readings = await session.store.readings([...places]);
  const looks = await lookAtAll(context, session, readings);
  const { sinceScan } = await rescan(context, session, readings, looks, {
    fetch: flags.fetch ?? false,
    vendor: flags.vendor ?? false,
    includeDirect: flags.includeDirect ?? false,
    alternates: flags.alternates ?? false,
    trustOwner: flags.trustOwner ?? false,
    ...(flags.people === undefined ? {} : { people: flags.people }),
  });
  return sinceScan;
}

async function verifyOne(
  context: Context,
  session: Session,
  { state, plan }: VerifyTarget,
  fingerprint: Exposure['fingerprint'],
  {
    flags,
    sinceScan,
    value,
  }: {
    readonly flags: VerifyFlags;
    readonly sinceScan: number | undefined;
    readonly value: SecretValue | undefined;
  },
): Promise<Verified> {
  const exposure = await session.store.exposure(fingerprint);
  if (exposure === undefined) throw new TypeError('a secret went away while it was verified');
  const { dossier } = await dossierOf(context, session, exposure, flags);
  const { input, deep } = await gatherEvidence(context, session, exposure, {
    purgedAt: purgeTimes(plan, dossier.copies),
    earlier: state.verdicts.get(fingerprint) ?? [],
    isReturned: dossier.conditions.includes('OLD_VALUE_RETURNED'),
    ...(sinceScan === undefined ? {} : { sinceScan }),
    ...(value === undefined ? {} : { value }),
  });
  return { exposure, verdict: judgeSecret(input), ...(deep === undefined ? {} : { deep }) };
}

async function dossierOf(
  context: Context,
  session: Session,
  exposure: Exposure,
  { inventory, policy }: VerifyFlags,
) {
  const { now, cwd } = context.io;
  const imports = await loadImports(context, session, inventory ?? []);
  const { settings } = loadPolicy(cwd, policy);
  return context.services.dossier(session.store, exposure, imports, now(), cwd, settings);
}

async function print(
  context: Context,
  session: Session,
  { handle }: VerifyTarget,
  verified: readonly Verified[],
  successors: readonly CheckedSuccessor[],
): Promise<void> {
  const { style } = context.terminal;
  if (context.flags.json === true) {
    await printMasked(context, session, jsonLines(context, handle, verified, successors));
    return;
  }
  const lines: string[] = handle === undefined ? [] : [`plan ${handle}`];
  for (const { exposure, verdict, deep } of verified) {
    lines.push(...verdictLines(verdict, exposure.labels[0]?.kind ?? 'secret', style));
    if (deep !== undefined) lines.push(deepLine(deep));
  }
  lines.push(...successorLines(successors, style));
  await printMasked(context, session, lines);
}

function* jsonLines(
  context: Context,
  plan: string | undefined,
  verified: readonly Verified[],
  successors: readonly CheckedSuccessor[],
): Generator<string> {
  const line = (record: Readonly<Record<string, unknown>>): string => jsonLine(recordOf(record)).trimEnd();
  yield line(beginRecord(context.version, { generatedAt: context.io.now() }));
  for (const { exposure, verdict } of verified) {
    const { copies, ...rest } = verdict;
    const returned = rest.returned.map(({ location, ...one }) => ({ ...one, place: location.place }));
    yield line({ type: 'verdict', plan, ...rest, returned, copies: countsOf(verdict) });
    for (const { location, state, class: sort, reason, ground, roots } of copies)
      yield line({
        ...findingRecord(exposure, location, undefined),
        type: 'copy',
        state,
        class: sort,
        reason,
        ground,
        roots,
      });
  }
  for (const { copies, ...finding } of successors)
    yield line({
      type: 'successor',
      plan,
      ...finding,
      places: [...new Set(copies.map(({ place }) => place))].sort(),
    });
  const verdicts = verified.flatMap(({ verdict }) => verdict.verdicts);
  const locations = verified.reduce((sum, { verdict }) => sum + verdict.copies.length, 0);
  const receipt = receiptRecord({ coverage: [] }, { secrets: verified.length, locations, open: 0 });
  yield line({ ...receipt, complete: !verdicts.includes('unproven') });
}
