/**
 * Whose credential a secret is, where its own text does not say: an inventory entry that matches several of them, or a
 * check that saw the account. Two keys of one AWS user are one principal then, with as many values as the provider keeps
 * valid at once.
 */
import type { Exposure } from '../../model/exposure.js';
import type { Estate } from '../estate.js';
import { knownLabel } from '../facts/known-label.js';
import type { Liveness } from '../imports.js';
import { codePointOrder, sortedSet } from '../order.js';
import { fingerprintIndex } from './fingerprint-index.js';
import { entryOf, inventoryMatcher } from './inventory-match.js';
import { credentialOf, isCredentialKey, principalsOf, statedPrincipal } from './principal.js';

type StatedIn = Pick<Estate, 'exposures' | 'imports' | 'providers'>;

const userArn = /^arn:aws[a-z-]{0,8}:iam::(\d{12}):user\/(?:[^/]+\/)*([^/]+)$/;

/** The key of a principal as other facts spell it. */
function keyOf(principal: string): string {
  const [, account, user] = userArn.exec(principal) ?? [];
  return user === undefined ? principal : `aws:${account}:user/${user}`;
}

/** The account that the latest check of each secret saw. */
function checkedPrincipals(checks: readonly Liveness[]): (exposure: Exposure) => string | undefined {
  const rowsOf = fingerprintIndex(
    checks.filter(({ principal }) => principal !== undefined),
    ({ fingerprint }) => fingerprint,
  );
  return (exposure) => {
    const [last] = [...rowsOf(exposure)].sort(
      (a, b) =>
        codePointOrder(b.checkedAt, a.checkedAt) ||
        codePointOrder(keyOf(a.principal ?? ''), keyOf(b.principal ?? '')),
    );
    return last?.principal === undefined ? undefined : keyOf(last.principal);
  };
}

interface Member {
  readonly exposure: Exposure;
  /** The account, where something names it. */
  readonly account?: string;
  readonly slots: number;
}

/** What an entry calls one is one, unless the secrets themselves name several accounts, or a path catches too many. */
function unitedKey(id: string, isByPath: boolean, members: readonly Member[]): string | undefined {
  const [first] = members;
  const accounts = sortedSet(members.flatMap(({ account }) => account ?? []));
  const credentials = new Set(members.map(({ exposure }) => credentialOf(exposure))).size;
  if (first === undefined || credentials < 2 || accounts.length > 1) return undefined;
  return isByPath && credentials > first.slots ? undefined : (accounts[0] ?? `inventory:${id}`);
}

/** By fingerprint, the key of the principal that somebody states. */
function statedKeys({ exposures, imports, providers }: StatedIn): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  if (imports.identities.length + imports.liveness.length === 0) return keys;
  const checked = checkedPrincipals(imports.liveness);
  const matchOf = inventoryMatcher({ imports, providers });
  const groups = new Map<string, { readonly id: string; isByPath: boolean; readonly members: Member[] }>();
  for (const exposure of exposures) {
    const own = checked(exposure);
    if (own !== undefined) keys.set(exposure.fingerprint, own);
    const { provider } = knownLabel(exposure, providers);
    const found = matchOf(exposure);
    const entry = entryOf(found);
    if (entry === undefined || provider.slots === undefined) continue;
    const [principal] = principalsOf(exposure);
    const account = own ?? (isCredentialKey(principal) ? undefined : principal.key);
    const member = { exposure, slots: provider.slots, ...(account === undefined ? {} : { account }) };
    const name = JSON.stringify([entry.id, entry.origin.file, provider.id]);
    const group = groups.get(name) ?? { id: entry.id, isByPath: false, members: [] };
    group.isByPath ||= found.match?.by === 'path';
    group.members.push(member);
    groups.set(name, group);
  }
  for (const { id, isByPath, members } of groups.values()) {
    const key = unitedKey(id, isByPath, members);
    if (key === undefined) continue;
    for (const { exposure } of members) keys.set(exposure.fingerprint, key);
  }
  return keys;
}

/** The secrets, those whose account somebody states with its key among their attributes. */
export function withStatedPrincipals(stated: StatedIn): readonly Exposure[] {
  const keys = statedKeys(stated);
  if (keys.size === 0) return stated.exposures;
  return stated.exposures.map((exposure) => {
    const text = keys.get(exposure.fingerprint);
    return text === undefined
      ? exposure
      : { ...exposure, attributes: [...exposure.attributes, { name: statedPrincipal, text }] };
  });
}
