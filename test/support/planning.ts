/** Builds what plans are made of, for tests: dossiers of secrets with their consumers, decisions, and the plans. */
import { fileURLToPath } from 'node:url';
import type { Exposure } from '../../src/model/exposure.js';
import { buildDossiers } from '../../src/rotation/build-dossier.js';
import type { Consumer, Dossier, Resource } from '../../src/rotation/dossier.js';
import type { ExceptionStanding } from '../../src/rotation/exceptions/standing.js';
import type { Fact } from '../../src/rotation/fact.js';
import { parseProviderTable } from '../../src/rotation/facts/provider-parse.js';
import type { ProviderTable } from '../../src/rotation/facts/provider-table.js';
import { graphFacts } from '../../src/rotation/graph/graph.js';
import { noImports } from '../../src/rotation/imports.js';
import { type People, plainPeople } from '../../src/rotation/log/people.js';
import { emptyState, type LogState } from '../../src/rotation/log/state.js';
import { makePlans } from '../../src/rotation/plan/make-plans.js';
import type { Plan, PlanningInput, Portfolio } from '../../src/rotation/plan/plan.js';
import { decide } from '../../src/rotation/policy/decide.js';
import type { Decision } from '../../src/rotation/policy/decision.js';
import type { Policy } from '../../src/rotation/policy/policy.js';
import { loadFactFiles } from '../../src/rules/load-facts.js';
import { type EstateOptions, estateOf, fingerprintOf, testNow } from './exposure-builder.js';
import { defaultPolicy } from './policy-builder.js';

export function consumerOf(name: string, overrides: Partial<Consumer> = {}): Consumer {
  return {
    name,
    kind: 'service',
    environment: 'unknown',
    how: 'literal',
    reload: 'restart',
    runs: 'continuous',
    dependsOn: [],
    acceptsTwo: 'unknown',
    current: 'yes',
    rules: ['C6'],
    confidence: 'strong',
    evidence: [],
    ...overrides,
  };
}

export interface DossierOptions extends EstateOptions {
  readonly facts?: readonly Fact[];
  /** By name of the secret. */
  readonly consumers?: Readonly<Record<string, readonly Consumer[]>>;
  /** By name of the secret. */
  readonly resources?: Readonly<Record<string, readonly Resource[]>>;
}

function byFingerprint<T>(lists: Readonly<Record<string, T>> = {}): ReadonlyMap<string, T> {
  return new Map(Object.entries(lists).map(([name, list]) => [fingerprintOf(name), list]));
}

/** Dossiers of secrets made with `secretOf`, the most urgent first. */
export function dossiersOf(secrets: readonly Exposure[], options: DossierOptions = {}): readonly Dossier[] {
  const { facts = [], consumers, resources, ...rest } = options;
  return buildDossiers(estateOf(secrets, rest), facts, byFingerprint(consumers), byFingerprint(resources));
}

let shipped: ProviderTable | undefined;

/** The provider table as it is shipped. */
export function shippedProviders(): ProviderTable {
  shipped ??= parseProviderTable(loadFactFiles(fileURLToPath(new URL('../../rules', import.meta.url))));
  return shipped;
}

let policyAsShipped: Policy | undefined;

function shippedPolicy(): Policy {
  policyAsShipped ??= defaultPolicy();
  return policyAsShipped;
}

export interface PlanOptions extends DossierOptions {
  readonly policy?: Policy;
  readonly state?: LogState;
  readonly people?: People;
  readonly exceptions?: readonly ExceptionStanding[];
  /** Instead of what policy says. */
  readonly decision?: Partial<Decision>;
}

/** All that `makePlans` takes, decided by the shipped policy unless another is given. */
export function planningInput(secrets: readonly Exposure[], options: PlanOptions = {}): PlanningInput {
  const { policy = shippedPolicy(), state = emptyState, decision, ...given } = options;
  const providers = given.providers ?? shippedProviders();
  const dossiers = dossiersOf(secrets, { ...given, providers });
  const imports = { ...noImports, ...given.imports };
  const graph = graphFacts(dossiers, imports, providers);
  const decided = (dossier: Dossier): Decision => {
    const facts = graph.get(dossier.fingerprint);
    if (facts === undefined) throw new Error('a dossier is not in the graph');
    return {
      ...decide(policy, { dossier, graph: facts, isExcepted: false, now: options.now ?? testNow }),
      ...decision,
    };
  };
  const asPublic = (dossier: Dossier): Dossier => ({
    ...dossier,
    audience: 'public',
    publicEver: true,
    exposureLevel: 'public-present',
  });
  return {
    now: given.now ?? testNow,
    dossiers,
    graph,
    decisions: new Map(dossiers.map((dossier) => [dossier.fingerprint, decided(dossier)])),
    ifPublic: new Map(
      dossiers
        .filter(({ audience }) => audience === 'unknown')
        .map((dossier) => [dossier.fingerprint, decided(asPublic(dossier))]),
    ),
    state,
    imports,
    providers,
    settings: policy.settings,
    people: options.people ?? plainPeople,
    exceptions: options.exceptions ?? [],
  };
}

export function portfolioOf(secrets: readonly Exposure[], options: PlanOptions = {}): Portfolio {
  return makePlans(planningInput(secrets, options));
}

/** The plan that is about the secret of a name. */
export function planOf(portfolio: Portfolio, name: string): Plan {
  const fingerprint = fingerprintOf(name);
  const found = portfolio.plans.find(
    (plan) => plan.fingerprint === fingerprint || plan.others.includes(fingerprint),
  );
  if (found === undefined) throw new Error(`there is no plan for ${name}`);
  return found;
}

/** Types of a plan's steps in order, with the wave: `update 1`. */
export function typesOf({ steps }: Plan): string[] {
  return steps.map(({ type, wave }) => (wave === undefined ? type : `${type} ${wave}`));
}
