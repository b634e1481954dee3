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

function moduleName(file: SourceFile): string {
  return componentName('tf', file.repository, folderOf(file.path));
}

function blocksOf(file: SourceFile): readonly Workload[] {
  const starts = file.lines.flatMap((text, index) => {
    const found = block.exec(text);
    return found === null
      ? []
      : [{ line: index + 1, address: addressOf(found[1] ?? '', found[2], found[3]) }];
  });
  return starts.map(({ line, address }, index) => {
    const to = (starts[index + 1]?.line ?? file.lines.length + 1) - 1;
    return {
      name: `${moduleName(file)}:${address}`,
      ...common,
      from: line,
      to,
      references: matchedReferences(file.lines, requested, line, to),
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
