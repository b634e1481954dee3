/** `sprawl policy explain <fp>`: which rule decided how a secret is rotated, and why none before it did. */
import { Command } from 'commander';
import { beginRecord, jsonLine } from '../../report/records.js';
import type { Dossier } from '../../rotation/dossier.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { collect } from '../flags.js';
import { printMasked } from '../masked-output.js';
import type { Explanation } from '../policy-text.js';
import type { Rotation, RotationLook } from '../rotation/rotation.js';
import { resolveFingerprint } from '../secret-argument.js';
import { withSession } from '../session.js';

interface ExplainFlags {
  readonly policy?: string;
  readonly inventory?: readonly string[];
  readonly now?: string;
}

export function policyExplainCommand(bind: Bind): Command {
  return new Command('explain')
    .description(
      'Says which rule of the policy decides about a secret, why each rule before it does not match, and which\n' +
        'requirements count and why.',
    )
    .argument('<fingerprint>', 'any unique beginning of its fingerprint')
    .option('--policy <file>', 'this policy instead of the one that holds here')
    .option('--inventory <file>', 'read this inventory too, for this run (repeatable)', collect)
    .option('--now <time>', 'take this for the present time (RFC 3339)')
    .action(bind(runExplain));
}

async function runExplain(context: Context, flags: ExplainFlags, prefix: string): Promise<number> {
  return withSession(context, 'read', async (session) => {
    const fingerprint = await resolveFingerprint(session.store, prefix);
    const rotation = await context.services.rotation(context, session, { ...flags, wanted: [fingerprint] });
    try {
      const explanation = await explanationOf(rotation, fingerprint);
      const { explanationLines, explanationRecord } = await import('../policy-text.js');
      if (context.flags.json === true) {
        await context.out.print(jsonLine(beginRecord(context.version)));
        await printMasked(context, session, [jsonLine(explanationRecord(explanation)).trimEnd()]);
      } else await printMasked(context, session, explanationLines(explanation, context.terminal.style));
      return exitCodes.clean;
    } finally {
      rotation.close();
    }
  });
}

async function lookAt(
  rotation: Rotation,
  fingerprint: string,
): Promise<{ readonly dossier: Dossier; readonly input: RotationLook['input'] }> {
  for await (const { dossiers, input } of rotation.look(new Set([fingerprint]))) {
    const dossier = dossiers.find((found) => found.fingerprint === fingerprint);
    if (dossier !== undefined) return { dossier, input };
  }
  throw new TypeError('a secret that was asked for has no dossier');
}

async function explanationOf(rotation: Rotation, fingerprint: string): Promise<Explanation> {
  const [{ decide, traceRequirements }, { inForce }, { rotationStatuses }, { noGraphFacts }] =
    await Promise.all([
      import('../../rotation/policy/decide.js'),
      import('../../rotation/exceptions/standing.js'),
      import('../../rotation/log/rotation-status.js'),
      import('../../rotation/graph/graph-facts.js'),
    ]);
  const { policy, now, standings, state } = rotation;
  const { dossier, input } = await lookAt(rotation, fingerprint);
  const status = rotationStatuses(state).get(fingerprint);
  const subject = {
    dossier,
    graph: input.graph.get(fingerprint) ?? noGraphFacts,
    isExcepted: inForce(standings).has(fingerprint),
    now,
    ...(status === undefined ? {} : { status }),
  };
  const ifPublic = input.ifPublic.get(fingerprint);
  return {
    fingerprint,
    kind: dossier.kind,
    file: policy.file,
    sha256: policy.sha256,
    decision: decide(policy, subject),
    requirements: traceRequirements(policy, subject),
    ...(ifPublic === undefined ? {} : { ifPublic }),
  };
}
