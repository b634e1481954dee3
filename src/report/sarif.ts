/** SARIF 2.1.0 log with one run. Results are streamed; the rules that occurred follow behind them. */
import type { RuleId } from '../model/ids.js';
import type { InputProblem } from '../model/problem.js';
import { problemLine, receiptLines } from './receipt-text.js';
import { isComplete } from './records.js';
import type { ReportInput } from './report-input.js';
import { sarifResult } from './sarif-result.js';
import { TaxaTable } from './sarif-taxa.js';

const schemaUri =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** Numbers rules in the order of their first result. */
class RuleTable {
  readonly #indexes = new Map<RuleId, number>();
  readonly #kinds: string[] = [];

  indexOf(rule: RuleId, kind: string): number {
    const known = this.#indexes.get(rule);
    if (known !== undefined) return known;
    const index = this.#indexes.size;
    this.#indexes.set(rule, index);
    this.#kinds.push(kind);
    return index;
  }

  descriptors(): object[] {
    return [...this.#indexes.keys()].map((id, index) => ({
      id,
      name: id,
      shortDescription: { text: `Copy of a secret of kind ${this.#kinds[index] ?? id}` },
      properties: { tags: ['security', 'secret'] },
    }));
  }
}

function notification(problem: InputProblem): object {
  return { level: 'error', descriptor: { id: problem.code }, message: { text: problemLine(problem) } };
}

function invocation(input: ReportInput): object {
  const notes = input.receipt === undefined ? [] : receiptLines(input.receipt);
  const stale = input.coverage
    .filter((place) => !place.complete)
    .map((place) => ({
      level: 'warning',
      descriptor: { id: 'incomplete-place' },
      message: { text: `${place.place} was not read completely.` },
    }));
  return {
    executionSuccessful: isComplete(input),
    endTimeUtc: input.generatedAt,
    toolExecutionNotifications: [
      ...(input.receipt?.problems ?? []).map(notification),
      ...stale,
      ...notes.map((text) => ({ level: 'note', descriptor: { id: 'coverage' }, message: { text } })),
    ],
  };
}

export async function* sarifReport(input: ReportInput): AsyncGenerator<string, void> {
  yield `{"$schema":${JSON.stringify(schemaUri)},"version":"2.1.0","runs":[{"results":[`;
  const rules = new RuleTable();
  const taxa = input.conditions === undefined ? undefined : new TaxaTable(input.conditions);
  let separator = '\n';
  for await (const exposure of input.exposures) {
    for (const location of exposure.locations) {
      const index = rules.indexOf(location.rule, location.kind);
      const result = sarifResult(exposure, location, index, input.scan, taxa?.fields(exposure.fingerprint));
      yield separator + JSON.stringify(result);
      separator = ',\n';
    }
  }
  const rest = {
    tool: {
      driver: {
        name: 'sprawl',
        semanticVersion: input.version,
        rules: rules.descriptors(),
        ...(taxa === undefined ? {} : { supportedTaxonomies: taxa.references() }),
      },
    },
    ...(taxa === undefined ? {} : { taxonomies: taxa.taxonomies() }),
    columnKind: 'unicodeCodePoints',
    invocations: [invocation(input)],
  };
  yield `\n],${JSON.stringify(rest).slice(1)}]}\n`;
}
