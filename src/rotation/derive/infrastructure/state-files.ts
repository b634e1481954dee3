/** State of Terraform: which resource made a credential that is known by its id. */

interface Instance {
  readonly type: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Instances of the resources of these types, in the order of the file; none where it is no state or damaged. */
function* instancesOf(text: string, types: readonly string[]): Generator<Instance> {
  if (!types.some((type) => text.includes(`"${type}"`))) return;
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    return;
  }
  for (const resource of listAt(state, 'resources')) {
    const { type, name } = (resource ?? {}) as { readonly type?: unknown; readonly name?: unknown };
    if (typeof type !== 'string' || typeof name !== 'string' || !types.includes(type)) continue;
    for (const instance of listAt(resource, 'instances')) {
      const { attributes } = (instance ?? {}) as { readonly attributes?: Instance['attributes'] | null };
      yield { type, name, attributes: attributes ?? {} };
    }
  }
}

/** Ids of access keys with the resource that made them: `AKIA...` to `aws_iam_access_key.deploy`. */
export function keysInState(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { type, name, attributes } of instancesOf(text, ['aws_iam_access_key'])) {
    const id = attributes['id'];
    if (typeof id === 'string') found.set(id, `${type}.${name}`);
  }
  return found;
}

/** Client ids of applications with the resource that made them: the id to `azuread_application.api`; the first counts. */
export function clientsInState(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const types = ['azuread_application', 'azuread_service_principal'];
  for (const { type, name, attributes } of instancesOf(text, types)) {
    const id = attributes['client_id'] ?? attributes['application_id'];
    if (typeof id === 'string' && !found.has(id)) found.set(id, `${type}.${name}`);
  }
  return found;
}

function listAt(value: unknown, key: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const list = (value as Readonly<Record<string, unknown>>)[key];
  return Array.isArray(list) ? list : [];
}
