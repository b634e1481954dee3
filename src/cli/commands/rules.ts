/** `sprawl rules list|show|check|test`: what is recognised, and whether the rules hold. */
import { relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { ProblemError } from '../../model/problem.js';
import { recordOf } from '../../report/finding-record.js';
import { beginRecord, jsonLine } from '../../report/records.js';
import { counted, safeText } from '../../report/safe-text.js';
import type { CompiledRule } from '../../rules/rule-set.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { providerFactLines } from '../provider-facts-text.js';
import { readSecret } from '../secret-input.js';
import type { OwnRules } from '../services.js';
import { tableLines } from '../table.js';

export function rulesCommand(bind: Bind): Command {
  return new Command('rules')
    .summary('what is recognised')
    .description('Lists, shows, checks and tries the rules.')
    .addCommand(
      new Command('list')
        .description('Lists all rules: the built-in ones and those of the configuration that holds here.')
        .option('--provider <name>', 'only of this provider; "user" for the rules of a configuration')
        .addOption(configOption())
        .action(bind(runList)),
    )
    .addCommand(
      new Command('show')
        .description('Shows one rule, and what rotating and revoking what it finds takes.')
        .argument('<rule>', 'its id')
        .addOption(configOption())
        .action(bind(runShow)),
    )
    .addCommand(
      new Command('check')
        .description(
          'Checks the rules, their examples included: the built-in ones and those of the configuration that\n' +
            'holds here. Exit code 1 when there are faults.',
        )
        .argument('[folder]', 'another folder of built-in rules')
        .addOption(configOption())
        .action(bind(runCheck)),
    )
    .addCommand(
      new Command('test')
        .description('Says what the rules find in the text on stdin; exit code 1 when they find something.')
        .argument('[rule]', 'only this rule')
        .addOption(configOption())
        .action(bind(runTest)),
    );
}

interface ConfigFlag {
  readonly config?: string;
}

function configOption(): Option {
  return new Option('--config <file>', 'use this configuration instead of the one that holds here');
}

async function ownRules(context: Context, { config }: ConfigFlag): Promise<OwnRules> {
  const { cwd } = context.io;
  return context.services.ownRules(cwd, config === undefined ? undefined : resolve(cwd, config));
}

async function tellNotes(context: Context, notes: readonly string[]): Promise<void> {
  for (const note of notes) await context.tell(`warning: ${safeText(note)}`);
}

/** Where a rule was written, or changed. */
function originOf({ origin, changedBy }: CompiledRule, cwd: string): string {
  const place = ({ file, line }: { file: string; line: number }): string =>
    `${file.startsWith(`${cwd}/`) ? relative(cwd, file) : file}:${line}`;
  if (origin !== undefined) return place(origin);
  return changedBy === undefined ? 'built-in' : `built-in, changed by ${place(changedBy)}`;
}

/** Rules that only serve others have no name for people. */
function isListed({ silent }: CompiledRule): boolean {
  return silent !== true;
}

async function runList(
  context: Context,
  flags: ConfigFlag & { readonly provider?: string },
): Promise<number> {
  const own = await ownRules(context, flags);
  await tellNotes(context, own.notes);
  const stageOf = ({ id, stage }: CompiledRule): string => (own.disabled.includes(id) ? 'disabled' : stage);
  const listed = own.rules.rules.filter(isListed);
  const chosen = listed.filter(({ provider }) => flags.provider === undefined || provider === flags.provider);
  if (context.flags.json === true) {
    await context.out.print(jsonLine(beginRecord(context.version)));
    for (const rule of chosen) {
      const { id, kind, name, provider, confidence, detector } = rule;
      const [stage, origin] = [stageOf(rule), originOf(rule, context.io.cwd)];
      await context.out.print(
        jsonLine({ type: 'rule', id, kind, name, provider, confidence, stage, detector, origin }),
      );
    }
    return exitCodes.clean;
  }
  const rows = chosen.map((rule) => [
    rule.id,
    rule.kind,
    rule.confidence,
    stageOf(rule),
    originOf(rule, context.io.cwd),
    rule.name,
  ]);
  for (const line of tableLines(
    ['rule', 'kind', 'confidence', 'stage', 'origin', 'name'],
    rows,
    context.terminal.style,
  )) {
    await context.out.printLine(line);
  }
  await context.tell(`${counted(chosen.length, 'rule')}.`);
  return exitCodes.clean;
}

/** The fields that explain a rule; documented samples stay out, a scan of our own output would find them. */
function explained(rule: CompiledRule, cwd: string): Readonly<Record<string, unknown>> {
  return {
    id: rule.id,
    kind: rule.kind,
    name: rule.name,
    provider: rule.provider,
    detector: rule.detector,
    confidence: rule.confidence,
    stage: rule.stage,
    locality: rule.locality,
    origin: originOf(rule, cwd),
    pattern: rule.pattern?.source ?? rule.linear?.written,
    window: windowOf(rule),
    keywords: rule.keywords.map(({ text }) => text),
    pathCondition: rule.pathCondition,
    companions: rule.companions.map(({ kind, within }) => `${kind} within ${within} bytes`),
    references: rule.references,
  };
}

/** What a rule of a configuration sees, which is its part of the locality contract. */
function windowOf({ linear }: CompiledRule): string | undefined {
  if (linear === undefined) return undefined;
  const { way, before, after, isCapped } = linear;
  const cap = isCapped ? ', capped' : '';
  if (way === 'everywhere') return `any place, matches up to ${after} bytes${cap}`;
  const near = way === 'near' ? ', which a match need not hold' : '';
  return `${before} bytes before and ${after} behind a keyword${near}${cap}`;
}

async function runShow(context: Context, flags: ConfigFlag, id: string): Promise<number> {
  const own = await ownRules(context, flags);
  const rules = own.rules.rules.filter(isListed);
  const rule = rules.find((candidate) => candidate.id === id || candidate.kind === id);
  if (rule === undefined) {
    throw new ProblemError({
      code: 'not-found',
      message: 'There is no such rule.',
      hint: 'See "sprawl rules list".',
    });
  }
  const facts = (await context.services.providerTable(context.io.cwd)).rowOf(rule.kind);
  if (context.flags.json === true) {
    await context.out.print(jsonLine(beginRecord(context.version)));
    await context.out.print(jsonLine(recordOf({ type: 'rule', ...explained(rule, context.io.cwd), facts })));
    return exitCodes.clean;
  }
  const lines = Object.entries(explained(rule, context.io.cwd)).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value ?? '')] as const,
  );
  for (const [name, text] of [...lines, ...providerFactLines(facts, rule.kind)]) {
    if (text !== '') await context.out.printLine(`${name.padEnd(15)}${safeText(text)}`);
  }
  return exitCodes.clean;
}

async function runCheck(context: Context, flags: ConfigFlag, folder: string | undefined): Promise<number> {
  // Throws for a broken file of the checkout.
  await context.services.providerTable(context.io.cwd);
  const { rules, kinds, facts, faults } = await context.services.checkRules(folder);
  const own = await context.services.checkOwnRules(await ownRules(context, flags));
  const all = [...faults, ...own.faults];
  const ok = all.length === 0;
  await tellNotes(context, own.notes);
  if (context.flags.json === true) {
    const { limits, rules: ownCount } = own;
    await context.out.print(jsonLine(beginRecord(context.version)));
    await context.out.print(
      jsonLine({ type: 'check', ok, rules, kinds, facts, faults: all, ownRules: ownCount, limits }),
    );
  } else {
    for (const fault of all) await context.out.printLine(safeText(fault));
    for (const limit of own.limits) await context.tell(`limit: ${safeText(limit)}`);
    const of = own.rules === 0 ? '' : `, ${counted(own.rules, 'rule')} of one's own`;
    await context.tell(
      `${counted(facts.rows, 'row')} of provider facts: ${counted(facts.kinds, 'kind')} with their own, ` +
        `${facts.fallingBack} that fall back to the general one.`,
    );
    await context.tell(
      `${counted(rules, 'rule')} for ${counted(kinds, 'kind')}${of}: ${counted(all.length, 'fault')}.`,
    );
  }
  return ok ? exitCodes.clean : exitCodes.open;
}

async function runTest(context: Context, flags: ConfigFlag, id: string | undefined): Promise<number> {
  const own = await ownRules(context, flags);
  await tellNotes(context, own.notes);
  const text = (await readSecret(context.io)).reveal();
  const all = await context.services.tryRules(text, own);
  const found = all.filter(({ rule }) => id === undefined || rule === id);
  if (context.flags.json === true) await context.out.print(jsonLine(beginRecord(context.version)));
  for (const { rule, kind, confidence, position, reasons } of found) {
    const { line, column } = position;
    await context.out.print(
      context.flags.json === true
        ? jsonLine({ type: 'match', rule, kind, confidence, ...position, reasons })
        : `${line}:${column}  ${rule}  ${confidence}  ${reasons.map(safeText).join(', ')}\n`,
    );
  }
  if (found.length === 0) await context.tell('Nothing was found.');
  return found.length === 0 ? exitCodes.clean : exitCodes.open;
}
