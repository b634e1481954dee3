/** Consumers that somebody declared: those of the inventory, and the readers of paths in a vault. */
import type { Exposure } from '../../../model/exposure.js';
import type { Consumer } from '../../dossier.js';
import type { Estate } from '../../estate.js';
import type { InventoryConsumer, InventoryEntry, VaultPath } from '../../imports.js';
import { codePointOrder, sortedSet } from '../../order.js';
import { vaultMatcher } from '../vault-match.js';
import { cronOf, nextRun } from './cron.js';

function consumerOf(declared: InventoryConsumer, entry: InventoryEntry, now: string): Consumer {
  const { name, kind, owner, criticality } = declared;
  const runs = declared.runs ?? (kind === 'service' ? 'continuous' : 'unknown');
  const cron = cronOf(runs);
  const next = declared.nextRun ?? (cron === undefined ? undefined : nextRun(cron, now));
  return {
    name,
    kind,
    environment: declared.environment ?? 'unknown',
    ...(owner === undefined ? {} : { owner }),
    how: 'imported',
    reload: declared.reload ?? entry.rotation?.reload ?? 'unknown',
    runs,
    ...(next === undefined ? {} : { nextRun: next }),
    ...(criticality === undefined ? {} : { criticality }),
    dependsOn: sortedSet(declared.dependsOn),
    acceptsTwo: declared.acceptsTwo ?? 'unknown',
    current: 'yes',
    rules: ['inventory'],
    confidence: 'asserted',
    evidence: [{ place: entry.origin.file, note: `entry ${entry.id}` }],
  };
}

/** Consumers that an entry of the inventory lists. */
export function declaredConsumers(entry: InventoryEntry, now: string): readonly Consumer[] {
  return entry.consumers.map((declared) => consumerOf(declared, entry, now));
}

function readerOf(name: string, { path, version }: VaultPath): Consumer {
  return {
    name,
    kind: 'unknown',
    environment: 'unknown',
    how: 'imported',
    reload: 'unknown',
    runs: 'unknown',
    dependsOn: [],
    acceptsTwo: 'unknown',
    current: 'yes',
    rules: ['N2'],
    confidence: 'asserted',
    evidence: [{ place: path, note: version === undefined ? 'reads the path' : `reads version ${version}` }],
  };
}

/** Readers of the paths of a vault that hold a secret. */
export function vaultReaders(estate: Estate): (exposure: Exposure) => readonly Consumer[] {
  const rowsOf = vaultMatcher(estate);
  return (exposure) => rowsOf(exposure).flatMap((path) => path.readers.map((name) => readerOf(name, path)));
}

/** `k8s:prod/Deployment/ledger-api` is what an inventory calls `ledger-api`. */
export function shortName(name: string): string {
  return /[^/:#]*$/.exec(name)?.[0] ?? name;
}

function isSame(declared: Consumer, found: Consumer): boolean {
  const isOtherEnvironment =
    declared.environment !== 'unknown' &&
    found.environment !== 'unknown' &&
    declared.environment !== found.environment;
  return !isOtherEnvironment && (found.name === declared.name || shortName(found.name) === declared.name);
}

/** What somebody says of a consumer, with what was seen of it. Keeps the name that others depend on. */
function united(declared: Consumer, found: Consumer): Consumer {
  return {
    ...found,
    ...declared,
    kind: declared.kind === 'unknown' ? found.kind : declared.kind,
    environment: declared.environment === 'unknown' ? found.environment : declared.environment,
    reload: declared.reload === 'unknown' ? found.reload : declared.reload,
    runs: declared.runs === 'unknown' ? found.runs : declared.runs,
    how: found.how,
    rules: sortedSet([...declared.rules, ...found.rules]),
    evidence: [...declared.evidence, ...found.evidence],
  };
}

/** Found and declared consumers of one secret, sorted by name; one that is both is one. */
export function withDeclared(found: readonly Consumer[], declared: readonly Consumer[]): readonly Consumer[] {
  const rest = new Set(found);
  const byName = [...declared].sort(
    (a, b) => codePointOrder(a.name, b.name) || codePointOrder(a.rules.join(), b.rules.join()),
  );
  const all = byName.map((consumer) => {
    const same = [...rest].filter((candidate) => isSame(consumer, candidate));
    const [only] = same;
    // Several of one short name cannot be told apart: all stay.
    if (only === undefined || same.length > 1) return consumer;
    rest.delete(only);
    return united(consumer, only);
  });
  return distinct([...all, ...rest]).sort(
    (a, b) => codePointOrder(a.name, b.name) || codePointOrder(a.environment, b.environment),
  );
}

/** A reader in a vault map that the inventory lists as well is one consumer. */
function distinct(consumers: readonly Consumer[]): Consumer[] {
  const environments = new Map<string, Set<string>>();
  for (const { name, environment } of consumers) {
    if (environment === 'unknown') continue;
    environments.set(name, (environments.get(name) ?? new Set()).add(environment));
  }
  const byName = new Map<string, Consumer>();
  for (const consumer of consumers) {
    // A map of a vault knows no environments: where the name has only one, that is the one.
    const [only = 'unknown', ...others] = environments.get(consumer.name) ?? [];
    const isOpen = consumer.environment === 'unknown' && others.length === 0;
    const key = JSON.stringify([consumer.name, isOpen ? only : consumer.environment]);
    const known = byName.get(key);
    byName.set(key, known === undefined ? consumer : united(known, consumer));
  }
  return [...byName.values()];
}
