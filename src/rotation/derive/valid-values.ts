/** How many values of one account may be valid at once, against the number that the provider keeps. */
import type { Exposure } from '../../model/exposure.js';
import type { Estate } from '../estate.js';
import { knownLabel } from '../facts/known-label.js';
import type { ProviderRow } from '../facts/provider-table.js';
import { codePointOrder } from '../order.js';
import { attributeReader } from './attribute-reader.js';
import { entryOf, inventoryMatcher } from './inventory-match.js';
import { credentialOf, isCredentialKey, principalOf } from './principal.js';

export interface ValidValues {
  /** Known values of its account that nobody attested dead, itself among them. */
  readonly active: number;
  /** Others that may belong to the same account, by name: nothing says whether they do. Sorted. */
  readonly peers: readonly string[];
}

/** More are not named. */
const namedPeers = 4;

const none: ValidValues = { active: 0, peers: [] };

/** Names of credentials of one row. */
interface Peers {
  readonly byAccount: Map<string, Set<string>>;
  /** Those whose account is not known. */
  readonly anywhere: Set<string>;
  readonly all: Set<string>;
}

function added<Key>(map: Map<Key, Set<string>>, key: Key, name: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([name]));
  else known.add(name);
}

/** An AWS key says its account; of others only those that stand in one place are likely to be of one account. */
function accountOf(exposure: Exposure): string | undefined {
  const attributes = attributeReader(exposure);
  return attributes.only('aws-key-id') === undefined
    ? exposure.locations[0]?.place
    : attributes.only('aws-account');
}

function* others(name: string, groups: readonly (ReadonlySet<string> | undefined)[]): Generator<string> {
  const seen = new Set([name]);
  for (const group of groups) {
    for (const other of group ?? []) {
      if (seen.has(other)) continue;
      seen.add(other);
      yield other;
      if (seen.size > namedPeers) return;
    }
  }
}

/** @param dead fingerprints that are attested dead */
export function validValuesReader(
  { exposures, imports, providers }: Pick<Estate, 'exposures' | 'imports' | 'providers'>,
  dead: ReadonlySet<string>,
): (exposure: Exposure, row: ProviderRow) => ValidValues {
  const matchOf = inventoryMatcher({ imports, providers });
  const active = new Map<string, Set<string>>();
  const peers = new Map<string, Peers>();
  const isLimited = ({ slots }: ProviderRow): boolean => slots !== undefined;
  const groupOf = (exposure: Exposure, row: ProviderRow): string =>
    JSON.stringify([principalOf(exposure, row).key, row.id]);
  /** An entry of its own says that nothing else is that account. */
  const isOpen = (exposure: Exposure, row: ProviderRow): boolean =>
    isCredentialKey(principalOf(exposure, row)) && entryOf(matchOf(exposure)) === undefined;
  for (const exposure of exposures) {
    const { provider: row } = knownLabel(exposure, providers);
    if (!isLimited(row) || dead.has(exposure.fingerprint)) continue;
    const name = credentialOf(exposure);
    added(active, groupOf(exposure, row), name);
    if (!isOpen(exposure, row)) continue;
    const group = peers.get(row.id) ?? { byAccount: new Map(), anywhere: new Set(), all: new Set() };
    peers.set(row.id, group);
    group.all.add(name);
    const account = accountOf(exposure);
    if (account === undefined) group.anywhere.add(name);
    else added(group.byAccount, account, name);
  }
  return (exposure, row) => {
    if (!isLimited(row)) return none;
    const group = isOpen(exposure, row) ? peers.get(row.id) : undefined;
    const account = accountOf(exposure);
    const groups =
      group === undefined
        ? []
        : account === undefined
          ? [group.all]
          : [group.byAccount.get(account), group.anywhere];
    const most = groups.reduce((sum, names) => sum + (names?.size ?? 0), 0);
    return {
      active: active.get(groupOf(exposure, row))?.size ?? 0,
      // Fewer than the provider keeps leave room, whoever has them.
      peers: most < (row.slots ?? 0) ? [] : [...others(credentialOf(exposure), groups)].sort(codePointOrder),
    };
  };
}
