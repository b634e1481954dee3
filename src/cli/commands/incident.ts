/** `sprawl incident`: one screen about a leaked secret: who can read it, what breaks, how to disable it. */
import { Command } from 'commander';
import type { Exposure } from '../../model/exposure.js';
import { ProblemError } from '../../model/problem.js';
import { safeText } from '../../report/safe-text.js';
import type { RotationSettings } from '../../rotation/estate.js';
import type { Bind, Context } from '../context.js';
import { incidentLines } from '../dossier-text.js';
import { exitCodes } from '../exit-codes.js';
import { collect } from '../flags.js';
import { printMasked } from '../masked-output.js';
import { loadPolicy } from '../policy-file.js';
import { loadImports } from '../rotation-imports.js';
import { resolveExposure } from '../secret-argument.js';
import { readSecret } from '../secret-input.js';
import { type Session, withSession } from '../session.js';
import { whereIdentifier, whereValue } from '../where-sources.js';

interface IncidentFlags {
  readonly id?: string;
  readonly inventory?: readonly string[];
  readonly policy?: string;
  readonly now?: string;
}

export function incidentCommand(bind: Bind): Command {
  return new Command('incident')
    .summary('one screen about a leaked secret')
    .description(
      'Says of a secret (by fingerprint, by its value on stdin, or by a key id): what it is, every place and who can\n' +
        'read it, what probably breaks when it is changed, how to disable it, and how far the answer reaches.',
    )
    .argument('[fingerprint]', 'any unique beginning of its fingerprint; "-": the value on stdin')
    .option('--id <text>', 'a key id, an account or a masked form instead')
    .option(
      '--policy <file>',
      'this policy (default: .sprawl/policy.yaml of the checkout, else the shipped one)',
    )
    .option('--inventory <file>', 'read this inventory too, for this run (repeatable)', collect)
    .option('--now <time>', 'take this for the present time (RFC 3339)')
    .action(bind(runIncident));
}

async function runIncident(
  context: Context,
  flags: IncidentFlags,
  subject: string | undefined,
): Promise<number> {
  return withSession(context, 'read', async (session) => {
    const exposures = await exposuresOf(context, session, flags, subject);
    const now = flags.now ?? context.io.now();
    const coverage = await session.store.coverage();
    if (exposures.length === 0) {
      await context.out.printLine(
        'No such secret is recorded; "sprawl where - --deep" reads every known source again for a value.',
      );
      return exitCodes.incomplete;
    }
    const imports = await loadImports(context, session, flags.inventory ?? []);
    const { cwd } = context.io;
    const settings = await settingsOf(context, flags.policy);
    for (const exposure of exposures) {
      const found = await context.services.dossier(session.store, exposure, imports, now, cwd, settings);
      const { dossier, unread, unscanned, providers } = found;
      const about = {
        reaction: providers.reactionOf(dossier.provider.provider),
        coverage: coverage.filter(({ place }) => exposure.places.includes(place)),
        unread,
        unscanned,
        now,
      };
      await printMasked(context, session, incidentLines(dossier, about, context.terminal.style));
    }
    return exitCodes.open;
  });
}

/** A broken policy must not keep anybody from the answer: then the default times hold, and that is said. */
async function settingsOf(
  context: Context,
  policy: string | undefined,
): Promise<RotationSettings | undefined> {
  try {
    return loadPolicy(context.io.cwd, policy).settings;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    await context.tell(
      safeText(`warning: the policy is not used, the default times are: ${error.problem.message}`),
    );
    return undefined;
  }
}

async function exposuresOf(
  context: Context,
  session: Session,
  { id }: IncidentFlags,
  subject: string | undefined,
): Promise<readonly Exposure[]> {
  const { store } = session;
  if (id !== undefined) {
    if (subject !== undefined) {
      throw new ProblemError({ code: 'usage', message: 'Give either a secret or --id, not both.' });
    }
    return known(session, (await whereIdentifier(context, session, id)).copies);
  }
  if (subject !== undefined && subject !== '-') return [await resolveExposure(store, subject)];
  return known(session, (await whereValue(context, session, await readSecret(context.io))).copies);
}

/** The secrets behind copies; a value that no detector flagged has none. */
async function known(
  { store }: Session,
  copies: readonly { readonly facts: { readonly fingerprint: Exposure['fingerprint'] } }[],
): Promise<readonly Exposure[]> {
  const exposures: Exposure[] = [];
  for (const fingerprint of new Set(copies.map(({ facts }) => facts.fingerprint))) {
    const exposure = await store.exposure(fingerprint);
    if (exposure !== undefined) exposures.push(exposure);
  }
  return exposures;
}
