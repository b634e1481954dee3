/** How much roles, policies, scopes and permission letters allow. Words that say nothing give nothing. */
import type { Privilege } from '../../imports.js';

export type KnownPrivilege = Exclude<Privilege, 'unknown'>;

const order: readonly KnownPrivilege[] = ['none', 'read', 'write', 'admin'];

export function highestPrivilege(found: Iterable<KnownPrivilege>): KnownPrivilege | undefined {
  const known = new Set(found);
  return [...order].reverse().find((privilege) => known.has(privilege));
}

const adminRoles: ReadonlySet<string> = new Set([
  'owner',
  'roles/owner',
  'cluster-admin',
  'user access administrator',
  'administratoraccess',
  'administrator',
  'roles/resourcemanager.organizationadmin',
  'roles/iam.securityadmin',
  'rds_superuser',
  'superuser',
  'sysadmin',
  'dbowner',
  'atlasadmin',
]);

/** `roles/storage.objectViewer`, `Contributor`, `cluster-admin`, `AdministratorAccess`. */
export function privilegeOfRole(role: string): KnownPrivilege | undefined {
  const word = role.replace(/^arn:aws[\w-]*:iam::aws:policy\/(?:[\w-]+\/)*/, '').toLowerCase();
  if (adminRoles.has(word)) return 'admin';
  if (/^(?:roles\/)?viewer$|reader$|read-?only(?:access)?$|^view$|viewer$|^read$/.test(word)) return 'read';
  if (/^(?:roles\/)?editor$|contributor$|writer$|editor$|^edit$|poweruseraccess$|fullaccess$/.test(word))
    return 'write';
  // The administrator of one service is none of the account.
  if (/admin$|user$|creator$|publisher$|^write$|^readwrite$/.test(word)) return 'write';
  return undefined;
}

/** Letters of the `sp` field of a shared access signature: read, add, create, write, delete, list, ... */
export function privilegeOfSas(letters: string): KnownPrivilege | undefined {
  if (!/^[a-z]{1,20}$/.test(letters)) return undefined;
  // Ownership and permissions hand out rights to others.
  if (/[op]/.test(letters)) return 'admin';
  return /[acwdxyumi]/.test(letters) ? 'write' : 'read';
}

const readScope = /(?:^|[.:/_-])(?:read(?:only|er)?|view(?:er)?|list|get)(?:$|[.:/_-])|\.readonly$/;
const writeScope =
  /(?:^|[.:/_-])(?:write(?:r)?|edit|manage|create|update|delete|modify|send|post|push|publish|upload|api|repo|full|readwrite)(?:$|[.:/_-])/;
const adminScope =
  /(?:^|[.:/_-])(?:admin|administer|owner|sudo|superuser|root|site_admin)(?:$|[.:/_-])|^\*(?::\*)?$|\.fullcontrol\.all$|cloud-platform$/;
/** Say who somebody is, and allow nothing. */
const identityScope = /^(?:openid|profile|email|address|phone|offline_access)$/;

/**
 * What a list of OAuth scopes allows: the most that one of them says. A list with a scope of which nothing is known says
 * only what it surely allows, and nothing when that is little.
 */
export function privilegeOfScopes(scopes: readonly string[]): KnownPrivilege | undefined {
  const found = scopes.filter((scope) => scope !== '').map(privilegeOfScope);
  const highest = highestPrivilege(found.filter((privilege) => privilege !== undefined));
  const isSure = found.length > 0 && !found.includes(undefined);
  return highest === 'admin' || highest === 'write' || isSure ? highest : undefined;
}

function privilegeOfScope(scope: string): KnownPrivilege | undefined {
  const word = scope.toLowerCase();
  if (identityScope.test(word)) return 'none';
  if (/^read:/.test(word)) return 'read';
  if (adminScope.test(word)) return 'admin';
  if (writeScope.test(word)) return 'write';
  return readScope.test(word) ? 'read' : undefined;
}
