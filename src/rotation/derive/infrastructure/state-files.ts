/** State of Terraform: which resource made a credential that is known by its id. */

/** Ids of access keys with the resource that made them: `AKIA...` to `aws_iam_access_key.deploy`. */
export function keysInState(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (!text.includes('"aws_iam_access_key"')) return found;
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    return found;
  }
  for (const resource of listAt(state, 'resources')) {
    const { type, name } = (resource ?? {}) as { readonly type?: unknown; readonly name?: unknown };
    if (type !== 'aws_iam_access_key' || typeof name !== 'string') continue;
    for (const instance of listAt(resource, 'instances')) {
      const { attributes } = (instance ?? {}) as { readonly attributes?: { readonly id?: unknown } };
      if (typeof attributes?.id === 'string') found.set(attributes.id, `${type}.${name}`);
    }
  }
  return found;
}

/** Client ids of applications with the resource that made them: the id to `azuread_application.api`. */
export function clientsInState(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (!text.includes('"azuread_')) return found;
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    return found;
  }
  for (const resource of listAt(state, 'resources')) {
    const { type, name } = (resource ?? {}) as { readonly type?: unknown; readonly name?: unknown };
    if (typeof type !== 'string' || typeof name !== 'string') continue;
    if (type !== 'azuread_application' && type !== 'azuread_service_principal') continue;
    for (const instance of listAt(resource, 'instances')) {
      const { attributes = {} } = (instance ?? {}) as {
        readonly attributes?: Readonly<Record<string, unknown>>;
      };
      const id = attributes['client_id'] ?? attributes['application_id'];
      if (typeof id === 'string' && !found.has(id)) found.set(id, `${type}.${name}`);
    }
  }
  return found;
}

function listAt(value: unknown, key: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const list = (value as Readonly<Record<string, unknown>>)[key];
  return Array.isArray(list) ? list : [];
}
