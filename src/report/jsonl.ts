/** JSON Lines, one flat record a line: begin, finding ..., problem ..., receipt. */
import { ResultCounter } from './counter.js';
import { findingRecord, revealedRecord } from './finding-record.js';
import { beginRecord, jsonLine, problemRecord, receiptRecord } from './records.js';
import type { ReportInput } from './report-input.js';
import { conditionFields } from './secret-conditions.js';

export async function* jsonlReport(input: ReportInput): AsyncGenerator<string, void> {
  yield jsonLine(beginRecord(input.version, { generatedAt: input.generatedAt }));
  const counter = new ResultCounter();
  for await (const exposure of input.exposures) {
    counter.add(exposure);
    for (const location of exposure.locations) {
      const record = {
        ...findingRecord(exposure, location, input.scan),
        ...conditionFields(input.conditions, exposure.fingerprint),
      };
      yield jsonLine(await revealedRecord(record, location, input.reveal));
    }
  }
  for (const problem of input.receipt?.problems ?? []) yield jsonLine(problemRecord(problem));
  yield jsonLine(receiptRecord(input, counter.counts));
}
