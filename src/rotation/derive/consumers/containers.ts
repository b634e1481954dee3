/** What sort of file a copy stands in: container rules `C1` ... `C23`, by path, and by content where the path is silent. */
import type { Location } from '../../../model/exposure.js';
import { isHumanCopy } from '../copies.js';
import { pathOf } from '../slots.js';
import { baseOf } from './workload.js';

export type ContainerRule = `C${number}`;

/** A row: whether a path (whole, and its last part) is of the rule. */
interface PathRule {
  readonly rule: ContainerRule;
  readonly path?: RegExp;
  readonly base?: RegExp;
}

/** Trees that a tool made; their source is elsewhere. */
const derivedTree =
  /(?:^|\/)(?:node_modules|bower_components|vendor|third_party|dist|build|out|target|\.next|\.nuxt|site-packages|__pycache__|\.terraform)\//;
const lockFile =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|Pipfile\.lock|Cargo\.lock|composer\.lock|Gemfile\.lock|go\.sum|uv\.lock|bun\.lockb?)$/;

const testPath =
  /(?:^|\/)(?:__tests__|__mocks__|__fixtures__|tests?|testing|testdata|specs?|fixtures?|mocks?|e2e|cypress)\/|(?:^|\/)(?:test_[^/]+|conftest)\.py$|[._-](?:test|spec|mock|fixture)s?\.[A-Za-z]+$|(?:Test|Tests|Spec)\.(?:java|kt|scala|cs|swift|groovy)$/;
const docsPath =
  /(?:^|\/)(?:docs?|documentation|examples?|samples?|demos?)\/|\.(?:md|mdx|rst|adoc|textile)$/i;

/** Agent files before tools and frameworks: their names are the most telling. The first row that fits counts. */
const pathRules: readonly PathRule[] = [
  { rule: 'C1', path: /(?:^|\/)\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/ },
  { rule: 'C1', base: /^action\.ya?ml$/ },
  { rule: 'C2', path: /(?:^|\/)(?:[^/]*\.gitlab-ci\.ya?ml|\.gitlab\/ci\/.+\.ya?ml)$/ },
  {
    rule: 'C3',
    path: /(?:^|\/)(?:Jenkinsfile[^/]*|[^/]+\.jenkinsfile|vars\/[^/]+\.groovy|jenkins\.ya?ml|(?:jcasc|casc[_-]configs?)\/.+\.ya?ml|jobs\/.+\/config\.xml)$/i,
  },
  {
    rule: 'C4',
    path: /(?:^|\/)(?:\.circleci\/.+\.ya?ml|azure-pipelines[^/]*\.ya?ml|bitbucket-pipelines\.ya?ml|\.travis\.ya?ml|\.drone\.(?:ya?ml|star|jsonnet)|\.buildkite\/.+\.ya?ml|cloudbuild[^/]*\.(?:ya?ml|json)|\.woodpecker(?:\.ya?ml|\/.+\.ya?ml)|\.teamcity\/.+|\.?appveyor\.ya?ml|buildspec[^/]*\.ya?ml)$/,
  },
  {
    rule: 'C17',
    path: /(?:^|\/)(?:\.?mcp\.json|mcp_config\.json|\.(?:cursor|vscode|roo|amazonq)\/mcp\.json|claude_desktop_config\.json|\.claude\.json|\.claude\/settings[^/]*\.json|\.codex\/config\.toml|\.gemini\/settings\.json|cline_mcp_settings\.json|\.kiro\/settings\/mcp\.json|\.continue\/(?:config\.[a-z]+|mcpServers\/[^/]+\.ya?ml)|\.zed\/settings\.json|opencode\.jsonc?|\.aider\.conf\.ya?ml)$/,
  },
  {
    rule: 'C18',
    path: /(?:^|\/)(?:AGENTS\.md|CLAUDE(?:\.local)?\.md|GEMINI\.md|\.cursorrules|\.windsurfrules|\.clinerules(?:\/.*)?|\.cursor\/rules\/.+|\.github\/copilot-instructions\.md|[^/]+\.prompt(?:\.md)?|\.(?:claude|codex)\/.*\.jsonl|(?:sessions|transcripts)\/[^/]+\.jsonl)$/i,
  },
  { rule: 'C19', base: /\.(?:ipynb|Rmd|qmd)$/i },
  { rule: 'C20', base: /\.(?:log|har|sql|dump|pcap(?:ng)?|dmp|stacktrace|core|hprof|csv|tsv|jsonl)$/i },
  { rule: 'C20', base: /^(?:core(?:\.\d+)?|hs_err_pid\d+\.log)$/ },
  { rule: 'C5', base: /^(?:(?:Docker|Container)file(?:[._-].*)?|.+\.(?:dockerfile|containerfile))$/i },
  { rule: 'C6', base: /^(?:docker-)?compose(?:[._-][^/]*)?\.ya?ml$/ },
  { rule: 'C8', path: /(?:^|\/)(?:Chart\.ya?ml|kustomization\.ya?ml)$/ },
  {
    rule: 'C9',
    base: /\.(?:tf|tofu)(?:\.json)?$|\.tfvars(?:\.json)?$|\.tfstate(?:\.|$)|^\.(?:terraformrc|tofurc)$|^terraform\.rc$/,
  },
  {
    rule: 'C10',
    base: /^(?:Pulumi(?:\.[^/]*)?\.ya?ml|serverless(?:\.[^/]*)?\.(?:ya?ml|json|ts)|template\.ya?ml|samconfig\.toml|cdk(?:\.context)?\.json|azuredeploy[^/]*\.json|.+\.bicep(?:param)?)$/,
  },
  {
    rule: 'C11',
    path: /(?:^|\/)(?:group_vars\/.+|host_vars\/.+|inventor(?:y|ies)(?:\/.+|\.(?:ini|ya?ml))|data_bags\/.+\.json|hieradata\/.+|hiera\.ya?ml|pillar\/.+\.sls|playbooks?(?:\/.+)?\.ya?ml|roles\/[^/]+\/(?:defaults|vars|tasks)\/.+)$/,
  },
  {
    rule: 'C12',
    path: /(?:^|\/)(?:[^/]+\.(?:service|timer|socket)|crontab|cron\.d\/.+|[^/]+\.cron|etc\/default\/.+|supervisord?\.conf|supervisor\/.+\.conf|ecosystem\.config\.[a-z]+|[^/]*Launch(?:Agents|Daemons)\/.+\.plist|Procfile[^/]*)$/,
  },
  {
    rule: 'C13',
    base: /^(?:\.env(?:\..+|-.+|_.+)?|.+\.env|\.envrc|\.flaskenv|\.dev\.vars|env\.(?:sh|list))$/,
  },
  {
    rule: 'C16',
    path: /(?:^|\/)(?:\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|pip\.(?:conf|ini)|[._]netrc|\.git-credentials|\.git\/config|\.gitconfig|\.docker\/config\.json|\.dockercfg|\.dockerconfigjson|\.m2\/settings[^/]*\.xml|settings\.xml|NuGet\.config|gradle\.properties|\.aws\/(?:credentials|config)|\.kube\/config|kubeconfig[^/]*|[^/]+\.kubeconfig|\.?pgpass(?:\.conf)?|\.my\.cnf|\.s3cfg|rclone\.conf|\.boto|application_default_credentials\.json|\.cargo\/(?:credentials|config)(?:\.toml)?|\.gem\/credentials|\.ssh\/.+|id_(?:rsa|dsa|ecdsa|ed25519))$/i,
  },
  {
    rule: 'C14',
    path: /(?:^|\/)(?:(?:application|bootstrap)[^/]*\.(?:ya?ml|properties)|appsettings[^/]*\.json|[Ww]eb(?:\.[^/]+)?\.config|[Aa]pp\.config|connectionStrings\.config|config\/[^/]+\.(?:ya?ml|key|php|exs?|json|js|ts|toml|ini|py|enc)|config\/(?:credentials|environments)\/.+|settings[^/]*\.py|settings\/[^/]+\.py|instance\/.+|wp-config\.php|firebase[^/]*\.json|google-services\.json|GoogleService-Info\.plist|profiles\.yml|airflow\.cfg|prefect\.ya?ml|grafana\/provisioning\/.+)$/,
  },
  {
    rule: 'C15',
    base: /\.(?:[cm]?[jt]sx?|py|pyw|rb|go|java|kts?|scala|groovy|cs|fs|vb|php|rs|swift|m|mm|c|cc|cpp|cxx|h|hpp|ex|exs|erl|clj|cljs|dart|lua|pl|pm|r|jl|hs|ml|sh|bash|zsh|fish|ps1|psm1|bat|cmd|vue|svelte|html?|gradle|sol|nix|cbl|cob|cobol|pas|f90)$/i,
  },
  { rule: 'C15', base: /^(?:Makefile|GNUmakefile|Rakefile|Justfile|justfile|Taskfile\.ya?ml)$/ },
];

/** Configuration that no other row knows. */
const otherConfiguration =
  /\.(?:json5?|jsonc|ya?ml|toml|ini|properties|conf|cfg|cnf|config|xml|plist|pem|key|p12|pfx|jks)$/i;

/** `.env.example`, `config.php.dist`, `settings.sample.yml`: to be filled in by whoever copies it. */
const templateName = /[._-](?:example|sample|template|tmpl|tpl|dist)(?:\.|$)/i;

/** Name of a file that is a template: a copy there is one to remove, but nothing uses it. */
export function isTemplate(path: string): boolean {
  return templateName.test(baseOf(path));
}

/** Under a test's files; documentation and examples are no tests. */
export function isTestPath(path: string): boolean {
  return testPath.test(path);
}

/** Last part of a path that leads into archives. */
function innermost(path: string): string {
  return path.slice(path.lastIndexOf('!/') + 1).replace(/^\/(?=.)/, '');
}

function helmRule(path: string, charts: ReadonlySet<string>): ContainerRule | undefined {
  if (!/(?:^|\/)(?:values[^/]*\.ya?ml$|templates\/)/.test(path)) return undefined;
  const at = path.search(/(?:^|\/)templates\//);
  const folder = at >= 0 ? path.slice(0, at) : path.slice(0, Math.max(0, path.lastIndexOf('/')));
  return charts.has(folder) ? 'C8' : undefined;
}

/** Rule of a path. @param charts directories that hold a Chart.yaml */
export function containerOfPath(
  path: string,
  charts: ReadonlySet<string> = new Set(),
): ContainerRule | undefined {
  const inner = innermost(path);
  if (derivedTree.test(inner) || lockFile.test(baseOf(inner)) || /\.min\.(?:js|css)$/.test(inner))
    return 'C21';
  const rule = helmRule(path, charts) ?? ruleOfName(inner);
  // What a pipeline or an agent reads is what it is, wherever it lies.
  if (rule === 'C1' || rule === 'C2' || rule === 'C17' || rule === 'C18') return rule;
  if (testPath.test(inner) || docsPath.test(inner)) return 'C22';
  return rule ?? (otherConfiguration.test(inner) ? 'C14' : undefined);
}

function ruleOfName(path: string): ContainerRule | undefined {
  // A template is what its name without the mark is.
  const plain = isTemplate(path)
    ? path.replace(/[._-](?:example|sample|template|tmpl|tpl|dist)(?=\.|$)/i, '')
    : path;
  const base = baseOf(plain);
  return pathRules.find((row) => row.path?.test(plain) === true || row.base?.test(base) === true)?.rule;
}

/** Rule that the content of a YAML or JSON file shows; undefined when it shows none. */
export function containerOfText(path: string, text: string): ContainerRule | undefined {
  if (!/\.(?:ya?ml|json)$/.test(path)) return undefined;
  if (/^["']?apiVersion["']?\s*:/m.test(text) && /^["']?kind["']?\s*:/m.test(text)) return 'C7';
  if (/^\s{0,4}["']?AWSTemplateFormatVersion["']?\s*:/m.test(text)) return 'C10';
  if (/"\$schema"\s*:\s*"[^"]*deploymentTemplate/.test(text)) return 'C10';
  return undefined;
}

/** Rules that a look into the file may correct. */
export function mayBeRefined(path: string, rule: ContainerRule | undefined): boolean {
  return (
    /\.(?:ya?ml|json)$/.test(path) &&
    (rule === undefined || rule === 'C14' || rule === 'C10' || rule === 'C11')
  );
}

/** Path with the archives that a copy stands in. */
export function filePathOf(location: Location): string | undefined {
  const path = pathOf(location);
  if (path === undefined) return undefined;
  const tail = location.chain.join('!/');
  return tail === '' || path.endsWith(tail) ? path : `${path}!/${tail}`;
}

/** Rule of a copy that stands in no file of a repository; undefined when it does. */
export function containerOfRecord(location: Location): ContainerRule | undefined {
  if (isHumanCopy(location)) return 'C23';
  const kind = location.appearance.locationKind;
  if (kind === 'notebook-output') return 'C19';
  if (kind === 'log' || kind === 'dump') return 'C20';
  if (location.appearance.type === 'git-text') return 'C23';
  return location.appearance.type === 'record' && filePathOf(location) === undefined ? 'C20' : undefined;
}
