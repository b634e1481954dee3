/** The reader of each container rule. */
import type { Components } from './components.js';
import type { ContainerRule } from './containers.js';
import { componentWorkload, pathWorkloads } from './path-workload.js';
import { agentWorkloads } from './readers/agent-config.js';
import { composeWorkloads } from './readers/compose.js';
import { toolWorkloads } from './readers/developer-tool.js';
import { dockerWorkloads } from './readers/dockerfile.js';
import { githubWorkloads } from './readers/github-workflow.js';
import { gitlabWorkloads } from './readers/gitlab-ci.js';
import { chartWorkloads, cloudTemplateWorkloads, managedWorkloads } from './readers/infrastructure.js';
import { kubernetesWorkloads } from './readers/kubernetes.js';
import { notebookWorkloads } from './readers/notebook.js';
import { jenkinsWorkloads, otherCiWorkloads } from './readers/other-ci.js';
import { operatingSystemWorkloads } from './readers/schedules.js';
import { codeReferences } from './readers/source-code.js';
import { terraformWorkloads } from './readers/terraform.js';
import type { SourceFile, Workload, WorkloadReader } from './workload.js';

const readers: Readonly<Partial<Record<ContainerRule, WorkloadReader>>> = {
  C1: githubWorkloads,
  C2: gitlabWorkloads,
  C3: jenkinsWorkloads,
  C4: otherCiWorkloads,
  C5: dockerWorkloads,
  C6: composeWorkloads,
  C7: kubernetesWorkloads,
  C8: chartWorkloads,
  C9: terraformWorkloads,
  C10: cloudTemplateWorkloads,
  C11: managedWorkloads,
  C12: operatingSystemWorkloads,
  C16: toolWorkloads,
  C17: agentWorkloads,
  C19: notebookWorkloads,
};

/** Rules whose files may ask for secrets by name. */
export function asksByName(rule: ContainerRule | undefined): boolean {
  return rule !== undefined && (Object.hasOwn(readers, rule) || /^C1[345]$/.test(rule));
}

/** What runs according to a file. Files that a reader cannot take apart tell by their names. */
export function workloadsOf(
  rule: ContainerRule | undefined,
  file: SourceFile,
  components: Components,
): readonly Workload[] {
  if (rule === 'C13' || rule === 'C14' || rule === 'C15') {
    const references = rule === 'C13' ? [] : codeReferences(file);
    return [{ ...componentWorkload(rule, file, components), references }];
  }
  const found = rule === undefined ? undefined : readers[rule]?.(file);
  return found === undefined || found.length === 0 ? pathWorkloads(rule, file, components) : found;
}
