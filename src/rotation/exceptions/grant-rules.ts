/** When an exception may be granted or renewed. All that is missing is said at once. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../model/canonical-json.js';
import type { Dossier } from '../dossier.js';
import type { ExceptionScope } from '../log/record.js';
import type { ExceptionState } from '../log/state.js';
import type { Decision } from '../policy/decision.js';
import { pathTest } from './scope.js';

export interface GrantRequest {
  readonly scope: ExceptionScope;
  readonly reason: string;
  readonly controls: readonly string[];
  /** Canonical pseudonyms. */
  readonly riskOwner: string;
  readonly grantedBy: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  /** In which role it is renewed. */
  readonly role?: string;
}

export interface GrantContext {
  /** RFC 3339. */
  readonly now: string;
  /** Within the scope now. */
  readonly covered: readonly Dossier[];
  /** By fingerprint: what holds without an exception. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** Canonical pseudonyms of those who carried out a step for one of the secrets. */
  readonly executors: ReadonlySet<string>;
  readonly exceptionMaxMs: number;
  /** The exception of the same scope that was granted before. */
  readonly before?: ExceptionState;
}

const dayMs = 86_400_000;
/** From this renewal on it takes the role `security`. */
const renewalsWithout = 2;

/** The same scope has the same id for ever, so that renewals cannot be dodged by granting anew. */
export function exceptionId(scope: ExceptionScope): string {
  return `x${createHash('sha256').update(canonicalJson(scope)).digest('hex').slice(0, 10)}`;
}

function peopleFaults({ riskOwner, grantedBy }: GrantRequest, executors: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  if (riskOwner === grantedBy) faults.push('who grants it cannot be its risk owner as well');
  if (executors.has(grantedBy)) faults.push('who carried out a step for it cannot grant it');
  if (executors.has(riskOwner)) faults.push('who carried out a step for it cannot own its risk');
  return faults;
}

function timeFaults({ expiresAt }: GrantRequest, { now, exceptionMaxMs }: GrantContext): string[] {
  const length = Date.parse(expiresAt) - Date.parse(now);
  if (Number.isNaN(length) || length <= 0) return ['its end lies in the past'];
  if (length <= exceptionMaxMs) return [];
  return [
    `it may last ${Math.floor(exceptionMaxMs / dayMs)} days (exception_max), and is for ${Math.ceil(length / dayMs)}`,
  ];
}

function subjectFaults({ covered, decisions }: GrantContext): string[] {
  if (covered.length === 0) return ['it covers no open secret'];
  return covered.flatMap(({ fingerprint, reasons }) => {
    const name = fingerprint.slice(0, 12);
    const faults: string[] = [];
    if (decisions.get(fingerprint)?.strategy === 'emergency') {
      faults.push(`${name} is an emergency: it is contained, not excepted`);
    }
    if (reasons.includes('ALTERNATE_EXPOSED')) faults.push(`${name} has an alternate that is exposed too`);
    return faults;
  });
}

/** What stands against it; empty when it may be granted. */
export function grantFaults(request: GrantRequest, context: GrantContext): readonly string[] {
  const { scope, reason, controls } = request;
  const faults: string[] = [];
  if (scope.type === 'rule-path' && pathTest(scope.path) === undefined) {
    faults.push('its path must name a part of the places, not everything');
  }
  if (reason.trim() === '') faults.push('it needs a reason');
  if (!controls.some((control) => control.trim() !== '')) {
    faults.push('it needs at least one compensating control');
  }
  faults.push(...timeFaults(request, context), ...peopleFaults(request, context.executors));
  faults.push(...subjectFaults(context));
  return faults;
}

/** The same for a new grant: what was granted before is renewed. */
export function newGrantFaults(request: GrantRequest, context: GrantContext): readonly string[] {
  const faults = grantFaults(request, context);
  if (context.before === undefined) return faults;
  return [`it was granted before as ${context.before.id}: renew that ("except renew")`, ...faults];
}

/** The same for a renewal. */
export function renewalFaults(request: GrantRequest, context: GrantContext): readonly string[] {
  const faults = grantFaults(request, context);
  const { before } = context;
  if (before === undefined) return ['there is no such exception', ...faults];
  if (before.renewals >= renewalsWithout && request.role !== 'security') {
    const which = before.renewals + 1;
    return [`renewal ${which} needs --role security: it was renewed ${before.renewals} times`, ...faults];
  }
  return faults;
}
