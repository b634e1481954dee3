/** `sprawl policy check|test|explain`: whether a policy says what was meant. */
import { Command } from 'commander';
import { beginRecord, jsonLine } from '../../report/records.js';
import { counted, safeText } from '../../report/safe-text.js';
import type { Policy, PolicyFault } from '../../rotation/policy/policy.js';
import type { TestResult } from '../../rotation/policy/run-tests.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { shownText } from '../value-free-text.js';
import { policyExplainCommand } from './policy-explain.js';

export function policyCommand(bind: Bind): Command {
  return new Command('policy')
    .summary('what decides how secrets are rotated')
    .description('Checks, tries and explains the policy that decides how each secret is rotated.')
    .addCommand(
      new Command('check')
        .description(
          'Names every fault of a policy with line and column: unknown fields and words, rules that nothing reaches,\n' +
            'rules without a reason, a list that does not end in a rule for everything. Exit code 1 when there are faults.',
        )
        .argument('[file]', 'a policy; default: .sprawl/policy.yaml of the checkout, else the built-in one')
        .action(bind(runCheck)),
    )
    .addCommand(
      new Command('test')
        .description('Runs the tests that stand in a policy. Exit code 1 when one fails.')
        .argument('[file]', 'a policy; default: .sprawl/policy.yaml of the checkout, else the built-in one')
        .action(bind(runTest)),
    )
    .addCommand(policyExplainCommand(bind));
}

/** A policy may hold a secret by mistake; what it says is not repeated as it is. */
async function printMaskedLines(context: Context, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await context.out.printLine(await context.services.maskSecrets(lines.join('\n')));
}

function faultRecord({ file, line, column, message }: PolicyFault): string {
  return jsonLine({ type: 'policy-fault', file, line, column, message }).trimEnd();
}

/** Kinds and rows that are neither built in nor of this checkout. */
async function namesNobodyHas(context: Context, policy: Policy): Promise<PolicyFault[]> {
  const { unknownNames } = await import('../../rotation/policy/unknown-names.js');
  const { cwd } = context.io;
  const { rules } = await context.services.ownRules(cwd, undefined);
  const { rows } = await context.services.providerTable(cwd);
  return unknownNames(policy, {
    kinds: new Set(rules.rules.map(({ kind }) => kind as string)),
    rows: new Set(rows.map(({ id }) => id)),
  });
}

async function runCheck(context: Context, _: unknown, file: string | undefined): Promise<number> {
  const { checkedPolicy, policyText } = await import('../policy-file.js');
  const { policyFaultText } = await import('../../rotation/policy/policy.js');
  const text = policyText(context.io.cwd, file);
  const { policy, faults } = checkedPolicy(text);
  const texts = faults.map(policyFaultText);
  const notes = policy === undefined ? [] : (await namesNobodyHas(context, policy)).map(policyFaultText);
  const ok = faults.length === 0;
  const counts = {
    rules: policy?.rules.length,
    requirements: policy?.requirements.length,
    tests: policy?.tests.length,
  };
  if (context.flags.json === true) {
    const check = {
      type: 'check',
      ok,
      file: text.name,
      sha256: text.sha256,
      ...counts,
      faults: texts,
      notes,
    };
    await context.out.print(jsonLine(beginRecord(context.version)));
    await printMaskedLines(context, [...faults.map(faultRecord), jsonLine(check).trimEnd()]);
  } else {
    await printMaskedLines(context, texts.map(safeText));
    for (const note of notes)
      await context.tell(`note: ${safeText(await context.services.maskSecrets(note))}`);
    const about =
      policy === undefined
        ? ''
        : `${counted(policy.rules.length, 'rule')}, ${counted(policy.requirements.length, 'requirement')}, ` +
          `${counted(policy.tests.length, 'test')}, `;
    await context.tell(`${await shownText(context, text.name)}: ${about}${counted(faults.length, 'fault')}.`);
  }
  return ok ? exitCodes.clean : exitCodes.open;
}

function testRecord({ test, decision, differences }: TestResult): string {
  const { strategy, rule } = decision;
  const ok = differences.length === 0;
  const { line } = test.at;
  return jsonLine({ type: 'policy-test', name: test.name, line, ok, strategy, rule, differences }).trimEnd();
}

function testLines(file: string, { test, decision, differences }: TestResult, isVerbose: boolean): string[] {
  const { line, column } = test.at;
  if (differences.length === 0) return isVerbose ? [`ok      ${test.name}`] : [];
  const last = decision.trace.at(-1);
  return [
    `${file}:${line}:${column}: failed: ${test.name}`,
    ...differences.map((text) => `  ${text}`),
    `  rule ${decision.rule} decided: ${last?.why ?? ''}`,
  ].map(safeText);
}

async function runTest(context: Context, _: unknown, file: string | undefined): Promise<number> {
  const { loadPolicy } = await import('../policy-file.js');
  const { runTests } = await import('../../rotation/policy/run-tests.js');
  const policy = loadPolicy(context.io.cwd, file);
  const results = runTests(policy);
  const failed = results.filter(({ differences }) => differences.length > 0);
  if (context.flags.json === true) {
    await context.out.print(jsonLine(beginRecord(context.version)));
    await printMaskedLines(context, results.map(testRecord));
  } else {
    const isVerbose = (context.flags.verbose ?? 0) > 0;
    await printMaskedLines(
      context,
      results.flatMap((result) => testLines(policy.file, result, isVerbose)),
    );
    const name = await shownText(context, policy.file);
    await context.tell(
      results.length === 0
        ? `${name} has no tests.`
        : `${name}: ${counted(results.length, 'test')}, ${failed.length} failed.`,
    );
  }
  return failed.length === 0 ? exitCodes.clean : exitCodes.open;
}
