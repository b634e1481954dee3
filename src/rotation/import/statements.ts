/**
 * Between what files state and what the database keeps of it. The order of rows in a file leaves no trace: lists come out
 * sorted, and line numbers stay with the reader.
 */
import { canonicalJson } from '../../model/canonical-json.js';
import type { Statement, StatementItem, StatementType } from '../../store/store.js';
import {
  type EnvironmentName,
  type Imports,
  type InventoryEntry,
  noImports,
  type Party,
} from '../imports.js';
import { codePointOrder, sortedSet } from '../order.js';

/** Gate results are judged and recorded in the evidence log, never kept as statements. */
type ListName = Exclude<keyof Imports, 'gates'>;

/** Which list of the imports each type fills, and what names a statement within its file. */
const shapes: {
  readonly [Name in ListName]: {
    readonly type: StatementType;
    readonly keyOf: (thing: Imports[Name][number]) => string;
  };
} = {
  parties: { type: 'party', keyOf: ({ id }) => id },
  environments: { type: 'environment', keyOf: ({ name }) => name },
  identities: { type: 'identity', keyOf: ({ id }) => id },
  placeFacts: { type: 'place', keyOf: ({ place }) => place },
  organisationSecrets: {
    type: 'organisation-secret',
    keyOf: ({ organisation = '', name, entry = '' }) => JSON.stringify([organisation, name, entry]),
  },
  vault: { type: 'vault', keyOf: ({ path, version = '' }) => JSON.stringify([path, version]) },
  liveness: {
    type: 'liveness',
    keyOf: ({ fingerprint, checkedAt, result, method, by }) =>
      JSON.stringify([fingerprint, checkedAt, result, method, by]),
  },
  attestations: {
    type: 'attestation',
    keyOf: ({ principal, by, at }) => JSON.stringify([principal, by, at]),
  },
};

const listNames = Object.keys(shapes) as ListName[];

function itemsOf<Name extends ListName>(name: Name, things: Imports[Name], source: string): StatementItem[] {
  const { type, keyOf } = shapes[name];
  return (things as readonly Imports[Name][number][]).map((thing) => ({
    type,
    key: keyOf(thing),
    data: name === 'identities' ? placed(thing as InventoryEntry, source) : thing,
  }));
}

/** A line moves when somebody adds a comment above it, and a folder is nobody's concern. */
function placed(entry: InventoryEntry, source: string): InventoryEntry {
  return { ...entry, origin: { file: source } };
}

/**
 * What one file states, as the database keeps it; of two things with one name the first in the order of their text stands.
 *
 * @param source name of the file, without folders
 */
export function statementsOf(imports: Partial<Imports>, source: string): StatementItem[] {
  const items = listNames.flatMap((name) => itemsOf(name, imports[name] ?? noImports[name], source));
  const byName = new Map<string, { readonly item: StatementItem; readonly text: string }>();
  for (const item of items) {
    const name = `${item.type} ${item.key}`;
    const text = canonicalJson(item.data);
    const known = byName.get(name);
    if (known === undefined || text < known.text) byName.set(name, { item, text });
  }
  return [...byName]
    .sort(([a], [b]) => codePointOrder(a, b))
    .map(([, { item, text }]) => ({ ...item, data: JSON.parse(text) as unknown }));
}

/** Everything that files state, in one order whatever the order of the statements. */
export function importsOf(statements: readonly Statement[]): Imports {
  const sorted = [...statements].sort(
    (a, b) =>
      codePointOrder(a.type, b.type) || codePointOrder(a.key, b.key) || codePointOrder(a.source, b.source),
  );
  const listOf = <Name extends ListName>(name: Name): Imports[Name] =>
    sorted
      .filter(({ type }) => type === shapes[name].type)
      .map(({ data, importedAt }) =>
        name === 'identities' ? { ...(data as object), importedAt } : data,
      ) as unknown as Imports[Name];
  return {
    parties: onePartyEach(listOf('parties')),
    environments: oneEnvironmentEach(listOf('environments')),
    identities: listOf('identities'),
    placeFacts: listOf('placeFacts'),
    organisationSecrets: listOf('organisationSecrets'),
    vault: listOf('vault'),
    liveness: listOf('liveness'),
    attestations: listOf('attestations'),
    gates: noImports.gates,
  };
}

/** Who left according to one file left, whatever an older list says. */
const statuses = ['left', 'active', 'unknown'] as const;

function unitedParty(a: Party, b: Party): Party {
  const canRead = sortedSet([...(a.canRead ?? []), ...(b.canRead ?? [])]);
  return {
    ...b,
    ...a,
    emails: sortedSet([...a.emails, ...b.emails]),
    handles: sortedSet([...a.handles, ...b.handles]),
    status: statuses.find((status) => a.status === status || b.status === status) ?? 'unknown',
    ...(canRead.length === 0 ? {} : { canRead }),
  };
}

/** Several files may know something of one party. */
function onePartyEach(parties: readonly Party[]): Party[] {
  const byId = new Map<string, Party>();
  for (const party of parties) {
    const known = byId.get(party.id);
    byId.set(party.id, known === undefined ? party : unitedParty(known, party));
  }
  return [...byId.values()];
}

function oneEnvironmentEach(environments: readonly EnvironmentName[]): EnvironmentName[] {
  const byName = new Map<string, EnvironmentName>();
  for (const environment of environments) {
    const known = byName.get(environment.name);
    byName.set(
      environment.name,
      known === undefined
        ? environment
        : { ...environment, ...known, match: sortedSet([...known.match, ...environment.match]) },
    );
  }
  return [...byName.values()];
}
