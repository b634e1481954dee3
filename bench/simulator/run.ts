/**
 * Draws organisations, lets the tool plan from what it sees of them, carries the plans out against the truth, and adds up.
 * Between plans questions are answered truly; what nobody can see stays hidden.
 */
import { buildDossiers } from '../../src/rotation/build-dossier.js';
import { cronOf, nextRun } from '../../src/rotation/derive/consumers/cron.js';
import { deriveFacts } from '../../src/rotation/derive/derive-facts.js';
import type { Dossier } from '../../src/rotation/dossier.js';
import type { ProviderTable } from '../../src/rotation/facts/provider-table.js';
import { graphFacts } from '../../src/rotation/graph/graph.js';
import { noGraphFacts } from '../../src/rotation/graph/graph-facts.js';
import { plainPeople } from '../../src/rotation/log/people.js';
import { emptyState, type LogState } from '../../src/rotation/log/state.js';
import { makePlans } from '../../src/rotation/plan/make-plans.js';
import type { Plan, PlanningInput } from '../../src/rotation/plan/plan.js';
import { decide } from '../../src/rotation/policy/decide.js';
import type { Decision } from '../../src/rotation/policy/decision.js';
import type { Policy } from '../../src/rotation/policy/policy.js';
import { fingerprintOf, testNow } from '../../test/support/exposure-builder.js';
import { execute, horizonHours, revokeNow } from './execute.js';
import { drawOrganisation, type Organisation, type TrueSecret } from './organisation.js';
import { type Answers, seenEstate } from './seen.js';

export interface Tools {
  readonly providers: ProviderTable;
  readonly policy: Policy;
}

export interface Sums {
  organisations: number;
  secrets: number;
  consumers: number;
  hidden: number;
  /** Plans by strategy. */
  readonly strategies: Map<string, number>;
  /** Plans that stayed blocked after all questions that people can answer. */
  blocked: number;
  /** What these wait for. */
  readonly blockedBy: Map<string, number>;
  /** Plans for which everything was known. */
  sufficient: number;
  planOutage: number;
  /** The part of it that emergencies took, where anyone could use the value. */
  emergencyOutage: number;
  planExposure: number;
  nowOutage: number;
  nowExposure: number;
  neverExposure: number;
  /** What must never be: each with the organisation and the secret. */
  readonly violations: string[];
}

const start = Date.parse(testNow);
const answerHours = 24;
const answerRounds = 3;

function runsAt(expression: string): number {
  const cron = cronOf(`cron ${expression}`);
  const next = cron === undefined ? undefined : nextRun(cron, testNow);
  if (next === undefined) throw new TypeError(`no schedule: ${expression}`);
  return (Date.parse(next) - start) / 3_600_000;
}

async function inputOf(
  organisation: Organisation,
  { providers, policy }: Tools,
  answers: Answers,
): Promise<PlanningInput> {
  const estate = { ...seenEstate(organisation, providers, answers), settings: policy.settings };
  const { facts, consumers, resources, containerOf } = await deriveFacts(estate);
  const dossiers = buildDossiers(estate, facts, consumers, resources, { containerOf });
  const graph = graphFacts(dossiers, estate.imports, providers);
  const decided = (dossier: Dossier): Decision =>
    decide(policy, {
      dossier,
      graph: graph.get(dossier.fingerprint) ?? noGraphFacts,
      isExcepted: false,
      now: testNow,
    });
  return {
    now: testNow,
    dossiers,
    graph,
    decisions: new Map(dossiers.map((dossier) => [dossier.fingerprint, decided(dossier)])),
    ifPublic: new Map(),
    state: emptyState,
    people: plainPeople,
    exceptions: [],
    imports: estate.imports,
    providers,
    settings: policy.settings,
  };
}

/** Plans again with the overlap begun at a time, as somebody would who asks the tool how long to wait. */
function overlapDue(input: PlanningInput, plan: Plan): (beginning: number) => number {
  return (beginning) => {
    const at = new Date(beginning).toISOString();
    const state: LogState = {
      ...emptyState,
      plans: new Map([
        [
          plan.id,
          {
            plan: plan.id,
            fingerprint: plan.fingerprint,
            others: plan.others,
            createdAt: testNow,
            revision: plan.revision,
            strategy: plan.decision.strategy,
            approvals: [],
            steps: new Map([['overlap', { state: 'doing' as const, by: 'team', at }]]),
            gates: [],
            executors: [],
            accepted: [],
          },
        ],
      ]),
    };
    const again = makePlans({ ...input, state, now: at }).plans.find(({ id }) => id === plan.id);
    const due = again?.steps.find(({ type }) => type === 'overlap')?.due;
    return due === undefined ? beginning : Date.parse(due);
  };
}

/** Every true user is known, and when batches run. */
function knowsAll(dossier: Dossier, secret: TrueSecret): boolean {
  return secret.users.every(({ name, cron }) => {
    const found = dossier.consumers.find(
      (consumer) =>
        consumer.current !== 'former' &&
        new RegExp(`(?:^|[^a-z0-9-])${name}(?![a-z0-9-])`).test(consumer.name),
    );
    return found !== undefined && (cron === undefined || found.nextRun !== undefined);
  });
}

function questionsLeft(
  plans: readonly Plan[],
  bySecret: ReadonlyMap<string, TrueSecret>,
): Map<string, Set<string>> {
  const asked = new Map<string, Set<string>>();
  for (const { fingerprint, questions, status, decision } of plans) {
    const secret = bySecret.get(fingerprint);
    const isWaiting = status === 'blocked' || decision.strategy === 'manual';
    if (secret !== undefined && isWaiting) asked.set(secret.name, new Set(questions.map(({ code }) => code)));
  }
  return asked;
}

/** Plans with the answers that people gave, and the hours that this took. */
async function settled(
  organisation: Organisation,
  tools: Tools,
  bySecret: ReadonlyMap<string, TrueSecret>,
): Promise<{ input: PlanningInput; plans: readonly Plan[]; delays: ReadonlyMap<string, number> }> {
  const answers = new Map<string, Set<string>>();
  const delays = new Map<string, number>();
  let input = await inputOf(organisation, tools, answers);
  let { plans } = makePlans(input);
  for (let round = 0; round < answerRounds; round++) {
    let isNew = false;
    for (const [name, codes] of questionsLeft(plans, bySecret)) {
      const known = answers.get(name) ?? new Set<string>();
      const fresh = [...codes].filter((code) => !known.has(code));
      if (fresh.length === 0) continue;
      isNew = true;
      for (const code of fresh) known.add(code);
      answers.set(name, known);
      delays.set(name, (delays.get(name) ?? 0) + answerHours);
    }
    if (!isNew) break;
    input = await inputOf(organisation, tools, answers);
    ({ plans } = makePlans(input));
  }
  return { input, plans, delays };
}

function emptySums(): Sums {
  return {
    organisations: 0,
    secrets: 0,
    consumers: 0,
    hidden: 0,
    strategies: new Map(),
    blocked: 0,
    blockedBy: new Map(),
    sufficient: 0,
    planOutage: 0,
    emergencyOutage: 0,
    planExposure: 0,
    nowOutage: 0,
    nowExposure: 0,
    neverExposure: 0,
    violations: [],
  };
}

/** Runs the organisations of the seeds `[first, first + count)`. */
export async function simulate(first: number, count: number, tools: Tools): Promise<Sums> {
  const sums = emptySums();
  for (let seed = first; seed < first + count; seed++) {
    const organisation = drawOrganisation(seed, tools.providers, runsAt);
    const bySecret = new Map<string, TrueSecret>(
      organisation.secrets.map((secret) => [fingerprintOf(secret.name), secret]),
    );
    const { input, plans, delays } = await settled(organisation, tools, bySecret);
    sums.organisations++;
    for (const plan of plans) {
      const secret = bySecret.get(plan.fingerprint);
      const dossier = input.dossiers.find(({ fingerprint }) => fingerprint === plan.fingerprint);
      if (secret !== undefined && dossier !== undefined) {
        addPlan(sums, plan, secret, dossier, input, delays.get(secret.name) ?? 0);
      }
    }
  }
  return sums;
}

function addPlan(
  sums: Sums,
  plan: Plan,
  secret: TrueSecret,
  dossier: Dossier,
  input: PlanningInput,
  delay: number,
): void {
  const { strategy } = plan.decision;
  const outcome = execute(plan, secret, start, delay, overlapDue(input, plan));
  const isSufficient = knowsAll(dossier, secret);
  const isEmergency = strategy === 'emergency';
  const about = `organisation ${secret.name}: ${strategy} (rule ${plan.decision.rule})`;
  sums.secrets++;
  sums.consumers += secret.users.length;
  sums.hidden += secret.users.filter(({ inCode }) => !inCode).length;
  sums.strategies.set(strategy, (sums.strategies.get(strategy) ?? 0) + 1);
  if (plan.status === 'blocked') sums.blocked++;
  for (const code of plan.status === 'blocked' ? plan.blockedBy : []) {
    sums.blockedBy.set(code, (sums.blockedBy.get(code) ?? 0) + 1);
  }
  if (isSufficient && plan.status !== 'blocked') sums.sufficient++;
  sums.planOutage += outcome.outageHours;
  if (isEmergency) sums.emergencyOutage += outcome.outageHours;
  sums.planExposure += outcome.exposureHours;
  const now = revokeNow(secret);
  sums.nowOutage += now.outageHours;
  sums.nowExposure += now.exposureHours;
  sums.neverExposure += horizonHours;
  for (const fault of outcome.faults) sums.violations.push(`${about}: ${fault}`);
  if (isSufficient && !isEmergency && outcome.outageHours > 0) {
    sums.violations.push(`${about}: all is known, yet ${outcome.broken.join(', ')} failed`);
  }
  const lied = secret.saysComplete && secret.users.some(({ inInventory }) => !inInventory);
  if (strategy === 'automatic' && !isSufficient && !lied) {
    sums.violations.push(`${about}: automatic, though a consumer is hidden and nobody lied`);
  }
}

function hours(amount: number): string {
  return `${Math.round(amount).toLocaleString('en-US')} h`;
}

function listed(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, count]) => `${name} ${count}`).join(', ');
}

/** For people. */
export function sumLines(sums: Sums): string[] {
  const { organisations, secrets, consumers, hidden, strategies, blocked, sufficient } = sums;
  const row = (name: string, outage: string, exposure: string): string =>
    `${name.padEnd(16)}${outage.padStart(14)}${exposure.padStart(16)}`;
  return [
    `${organisations} organisations, ${secrets} secrets, ${consumers} consumers, ${hidden} of them not in code`,
    `plans: ${listed(strategies)}; ${blocked} blocked (${listed(sums.blockedBy)}), ${sufficient} with all consumers known`,
    '',
    row('', 'outage', 'exposure'),
    row('revoke now', hours(sums.nowOutage), hours(sums.nowExposure)),
    row('the plans', hours(sums.planOutage), hours(sums.planExposure)),
    row('never revoke', hours(0), hours(sums.neverExposure)),
    `of the plans' outage ${hours(sums.emergencyOutage)} in emergencies, where anyone could use the value`,
    '',
    `${sums.violations.length} violations`,
    ...sums.violations.slice(0, 20),
  ];
}
