/** Clients of agents and their tool servers (`C17`): each server, with what it may do unasked. */
import { wordReferences } from '../lines.js';
import { baseOf, type SourceFile, type Workload } from '../workload.js';
import { at, documentsOf, jsonTree, type Tree, textAt } from '../yaml-tree.js';

/** Client by what its files are called, the more telling first. */
const clients: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)\.cursor\//, 'cursor'],
  [/(?:^|\/)\.vscode\//, 'vscode'],
  [/(?:^|\/)claude_desktop_config\.json$/, 'claude-desktop'],
  [/(?:^|\/)\.claude(?:\.json|\/)/, 'claude'],
  [/(?:^|\/)\.codex\//, 'codex'],
  [/(?:^|\/)\.gemini\//, 'gemini'],
  [/cline_mcp_settings/, 'cline'],
  [/(?:^|\/)\.roo\//, 'roo'],
  [/(?:^|\/)\.kiro\//, 'kiro'],
  [/(?:^|\/)\.amazonq\//, 'amazonq'],
  [/(?:^|\/)\.continue\//, 'continue'],
  [/(?:^|\/)\.zed\//, 'zed'],
  [/(?:^|\/)opencode\.json/, 'opencode'],
  [/\.aider\./, 'aider'],
];

/** Name of the client whose file it is. */
export function agentClient(path: string): string {
  return clients.find(([pattern]) => pattern.test(path))?.[1] ?? 'mcp';
}

const serverKeys: ReadonlySet<string> = new Set([
  'mcpServers',
  'servers',
  'context_servers',
  'mcp',
  'mcp_servers',
]);
const approvalKeys = ['autoApprove', 'alwaysAllow', 'auto_approve'] as const;
/** Names of tools only: what stands in brackets behind one may be a whole command line. */
const toolName = /^[A-Za-z_][\w.*:-]{0,60}/;
/** Tools named in a note. */
const mostTools = 8;

function toolsOf(list: Tree | undefined): readonly string[] {
  const names = (list?.items ?? []).flatMap(({ text }) => toolName.exec(text ?? '')?.[0] ?? []);
  return [...new Set(names)].sort().slice(0, mostTools);
}

function transportOf(server: Tree): string {
  const stated = textAt(server, 'type') ?? textAt(server, 'transport');
  if (stated !== undefined && /^[a-z-]{2,20}$/.test(stated)) return stated;
  return textAt(server, 'command') === undefined && textAt(server, 'url') !== undefined ? 'http' : 'stdio';
}

function noteOf(server: Tree, allowed: readonly string[]): string {
  const approved = approvalKeys.flatMap((key) => toolsOf(at(server, key)));
  const tools = [...new Set([...approved, ...allowed])].sort().slice(0, mostTools);
  const transport = `transport ${transportOf(server)}`;
  return tools.length === 0 ? transport : `${transport}; allowed unasked: ${tools.join(', ')}`;
}

interface ServerEntry {
  readonly key: string;
  readonly line: number;
  readonly value: Tree;
}

function serversOf(tree: Tree | undefined): readonly ServerEntry[] {
  return (tree?.entries ?? []).flatMap(({ key, value }) => {
    if (serverKeys.has(key)) {
      const inner = value.entries.find((entry) => serverKeys.has(entry.key));
      const named = inner === undefined ? value : inner.value;
      const listed = named.items.flatMap((item) => {
        const name = textAt(item, 'name');
        return name === undefined ? [] : [{ key: name, line: item.from, value: item }];
      });
      return [...named.entries.filter((entry) => entry.value.entries.length > 0), ...listed];
    }
    // `projects: { "/path": { mcpServers } }` of one client.
    return value.entries.length > 0 ? serversOf(value) : [];
  });
}

function base(file: SourceFile): Pick<Workload, 'kind' | 'reload' | 'runs'> & { readonly prefix: string } {
  return { prefix: `agent:${agentClient(file.path)}`, kind: 'agent', reload: 'restart', runs: 'on-demand' };
}

function wholeFile(file: SourceFile): Workload {
  const { prefix, ...rest } = base(file);
  return { name: prefix, ...rest, references: wordReferences(file.lines), confidence: 'probable' };
}

const tomlSection = /^\s*\[+\s*mcp_servers\.(?:"([^"]+)"|([\w-]+))/;

/** Sections `[mcp_servers.<name>]` and those below them. */
function tomlWorkloads(file: SourceFile): readonly Workload[] {
  const { prefix, ...rest } = base(file);
  const found: Workload[] = [];
  let open: { readonly name: string; readonly from: number } | undefined;
  const close = (to: number): void => {
    if (open === undefined) return;
    const { name, from } = open;
    found.push({
      name: `${prefix}/${name}`,
      ...rest,
      from,
      to,
      references: wordReferences(file.lines, from, to),
    });
  };
  file.lines.forEach((text, index) => {
    if (!/^\s*\[/.test(text)) return;
    close(index);
    const section = tomlSection.exec(text);
    const name = section?.[1] ?? section?.[2];
    open = name === undefined ? undefined : { name, from: index + 1 };
  });
  close(file.lines.length);
  return found;
}

export function agentWorkloads(file: SourceFile): readonly Workload[] {
  if (baseOf(file.path).endsWith('.toml')) {
    const sections = tomlWorkloads(file);
    return sections.length === 0 ? [wholeFile(file)] : sections;
  }
  const tree = /\.ya?ml$/.test(file.path) ? documentsOf(file.text)[0] : jsonTree(file.text);
  const allowed = toolsOf(at(tree, 'permissions', 'allow'));
  const servers = serversOf(tree);
  if (servers.length === 0) return [wholeFile(file)];
  const { prefix, ...rest } = base(file);
  return servers.map(({ key, line, value: server }) => ({
    name: `${prefix}/${key}`,
    ...rest,
    from: line,
    to: server.to,
    references: wordReferences(file.lines, line, server.to),
    note: noteOf(server, allowed),
  }));
}
