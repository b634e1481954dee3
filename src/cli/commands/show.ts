/** `sprawl show <fp>`: everything that is known of one secret. */
import { Command } from 'commander';
import type { Exposure } from '../../model/exposure.js';
import { shownFingerprintLength } from '../../model/ids.js';
import { counted, safeText } from '../../report/safe-text.js';
import { locationLine } from '../../report/text.js';
import type { Bind, Context } from '../context.js';
import { conditionLines } from '../dossier-text.js';
import { exitCodes } from '../exit-codes.js';
import { addFormatFlags, type FormatFlags, formatOf } from '../flags.js';
import { printMasked } from '../masked-output.js';
import { loadPolicy } from '../policy-file.js';
import { shownCopies } from '../quantities.js';
import { reportPieces } from '../report-output.js';
import { loadImports } from '../rotation-imports.js';
import { resolveExposure } from '../secret-argument.js';
import { withSession } from '../session.js';

interface ShowFlags extends FormatFlags {
  readonly explain?: boolean;
}

export function showCommand(bind: Bind): Command {
  const command = new Command('show')
    .summary('everything about one secret')
    .description(
      `Shows labels, copies, relations and spellings of one secret; in text the first ${shownCopies} copies unless --all.`,
    )
    .argument('<fingerprint>', 'any unique beginning of its fingerprint')
    .option(
      '--explain',
      'why each copy was taken for a secret, and what holds of it with the controls concerned',
    )
    .action(bind(runShow));
  return addFormatFlags(command);
}

/** Facts beyond the block of a report: labels, attributes, relations, aliases. */
function* factLines(exposure: Exposure): Generator<string> {
  for (const label of exposure.labels) {
    yield `  label       ${label.kind} (rule ${label.rule}, ${label.confidence})`;
  }
  yield `  strength    about ${exposure.strengthBits} bits${exposure.weak ? ', weak: copies link only within one account' : ''}`;
  for (const { name, text } of exposure.attributes) yield `  ${safeText(name).padEnd(11)} ${safeText(text)}`;
  for (const { relation, to } of exposure.relations) {
    yield `  relation    ${relation} ${to.slice(0, shownFingerprintLength)}`;
  }
  for (const { domain, fingerprint } of exposure.aliases) {
    yield `  alias       ${safeText(domain)} ${fingerprint.slice(0, shownFingerprintLength)}`;
  }
  yield `  seen        ${exposure.firstSeen} to ${exposure.lastSeen}`;
}

async function runShow(context: Context, flags: ShowFlags, prefix: string): Promise<number> {
  const format = formatOf(context, flags.format);
  return withSession(context, 'read', async (session) => {
    const { store, keys } = session;
    const limit = format === 'text' && flags.all !== true ? shownCopies : undefined;
    const exposure = await resolveExposure(store, prefix, limit);
    const deps = { store, keys, onEvent: () => {}, signal: context.signal };
    await context.out.printAll(
      reportPieces(context, {
        format,
        exposures: [exposure],
        coverage: (await store.coverage()).filter(({ place }) => exposure.places.includes(place)),
        unlimited: true,
        ...(flags.showSecrets === true && { reveal: (location) => context.services.reveal(location, deps) }),
      }),
    );
    if (format !== 'text') return exitCodes.clean;
    const left = exposure.locationCount - exposure.locations.length;
    if (left > 0) {
      await context.out.printLine(`  and ${counted(left, 'more copy', 'more copies')}: --all shows them\n`);
    }
    for (const line of factLines(exposure)) await context.out.printLine(line);
    if (flags.explain !== true) return exitCodes.clean;
    const imports = await loadImports(context, session, []);
    const { now, cwd } = context.io;
    const { settings } = loadPolicy(cwd, undefined);
    const found = await context.services.dossier(store, exposure, imports, now(), cwd, settings);
    await printMasked(context, session, conditionLines(found.dossier.conditions));
    await context.out.printLine('\n  why');
    for (const location of exposure.locations) {
      await context.out.printLine(`    ${locationLine(location, context.terminal.style)}`);
      await context.out.printLine(
        `      ${location.confidence} by ${location.rule}: ${location.reasons.map(safeText).join(', ')}`,
      );
    }
    return exitCodes.clean;
  });
}
