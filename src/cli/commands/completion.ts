/** `sprawl completion bash|zsh|fish`: a script made from the commands and flags themselves. */
import { Argument, Command } from 'commander';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** @param root gives the whole program, which exists only when all commands have been added */
export function completionCommand(bind: Bind, root: () => Command): Command {
  return new Command('completion')
    .summary('completion for a shell')
    .description('Prints a completion script, e.g.: source <(sprawl completion bash)')
    .addArgument(new Argument('<shell>').choices(shells))
    .action(
      bind(async (context: Context, _flags: object, shell: Shell) => {
        await context.out.print(scripts[shell](pathsOf(root())));
        return exitCodes.clean;
      }),
    );
}

/** What may follow a command path such as `db check`. */
interface CommandPath {
  /** Words after `sprawl`, joined with one blank; empty for the root. */
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly help: string }[];
}

function pathsOf(root: Command): readonly CommandPath[] {
  const globals = flagWords(root);
  const visit = (command: Command, path: string): CommandPath[] => [
    {
      path,
      words: [
        ...command.commands.map((sub) => ({ word: sub.name(), help: sub.summary() || sub.description() })),
        ...argumentWords(command),
        ...(command === root ? [] : flagWords(command)),
        ...globals,
      ],
    },
    ...command.commands.flatMap((sub) => visit(sub, path === '' ? sub.name() : `${path} ${sub.name()}`)),
  ];
  return visit(root, '');
}

/** Words that an argument can be, where there are only so many. */
function argumentWords(command: Command): { word: string; help: string }[] {
  return command.registeredArguments.flatMap(({ argChoices = [], description }) =>
    argChoices.map((word) => ({ word, help: description === '' ? word : description })),
  );
}

function flagWords(command: Command): { word: string; help: string }[] {
  return command.options.flatMap(({ long, description }) =>
    long === undefined || long === null ? [] : [{ word: long, help: description }],
  );
}

/** Text inside single quotes of a shell, on one line. */
function inQuotes(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll("'", `'\\''`);
}

function bash(paths: readonly CommandPath[]): string {
  const cases = paths.map(
    ({ path, words }) => `    '${path}') words='${words.map(({ word }) => word).join(' ')}' ;;`,
  );
  return `# bash completion for sprawl
_sprawl() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' next word i words=''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    next="\${path:+$path }$word"
    case " ${paths.map(({ path }) => path.replaceAll(' ', '/')).join(' ')} " in
      *" \${next// //} "*) path="$next" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
}
complete -o filenames -F _sprawl sprawl
`;
}

function zsh(paths: readonly CommandPath[]): string {
  const cases = paths.map(({ path, words }) => {
    const items = words.map(({ word, help }) => `'${word}:${inQuotes(help).replaceAll(':', '\\:')}'`);
    return `    '${path}') items=(${items.join(' ')}) ;;`;
  });
  const known = paths.map(({ path }) => `'${path}'`).join(' ');
  return `#compdef sprawl
_sprawl() {
  local -a items known
  local route='' next word
  known=(${known})
  for word in \${words[2,CURRENT-1]}; do
    next="\${route:+$route }$word"
    (( \${known[(Ie)$next]} )) && route="$next"
  done
  case "$route" in
${cases.join('\n')}
  esac
  _describe 'sprawl' items
  _files
}
compdef _sprawl sprawl
`;
}

function fish(paths: readonly CommandPath[]): string {
  const lines = paths.flatMap(({ path, words }) => {
    const steps = path === '' ? [] : path.split(' ');
    const condition =
      steps.length === 0
        ? '__fish_use_subcommand'
        : steps.map((step) => `__fish_seen_subcommand_from ${step}`).join('; and ');
    return words.map(({ word, help }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
      return `complete -c sprawl -n '${condition}' ${what} -d '${inQuotes(help)}'`;
    });
  });
  return `# fish completion for sprawl\n${[...new Set(lines)].join('\n')}\n`;
}

const scripts: Readonly<Record<Shell, (paths: readonly CommandPath[]) => string>> = { bash, zsh, fish };
