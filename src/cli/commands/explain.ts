/** `sprawl explain <fp>`: every fact about one secret, with where it comes from, and every measure with its terms. */
import { Command } from 'commander';
import type { Bind, Context } from '../context.js';
import { explainLines } from '../dossier-text.js';
import { exitCodes } from '../exit-codes.js';
import { collect } from '../flags.js';
import { printMasked } from '../masked-output.js';
import { loadPolicy } from '../policy-file.js';
import { loadImports } from '../rotation-imports.js';
import { resolveExposure } from '../secret-argument.js';
import { withSession } from '../session.js';

interface ExplainFlags {
  readonly inventory?: readonly string[];
  readonly policy?: string;
  readonly now?: string;
}

export function explainCommand(bind: Bind): Command {
  return new Command('explain')
    .summary('facts about one secret, each with its origin')
    .description(
      'Prints what is known of owner, environments, consumers, lifetime and priority of a secret: every fact with the\n' +
        'rule and the evidence that gave it, every number with the terms that it is the sum of.',
    )
    .argument('<fingerprint>', 'any unique beginning of its fingerprint')
    .option(
      '--policy <file>',
      'this policy (default: .sprawl/policy.yaml of the checkout, else the shipped one)',
    )
    .option('--inventory <file>', 'read this inventory too, for this run (repeatable)', collect)
    .option('--now <time>', 'take this for the present time (RFC 3339)')
    .action(bind(runExplain));
}

async function runExplain(context: Context, flags: ExplainFlags, prefix: string): Promise<number> {
  return withSession(context, 'read', async (session) => {
    const { store } = session;
    const exposure = await resolveExposure(store, prefix);
    const { dossier } = await context.services.dossier(
      store,
      exposure,
      await loadImports(context, session, flags.inventory ?? []),
      flags.now ?? context.io.now(),
      context.io.cwd,
      loadPolicy(context.io.cwd, flags.policy).settings,
    );
    const lines =
      context.flags.json === true
        ? [JSON.stringify({ type: 'dossier', ...withoutCopies(dossier) })]
        : explainLines(dossier, context.terminal.style);
    await printMasked(context, session, lines);
    return exitCodes.clean;
  });
}

/** Locations are what `show` and `where` print. */
function withoutCopies<T extends { readonly exposure: unknown; readonly copies: unknown }>(
  dossier: T,
): Omit<T, 'exposure' | 'copies'> {
  const { exposure: _exposure, copies: _copies, ...rest } = dossier;
  return rest;
}
