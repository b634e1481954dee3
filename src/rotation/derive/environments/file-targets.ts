/** Deployment targets of a copy as its file and the files beside it declare them. */
import type { FilesView } from '../../estate.js';
import { readYamlText, type YamlText } from '../yaml-text.js';
import { type DeclaredTarget, targetsOfName } from './declared-files.js';
import { kustomizeNamespace, mayDeclareTargets, targetsOfYaml } from './yaml-targets.js';

const mostBytes = 262_144;
const modeLine =
  /^\s*(?:export\s+)?["']?(?:RAILS_ENV|RACK_ENV|NODE_ENV|APP_ENV|FLASK_ENV|DJANGO_ENV|MIX_ENV|ASPNETCORE_ENVIRONMENT|DOTNET_ENVIRONMENT|SPRING_PROFILES_ACTIVE|DEPLOY_ENV|ENVIRONMENT)["']?\s*[=:]\s*["']?([\w.-]{1,64})["']?\s*$/;
const envFile = /(?:^|\/)(?:[^/]*\.env|\.env(?:\.[^/]+)?|\.envrc|\.flaskenv|\.dev\.vars)$/;

/** `NODE_ENV=production` says it for all of an env file. */
function targetsOfEnvFile(text: string): DeclaredTarget[] {
  return text.split('\n').flatMap((line, index) => {
    const name = modeLine.exec(line)?.[1];
    return name === undefined ? [] : [{ name, by: 'mode of the env file', line: index + 1 }];
  });
}

async function yamlOf(files: FilesView, path: string): Promise<YamlText | undefined> {
  const text = await files.read(path, mostBytes);
  return text === undefined ? undefined : readYamlText(text);
}

export interface FileTargets {
  /** @param line from 1, in the file as it is now; undefined for a copy that is no longer there */
  at(line: number | undefined): readonly DeclaredTarget[];
}

/** Reader of the files of one place; a kustomization is read once. */
export function fileTargetsReader(
  files: FilesView | undefined,
): (path: string, isThere: boolean) => Promise<FileTargets> {
  const folders = new Map<string, Promise<readonly DeclaredTarget[]>>();
  const paths = new Set(files?.paths ?? []);
  const besides = (path: string): Promise<readonly DeclaredTarget[]> => {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const known = folders.get(folder) ?? ofFolder(folder);
    folders.set(folder, known);
    return known;
  };
  const ofFolder = async (folder: string): Promise<readonly DeclaredTarget[]> => {
    const path = ['kustomization.yaml', 'kustomization.yml']
      .map((name) => folder + name)
      .find((candidate) => paths.has(candidate));
    const yaml = path === undefined || files === undefined ? undefined : await yamlOf(files, path);
    return yaml === undefined || path === undefined
      ? []
      : kustomizeNamespace(yaml).map((target) => ({ ...target, path }));
  };
  return async (path, isThere) => {
    const named = targetsOfName(path);
    if (!isThere || files === undefined) return { at: () => named };
    const yaml = mayDeclareTargets(path) ? await yamlOf(files, path) : undefined;
    const env = envFile.test(path) ? await files.read(path, mostBytes) : undefined;
    const whole = [...named, ...(await besides(path)), ...(env === undefined ? [] : targetsOfEnvFile(env))];
    return {
      at: (line) =>
        line === undefined || yaml === undefined ? whole : [...whole, ...targetsOfYaml(path, yaml, line)],
    };
  };
}
