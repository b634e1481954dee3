/** Programs (`C15`), and configuration of frameworks (`C14`) that asks for variables. */
import { matchedReferences } from '../lines.js';
import type { Reference, SourceFile } from '../workload.js';

/** How languages read a variable of the environment or a setting; the group is its name. */
const idioms = [
  /\b(?:process\.env|import\.meta\.env|Bun\.env|globalThis\.process\.env)(?:\.|\?\.|\[\s*['"`])([A-Za-z_]\w*)/,
  /\b(?:os\.)?(?:environ|getenv)(?:\.get|\.setdefault|\.pop)?\s*[[(]\s*['"]([A-Za-z_]\w*)['"]/,
  /\bENV(?:\.fetch)?\s*[[(]\s*['"]([A-Za-z_]\w*)['"]/,
  /\b(?:System\.getenv|System\.getProperty|std::getenv|getenv|secure_getenv|os\.Getenv|os\.LookupEnv|viper\.\w+|Sys\.getenv|System\.(?:get|fetch)_env!?|System\.get_env|Deno\.env\.get|env::var(?:_os)?|env!|option_env!|dotenv!|GetEnvironmentVariable|env|config|Env\.get|userdata\.get|secrets\.(?:get|require)|getSecret|get_secret|requireSecret|access_secret_version|dbutils\.secrets\.get)\s*\(?\s*\(\s*[&]?['"`]([A-Za-z_]\w*)['"`]/,
  /\$_(?:ENV|SERVER)\[\s*['"]([A-Za-z_]\w*)['"]/,
  /\bst\.secrets(?:\.|\[\s*['"])([A-Za-z_]\w*)/,
  /%env\(\w*:?([A-Za-z_]\w*)\)/,
  /\$\{\{?\s*(?:env[.:])?([A-Za-z_]\w*)/,
  /\$env:([A-Za-z_]\w*)/i,
  /%env\s+([A-Za-z_]\w*)/,
];
const requested = new RegExp(idioms.map(({ source }) => source).join('|'), 'g');
const shellVariable = /\$\{?([A-Za-z_]\w*)/g;

const isShell = /\.(?:sh|bash|zsh|fish|mk)$|(?:^|\/)(?:Makefile|GNUmakefile|[Jj]ustfile|Procfile)$|\.envrc$/;
const bareWord = /\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b/g;

/**
 * What a program asks for. A constant's name alone is the weakest sign: settings classes ask by the names of their
 * fields.
 */
export function codeReferences(file: Pick<SourceFile, 'path' | 'lines'>): readonly Reference[] {
  const asked = matchedReferences(file.lines, isShell.test(file.path) ? shellVariable : requested);
  const known = new Set(asked.map(({ name, line }) => `${line} ${name}`));
  const bare = matchedReferences(file.lines, bareWord)
    .filter(
      ({ name, line }) =>
        !known.has(`${line} ${name}`) && !isDefinition(file.lines[line - 1] ?? '', name ?? ''),
    )
    .map((reference) => ({ ...reference, isBare: true }));
  return [...asked, ...bare];
}

const givesText = /["']?\s*(?::=|=>|[:=])\s*["'`]/y;

/** `DB_PASSWORD = "..."` gives a value and asks for none. */
function isDefinition(line: string, name: string): boolean {
  givesText.lastIndex = line.indexOf(name) + name.length;
  return givesText.test(line);
}
