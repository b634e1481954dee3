/** Files of developers' tools (`C16`): the tool, and the server that it logs in to. */
import { wordReferences } from '../lines.js';
import { baseOf, type SourceFile, type Workload } from '../workload.js';

interface Tool {
  readonly name: string;
  readonly path: RegExp;
  /** Lines that name a server; the nearest at or above a copy counts. */
  readonly server?: RegExp;
  /** Where it always logs in when nothing names a server. */
  readonly usual?: string;
}

const section = /^\s*\[\s*([\w. -]{1,80})\s*\]/;
const address = /https?:\/\/(?:[^\s/@"'<>]*@)?([A-Za-z0-9][A-Za-z0-9.-]{0,200}(?::\d+)?)/;

const tools: readonly Tool[] = [
  {
    name: 'npm',
    path: /\.npmrc$/,
    server: /(?:^|\s)\/\/([A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?)/,
    usual: 'registry.npmjs.org',
  },
  { name: 'yarn', path: /\.yarnrc(?:\.yml)?$/, server: /\/\/([A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?)/ },
  { name: 'pypi', path: /\.pypirc$/, server: section },
  { name: 'pip', path: /pip\.(?:conf|ini)$/, server: address },
  { name: 'netrc', path: /[._]netrc$/, server: /\bmachine\s+([A-Za-z0-9][A-Za-z0-9.-]*)/ },
  { name: 'git', path: /\.git-credentials$|\.git\/config$|\.gitconfig$/, server: address },
  {
    name: 'docker',
    path: /\.docker\/config\.json$|\.dockercfg$|\.dockerconfigjson$/,
    server: /"(?:https?:\/\/)?([a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?)(?:\/[^"]*)?"\s*:\s*\{/,
  },
  { name: 'maven', path: /settings[^/]*\.xml$/, server: /<id>\s*([\w.-]{1,80})\s*<\/id>/ },
  { name: 'nuget', path: /nuget\.config$/i, server: address },
  { name: 'gradle', path: /gradle\.properties$/ },
  { name: 'aws', path: /\.aws\/(?:credentials|config)$/, server: section },
  {
    name: 'kubectl',
    path: /\.kube\/config$|kubeconfig/,
    server: /\bserver:\s*["']?https?:\/\/([A-Za-z0-9.-]+(?::\d+)?)/,
  },
  { name: 'psql', path: /\.?pgpass(?:\.conf)?$/, server: /^\s*([A-Za-z0-9][A-Za-z0-9.-]*):(?:\d+|\*):/ },
  { name: 'mysql', path: /\.my\.cnf$/, server: /^\s*host\s*=\s*([A-Za-z0-9.-]+)/ },
  { name: 's3cmd', path: /\.s3cfg$/, server: /^\s*host_base\s*=\s*([A-Za-z0-9.-]+)/ },
  { name: 'rclone', path: /rclone\.conf$/, server: section },
  { name: 'gsutil', path: /\.boto$/ },
  { name: 'gcloud', path: /application_default_credentials\.json$/ },
  { name: 'cargo', path: /\.cargo\/(?:credentials|config)(?:\.toml)?$/, server: section },
  { name: 'gem', path: /\.gem\/credentials$/, server: address },
  { name: 'ssh', path: /\.ssh\/.+$|(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)$/ },
];

/** Each server of a tool's file as a workload of the lines from it to the next one. */
export function toolWorkloads(file: SourceFile): readonly Workload[] {
  const tool = tools.find(({ path }) => path.test(file.path));
  const name = tool?.name ?? baseOf(file.path).replace(/^\./, '');
  const one = (server: string | undefined, from: number, to: number): Workload => ({
    name: `tool:${name}${server === undefined ? '' : `@${server}`}`,
    kind: 'human-tool',
    reload: 'manual',
    runs: 'on-demand',
    from,
    to,
    references: wordReferences(file.lines, from, to),
  });
  const servers = file.lines.flatMap((text, index) => {
    const server = tool?.server?.exec(text)?.[1];
    return server === undefined ? [] : [{ server: server.toLowerCase(), line: index + 1 }];
  });
  const [first] = servers;
  if (first === undefined) return [one(tool?.usual, 1, file.lines.length)];
  const spans = servers.map(({ server, line }, index) =>
    one(server, line, (servers[index + 1]?.line ?? file.lines.length + 1) - 1),
  );
  return first.line > 1 ? [one(tool?.usual ?? first.server, 1, first.line - 1), ...spans] : spans;
}
