/**
 * Names of secrets that commands replace where a CI or a vault keeps them: `gh secret set NAME`. Whoever runs such a
 * command with a secret of its own holds the means to rotate the named ones.
 */
import { sortedSet } from '../../order.js';
import { baseOf } from './workload.js';

/** A command, and how the words behind it name what it replaces. */
interface Setter {
  readonly command: RegExp;
  /** `first`: the first word that is no flag; `keys`: every `KEY=value`; else the flags before the name. */
  readonly named: 'first' | 'keys' | readonly string[];
}

const setters: readonly Setter[] = [
  { command: /\bgh\s+(?:secret|variable)\s+set\b/, named: 'first' },
  { command: /\bglab\s+variable\s+(?:set|update)\b/, named: 'first' },
  { command: /\bgcloud\s+secrets\s+versions\s+add\b/, named: 'first' },
  { command: /\baz\s+keyvault\s+secret\s+set\b/, named: ['--name', '-n'] },
  { command: /\baws\s+secretsmanager\s+(?:put-secret-value|update-secret)\b/, named: ['--secret-id'] },
  { command: /\baws\s+ssm\s+put-parameter\b/, named: ['--name'] },
  { command: /\bvault\s+(?:kv\s+(?:put|patch)|write)\b/, named: 'keys' },
];
/** The same through an interface: `PUT .../actions/secrets/NAME`, `.../variables/NAME`. */
const interfacePath = /\/(?:actions\/secrets|variables)\/([A-Za-z_]\w*)/g;
/** Flags of these commands that take the next word. */
const takesWord =
  /^(?:-[abReou]|--(?:app|body|body-file|env|env-file|org|repo|repos|user|visibility|value|group|scope|data-file|project))$/;
const repositoryFlag = /(?:^|\s)(?:-R|--repo|--repos)[=\s]+["']?([\w.-]+\/[\w.-]+)["']?(?=\s|$)/;

/** Longest command that is looked at. */
const maxCommand = 4096;

function unquoted(word: string): string {
  return word.replace(/^["']|["']$/g, '');
}

function firstName(words: readonly string[]): readonly string[] {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word.startsWith('-')) {
      if (takesWord.test(word)) i++;
    } else return [word];
  }
  return [];
}

function flaggedNames(words: readonly string[], flags: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => {
    const assigned = flags.find((flag) => word.startsWith(`${flag}=`));
    if (assigned !== undefined) return [word.slice(assigned.length + 1)];
    return flags.includes(word) ? [words[index + 1] ?? ''] : [];
  });
}

function namesBehind(text: string, { named }: Setter): readonly string[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (named === 'first') return firstName(words);
  if (named === 'keys') return words.flatMap((word) => /^["']?([A-Za-z_]\w*)=/.exec(word)?.[1] ?? []);
  return flaggedNames(words, named);
}

/** The command ends where the shell goes on to another one. */
function ownPart(text: string): string {
  return text.split(/\s(?:\||&&|;|<|>)|;\s|\|\|/)[0] ?? '';
}

/** What hands on the value that already runs under a name does not replace it. */
function isHandedOn(line: string, name: string): boolean {
  return new RegExp(`(?:\\$\\{?|secrets\\.|vars\\.|env\\.|env:)${name}\\b`).test(line);
}

function isElsewhere(command: string, repository: string): boolean {
  const named = repositoryFlag.exec(command)?.[1];
  return named !== undefined && named.toLowerCase() !== repository.toLowerCase();
}

function namesOf(line: string, repository: string): readonly string[] {
  const names: string[] = [];
  for (const setter of setters) {
    const found = setter.command.exec(line);
    if (found === null) continue;
    const rest = ownPart(line.slice(found.index + found[0].length));
    if (!isElsewhere(rest, repository)) names.push(...namesBehind(rest, setter));
  }
  if (/\bPUT\b/.test(line)) names.push(...[...line.matchAll(interfacePath)].map(([, name = '']) => name));
  return names
    .map((name) => baseOf(unquoted(name)))
    .filter((name) => /^[A-Za-z_][\w-]*$/.test(name) && !isHandedOn(line, name));
}

/** Lines joined where a backslash carries a command over. */
function commandsOf(lines: readonly string[], from: number, to: number): readonly string[] {
  const commands: string[] = [];
  let open = '';
  for (const text of lines.slice(from - 1, to)) {
    const part = open === '' ? text : `${open} ${text.trim()}`;
    open = part.endsWith('\\') && part.length < maxCommand ? part.slice(0, -1) : '';
    if (open === '') commands.push(part);
  }
  return open === '' ? commands : [...commands, open];
}

/** Names that commands between two lines (from 1, both included) replace, sorted. */
export function replacedNames(
  { lines, repository }: { readonly lines: readonly string[]; readonly repository: string },
  from = 1,
  to: number = lines.length,
): readonly string[] {
  const commands = commandsOf(lines, from, to).filter(
    (command) => command.length <= maxCommand && !/^\s*#/.test(command),
  );
  return sortedSet(commands.flatMap((command) => namesOf(command, repository)));
}
