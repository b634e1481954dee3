/** What exceptions amount to: how many, how old, which share of each team's secrets, and rules that they hollow out. */
import type { Dossier } from '../dossier.js';
import { codePointOrder } from '../order.js';
import type { Decision } from '../policy/decision.js';
import { type ExceptionStanding, inForce } from './standing.js';

const dayMs = 86_400_000;

export interface TeamShare {
  /** Owner of the secrets; undefined where nobody is known. */
  readonly team: string | undefined;
  readonly open: number;
  readonly excepted: number;
}

export interface RuleShare {
  readonly rule: string;
  /** Secrets that it decides. */
  readonly matches: number;
  /** Secrets that it would decide, were they not excepted. */
  readonly exceptions: number;
}

export interface ExceptionReport {
  readonly inForce: number;
  readonly expiring: number;
  readonly expired: number;
  readonly void: number;
  /** Days since the first grant of the oldest one in force. */
  readonly oldestDays: number | undefined;
  /** Teams with an excepted secret: most excepted first, then by name. */
  readonly teams: readonly TeamShare[];
  /** Rules of the policy with more exceptions than matches, by id. */
  readonly hollow: readonly RuleShare[];
}

/** Counts secrets batch by batch. */
export class ExceptionCounter {
  private readonly standings: readonly ExceptionStanding[];
  private readonly excepted: ReadonlySet<string>;
  private readonly teams = new Map<string, { open: number; excepted: number }>();
  private readonly rules = new Map<string, { matches: number; exceptions: number }>();

  constructor(standings: readonly ExceptionStanding[]) {
    this.standings = standings;
    this.excepted = new Set(inForce(standings).keys());
  }

  /** @param decision what holds without exceptions */
  add(dossier: Dossier, decision: Decision): void {
    if (dossier.exposure.status !== 'open') return;
    const isExcepted = this.excepted.has(dossier.fingerprint);
    const owner = dossier.owner.value ?? '';
    const team = this.teams.get(owner) ?? { open: 0, excepted: 0 };
    this.teams.set(owner, team);
    team.open++;
    const rule = this.rules.get(decision.rule) ?? { matches: 0, exceptions: 0 };
    this.rules.set(decision.rule, rule);
    if (isExcepted) {
      team.excepted++;
      rule.exceptions++;
    } else rule.matches++;
  }

  report(now: string): ExceptionReport {
    const of = (...words: readonly ExceptionStanding['standing'][]): readonly ExceptionStanding[] =>
      this.standings.filter(({ standing }) => words.includes(standing));
    const running = of('active', 'expiring');
    const granted = running.map(({ exception }) => Date.parse(exception.grantedAt));
    return {
      inForce: running.length,
      expiring: of('expiring').length,
      expired: of('expired').length,
      void: of('void').length,
      oldestDays:
        granted.length === 0
          ? undefined
          : Math.floor((Date.parse(now) - granted.reduce((a, b) => Math.min(a, b))) / dayMs),
      teams: [...this.teams]
        .filter(([, { excepted }]) => excepted > 0)
        .sort(([a, one], [b, other]) => other.excepted - one.excepted || codePointOrder(a, b))
        .map(([team, counts]) => ({ team: team === '' ? undefined : team, ...counts })),
      hollow: [...this.rules]
        .filter(([, { matches, exceptions }]) => exceptions > matches)
        .sort(([a], [b]) => codePointOrder(a, b))
        .map(([rule, counts]) => ({ rule, ...counts })),
    };
  }
}
