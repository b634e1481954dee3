/** Deployment targets that the name of a file declares: `values-prod.yaml`, `appsettings.Staging.json`. */

/** Each with a group for the target's name. */
const names: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)([^/]+?)(?:\.auto)?\.tfvars(?:\.json)?$/, 'name of the tfvars file'],
  [/(?:^|\/)terraform\.tfstate\.d\/([^/]+)\//, 'Terraform workspace'],
  [/(?:^|\/)Pulumi\.([^/]+)\.ya?ml$/, 'Pulumi stack'],
  [/(?:^|\/)(?:secrets[._-])?values[._-]([^/]+)\.ya?ml$/, 'Helm values file'],
  [/(?:^|\/)values\/([^/]+)\.ya?ml$/, 'Helm values file'],
  [/(?:^|\/)([^/]+)[._-]values\.ya?ml$/, 'Helm values file'],
  [/(?:^|\/)(?:application|bootstrap)-([^/]+)\.(?:ya?ml|properties)$/, 'Spring profile'],
  [/(?:^|\/)appsettings\.([^/]+)\.json$/, '.NET environment'],
  [/(?:^|\/)web\.([^/]+)\.config$/i, '.NET environment'],
  [/(?:^|\/)config\/(?:environments|credentials)\/([^/]+)\.(?:rb|key|yml\.enc)$/, 'Rails environment'],
];

export interface DeclaredTarget {
  /** As written. */
  readonly name: string;
  /** What declares it, in words. */
  readonly by: string;
  /** From 1; absent when the name of the file says it. */
  readonly line?: number;
  /** Path of the file that says so; absent for the copy's own. */
  readonly path?: string;
}

export function targetsOfName(path: string): readonly DeclaredTarget[] {
  return names.flatMap(([pattern, by]) => {
    const name = pattern.exec(path)?.[1];
    return name === undefined ? [] : [{ name, by }];
  });
}
