/** Owners that files of a component name: catalogue entries, OWNERS, charts, and manifests of packages. */
import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { FactConfidence } from '../../fact.js';
import { readYamlText } from '../yaml-text.js';

export interface NamedOwner {
  /** As written: a handle, an address, a reference or a name. */
  readonly written: string;
  /** From 1. */
  readonly line: number;
  /** `spec.owner`. */
  readonly field: string;
  readonly confidence: FactConfidence;
}

/** Larger files are not manifests that somebody keeps by hand. */
export const mostManifestBytes = 262_144;

interface YamlFile {
  readonly documents: readonly YAMLMap[];
  lineOf(node: unknown): number;
}

/** Documents that are maps; none for what is no YAML. */
export function readYaml(text: string): YamlFile {
  const yaml = readYamlText(text);
  return {
    documents: (yaml?.documents ?? []).filter((contents) => isMap(contents)),
    lineOf: (node) => yaml?.lineOf(node) ?? 1,
  };
}

/** Node at a path of keys; undefined where something else stands in between. */
export function nodeAt(map: YAMLMap, ...keys: readonly string[]): unknown {
  let node: unknown = map;
  for (const key of keys) {
    if (!isMap(node)) return undefined;
    node = node.get(key, true);
  }
  return node;
}

/** Text of a scalar that is a plain word or words. */
export function textOf(node: unknown): string | undefined {
  if (!isScalar(node) || typeof node.value !== 'string') return undefined;
  const text = node.value.trim();
  // What is filled in later names nobody.
  return text === '' || text.length > 200 || /[{}$\n]/.test(text) ? undefined : text;
}

function fromNode(file: YamlFile, node: unknown, field: string, confidence: FactConfidence): NamedOwner[] {
  const written = textOf(node);
  return written === undefined ? [] : [{ written, line: file.lineOf(node), field, confidence }];
}

/** All agree, or nobody is named: a file of several components does not say which one is meant. */
export function agreed(owners: readonly NamedOwner[]): readonly NamedOwner[] {
  const [first] = owners;
  return first !== undefined && owners.every(({ written }) => written === first.written) ? [first] : [];
}

function catalogue(text: string): readonly NamedOwner[] {
  const file = readYaml(text);
  const isComponent = (document: YAMLMap): boolean => textOf(document.get('kind', true)) === 'Component';
  const components = file.documents.filter(isComponent);
  return agreed(
    (components.length > 0 ? components : file.documents).flatMap((document) =>
      fromNode(file, nodeAt(document, 'spec', 'owner'), 'spec.owner', 'strong'),
    ),
  );
}

function kubernetesOwners(text: string): readonly NamedOwner[] {
  const file = readYaml(text);
  const lists = file.documents.flatMap((document) => [
    nodeAt(document, 'approvers'),
    nodeAt(document, 'filters', '.*', 'approvers'),
  ]);
  const approvers = lists.flatMap((list) => (isSeq(list) ? list.items : []));
  return approvers.flatMap((node) => fromNode(file, node, 'approvers', 'probable')).slice(0, 1);
}

function chart(text: string): readonly NamedOwner[] {
  const file = readYaml(text);
  return file.documents
    .flatMap((document) => {
      const list = nodeAt(document, 'maintainers');
      return isSeq(list) ? list.items : [];
    })
    .flatMap((item) => {
      if (!isMap(item)) return [];
      const email = item.get('email', true);
      const node = textOf(email) === undefined ? item.get('name', true) : email;
      return fromNode(file, node, 'maintainers', 'probable');
    })
    .slice(0, 1);
}

/** `Ana <ana@acme.example>`: the address says more than the name. */
function personText(text: string): string {
  return /<\s*([^<>\s]+@[^<>\s]+)\s*>/.exec(text)?.[1] ?? text.replace(/\(.*$/s, '').trim();
}

function lineOfText(text: string, needle: string): number {
  const at = text.indexOf(needle);
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}

function personOfJson(value: unknown): string | undefined {
  if (typeof value === 'string') return personText(value);
  if (typeof value !== 'object' || value === null) return undefined;
  const { email, name } = value as { email?: unknown; name?: unknown };
  if (typeof email === 'string') return email;
  return typeof name === 'string' ? name : undefined;
}

function packageJson(text: string): readonly NamedOwner[] {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return [];
  }
  if (typeof manifest !== 'object' || manifest === null) return [];
  const { maintainers, author } = manifest as { maintainers?: unknown; author?: unknown };
  const named = [
    { field: 'maintainers', value: Array.isArray(maintainers) ? (maintainers[0] as unknown) : maintainers },
    { field: 'author', value: author },
  ];
  return named
    .flatMap(({ field, value }) => {
      const written = personOfJson(value);
      const line = lineOfText(text, `"${field}"`);
      return written === undefined || written === ''
        ? []
        : [{ written, line, field, confidence: 'probable' as const }];
    })
    .slice(0, 1);
}

/** The list of people of a TOML manifest: strings, or tables with `name` and `email`. */
function tomlPeople(text: string): readonly NamedOwner[] {
  for (const field of ['maintainers', 'authors']) {
    const start = new RegExp(`^[ \\t]*${field}[ \\t]*=[ \\t]*\\[`, 'm').exec(text);
    if (start === null) continue;
    const list = text.slice(start.index, start.index + 2000).split(/\][ \t]*(?:#.*)?$/m, 1)[0] ?? '';
    const written =
      /[^\s"'<>]+@[^\s"'<>]+/.exec(list)?.[0] ??
      /(?:name[ \t]*=[ \t]*|\[\s*)["']([^"'\n]+)["']/.exec(list)?.[1];
    if (written === undefined) continue;
    const line = text.slice(0, start.index).split('\n').length;
    return [{ written, line, field, confidence: 'probable' }];
  }
  return [];
}

function pom(text: string): readonly NamedOwner[] {
  const start = text.indexOf('<developer>');
  if (start < 0) return [];
  const end = text.indexOf('</developer>', start);
  const block = text.slice(start, end < 0 ? start + 2000 : Math.min(end, start + 2000));
  for (const tag of ['email', 'id', 'name']) {
    const written = new RegExp(`<${tag}>\\s*([^<\\n]+?)\\s*</${tag}>`).exec(block)?.[1];
    if (written === undefined || written.includes('$')) continue;
    const line = text.slice(0, start).split('\n').length;
    return [{ written, line, field: `developers.${tag}`, confidence: 'probable' }];
  }
  return [];
}

/** Files that name owners of the folder they stand in, by name, the most telling first. */
export const manifestReaders: ReadonlyMap<string, (text: string) => readonly NamedOwner[]> = new Map([
  ['catalog-info.yaml', catalogue],
  ['catalog-info.yml', catalogue],
  ['OWNERS', kubernetesOwners],
  ['Chart.yaml', chart],
  ['package.json', packageJson],
  ['pyproject.toml', tomlPeople],
  ['Cargo.toml', tomlPeople],
  ['pom.xml', pom],
]);
