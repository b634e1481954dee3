/** Terraform and OpenTofu (`C9`): blocks of configuration, variable files, and state, which holds all in clear. */
import { declaredEnvironment } from '../environment-of.js';
import { matchedReferences } from '../lines.js';
import { baseOf, componentName, folderOf, type SourceFile, type Workload } from '../workload.js';

const block =
  /^\s*(resource|data|module|provider|variable|output|locals|terraform)\b(?:\s+"([^"]+)")?(?:\s+"([^"]+)")?\s*\{/;
const requested = /\b(?:var|local)\.([A-Za-z_][\w-]*)/g;

const common = { kind: 'service', reload: 'redeploy', runs: 'on-demand' } as const;

function addressOf(kind: string, first: string | undefined, second: string | undefined): string {
  if (kind === 'resource') return [first, second].filter(Boolean).join('.');
  return [kind, first, second].filter(Boolean).join('.');
}

/** Resources that keep secrets for others, with the argument that names them. */
const keepers: readonly (readonly [RegExp, string])[] = [
  [/^github_(?:actions|dependabot|codespaces)(?:_\w+)?_secret$/, 'secret_name'],
  [/^gitlab_(?:project|group|instance)_variable$|^bitbucket_\w*variable$|^tfe_variable$/, 'key'],
  [/^vault_kv_secret(?:_v2)?$|^azurerm_key_vault_secret$|^aws_ssm_parameter$|^circleci_\w*variable$/, 'name'],
];

/** What a resource stores, and the provider's block that holds the means to. */
function settingOf(
  file: SourceFile,
  type: string | undefined,
  from: number,
  to: number,
): Pick<Workload, 'sets' | 'setsThrough'> {
  const argument = keepers.find(([pattern]) => pattern.test(type ?? ''))?.[1];
  if (argument === undefined) return {};
  const assigned = new RegExp(`^\\s*${argument}\\s*=\\s*"(?:[^"$]*/)?([A-Za-z_][\\w-]*)"`);
  const sets = file.lines.slice(from - 1, to).flatMap((line) => assigned.exec(line)?.[1] ?? []);
  if (sets.length === 0) return {};
  return { sets, setsThrough: `${moduleName(file)}:provider.${type?.split('_')[0] ?? ''}` };
}

function moduleName(file: SourceFile): string {
  return componentName('tf', file.repository, folderOf(file.path));
}

function blocksOf(file: SourceFile): readonly Workload[] {
  const starts = file.lines.flatMap((text, index) => {
    const found = block.exec(text);
    return found === null
      ? []
      : [
          {
            line: index + 1,
            type: found[1] === 'resource' ? found[2] : undefined,
            address: addressOf(found[1] ?? '', found[2], found[3]),
          },
        ];
  });
  return starts.map(({ line, type, address }, index) => {
    const to = (starts[index + 1]?.line ?? file.lines.length + 1) - 1;
    return {
      name: `${moduleName(file)}:${address}`,
      ...common,
      from: line,
      to,
      references: matchedReferences(file.lines, requested, line, to),
      ...settingOf(file, type, line, to),
    };
  });
}

export function terraformWorkloads(file: SourceFile): readonly Workload[] {
  const base = baseOf(file.path);
  if (/\.(?:tf|tofu)$/.test(base)) {
    const blocks = blocksOf(file);
    if (blocks.length > 0) return blocks;
  }
  const isState = base.includes('.tfstate');
  const environment = /\.tfvars/.test(base) ? declaredEnvironment(base.split('.')[0]) : undefined;
  const isNamed =
    environment !== undefined && !/^(?:terraform|.*\.auto)$/.test(base.split('.tfvars')[0] ?? '');
  return [
    {
      name: moduleName(file),
      ...common,
      ...(isNamed ? { environment } : {}),
      references: [],
      ...(isState
        ? {
            note: 'state holds every attribute in clear: replace it in the state and purge older versions of it',
          }
        : {}),
    },
  ];
}
