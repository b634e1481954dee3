/**
 * Configurations of `kubectl`: which cluster, context and user a credential in one belongs to. YAML is read by lines, since a
 * secret belongs to the item in which it stands; what is written neither that way nor as JSON says nothing.
 */
import { attribute } from '../identity/attribute.js';
import type { Attribute } from '../model/finding.js';
import type { Span } from '../model/span.js';
import { type Item, jsonItemsOf } from './kubeconfig-json.js';

/** Larger files are no configuration of a person or a pipeline. */
const mostBytes = 1 << 20;
const mostItems = 200;

/** The text of a user of the configuration, and the facts of all credentials in it. */
export interface KubeUser {
  readonly span: Span;
  readonly attributes: readonly Attribute[];
}

const sectionLine = /^( *)(clusters|contexts|users):\s*$/;
const itemLine = /^( *)- (.*)$/;
const fieldLine = /^[ -]*([A-Za-z][\w-]{0,40}):\s*(.*?)\s*$/;

/** Items of the three lists, with all fields of each under their own names. */
function itemsOf(text: string): Item[] {
  const items: Item[] = [];
  let section: { readonly name: string; readonly indent: number } | undefined;
  let item: (Item & { indent: number }) | undefined;
  let offset = 0;
  for (const line of text.split('\n')) {
    const start = offset;
    offset += line.length + 1;
    const content = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (content.trim() === '' || content.trimStart().startsWith('#')) continue;
    const indent = content.length - content.trimStart().length;
    const head = sectionLine.exec(content);
    if (head !== null && (section === undefined || indent <= section.indent)) {
      section = { name: head[2] ?? '', indent };
      item = undefined;
      continue;
    }
    if (section === undefined) continue;
    const opened = itemLine.exec(content);
    if (opened !== null && indent >= section.indent && (item === undefined || indent <= item.indent)) {
      if (items.length >= mostItems) break;
      item = { section: section.name, start, end: offset, fields: new Map(), indent };
      items.push(item);
    } else if (indent <= section.indent) {
      section = undefined;
      item = undefined;
      continue;
    }
    if (item === undefined) continue;
    item.end = offset;
    const field = fieldLine.exec(content);
    if (field !== null && !item.fields.has(field[1] ?? '')) {
      item.fields.set(field[1] ?? '', (field[2] ?? '').replace(/^(["'])(.*)\1$/, '$2'));
    }
  }
  return items;
}

/** Which members of a user say how it authenticates. */
const methods: readonly (readonly [field: string, method: string])[] = [
  ['client-certificate-data', 'client-certificate'],
  ['client-certificate', 'client-certificate'],
  ['client-key-data', 'client-certificate'],
  ['token', 'token'],
  ['tokenFile', 'token'],
  ['exec', 'exec'],
  ['auth-provider', 'auth-provider'],
  ['password', 'basic'],
];

/** Users of a configuration; none where the text is none. */
export function kubeUsers(bytes: Buffer): KubeUser[] {
  if (bytes.length > mostBytes || !bytes.includes('users') || !bytes.includes('clusters')) return [];
  const text = bytes.toString('latin1');
  const items = /^\s{0,100}\{/.test(text) ? jsonItemsOf(text, mostItems) : itemsOf(text);
  const named = (section: string): Item[] => items.filter((item) => item.section === section);
  const servers = new Map(
    named('clusters').map(({ fields }) => [fields.get('name') ?? '', fields.get('server') ?? '']),
  );
  if (![...servers.values()].some((server) => server !== '')) return [];
  const contexts = named('contexts').map(({ fields }) => fields);
  return named('users').map(({ fields, start, end }) => {
    const user = fields.get('name') ?? '';
    const own = contexts.filter((context) => context.get('user') === user);
    const clusters = distinct(own.map((context) => context.get('cluster') ?? ''));
    const method = methods.find(([field]) => fields.has(field))?.[1];
    return {
      span: { start, end },
      attributes: [
        ...attribute('k8s-user', user),
        ...attribute('k8s-auth', method),
        ...distinct(own.map((context) => context.get('name') ?? '')).flatMap((name) =>
          attribute('k8s-context', name),
        ),
        ...clusters.flatMap((name) => attribute('k8s-cluster', name)),
        ...distinct(clusters.map((name) => servers.get(name) ?? '')).flatMap((server) =>
          attribute('k8s-server', server),
        ),
      ],
    };
  });
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}
