/** Organisations as they really are: what uses which secret, when, and what their providers do. The tool sees a part. */
import type { Audience } from '../../src/model/place.js';
import type { ProviderTable } from '../../src/rotation/facts/provider-table.js';
import { type Chance, chanceOf } from './random.js';

export type UserKind = 'service' | 'batch' | 'ci' | 'agent';

/** Something that uses a secret. */
export interface TrueUser {
  readonly name: string;
  readonly kind: UserKind;
  readonly environment: 'prod' | 'staging' | 'dev';
  /** It stands in code that is scanned. */
  readonly inCode: boolean;
  /** The inventory lists it. */
  readonly inInventory: boolean;
  /** Of batches. */
  readonly cron?: string;
  /** Hours between two uses. */
  readonly everyHours: number;
  /** Hours after the start of the simulation at which it is used for the first time. */
  readonly firstUse: number;
  /** Hours that changing it takes. */
  readonly hours: number;
  /** The first attempt to change it fails silently. */
  readonly isBotched: boolean;
  /** The same in code and inventory: another consumer that it needs. */
  readonly dependsOn?: string;
}

export interface TrueSecret {
  readonly name: string;
  readonly kind: string;
  readonly variable: string;
  readonly audience: Audience;
  readonly isAudienceStated: boolean;
  readonly inChat: boolean;
  /** Two values can be valid together. */
  readonly overlaps: boolean;
  /** It can be switched off and on again. */
  readonly canDisable: boolean;
  /** Uses of the old value show in a log. */
  readonly showsUse: boolean;
  readonly users: readonly TrueUser[];
  readonly hasEntry: boolean;
  /** The inventory calls the list of consumers complete. */
  readonly saysComplete: boolean;
  readonly statesOverlap: boolean;
}

export interface Organisation {
  readonly seed: number;
  readonly hasCodeOwners: boolean;
  readonly secrets: readonly TrueSecret[];
}

/** Kinds with different rules of their providers. */
const kinds = [
  'github-pat-classic',
  'stripe-secret-key',
  'aws-secret-access-key',
  'postgres-uri',
  'slack-bot-token',
  'cloudflare-global-key',
  'sendgrid-key',
  'datadog-api-key',
  'generic-password-code',
] as const;

/** Schedules with the hours between two runs. */
const schedules = [
  ['0 2 * * *', 24],
  ['30 4 * * 1', 168],
  ['0 3 1 * *', 730],
] as const;

const hoursOf: Readonly<Record<UserKind, number>> = { service: 1, batch: 1, ci: 1, agent: 2 };

/** Shares: how organisations are drawn. */
const hiddenInCode = 0.2;
const lyingAttestation = 0.1;

/** @param runsAt hours until a schedule runs next */
function drawUser(chance: Chance, name: string, runsAt: (cron: string) => number): TrueUser {
  const kind = chance.pick<UserKind>(['service', 'service', 'service', 'batch', 'ci', 'agent']);
  const [cron, period] = chance.pick(schedules);
  const everyHours = kind === 'batch' ? period : kind === 'ci' ? 12 : 0.1;
  return {
    name,
    kind,
    environment: chance.pick(['prod', 'prod', 'staging', 'dev']),
    inCode: !chance.of(hiddenInCode),
    inInventory: chance.of(0.7),
    ...(kind === 'batch' ? { cron } : {}),
    everyHours,
    firstUse: kind === 'batch' ? runsAt(cron) : chance.next() * everyHours,
    hours: hoursOf[kind],
    isBotched: chance.of(0.05),
  };
}

function withDependency(chance: Chance, users: readonly TrueUser[]): TrueUser[] {
  return users.map((user, at) => {
    const before = users[at - 1];
    return before === undefined || !chance.of(0.2) ? user : { ...user, dependsOn: before.name };
  });
}

function drawSecret(
  chance: Chance,
  name: string,
  providers: ProviderTable,
  runsAt: (cron: string) => number,
): TrueSecret {
  const kind = chance.pick(kinds);
  const row = providers.rowOf(kind);
  const users = withDependency(
    chance,
    Array.from({ length: chance.between(0, 6) }, (_, at) => drawUser(chance, `${name}-user${at}`, runsAt)),
  );
  const hasEntry = chance.of(0.6);
  const isKnown = users.every(({ inInventory }) => inInventory);
  return {
    name,
    kind,
    variable: `${name.toUpperCase().replace(/-/g, '_')}_KEY`,
    audience: chance.pick<Audience>([
      'internal',
      'internal',
      'internal',
      'internal',
      'internal',
      'restricted',
      'public',
    ]),
    isAudienceStated: chance.of(0.85),
    inChat: chance.of(0.3),
    overlaps: row.overlap === 'yes' || (row.overlap !== 'no' && chance.of(0.5)),
    canDisable: row.reversibleDisable,
    showsUse: chance.of(0.7),
    users,
    hasEntry,
    saysComplete: hasEntry && (isKnown ? chance.of(0.7) : chance.of(lyingAttestation)),
    statesOverlap: hasEntry && chance.of(0.5),
  };
}

export function drawOrganisation(
  seed: number,
  providers: ProviderTable,
  runsAt: (cron: string) => number,
): Organisation {
  const chance = chanceOf(seed * 7919 + 17);
  return {
    seed,
    hasCodeOwners: chance.of(0.7),
    secrets: Array.from({ length: chance.between(1, 4) }, (_, at) =>
      drawSecret(chance, `s${seed}-${at}`, providers, runsAt),
    ),
  };
}
