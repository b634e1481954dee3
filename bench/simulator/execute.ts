/** Carries a plan out against the truth, step by step, and counts what fails and how long the old value can be used. */
import type { Plan, Step } from '../../src/rotation/plan/plan.js';
import type { TrueSecret, TrueUser } from './organisation.js';

/** Hours after which nobody looks any more. */
export const horizonHours = 90 * 24;

/** Hours that work takes which is not about one consumer. */
const workHours: Readonly<Partial<Record<Step['type'], number>>> = {
  assign: 8,
  'free-slot': 1,
  preserve: 0.5,
  split: 4,
  issue: 1,
  freeze: 1,
  children: 1,
  purge: 0.5,
  rescan: 1,
  redesign: 8,
  close: 0.5,
};

/** Somebody on call is found. */
const pagingHours = 1;
const noticeHours = 1;
const switchOnHours = 0.5;
const repairHours = 4;
const approvalHours = 4;

export interface Outcome {
  /** Hours in which consumers were refused, summed over them. */
  readonly outageHours: number;
  /** Names of those that were. */
  readonly broken: readonly string[];
  /** Hours in which the exposed value worked. */
  readonly exposureHours: number;
  /** Steps that stood before what they need, and the like: faults of the plan itself. */
  readonly faults: readonly string[];
  /** The old value was ended. */
  readonly isEnded: boolean;
}

/** Hours of the next use at or after a time. */
function nextUse({ firstUse, everyHours }: TrueUser, time: number): number {
  if (time <= firstUse) return firstUse;
  return firstUse + Math.ceil((time - firstUse) / everyHours) * everyHours;
}

class Run {
  readonly #secret: TrueSecret;
  time = 0;
  /** Since when it has been refused; undefined while it works. */
  refusedSince: number | undefined;
  exposureHours = 0;
  outageHours = 0;
  readonly broken = new Set<string>();
  readonly moved = new Set<TrueUser>();
  readonly botched = new Set<TrueUser>();

  constructor(secret: TrueSecret) {
    this.#secret = secret;
  }

  get users(): readonly TrueUser[] {
    return this.#secret.users;
  }

  /** Uses the old value still. */
  stays(user: TrueUser): boolean {
    return !this.moved.has(user) || this.botched.has(user);
  }

  refuse(): void {
    if (this.refusedSince === undefined) this.#expose();
    this.refusedSince ??= this.time;
  }

  allow(): void {
    this.refusedSince = undefined;
    this.#from = this.time;
  }

  #from = 0;
  #expose(): void {
    this.exposureHours += Math.max(0, Math.min(this.time, horizonHours) - this.#from);
  }

  fail(user: TrueUser, hours: number): void {
    if (hours <= 0) return;
    this.outageHours += hours;
    this.broken.add(user.name);
  }

  move(user: TrueUser, isFirst: boolean): void {
    this.moved.add(user);
    if (isFirst && user.isBotched) this.botched.add(user);
    else this.botched.delete(user);
  }

  finish(): void {
    if (this.refusedSince === undefined) this.time = Math.max(this.time, horizonHours);
    if (this.refusedSince === undefined) this.#expose();
  }
}

/** `compose:acme/x/name` and `name` are the same consumer; names here are unique. */
function userOf(users: readonly TrueUser[], target: string): TrueUser | undefined {
  return users.find(({ name }) => new RegExp(`(?:^|[^a-z0-9-])${name}(?![a-z0-9-])`).test(target));
}

function hoursUntil(due: string | undefined, start: number): number {
  return due === undefined ? 0 : (Date.parse(due) - start) / 3_600_000;
}

/** Batches show at their next run whether the change worked; everything else at once. */
function verify(run: Run, step: Step, wave: readonly TrueUser[]): void {
  for (const user of wave) {
    if (user.kind !== 'batch') {
      if (run.botched.has(user)) {
        // A consumer that was given a wrong value fails until it is put right; the old value still works beside it.
        run.time += user.hours;
        run.move(user, false);
      }
      continue;
    }
    if (!step.gates.includes('next_run_ok')) continue;
    run.time = Math.max(run.time, nextUse(user, run.time));
    if (run.botched.has(user)) run.move(user, false);
  }
}

/** Watching shows who uses the old value; each is moved, and watching begins anew. */
function soak(run: Run, hours: number, secret: TrueSecret): void {
  for (let round = 0; round <= run.users.length; round++) {
    const end = run.time + hours;
    const hit = run.users
      .filter((user) => run.stays(user))
      .map((user) => ({ user, at: nextUse(user, run.time) }))
      .filter(({ at }) => at < end)
      .sort((a, b) => a.at - b.at)[0];
    const isOff = run.refusedSince !== undefined;
    if (hit === undefined || (!isOff && !secret.showsUse)) {
      run.time = end;
      return;
    }
    run.time = hit.at;
    if (isOff) {
      run.fail(hit.user, noticeHours + switchOnHours);
      run.time += noticeHours + switchOnHours;
      run.allow();
    }
    run.time += repairHours;
    run.move(hit.user, false);
    if (isOff) run.refuse();
  }
}

/** Whoever still uses it when it has ended for good. */
function breakRest(run: Run, since: number): void {
  for (const user of run.users.filter((candidate) => run.stays(candidate))) {
    if (nextUse(user, since) > horizonHours) continue;
    run.fail(user, noticeHours + repairHours);
    run.move(user, false);
  }
}

/** In emergencies everybody fails from the next use on until moved. */
function moveAfterContainment(run: Run, user: TrueUser, since: number): void {
  run.fail(user, run.time - nextUse(user, since));
}

/**
 * @param start milliseconds of the plan's time
 * @param delay hours that questions took to be answered
 * @param overlapDue when the overlap may end, as the tool says once it has begun; milliseconds
 */
export function execute(
  plan: Plan,
  secret: TrueSecret,
  start: number,
  delay: number,
  overlapDue: (beginning: number) => number,
): Outcome {
  const run = new Run(secret);
  const faults: string[] = [];
  let wave: TrueUser[] = [];
  let contained: number | undefined;
  const isEmergency = plan.decision.strategy === 'emergency';
  const open = plan.approvals.filter(({ isMet }) => !isMet).length;
  const begin = delay + (isEmergency ? 0 : approvalHours * open);
  const ends = new Map<string, number>();
  const isWorked = plan.status !== 'blocked' && plan.status !== 'closed';
  for (const step of isWorked ? plan.steps : []) {
    for (const need of step.needs) if (!ends.has(need)) faults.push(`${step.id} stands before ${need}`);
    // What does not wait for each other is done at the same time, by different people.
    run.time = Math.max(begin, ...step.needs.map((need) => ends.get(need) ?? begin));
    run.time += isEmergency && step.type === 'assign' ? pagingHours : (workHours[step.type] ?? 0);
    switch (step.type) {
      case 'contain':
        run.time += 0.5;
        run.refuse();
        contained = run.time;
        break;
      case 'update': {
        const user = userOf(run.users, step.target ?? '');
        if (user === undefined) break;
        run.time += user.hours;
        if (contained !== undefined && run.stays(user)) moveAfterContainment(run, user, contained);
        run.move(user, contained === undefined);
        wave.push(user);
        break;
      }
      case 'verify-new':
        verify(run, step, wave);
        wave = [];
        break;
      case 'overlap': {
        const due = overlapDue(start + run.time * 3_600_000);
        const end = (due - start) / 3_600_000;
        // A run of every batch within the overlap shows what went wrong.
        for (const user of run.users) {
          if (run.botched.has(user) && nextUse(user, run.time) < end) run.move(user, false);
        }
        run.time = Math.max(run.time, end);
        break;
      }
      case 'switch':
        run.refuse();
        breakRest(run, run.time);
        break;
      case 'disable-old':
        if (!secret.canDisable) faults.push('switches off what cannot be switched off');
        run.refuse();
        break;
      case 'soak':
        soak(run, Math.max(0, plan.decision.soakMs / 3_600_000), secret);
        break;
      case 'revoke-old':
        run.refuse();
        if (contained === undefined) breakRest(run, run.time);
        break;
      default:
        break;
    }
    ends.set(step.id, run.time);
  }
  if (contained !== undefined) breakRest(run, contained);
  const isEnded = run.refusedSince !== undefined;
  run.finish();
  return {
    outageHours: run.outageHours,
    broken: [...run.broken].sort(),
    exposureHours: run.exposureHours,
    faults,
    isEnded,
  };
}

/** The value is ended after an hour, and everybody is repaired as they fail. */
export function revokeNow({ users }: TrueSecret): { outageHours: number; exposureHours: number } {
  const affected = users.filter((user) => nextUse(user, 1) <= horizonHours);
  return {
    outageHours: affected.reduce((sum, { hours }) => sum + noticeHours + repairHours + hours, 0),
    exposureHours: 1,
  };
}

export { hoursUntil };
