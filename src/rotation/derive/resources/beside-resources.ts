/** Addresses that stand beside a secret in the same object (`R3`): the registry of a token, the server of a context. */
import type { Resource } from '../../dossier.js';
import { containerOfPath } from '../consumers/containers.js';
import { toolWorkloads } from '../consumers/readers/developer-tool.js';

type Found = Omit<Resource, 'environment'>;

/** Lines before and after that still belong to an object. */
const reach = 6;
/** Longer lines are no settings. */
const maxLine = 4096;

const addressKey =
  /["']?([A-Za-z_][\w.-]{0,60})["']?\s*[:=]\s*["']?https?:\/\/(?:[^\s/@"']*@)?([A-Za-z0-9][A-Za-z0-9.-]{0,250}(?::\d{1,5})?)/;

/** Sorts of addresses by the last words of their key. */
const kindOfKey: readonly (readonly [RegExp, string])[] = [
  [/(?:^|[_.-])registry$/i, 'registry'],
  [/^server$|(?:kube|cluster)[_.-]?(?:api)?[_.-]?(?:server|url|host)$/i, 'cluster'],
  [/vault[_.-]?(?:addr|address|url)$/i, 'vault'],
  [
    /(?:base|api|service|server|host)[_.-]?(?:url|uri|addr|address)$|endpoint$|(?:^|[_.-])(?:host|url)$/i,
    'api',
  ],
];

function kindOfAddress(key: string): string | undefined {
  return kindOfKey.find(([pattern]) => pattern.test(key))?.[1];
}

/** Lines of the object round a line: up to an empty line, or to a new section. */
function around(lines: readonly string[], line: number): readonly string[] {
  const isBorder = (text: string): boolean => /^\s*$|^\s*\[|^---/.test(text);
  let from = line - 1;
  while (from > 0 && line - 1 - from < reach && !isBorder(lines[from - 1] ?? '')) from--;
  let to = line;
  while (to < lines.length && to - line < reach && !isBorder(lines[to] ?? '')) to++;
  return lines.slice(from, to).filter((text) => text.length <= maxLine);
}

/** Servers that a developers' tool logs in to with what stands at a line. */
function toolServers(path: string, text: string, lines: readonly string[]): (line: number) => Found[] {
  const workloads = toolWorkloads({ repository: '', path, text, lines, component: '' });
  const isRegistry = /npm|yarn|docker|pip|pypi|nuget|cargo|gem/i.test(path);
  const kind = /kube/.test(path) ? 'cluster' : isRegistry ? 'registry' : 'api';
  return (line) => {
    const own = workloads.find(({ from = 1, to = lines.length }) => from <= line && line <= to);
    const server = own?.name.split('@')[1];
    // A section may be called anything; only a host is an address.
    const isHost = server !== undefined && /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?$/.test(server);
    return isHost ? [{ kind, address: server, rule: 'R3' }] : [];
  };
}

/** Finds the addresses beside the lines (from 1) of one file. */
export function besideReader(path: string, text: string): (line: number) => readonly Found[] {
  const lines = text.split(/\r\n|\n|\r/);
  const isTool = containerOfPath(path) === 'C16';
  const servers = isTool ? toolServers(path, text, lines) : (): Found[] => [];
  return (line) => {
    const ofTool = servers(line);
    if (ofTool.length > 0) return ofTool;
    return around(lines, line).flatMap((beside) => {
      const [, key = '', address = ''] = addressKey.exec(beside) ?? [];
      const kind = kindOfAddress(key);
      return kind === undefined ? [] : [{ kind, address: address.toLowerCase(), rule: 'R3' }];
    });
  };
}
