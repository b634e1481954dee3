/** What a reader of files finds: something that runs, and the names under which it asks for secrets. Never a value. */
import type { ConsumerKind, Reload } from '../../imports.js';

/** A file at the tip of its repository, read once a run. */
export interface SourceFile {
  /** Name of the place without the host: `acme/api`. */
  readonly repository: string;
  readonly path: string;
  readonly text: string;
  /** Without line ends. */
  readonly lines: readonly string[];
  /** Directory of the nearest manifest upwards; empty for the root. */
  readonly component: string;
}

/** A request for a secret: by a variable's name, through a file, or through a Secret or ConfigMap. */
export interface Reference {
  readonly name?: string;
  /** Path in the repository of a file all of whose settings are handed over. */
  readonly file?: string;
  /** A {@link StoredObject}, with the key in it where one is named. */
  readonly object?: StoredObject;
  readonly key?: string;
  /** From 1. */
  readonly line: number;
  /** True when it is only the word, with nothing round it that shows a request. */
  readonly isBare?: boolean;
}

/** A Kubernetes object that holds settings for others. */
export interface StoredObject {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  /** Undefined when the document leaves it to whoever applies it. */
  readonly namespace?: string;
}

export interface Workload {
  readonly name: string;
  readonly kind: ConsumerKind;
  readonly reload: Reload;
  /** `continuous`, `on-demand`, `cron <expression>`, `unknown`. */
  readonly runs: string;
  readonly environment?: string;
  /** Lines that belong to it, from 1, both included; without them it is the whole file. */
  readonly from?: number;
  readonly to?: number;
  readonly references: readonly Reference[];
  /** A few words for the evidence. */
  readonly note?: string;
  /** Set for a document that only stores settings: its readers are the consumers. */
  readonly stores?: StoredObject;
  /** Names under which it stores new values for others: `gh secret set NAME`. */
  readonly sets?: readonly string[];
  /** Name of the workload that logs in for it, when that is another one: the provider of a resource. */
  readonly setsThrough?: string;
  /** Surest first: how sure it is that it uses a value in its lines; `strong` by default. */
  readonly confidence?: 'strong' | 'probable' | 'weak';
}

export type WorkloadReader = (file: SourceFile) => readonly Workload[];

/** Directory of a path, without a slash at its end; empty for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Path of a file named in another: `./` and `../` undone; undefined when it leads out of the repository. */
export function resolvePath(folder: string, relative: string): string | undefined {
  const parts = relative.startsWith('/') || folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** Name of a component: its repository and directory. */
export function componentName(prefix: string, repository: string, component: string): string {
  return `${prefix}:${component === '' ? repository : `${repository}/${component}`}`;
}
