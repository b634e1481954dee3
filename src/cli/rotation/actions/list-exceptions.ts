/** `sprawl except list`: where exceptions stand, and what they amount to. */
import { recordOf } from '../../../report/finding-record.js';
import { beginRecord } from '../../../report/records.js';
import { ExceptionCounter, type ExceptionReport } from '../../../rotation/exceptions/report.js';
import { scopeText } from '../../../rotation/exceptions/scope.js';
import { type ExceptionStanding, expiredExceptions } from '../../../rotation/exceptions/standing.js';
import type { Context } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { printMasked } from '../../masked-output.js';
import { withSession } from '../../session.js';
import type { Rotation } from '../rotation.js';
import { unexceptedDecisions } from '../unexcepted.js';

export interface ListExceptionsFlags {
  readonly policy?: string;
  readonly now?: string;
}

const dayMs = 86_400_000;

async function reportOf(rotation: Rotation): Promise<ExceptionReport> {
  const counter = new ExceptionCounter(rotation.standings);
  if (rotation.standings.length === 0) return counter.report(rotation.now);
  const decideOf = unexceptedDecisions(rotation);
  for await (const look of rotation.look()) {
    for (const dossier of look.dossiers) counter.add(dossier, decideOf(look, dossier));
  }
  return counter.report(rotation.now);
}

/** Days overdue by exception, of the secret that is latest; only of expired ones. */
function overdueDays({ standings, now }: Rotation): ReadonlyMap<string, number> {
  const late = new Map<string, number>();
  for (const { exception, deadline } of expiredExceptions(standings).values()) {
    if (deadline === undefined) continue;
    const days = Math.ceil((Date.parse(now) - Date.parse(deadline)) / dayMs);
    if (days > (late.get(exception.id) ?? 0)) late.set(exception.id, days);
  }
  return late;
}

function standingText({ exception, standing, why }: ExceptionStanding, late: number | undefined): string {
  switch (standing) {
    case 'expired':
      return late === undefined
        ? `EXCEPTION_EXPIRED at ${exception.expiresAt}`
        : `EXCEPTION_EXPIRED at ${exception.expiresAt}, overdue by ${late} days from the original deadline`;
    case 'void':
      return `void: ${why.join('; ')}`;
    case 'ended':
      return `ended at ${exception.endedAt ?? ''}`;
    case 'expiring':
      return `in force until ${exception.expiresAt} (ends within 14 days)`;
    default:
      return `in force until ${exception.expiresAt}`;
  }
}

function lines(rotation: Rotation, report: ExceptionReport): string[] {
  const { people, standings, now } = rotation;
  if (standings.length === 0) return ['No exception was ever granted.'];
  const late = overdueDays(rotation);
  const each = standings.flatMap((standing) => {
    const { exception, covered } = standing;
    const age = Math.floor((Date.parse(now) - Date.parse(exception.grantedAt)) / dayMs);
    const { renewals, reason, controls, ticket } = exception;
    return [
      `${exception.id}  ${scopeText(exception.scope)}  ${standingText(standing, late.get(exception.id))}`,
      `  ${covered.length} of ${Object.keys(exception.basis).length} secrets, ${age} days old, renewed ${renewals} times`,
      `  granted by ${people.nameOf(exception.grantedBy)}, risk owner ${people.nameOf(exception.riskOwner)}${ticket === undefined ? '' : `, ticket ${ticket}`}`,
      `  ${reason}; instead: ${controls.join('; ')}`,
    ];
  });
  const share = ({ team, open, excepted }: ExceptionReport['teams'][number]): string =>
    `  ${team ?? 'owner unknown'}: ${excepted} of ${open} open secrets (${Math.round((100 * excepted) / open)} %)`;
  return [
    ...each,
    '',
    `${report.inForce} in force (${report.expiring} end within 14 days), ${report.expired} expired, ${report.void} void` +
      (report.oldestDays === undefined ? '' : `; the oldest is ${report.oldestDays} days old`),
    ...report.teams.map(share),
    ...report.hollow.map(
      ({ rule, matches, exceptions }) =>
        `  rule ${rule} has more exceptions (${exceptions}) than matches (${matches})`,
    ),
  ];
}

function records(context: Context, rotation: Rotation, report: ExceptionReport): string[] {
  const late = overdueDays(rotation);
  return [
    beginRecord(context.version),
    ...rotation.standings.map(({ exception, standing, why, covered }) =>
      recordOf({
        type: 'exception',
        ...exception,
        standing,
        why: why.length === 0 ? undefined : why,
        covered,
        overdueDays: late.get(exception.id),
      }),
    ),
    recordOf({ type: 'exception-report', ...report }),
  ].map((record) => JSON.stringify(record));
}

export async function runListExceptions(context: Context, flags: ListExceptionsFlags): Promise<number> {
  return withSession(context, 'read', async (session) => {
    const { policy, now } = flags;
    const rotation = await context.services.rotation(context, session, {
      ...(policy !== undefined && { policy }),
      ...(now !== undefined && { now }),
    });
    try {
      const report = await reportOf(rotation);
      const isJson = context.flags.json === true;
      await printMasked(
        context,
        session,
        isJson ? records(context, rotation, report) : lines(rotation, report),
      );
      return exitCodes.clean;
    } finally {
      rotation.close();
    }
  });
}
