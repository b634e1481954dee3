/** Kubernetes documents (`C7`): workloads, and the objects from which they take settings. */
import { declaredEnvironment } from '../environment-of.js';
import type { Reference, SourceFile, StoredObject, Workload } from '../workload.js';
import { at, documentsOf, forEachEntry, type Tree, textAt } from '../yaml-tree.js';

const workloadKinds: ReadonlySet<string> = new Set(
  'Pod Deployment StatefulSet DaemonSet ReplicaSet ReplicationController Job CronJob Rollout Service'.split(
    ' ',
  ),
);
const storeKinds: ReadonlySet<string> = new Set(['Secret', 'ConfigMap']);
/** Ciphertext: opened by the cluster only, so what it says of a Secret is its name. */
const producers: ReadonlySet<string> = new Set(['ExternalSecret', 'SealedSecret', 'SecretProviderClass']);

interface Naming {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

function namingOf(document: Tree): Naming | undefined {
  const kind = textAt(document, 'kind');
  const name = textAt(document, 'metadata', 'name') ?? textAt(document, 'metadata', 'generateName');
  if (kind === undefined || name === undefined || textAt(document, 'apiVersion') === undefined)
    return undefined;
  return { kind, name, namespace: textAt(document, 'metadata', 'namespace') };
}

/** Where a reference to an object may stand, by the key above it, and the key that holds the object's name. */
const referenceKeys: Readonly<
  Record<string, { readonly kind: StoredObject['kind']; readonly named: string }>
> = {
  secretKeyRef: { kind: 'Secret', named: 'name' },
  secretRef: { kind: 'Secret', named: 'name' },
  secret: { kind: 'Secret', named: 'secretName' },
  configMapKeyRef: { kind: 'ConfigMap', named: 'name' },
  configMapRef: { kind: 'ConfigMap', named: 'name' },
  configMap: { kind: 'ConfigMap', named: 'name' },
};

function referencesOf(document: Tree, namespace: string | undefined): readonly Reference[] {
  const found: Reference[] = [];
  const add = (kind: StoredObject['kind'], name: string, line: number, key?: string): void => {
    const object = { kind, name, ...(namespace === undefined ? {} : { namespace }) };
    found.push({ object, line, ...(key === undefined ? {} : { key }) });
  };
  forEachEntry(document, (key, value, line) => {
    const reference = Object.hasOwn(referenceKeys, key) ? referenceKeys[key] : undefined;
    const name = reference === undefined ? undefined : textAt(value, reference.named);
    if (reference !== undefined && name !== undefined) add(reference.kind, name, line, textAt(value, 'key'));
    if (key === 'imagePullSecrets' || key === 'sources') {
      for (const item of value.items) {
        const pulled = textAt(item, 'name') ?? textAt(item, 'secret', 'name');
        if (pulled !== undefined) add('Secret', pulled, item.from);
      }
    }
    // `env: - name: X` with a literal is a copy; the name alone asks for nothing.
  });
  return found;
}

const batchKinds: ReadonlySet<string> = new Set(['Job', 'CronJob']);

function runsOf(kind: string, document: Tree): string {
  if (kind === 'CronJob') return `cron ${textAt(document, 'spec', 'schedule') ?? ''}`.trim();
  return kind === 'Job' ? 'on-demand' : 'continuous';
}

function isMounted(document: Tree): boolean {
  let mounted = false;
  forEachEntry(document, (key, value) => {
    if (key === 'volumes' && value.items.some((item) => at(item, 'secret') !== undefined)) mounted = true;
  });
  return mounted;
}

function workloadOf(document: Tree, { kind, name, namespace }: Naming): Workload {
  const environment = namespace === 'default' ? undefined : declaredEnvironment(namespace);
  const object = { name, ...(namespace === undefined ? {} : { namespace }) };
  const isStore = storeKinds.has(kind);
  const isBatch = batchKinds.has(kind);
  return {
    name: `k8s:${namespace ?? 'default'}/${kind}/${name}`,
    kind: isBatch ? 'batch' : workloadKinds.has(kind) ? 'service' : 'unknown',
    reload: isBatch ? 'hot' : 'restart',
    runs: isStore || producers.has(kind) ? 'unknown' : runsOf(kind, document),
    ...(environment === undefined ? {} : { environment }),
    from: document.from,
    to: document.to,
    references: producers.has(kind) || isStore ? [] : referencesOf(document, namespace),
    ...(isStore
      ? { stores: { kind: kind as StoredObject['kind'], ...object }, confidence: 'probable' as const }
      : {}),
    ...(isMounted(document) ? { note: 'mounted as files: a reload may do' } : {}),
  };
}

export function kubernetesWorkloads(file: SourceFile): readonly Workload[] {
  const documents = documentsOf(file.text).flatMap((document) => {
    const items = at(document, 'items')?.items ?? [];
    return textAt(document, 'kind') === 'List' ? items : [document];
  });
  return documents.flatMap((document) => {
    const naming = namingOf(document);
    return naming === undefined ? [] : [workloadOf(document, naming)];
  });
}
