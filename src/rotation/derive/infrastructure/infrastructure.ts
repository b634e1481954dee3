/**
 * What code of infrastructure says of principals: which file makes them (`O4`), what they are granted (`R6`) and how much
 * that is; and which clouds trust every job of a CI. Every file is read once a run.
 */
import type { Exposure } from '../../../model/exposure.js';
import { factAttributes, secretSubject } from '../../attributes.js';
import type { Consumer, Resource } from '../../dossier.js';
import type { Estate, FilesView } from '../../estate.js';
import type { Fact, FactEvidence } from '../../fact.js';
import { sortedSet } from '../../order.js';
import { attributeReader } from '../attribute-reader.js';
import { baseOf, folderOf } from '../consumers/workload.js';
import { sortedEvidence } from '../owners/settle.js';
import { principalsOf } from '../principal.js';
import { clusterCode, mayGrant } from './cluster-code.js';
import { type CodeName, codeNamesOf } from './code-names.js';
import type { Creation, Grant } from './code-site.js';
import { isSettingsFile } from './code-values.js';
import { highestPrivilege, privilegeOfSas, privilegeOfScopes } from './privilege-words.js';
import { mayGrantInSql, sqlRights } from './sql-grants.js';
import { clientsInState, keysInState } from './state-files.js';
import { terraformCode } from './terraform-code.js';
import { type WideTrust, wideTrustOfBlock, wideTrustOfText } from './trust-policies.js';

/** What stands in the code of one place. */
interface PlaceCode {
  readonly creations: ReadonlyMap<string, readonly Creation[]>;
  readonly grants: readonly Grant[];
  readonly trusts: readonly WideTrust[];
}

export interface Infrastructure {
  /** Files that make the principals of a secret. */
  creationsOf(exposure: Exposure): readonly FactEvidence[];
  /** What its principals are granted. */
  resourcesOf(exposure: Exposure): readonly Resource[];
  facts(exposures: readonly Exposure[], consumersOf: (fingerprint: string) => readonly Consumer[]): Fact[];
}

/** Sorts of principals that code names; without one of them and without a cloud's key no code is read. */
function isNameable(estate: Estate): boolean {
  return estate.exposures.some((exposure) =>
    principalsOf(exposure).some(({ key }) => codeNamesOf(key).length > 0),
  );
}

const isTerraform = /\.(?:tf|tofu)$/;
const isState = /\.tfstate(?:\.backup)?$/;
/** Of JSON only what its path calls a policy or template: most of it is data. */
const isDocument =
  /\.ya?ml$|(?:polic|trust|role|iam|template|stack|cloudformation|rbac)[^/]*(?:\/[^/]+)?\.json$/i;
const isSql = /\.sql$/i;
/** Migrations of one place beyond which the rest is taken to say nothing new. */
const maxSqlFiles = 500;
/** Larger documents are data. */
const maxDocument = 256 * 1024;

/** The nearest folder with code, from the file's own upwards. */
function codeFolderOf(path: string, code: ReadonlySet<string>): string {
  const own = folderOf(path);
  for (let folder = own, depth = 0; depth < 3; depth++) {
    if (code.has(folder)) return folder;
    if (folder === '') break;
    folder = folderOf(folder);
  }
  return own;
}

class CodeReader {
  readonly #view: FilesView;
  readonly creations = new Map<string, Creation[]>();
  readonly grants: Grant[] = [];
  readonly trusts: WideTrust[] = [];

  constructor(view: FilesView) {
    this.#view = view;
  }

  #make(creation: Creation): void {
    const known = this.creations.get(creation.token);
    if (known === undefined) this.creations.set(creation.token, [creation]);
    else known.push(creation);
  }

  async read(): Promise<PlaceCode> {
    const { place, paths } = this.#view;
    const folders = new Map<string, { readonly path: string; readonly text: string }[]>();
    const codeFolders = new Set(paths.filter((path) => isTerraform.test(path)).map(folderOf));
    let sqlFiles = 0;
    for (const path of paths) {
      if (isTerraform.test(path) || isSettingsFile(path)) {
        const text = await this.#view.read(path);
        // Settings for each environment often lie in a folder below the code.
        const folder = isTerraform.test(path) ? folderOf(path) : codeFolderOf(path, codeFolders);
        if (text !== undefined) folders.set(folder, [...(folders.get(folder) ?? []), { path, text }]);
      } else if (isDocument.test(path) && !/(?:^|\/)(?:node_modules|vendor)\//.test(path)) {
        await this.#readDocument(path);
      } else if (isSql.test(path) && sqlFiles < maxSqlFiles) {
        sqlFiles++;
        await this.#readSql(path);
      }
    }
    const keys = await this.#keysInStates();
    for (const files of folders.values()) this.#readFolder(place, files, keys);
    return this;
  }

  async #readSql(path: string): Promise<void> {
    const text = await this.#view.read(path, maxDocument);
    if (text === undefined || !mayGrantInSql(text)) return;
    const { creations, grants } = sqlRights(this.#view.place, path, text);
    for (const creation of creations) this.#make(creation);
    this.grants.push(...grants);
  }

  async #readDocument(path: string): Promise<void> {
    const text = await this.#view.read(path, maxDocument);
    if (text === undefined) return;
    this.trusts.push(...wideTrustOfText(this.#view.place, path, text));
    if (!mayGrant(text)) return;
    const { creations, grants } = clusterCode(this.#view.place, path, text);
    for (const creation of creations) this.#make(creation);
    this.grants.push(...grants);
  }

  async #keysInStates(): Promise<ReadonlyMap<string, readonly string[]>> {
    const byAddress = new Map<string, string[]>();
    for (const path of this.#view.paths.filter((name) => isState.test(baseOf(name)))) {
      const text = await this.#view.read(path);
      for (const [id, address] of keysInState(text ?? '')) {
        byAddress.set(address, [...(byAddress.get(address) ?? []), `aws ${id}`]);
      }
      for (const [id, address] of clientsInState(text ?? '')) {
        byAddress.set(address, [...(byAddress.get(address) ?? []), `client ${id}`]);
      }
    }
    return byAddress;
  }

  #readFolder(
    place: string,
    files: readonly { readonly path: string; readonly text: string }[],
    keys: ReadonlyMap<string, readonly string[]>,
  ): void {
    const code = terraformCode(place, files);
    const tokensOf = new Map<string, string[]>();
    for (const creation of code.creations) {
      const address = creation.address.slice(creation.address.indexOf('#') + 1);
      const tokens = creation.token === '' ? (keys.get(address) ?? []) : [creation.token];
      for (const token of tokens) this.#make({ ...creation, token });
      // A key has the rights of its user.
      const owner = code.users.get(creation.address) ?? creation.address;
      tokensOf.set(owner, [...(tokensOf.get(owner) ?? []), ...tokens]);
    }
    for (const grant of code.grants) {
      if (grant.token !== undefined) this.grants.push(grant);
      for (const token of tokensOf.get(grant.address ?? '') ?? []) this.grants.push({ ...grant, token });
    }
    for (const { block, evidence } of code.sites) this.trusts.push(...wideTrustOfBlock(block, evidence));
  }
}

function byToken(grants: readonly Grant[]): ReadonlyMap<string, readonly Grant[]> {
  const found = new Map<string, Grant[]>();
  for (const grant of grants) {
    const token = grant.token ?? '';
    const known = found.get(token);
    if (known === undefined) found.set(token, [grant]);
    else known.push(grant);
  }
  return found;
}

export async function readInfrastructure(estate: Estate): Promise<Infrastructure> {
  const code = new Map<string, PlaceCode>();
  const grants = new Map<string, ReadonlyMap<string, readonly Grant[]>>();
  const isWanted = isNameable(estate) || estate.exposures.some((exposure) => isCloudKey(exposure, estate));
  for (const [place, view] of isWanted ? estate.files : []) {
    const found = await new CodeReader(view).read();
    code.set(place, found);
    grants.set(place, byToken(found.grants));
  }
  /** Of the secret's own places first; names that are one of many tell nothing elsewhere. */
  const lookUp = <T>(
    exposure: Exposure,
    of: (place: string, token: string) => readonly T[],
  ): readonly T[] => {
    const names = principalsOf(exposure).flatMap(({ key }) => codeNamesOf(key));
    return names.flatMap((name) => lookUpName(name, exposure.places, [...code.keys()], of));
  };
  const grantsOf = (exposure: Exposure): readonly Grant[] =>
    lookUp(exposure, (place, token) => grants.get(place)?.get(token) ?? []);
  return {
    creationsOf: (exposure) =>
      lookUp(exposure, (place, token) => code.get(place)?.creations.get(token) ?? []).map(
        ({ evidence }) => evidence,
      ),
    resourcesOf: (exposure) =>
      grantsOf(exposure).map(({ kind, target, role }) => ({
        kind,
        address: role === 'unknown' ? target : `${target} (${role})`,
        rule: 'R6',
      })),
    facts: (exposures, consumersOf) =>
      exposures.flatMap((exposure) => [
        ...privilegeFacts(exposure, grantsOf(exposure), estate),
        ...trustFacts(exposure, consumersOf(exposure.fingerprint), code, estate),
      ]),
  };
}

function lookUpName<T>(
  { token, isLocal }: CodeName,
  own: readonly string[],
  all: readonly string[],
  of: (place: string, token: string) => readonly T[],
): readonly T[] {
  const near = own.flatMap((place) => of(place, token));
  if (near.length > 0 || isLocal) return near;
  return all.flatMap((place) => of(place, token));
}

const clouds = /^(?:aws|gcp|google|azure|entra)[.-]/;

function isCloudKey({ labels }: Exposure, { providers }: Estate): boolean {
  return labels.some(({ kind }) => clouds.test(kind) || clouds.test(providers.rowOf(kind).id));
}

function derived(
  { fingerprint }: Exposure,
  attribute: string,
  value: Fact['value'],
  rule: string,
  evidence: readonly FactEvidence[],
): Fact {
  return {
    subject: secretSubject(fingerprint),
    attribute,
    value,
    origin: 'derived',
    rule,
    confidence: 'strong',
    evidence: sortedEvidence(evidence),
  };
}

/** One fact: the most that code, permissions and scopes allow. */
function privilegeFacts(exposure: Exposure, grants: readonly Grant[], estate: Estate): Fact[] {
  const facts: Fact[] = [];
  const known = grants.flatMap(({ privilege }) => privilege ?? []);
  const highest = highestPrivilege(known);
  // Beside a role of which nothing is known, little is no answer.
  const isSure = known.length === grants.length || highest === 'admin' || highest === 'write';
  if (highest !== undefined && isSure) {
    const telling = grants.filter(({ privilege }) => privilege === highest);
    const evidence = telling.map((grant) => grant.evidence);
    facts.push(derived(exposure, factAttributes.privilege, highest, 'R6', evidence));
  }
  const wide = grants.filter(({ isWildcard }) => isWildcard);
  if (wide.length > 0) {
    const evidence = wide.map((grant) => grant.evidence);
    facts.push(derived(exposure, factAttributes.wildcardPolicy, true, 'R6', evidence));
  }
  const scopes = scopePrivilege(exposure, estate);
  if (scopes !== undefined && facts.every(({ attribute }) => attribute !== factAttributes.privilege)) {
    facts.push(derived(exposure, factAttributes.privilege, scopes.privilege, 'scopes', scopes.evidence));
  }
  return facts;
}

function scopePrivilege(
  exposure: Exposure,
  { imports }: Estate,
): { readonly privilege: string; readonly evidence: readonly FactEvidence[] } | undefined {
  const attributes = attributeReader(exposure);
  const [place = ''] = sortedSet(exposure.places);
  const letters = attributes.all('sas-sp').map(privilegeOfSas);
  const sas = highestPrivilege(letters.filter((privilege) => privilege !== undefined));
  if (sas !== undefined) return { privilege: sas, evidence: [{ place, note: 'attribute sas-sp' }] };
  const written = attributes.all('jwt-scope').flatMap((text) => text.split(/[\s,]+/));
  const inToken = privilegeOfScopes(written);
  if (inToken !== undefined)
    return { privilege: inToken, evidence: [{ place, note: 'attribute jwt-scope' }] };
  const checked = imports.liveness.filter(
    ({ fingerprint, scopes }) => scopes.length > 0 && exposure.fingerprint.startsWith(fingerprint),
  );
  const stated = privilegeOfScopes(checked.flatMap(({ scopes }) => scopes));
  const sources = checked.map(({ by, checkedAt }) => ({ place: by, note: `scopes, checked ${checkedAt}` }));
  return stated === undefined ? undefined : { privilege: stated, evidence: sources };
}

/** A cloud's key, or what a pipeline of the CI uses, beside a cloud that trusts all of that CI. */
function trustFacts(
  exposure: Exposure,
  consumers: readonly Consumer[],
  code: ReadonlyMap<string, PlaceCode>,
  estate: Estate,
): Fact[] {
  const trusts = exposure.places.flatMap((place) => code.get(place)?.trusts ?? []);
  if (trusts.length === 0) return [];
  const isCloud = isCloudKey(exposure, estate);
  const concerned = trusts.filter(
    ({ ci }) =>
      isCloud || consumers.some(({ name, current }) => current !== 'former' && name.startsWith(`${ci}:`)),
  );
  return concerned.length === 0
    ? []
    : [
        derived(
          exposure,
          factAttributes.oidcTrustWide,
          true,
          'OIDC_TRUST_WIDE',
          concerned.map(({ evidence }) => evidence),
        ),
      ];
}
