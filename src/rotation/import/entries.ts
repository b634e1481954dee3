/** Entries of the inventory: identities with their owners, consumers, resources and what rotating them takes. */
import { nextRun } from '../derive/consumers/cron.js';
import { builtInEnvironment } from '../derive/environments/words.js';
import type { InventoryConsumer, InventoryEntry, InventoryResource } from '../imports.js';
import { deepOrder, sortedSet } from '../order.js';
import { type Fields, given, sortedBy, uniqueBy } from './fields.js';
import { readSelector } from './selectors.js';
import {
  belongings,
  classes,
  consumerKinds,
  principalKinds,
  principalStatuses,
  privileges,
  reloads,
  resourceKinds,
  runWords,
} from './vocabulary.js';

const entryKeys = [
  'id',
  'match',
  'kind',
  'owner',
  'backup_owner',
  'purpose',
  'system_of_record',
  'environment',
  'privilege',
  'privilege_needed',
  'class',
  'status',
  'rotation',
  'consumers_complete',
  'consumers',
  'resources',
  'vault',
  'workload_identity_available',
  'belongs_to',
  'vendor',
  'organisation_secrets',
  'reviewed',
];
const rotationKeys = ['overlap', 'mechanism', 'reload', 'max_age', 'through'];
const consumerKeys = [
  'name',
  'kind',
  'environment',
  'owner',
  'reload',
  'runs',
  'next_run',
  'criticality',
  'depends_on',
  'accepts_two',
];
const resourceKeys = ['kind', 'address', 'criticality', 'environment'];

const environmentName = /^[A-Za-z][\w-]{0,31}$/;

/** Names of environments as everything else calls them: `production` is `prod`. Says nothing of `unknown`. */
export function environmentsIn(fields: Fields, key: string): string[] {
  const names = fields.texts(key);
  if (names.some((name) => !environmentName.test(name))) {
    fields.fault(key, 'must name environments: letters, digits, - and _');
    return [];
  }
  return sortedSet(names.map((name) => builtInEnvironment(name) ?? name)).filter(
    (name) => name !== 'unknown',
  );
}

function environmentIn(fields: Fields): string | undefined {
  const [name, ...others] = environmentsIn(fields, 'environment');
  if (others.length > 0) return fields.fault('environment', 'must be one environment');
  return name;
}

function runsOf(fields: Fields): string | undefined {
  const runs = fields.text('runs');
  if (runs === undefined || (runWords as readonly string[]).includes(runs)) return runs;
  const cron = runs.startsWith('cron ') ? nextRun(runs.slice(5), '2024-01-01T00:00:00Z') : undefined;
  if (cron !== undefined) return runs;
  return fields.fault('runs', `must be ${runWords.join(', ')}, or "cron" and five fields`);
}

function readConsumer(fields: Fields): InventoryConsumer | undefined {
  fields.only(consumerKeys);
  const name = fields.needed('name');
  const consumer = {
    kind: fields.word('kind', consumerKinds) ?? ('unknown' as const),
    ...given('environment', environmentIn(fields)),
    ...given('owner', fields.text('owner')),
    ...given('reload', fields.word('reload', reloads)),
    ...given('runs', runsOf(fields)),
    ...given('nextRun', fields.time('next_run')),
    ...given('criticality', fields.whole('criticality', 1, 4)),
    dependsOn: fields.texts('depends_on'),
    ...given('acceptsTwo', fields.yesNo('accepts_two')),
  };
  return name === undefined ? undefined : { name, ...consumer };
}

/** One of each name and environment, sorted. */
function consumersOf(fields: Fields): InventoryConsumer[] {
  const read = fields.maps('consumers').flatMap((own) => {
    const thing = readConsumer(own);
    if (thing === undefined) return [];
    return [{ thing, fields: own, name: JSON.stringify([thing.name, thing.environment ?? '']) }];
  });
  const consumers = uniqueBy(read, 'consumer');
  return sortedBy(consumers, ({ name, environment = '' }) => JSON.stringify([name, environment]));
}

function readResource(fields: Fields): InventoryResource | undefined {
  fields.only(resourceKeys);
  const kind = fields.word('kind', resourceKinds);
  const address = fields.needed('address');
  const rest = {
    ...given('criticality', fields.whole('criticality', 1, 4)),
    ...given('environment', environmentIn(fields)),
  };
  return address === undefined ? undefined : { kind: kind ?? 'other', address, ...rest };
}

function rotationOf(entry: Fields): Pick<InventoryEntry, 'rotation'> {
  const fields = entry.map('rotation');
  if (fields === undefined) return {};
  fields.only(rotationKeys);
  const through = fields.texts('through');
  return {
    rotation: {
      ...given('overlap', fields.yesNo('overlap')),
      ...given('mechanism', fields.text('mechanism')),
      ...given('reload', fields.word('reload', reloads)),
      ...given('maxAgeMs', fields.duration('max_age')),
      ...(through.length === 0 ? {} : { through }),
    },
  };
}

function vaultPathsOf(fields: Fields): string[] {
  const paths = fields.texts('vault');
  if (paths.some((path) => !/^.+#.+$/.test(path))) fields.fault('vault', 'must be written <path>#<key>');
  return paths;
}

function selectorsOf(fields: Fields): InventoryEntry['match'] {
  const selectors = fields.maps('match').flatMap((own) => readSelector(own) ?? []);
  if (!fields.has('match')) fields.fault('match', 'is missing: an entry without it is about no secret');
  return selectors.sort(deepOrder);
}

/** @param reviewed review of the whole file, for entries that name none */
export function readEntry(fields: Fields, reviewed: string | undefined): InventoryEntry | undefined {
  fields.only(entryKeys);
  const { source } = fields;
  const id = fields.needed('id');
  const rest = {
    match: selectorsOf(fields),
    ...given('kind', fields.word('kind', principalKinds)),
    ...given('owner', fields.text('owner')),
    ...given('backupOwner', fields.text('backup_owner')),
    ...given('purpose', fields.text('purpose')),
    ...given('systemOfRecord', fields.text('system_of_record')),
    environment: environmentsIn(fields, 'environment'),
    ...given('privilege', fields.word('privilege', privileges)),
    ...given('privilegeNeeded', fields.word('privilege_needed', privileges)),
    ...given('class', fields.word('class', classes)),
    ...given('status', fields.word('status', principalStatuses)),
    ...rotationOf(fields),
    consumersComplete: fields.yesNo('consumers_complete') === 'yes',
    consumers: consumersOf(fields),
    resources: fields
      .maps('resources')
      .flatMap((own) => readResource(own) ?? [])
      .sort(deepOrder),
    vault: vaultPathsOf(fields),
    ...given('workloadIdentityAvailable', fields.yesNo('workload_identity_available')),
    ...given('belongsTo', fields.word('belongs_to', belongings)),
    ...given('vendor', fields.text('vendor')),
    ...given('reviewed', fields.date('reviewed') ?? reviewed),
  };
  if (id === undefined) return undefined;
  return { id, ...rest, origin: { file: source.file, line: source.positionOf(fields.at).line } };
}
