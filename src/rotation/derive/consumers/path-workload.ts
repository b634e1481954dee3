/** What a file tells by its name alone: the consumer of copies in history, and of files that no reader takes apart. */
import type { Components } from './components.js';
import { type ContainerRule, isTestPath } from './containers.js';
import { agentClient } from './readers/agent-config.js';
import { toolWorkloads } from './readers/developer-tool.js';
import { chartWorkloads, cloudTemplateWorkloads, managedWorkloads } from './readers/infrastructure.js';
import { terraformWorkloads } from './readers/terraform.js';
import { baseOf, componentName, folderOf, type SourceFile, type Workload } from './workload.js';

/** Pages and bundles that are delivered to whoever asks. */
const delivered = /\.min\.js$|(?:^|\/)(?:public|static|www)\/.*\.(?:js|mjs|html?|map)$/;
const shippedFile = /(?:^|\/)(?:google-services\.json|GoogleService-Info\.plist|firebase[^/]*\.js)$/;
/** Names that build tools copy into what browsers get. */
const shippedName = /^(?:NEXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC|GATSBY|PUBLIC)_/;

/** A program or its settings: named after its component. */
export function componentWorkload(
  rule: ContainerRule,
  { repository, path, component }: Pick<SourceFile, 'repository' | 'path' | 'component'>,
  components: Components,
  name?: string,
): Workload {
  const isShipped =
    components.isShipped(component) ||
    delivered.test(path) ||
    shippedFile.test(path) ||
    (name !== undefined && shippedName.test(name));
  const isRelease = isShipped || rule === 'C15' || rule === 'C21';
  return {
    name: componentName(isShipped ? 'client' : 'app', repository, component),
    kind: isShipped ? 'shipped-client' : 'service',
    reload: isRelease ? 'release' : 'restart',
    runs: 'continuous',
    references: [],
    ...(components.hasManifest(path) ? {} : { confidence: 'probable' as const }),
    ...(isShipped ? { note: 'releases that are out keep the old value' } : {}),
  };
}

function testWorkload({ repository, path, component }: SourceFile): Workload[] {
  if (!isTestPath(path)) return [];
  return [
    {
      name: componentName('test', repository, component),
      kind: 'test',
      reload: 'hot',
      runs: 'on-demand',
      references: [],
      confidence: 'probable',
    },
  ];
}

function named(name: string, kind: Workload['kind'], reload: Workload['reload']): Workload[] {
  return [{ name, kind, reload, runs: 'unknown', references: [] }];
}

/** Workloads that the path shows; none for copies that nothing uses. */
export function pathWorkloads(
  rule: ContainerRule | undefined,
  file: SourceFile,
  components: Components,
  name?: string,
): readonly Workload[] {
  const { repository, path } = file;
  switch (rule) {
    case 'C1':
      return named(`gha:${repository}/${baseOf(path)}`, 'ci', 'hot');
    case 'C2':
      return named(`gitlab:${repository}`, 'ci', 'hot');
    case 'C3':
      return named(`jenkins:${repository}/${path}`, 'ci', 'hot');
    case 'C4':
      return named(`ci:${repository}/${baseOf(path)}`, 'ci', 'hot');
    case 'C5':
      return named(`image:${repository}/${path}`, 'build', 'rebuild');
    case 'C6':
      return named(componentName('compose', repository, folderOf(path)), 'service', 'restart');
    case 'C7':
      return named(`k8s:${repository}/${path}`, 'service', 'restart');
    case 'C8':
      return chartWorkloads(file);
    case 'C9':
      return terraformWorkloads(file);
    case 'C10':
      return cloudTemplateWorkloads(file);
    case 'C11':
      return managedWorkloads(file);
    case 'C12':
      return named(`os:${baseOf(path)}`, 'service', 'restart');
    case 'C13':
    case 'C14':
    case 'C15':
      return [componentWorkload(rule, file, components, name)];
    case 'C16':
      return toolWorkloads(file);
    case 'C17':
      return named(`agent:${agentClient(path)}`, 'agent', 'restart');
    case 'C18':
      return [{ ...named(`agent:${repository}`, 'agent', 'unknown')[0], confidence: 'weak' } as Workload];
    case 'C19':
      return named(`notebook:${repository}/${path}`, 'human-tool', 'manual');
    case 'C21':
      return delivered.test(path) ? [componentWorkload(rule, file, components)] : [];
    case 'C22':
      return testWorkload(file);
    default:
      return [];
  }
}
