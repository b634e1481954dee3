/** `main(argv, io)`: from arguments to an exit code. The only place where failures become text. */
import { Command, CommanderError } from 'commander';
import { ProblemError } from '../model/problem.js';
import { sentence } from '../report/safe-text.js';
import { allowCommand } from './commands/allow.js';
import { baselineCommand } from './commands/baseline.js';
import { completionCommand } from './commands/completion.js';
import { dbCommand } from './commands/db.js';
import { doctorCommand } from './commands/doctor.js';
import { exceptCommand } from './commands/except.js';
import { explainCommand } from './commands/explain.js';
import { fingerprintCommand } from './commands/fingerprint.js';
import { hookCommand } from './commands/hook.js';
import { incidentCommand } from './commands/incident.js';
import { ingestCommand } from './commands/ingest.js';
import { inventoryCommand } from './commands/inventory.js';
import { keyCommand } from './commands/key.js';
import { listCommand } from './commands/list.js';
import { logCommand } from './commands/log.js';
import { offboardCommand } from './commands/offboard.js';
import { placeCommand } from './commands/place.js';
import { planCommand } from './commands/plan.js';
import { policyCommand } from './commands/policy.js';
import { proveCommand } from './commands/prove.js';
import { reportCommand } from './commands/report.js';
import { rulesCommand } from './commands/rules.js';
import { scanCommand } from './commands/scan.js';
import { showCommand } from './commands/show.js';
import { verifyCommand } from './commands/verify.js';
import { whereCommand } from './commands/where.js';
import type { Bind, Context, GlobalFlags } from './context.js';
import { exitCodeHelp, exitCodes } from './exit-codes.js';
import { addGlobalFlags } from './flags.js';
import type { Io } from './io.js';
import { Output } from './output.js';
import type { Services } from './services.js';
import { showProblem } from './show-problem.js';
import { decideTerminal } from './terminal.js';
import { productVersion } from './version.js';

/** All commands. `bind` decides what running one means. */
export function createProgram(bind: Bind): Command {
  const program = new Command('sprawl')
    .description(
      'Finds every place a secret was copied, so that it can be rotated without breaking anything.',
    )
    .version(productVersion(), '-V, --version')
    .addHelpText('after', exitCodeHelp)
    .showSuggestionAfterError(true);
  addGlobalFlags(program);
  for (const command of [
    scanCommand(bind),
    listCommand(bind),
    showCommand(bind),
    whereCommand(bind),
    incidentCommand(bind),
    explainCommand(bind),
    planCommand(bind),
    verifyCommand(bind),
    proveCommand(bind),
    reportCommand(bind),
    offboardCommand(bind),
    policyCommand(bind),
    exceptCommand(bind),
    logCommand(bind),
    allowCommand(bind),
    baselineCommand(bind),
    fingerprintCommand(bind),
    placeCommand(bind),
    inventoryCommand(bind),
    ingestCommand(bind),
    keyCommand(bind),
    dbCommand(bind),
    rulesCommand(bind),
    hookCommand(bind),
    doctorCommand(bind),
    completionCommand(bind, () => program),
  ]) {
    program.addCommand(command);
  }
  return program;
}

/** Paragraphs in one line each: descriptions are written in lines longer than most terminals are wide. */
function inParagraphs(text: string): string {
  return text.replace(/([^\n])\n(?=[^\n ])/g, '$1 ');
}

/** Settings that commander does not hand down to commands made apart. */
function prepare(command: Command, write: { out: (text: string) => void }): void {
  command.exitOverride();
  // Errors are printed at the top, where values can be kept out of them.
  command.configureOutput({ writeOut: write.out, writeErr: write.out, outputError: () => {} });
  command.configureHelp({ commandDescription: (described) => inParagraphs(described.description()) });
  for (const sub of command.commands) prepare(sub, write);
}

/** A name of ours, misspelt; anything else may be a secret given by mistake and is not repeated. */
const plainName = /^-{0,2}[a-z][a-z-]{0,24}$/;

/** What commander says, without the values that it quotes. */
function usageMessage(error: CommanderError): string {
  const text = error.message
    .replace(/^error: /, '')
    .replace(/\n/g, ' ')
    .replace(/^unknown (command|option) '(.*)'/s, (whole, what: string, given: string) =>
      plainName.test(given) ? whole : `unknown ${what}`,
    )
    .replace(/ argument '.*' is invalid/s, ' has an invalid value');
  return sentence(text.endsWith(')') || text.endsWith('.') ? text : `${text}.`);
}

function isHelp(error: CommanderError): boolean {
  return ['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(error.code);
}

/** Runs a command line and gives its exit code; never throws and never ends the process. */
export async function main(argv: readonly string[], io: Io, services: Services): Promise<number> {
  const out = new Output(io.stdout);
  const err = new Output(io.stderr);
  const abort = new AbortController();
  const stopListening = io.onInterrupt(() => abort.abort());
  let exitCode: number = exitCodes.clean;
  let flags: GlobalFlags = {};
  const bind: Bind =
    <Options, Args extends readonly unknown[]>(
      handler: (context: Context, options: Options, ...args: Args) => Promise<number>,
    ) =>
    async (...all) => {
      // Commander ends the list with the options and the command itself.
      const command = all.at(-1) as Command;
      flags = command.optsWithGlobals<GlobalFlags>();
      const context = contextOf(io, services, flags, out, err, abort.signal);
      // A flag that a command and its subcommand have in common is the upper one's for commander, wherever it stands.
      const options = command.optsWithGlobals() as Options;
      exitCode = await handler(context, options, ...(all.slice(0, -2) as unknown as Args));
    };
  try {
    const program = createProgram(bind);
    let help = '';
    prepare(program, {
      out: (text) => {
        help += text;
      },
    });
    try {
      await program.parseAsync([...argv], { from: 'user' });
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      // "sprawl" and "sprawl db" alone are bad usage, and help is the answer.
      if (error.code === 'commander.help') {
        await err.print(help);
        exitCode = exitCodes.fatal;
      } else if (isHelp(error)) await out.print(help);
      else throw new ProblemError({ code: 'usage', message: usageMessage(error) });
    }
    await out.flush();
  } catch (error) {
    const { errorStyle } = decideTerminal(io, flags.color ?? 'auto', false);
    await out.flush().catch(() => undefined);
    const text = showProblem(error, errorStyle, flags.verbose ?? 0);
    await err.print(await services.maskSecrets(text).catch(() => text));
    exitCode = abort.signal.aborted ? exitCodes.interrupted : exitCodes.fatal;
  } finally {
    stopListening();
    await err.flush().catch(() => undefined);
  }
  // Also when the reader of stdout has gone: `scan | head` must not pass for clean.
  return exitCode;
}

function contextOf(
  io: Io,
  services: Services,
  flags: GlobalFlags,
  out: Output,
  err: Output,
  signal: AbortSignal,
): Context {
  const quiet = flags.quiet === true;
  return {
    io,
    services,
    flags,
    out,
    signal,
    terminal: decideTerminal(io, flags.color ?? 'auto', quiet),
    version: productVersion(),
    tell: async (line) => {
      if (quiet) return;
      await err.print(`${line}\n`);
      await err.flush();
    },
  };
}
