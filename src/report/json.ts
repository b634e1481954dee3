/** One JSON document: the records of jsonl.ts with the locations under their secret. Written as it comes. */
import { ResultCounter } from './counter.js';
import { findingRecord, revealedRecord } from './finding-record.js';
import { coverageRecord, exposureRecord, problemRecord, receiptRecord } from './records.js';
import { outputFormatVersion, type ReportInput } from './report-input.js';
import { conditionFields } from './secret-conditions.js';

export async function* jsonReport(input: ReportInput): AsyncGenerator<string, void> {
  const { version, generatedAt } = input;
  const head = JSON.stringify({ format: outputFormatVersion, tool: 'sprawl', version, generatedAt });
  yield `${head.slice(0, -1)},"secrets":[`;
  const counter = new ResultCounter();
  let separator = '\n';
  for await (const exposure of input.exposures) {
    counter.add(exposure);
    const findings = await Promise.all(
      exposure.locations.map((location) =>
        revealedRecord(findingRecord(exposure, location, input.scan), location, input.reveal),
      ),
    );
    yield `${separator}${JSON.stringify({ ...exposureRecord(exposure), ...conditionFields(input.conditions, exposure.fingerprint), findings })}`;
    separator = ',\n';
  }
  const tail = {
    coverage: input.coverage.map(coverageRecord),
    problems: (input.receipt?.problems ?? []).map(problemRecord),
    receipt: receiptRecord(input, counter.counts),
  };
  yield `\n],${JSON.stringify(tail).slice(1)}\n`;
}
