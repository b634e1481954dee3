/** Charts (`C8`), templates of clouds (`C10`) and configuration management (`C11`): what a deployment writes. */
import { declaredEnvironment } from '../environment-of.js';
import { matchedReferences, wordReferences } from '../lines.js';
import { baseOf, componentName, folderOf, type SourceFile, type Workload } from '../workload.js';
import { at, documentsOf } from '../yaml-tree.js';

const deployed = { kind: 'service', reload: 'redeploy', runs: 'continuous' } as const;

/** `values-prod.yaml`, `values.prod.yaml`. */
const valuesOf = /^values[._-](.+)\.ya?ml$/;

export function chartWorkloads(file: SourceFile): readonly Workload[] {
  const at = file.path.search(/(?:^|\/)templates\//);
  const folder = at >= 0 ? file.path.slice(0, at) : folderOf(file.path);
  const environment = declaredEnvironment(valuesOf.exec(baseOf(file.path))?.[1]);
  const name = componentName('helm', file.repository, folder);
  return [
    {
      name: environment === undefined ? name : `${name}/${environment}`,
      ...deployed,
      ...(environment === undefined ? {} : { environment }),
      references: wordReferences(file.lines),
    },
  ];
}

const resolved =
  /\{\{resolve:(?:secretsmanager|ssm-secure|ssm):\/?([\w/-]+)|!Ref\s+([A-Za-z_]\w*)|"Ref"\s*:\s*"([A-Za-z_]\w*)"|\$\{(?:env:|self:|param:|ssm:)?([A-Za-z_]\w*)/g;

function resourcesOf(file: SourceFile): readonly { key: string; from: number; to: number }[] {
  return documentsOf(file.text).flatMap((document) =>
    ['Resources', 'functions', 'resources'].flatMap((key) =>
      (at(document, key)?.entries ?? [])
        .filter(({ value }) => value.entries.length > 0)
        .map(({ key: resource, line, value }) => ({ key: resource, from: line, to: value.to })),
    ),
  );
}

/** `Pulumi.prod.yaml`. */
const stackOf = /^(?:Pulumi|serverless|parameters)[.-]([\w-]+)\.(?:ya?ml|json)$/;

export function cloudTemplateWorkloads(file: SourceFile): readonly Workload[] {
  const environment = declaredEnvironment(stackOf.exec(baseOf(file.path))?.[1]);
  const name = componentName('iac', file.repository, file.path);
  const common = { ...deployed, ...(environment === undefined ? {} : { environment }) };
  const resources = /\.(?:ya?ml|json)$/.test(file.path) ? resourcesOf(file) : [];
  if (resources.length === 0) {
    return [{ name, ...common, references: matchedReferences(file.lines, resolved) }];
  }
  return resources.map(({ key, from, to }) => ({
    name: `${name}#${key}`,
    ...common,
    from,
    to,
    references: matchedReferences(file.lines, resolved, from, to),
  }));
}

/** `group_vars/web.yml` and `group_vars/web/vault.yml` are for the hosts of `web`. */
const hostsOf = /(?:^|\/)(?:group_vars|host_vars|roles)\/([^/]+?)(?:\.ya?ml)?(?:\/|$)/;

export function managedWorkloads(file: SourceFile): readonly Workload[] {
  const hosts = hostsOf.exec(file.path)?.[1] ?? baseOf(file.path);
  const environment = declaredEnvironment(hosts);
  return [
    {
      name: `cm:${file.repository}/${hosts}`,
      ...deployed,
      ...(environment === undefined || environment === hosts ? {} : { environment }),
      references: matchedReferences(file.lines, /\{\{\s*([A-Za-z_]\w*)/g),
    },
  ];
}
