/** What Kubernetes documents make: service accounts, and the roles that bindings give them. */
import { at, documentsOf, type Tree, textAt } from '../consumers/yaml-tree.js';
import type { Creation, Grant } from './code-site.js';
import { type KnownPrivilege, privilegeOfRole } from './privilege-words.js';

/** True for texts that may hold one; most documents of a cluster are of other kinds. */
export function mayGrant(text: string): boolean {
  return /^["']?kind["']?\s*:\s*["']?(?:ServiceAccount|(?:Cluster)?RoleBinding|List)\b/m.test(text);
}

function flattened(document: Tree): readonly Tree[] {
  return textAt(document, 'kind') === 'List' ? (at(document, 'items')?.items ?? []) : [document];
}

/** `admin` of one namespace may all in it, and nothing outside. */
function privilegeOf(role: string, isEverywhere: boolean): KnownPrivilege | undefined {
  const privilege = privilegeOfRole(role);
  if (privilege === 'admin') return isEverywhere ? 'admin' : 'write';
  return privilege;
}

export interface ClusterCode {
  readonly creations: readonly Creation[];
  readonly grants: readonly Grant[];
}

export function clusterCode(place: string, path: string, text: string): ClusterCode {
  const creations: Creation[] = [];
  const grants: Grant[] = [];
  for (const document of documentsOf(text).flatMap(flattened)) {
    const kind = textAt(document, 'kind') ?? '';
    const name = textAt(document, 'metadata', 'name') ?? '';
    const namespace = textAt(document, 'metadata', 'namespace') ?? 'default';
    const evidence = { place, path, line: document.from, note: `${kind} ${name}` };
    if (kind === 'ServiceAccount') {
      creations.push({ token: `k8s ${namespace}/${name}`, address: `${kind} ${name}`, evidence });
    }
    if (!/^(?:Cluster)?RoleBinding$/.test(kind)) continue;
    const role = textAt(document, 'roleRef', 'name') ?? 'unknown';
    const isEverywhere = kind === 'ClusterRoleBinding';
    for (const subject of at(document, 'subjects')?.items ?? []) {
      if (textAt(subject, 'kind') !== 'ServiceAccount') continue;
      grants.push({
        token: `k8s ${textAt(subject, 'namespace') ?? namespace}/${textAt(subject, 'name') ?? ''}`,
        kind: 'cluster',
        target: isEverywhere ? 'all namespaces' : `namespace ${namespace}`,
        role,
        privilege: privilegeOf(role, isEverywhere),
        isWildcard: isEverywhere && role === 'cluster-admin',
        evidence: { ...evidence, note: `${kind} ${name}: ${role}` },
      });
    }
  }
  return { creations, grants };
}
