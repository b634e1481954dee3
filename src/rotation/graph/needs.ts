/**
 * Who needs whom, as a graph: a consumer needs what it depends on and the secrets it uses; a secret needs what it is made
 * with or kept under, and whatever carries its rotation out.
 */
import { entryOf, inventoryMatcher, type MatchContext } from '../derive/inventory-match.js';
import type { Consumer } from '../dossier.js';
import type { InventoryEntry } from '../imports.js';
import { codePointOrder, sortedSet } from '../order.js';
import { type Adjacency, adjacencyOf } from './adjacency.js';
import type { GraphDossier } from './graph-facts.js';

export interface NeedGraph {
  readonly adjacency: Adjacency;
  /** By number: for people, never a value. */
  readonly names: readonly string[];
  /** By number; undefined for consumers. */
  readonly fingerprints: readonly (string | undefined)[];
  readonly nodeOf: ReadonlyMap<string, number>;
  /** Fingerprints of secrets whose old and new value can be valid together. */
  readonly overlapping: ReadonlySet<string>;
  /** By fingerprint: nodes that carry its rotation out, ascending. */
  readonly carriers: ReadonlyMap<string, readonly number[]>;
}

const made: ReadonlySet<string> = new Set(['signs', 'mints', 'opens', 'encrypts']);
const shownLength = 12;

const secretKey = (fingerprint: string): string => `s ${fingerprint}`;
const consumerKey = (name: string): string => `c ${name}`;

/** What is after the last separator: an inventory calls `k8s:prod/Deployment/ledger-api` just `ledger-api`. */
function shortName(name: string): string {
  return /[^/:#]*$/.exec(name)?.[0] ?? name;
}

/** Names of consumers, with the short ones that only one of them has. */
function consumerNames(dossiers: readonly GraphDossier[]): (name: string) => string {
  const full = new Set(dossiers.flatMap(({ consumers }) => consumers.map(({ name }) => name)));
  const short = new Map<string, string | undefined>();
  for (const name of full) {
    const own = shortName(name);
    short.set(own, short.has(own) ? undefined : name);
  }
  return (name) => (full.has(name) ? name : (short.get(name) ?? name));
}

function nameOf({ principal, kind, fingerprint }: GraphDossier, entry: InventoryEntry | undefined): string {
  if (entry !== undefined) return entry.id;
  return principal.key.startsWith('anon:') ? `${kind} ${fingerprint.slice(0, shownLength)}` : principal.key;
}

/** Nodes and edges under their keys, before they are numbered. */
class Draft {
  readonly names = new Map<string, string>();
  readonly edges: (readonly [string, string])[] = [];

  consumer(name: string): string {
    const key = consumerKey(name);
    this.names.set(key, name);
    return key;
  }

  edge(from: string, to: string): void {
    this.edges.push([from, to]);
  }
}

/** What a name in `rotation.through` may mean: entries and principals are secrets, everything else is a consumer. */
type Carriers = (name: string) => readonly string[];

function carrierReader(
  dossiers: readonly GraphDossier[],
  entries: ReadonlyMap<string, InventoryEntry>,
  draft: Draft,
  nameOfConsumer: (name: string) => string,
): Carriers {
  const secrets = new Map<string, string[]>();
  for (const { fingerprint, principal } of dossiers) {
    for (const name of new Set([principal.key, entries.get(fingerprint)?.id ?? principal.key])) {
      const known = secrets.get(name);
      if (known === undefined) secrets.set(name, [secretKey(fingerprint)]);
      else known.push(secretKey(fingerprint));
    }
  }
  return (name) => {
    const consumer = consumerKey(nameOfConsumer(name));
    if (draft.names.has(consumer)) return [consumer];
    return secrets.get(name) ?? [draft.consumer(name)];
  };
}

function addConsumer(
  draft: Draft,
  fingerprint: string,
  consumer: Consumer,
  full: (name: string) => string,
): void {
  if (consumer.current === 'former') return;
  const key = draft.consumer(consumer.name);
  draft.edge(key, secretKey(fingerprint));
  for (const name of consumer.dependsOn) draft.edge(key, draft.consumer(full(name)));
}

function entriesOf(
  dossiers: readonly GraphDossier[],
  context: MatchContext,
): ReadonlyMap<string, InventoryEntry> {
  const match = inventoryMatcher(context);
  const entries = new Map<string, InventoryEntry>();
  for (const { fingerprint, exposure } of dossiers) {
    const entry = entryOf(match(exposure));
    if (entry !== undefined) entries.set(fingerprint, entry);
  }
  return entries;
}

/** By fingerprint: keys of the nodes that carry its rotation out. */
function carriersOf(
  dossiers: readonly GraphDossier[],
  entries: ReadonlyMap<string, InventoryEntry>,
  read: Carriers,
): ReadonlyMap<string, ReadonlySet<string>> {
  const carriers = new Map<string, Set<string>>();
  const add = (fingerprint: string, keys: readonly string[]): void => {
    const known = carriers.get(fingerprint) ?? new Set();
    for (const key of keys) known.add(key);
    carriers.set(fingerprint, known);
  };
  for (const { fingerprint, consumers } of dossiers) {
    for (const name of entries.get(fingerprint)?.rotation?.through ?? []) add(fingerprint, read(name));
    for (const { name, current, rotates = [] } of consumers) {
      if (current !== 'former') for (const secret of rotates) add(secret, [consumerKey(name)]);
    }
  }
  return carriers;
}

/** Numbers follow the names, so that searches that go by number go by name. */
export function needGraph(dossiers: readonly GraphDossier[], context: MatchContext): NeedGraph {
  const entries = entriesOf(dossiers, context);
  const full = consumerNames(dossiers);
  const draft = new Draft();
  for (const dossier of dossiers) {
    draft.names.set(secretKey(dossier.fingerprint), nameOf(dossier, entries.get(dossier.fingerprint)));
    for (const consumer of dossier.consumers) addConsumer(draft, dossier.fingerprint, consumer, full);
    for (const { relation, direction, to } of dossier.relations) {
      if (direction === 'to' && made.has(relation)) draft.edge(secretKey(dossier.fingerprint), secretKey(to));
    }
  }
  const carriers = carriersOf(dossiers, entries, carrierReader(dossiers, entries, draft, full));
  for (const [fingerprint, keys] of carriers) {
    for (const key of keys) draft.edge(secretKey(fingerprint), key);
  }
  const overlapping = dossiers.filter(
    ({ fingerprint, provider }) =>
      (entries.get(fingerprint)?.rotation?.overlap ?? provider.overlap) === 'yes',
  );
  return {
    ...numbered(draft, carriers),
    overlapping: new Set(overlapping.map(({ fingerprint }) => fingerprint)),
  };
}

function numbered(
  draft: Draft,
  carriers: ReadonlyMap<string, ReadonlySet<string>>,
): Omit<NeedGraph, 'overlapping'> {
  const nodes = [...draft.names].sort(
    ([a, nameA], [b, nameB]) => codePointOrder(nameA, nameB) || codePointOrder(a, b),
  );
  const nodeOf = new Map(nodes.map(([key], node) => [key, node]));
  const pairs = draft.edges.flatMap(([from, to]) => {
    const [start, end] = [nodeOf.get(from), nodeOf.get(to)];
    return start === undefined || end === undefined ? [] : [start, end];
  });
  return {
    adjacency: adjacencyOf(nodes.length, pairs),
    names: nodes.map(([, name]) => name),
    fingerprints: nodes.map(([key]) => (key.startsWith('s ') ? key.slice(2) : undefined)),
    nodeOf,
    carriers: new Map(
      [...carriers].map(([fingerprint, keys]) => [
        fingerprint,
        sortedSet(keys).flatMap((key) => nodeOf.get(key) ?? []),
      ]),
    ),
  };
}

/** Number of a secret's node. */
export function secretNode({ nodeOf }: NeedGraph, fingerprint: string): number | undefined {
  return nodeOf.get(secretKey(fingerprint));
}
