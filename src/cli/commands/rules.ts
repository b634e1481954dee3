/** `sprawl rules list|show|check|test`: what is recognised, and whether the rules hold. */
import { Command } from 'commander';
import { ProblemError } from '../../model/problem.js';
import { recordOf } from '../../report/finding-record.js';
import { beginRecord, jsonLine } from '../../report/records.js';
import { counted, safeText } from '../../report/safe-text.js';
import type { CompiledRule } from '../../rules/rule-set.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { readSecret } from '../secret-input.js';
import { tableLines } from '../table.js';

export function rulesCommand(bind: Bind): Command {
  return new Command('rules')
    .summary('what is recognised')
    .description('Lists, shows, checks and tries the rules.')
    .addCommand(
      new Command('list')
        .description('Lists all rules.')
        .option('--provider <name>', 'only of this provider')
        .action(bind(runList)),
    )
    .addCommand(
      new Command('show').description('Shows one rule.').argument('<rule>', 'its id').action(bind(runShow)),
    )
    .addCommand(
      new Command('check')
        .description('Checks the rule files and their examples; exit code 1 when there are faults.')
        .argument('[folder]', 'another folder of rules')
        .action(bind(runCheck)),
    )
    .addCommand(
      new Command('test')
        .description('Says what the rules find in the text on stdin; exit code 1 when they find something.')
        .argument('[rule]', 'only this rule')
        .action(bind(runTest)),
    );
}

async function runList(context: Context, flags: { readonly provider?: string }): Promise<number> {
  const { rules } = await context.services.loadRuleSet();
  const chosen = rules.filter(({ provider }) => flags.provider === undefined || provider === flags.provider);
  if (context.flags.json === true) {
    await context.out.print(jsonLine(beginRecord(context.version)));
    for (const { id, kind, name, provider, confidence, stage, detector } of chosen) {
      await context.out.print(
        jsonLine({ type: 'rule', id, kind, name, provider, confidence, stage, detector }),
      );
    }
    return exitCodes.clean;
  }
  const rows = chosen.map((rule) => [rule.id, rule.kind, rule.confidence, rule.stage, rule.name]);
  for (const line of tableLines(
    ['rule', 'kind', 'confidence', 'stage', 'name'],
    rows,
    context.terminal.style,
  )) {
    await context.out.printLine(line);
  }
  await context.tell(`${counted(chosen.length, 'rule')}.`);
  return exitCodes.clean;
}

/** The fields that explain a rule; documented samples stay out, a scan of our own output would find them. */
function explained(rule: CompiledRule): Readonly<Record<string, unknown>> {
  return {
    id: rule.id,
    kind: rule.kind,
    name: rule.name,
    provider: rule.provider,
    detector: rule.detector,
    confidence: rule.confidence,
    stage: rule.stage,
    locality: rule.locality,
    pattern: rule.pattern?.source,
    keywords: rule.keywords.map(({ text }) => text),
    pathCondition: rule.pathCondition,
    companions: rule.companions.map(({ kind, within }) => `${kind} within ${within} bytes`),
    references: rule.references,
  };
}

async function runShow(context: Context, _flags: object, id: string): Promise<number> {
  const { rules } = await context.services.loadRuleSet();
  const rule = rules.find((candidate) => candidate.id === id || candidate.kind === id);
  if (rule === undefined) {
    throw new ProblemError({
      code: 'not-found',
      message: 'There is no such rule.',
      hint: 'See "sprawl rules list".',
    });
  }
  if (context.flags.json === true) {
    await context.out.print(jsonLine(beginRecord(context.version)));
    await context.out.print(jsonLine(recordOf({ type: 'rule', ...explained(rule) })));
    return exitCodes.clean;
  }
  for (const [name, value] of Object.entries(explained(rule))) {
    const text = Array.isArray(value) ? value.join(', ') : value;
    if (text !== undefined && text !== '')
      await context.out.printLine(`${name.padEnd(15)}${safeText(String(text))}`);
  }
  return exitCodes.clean;
}

async function runCheck(context: Context, _flags: object, folder: string | undefined): Promise<number> {
  const { rules, kinds, faults } = await context.services.checkRules(folder);
  if (context.flags.json === true) {
    await context.out.print(jsonLine(beginRecord(context.version)));
    await context.out.print(jsonLine({ type: 'check', ok: faults.length === 0, rules, kinds, faults }));
  } else {
    for (const fault of faults) await context.out.printLine(safeText(fault));
    await context.tell(
      `${counted(rules, 'rule')} for ${counted(kinds, 'kind')}: ${counted(faults.length, 'fault')}.`,
    );
  }
  return faults.length === 0 ? exitCodes.clean : exitCodes.open;
}

async function runTest(context: Context, _flags: object, id: string | undefined): Promise<number> {
  const text = (await readSecret(context.io)).reveal();
  const found = (await context.services.tryRules(text)).filter(({ rule }) => id === undefined || rule === id);
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
