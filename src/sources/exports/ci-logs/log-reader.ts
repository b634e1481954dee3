/** Reads a log of lines, whatever the CI system. */

import type { ExportReader } from '../contract.js';
import { mostlyEndsInLine } from '../file-ending.js';
import { readLines } from '../text-lines.js';
import type { LogFormat } from './log-formats.js';
import { logPlaceOf } from './log-place.js';
import { LogRecords } from './log-records.js';

export function logReader(format: LogFormat): ExportReader {
  return {
    id: format.id,
    system: format.system,
    label: format.label,
    isNeverJson: true,
    most: format.most,
    ending: mostlyEndsInLine,
    recognise: (probe) => format.recognise(probe),
    read: async (file, sink, hints) => {
      const records = new LogRecords(sink, await logPlaceOf(file, hints));
      const steps = new Steps(format, records);
      for await (const lines of readLines(file)) {
        for (const line of lines) {
          steps.look(line.text);
          records.line(line);
        }
        if (sink.aborted) break;
        await sink.drained();
      }
      records.end();
    },
  };
}

/** Follows the steps of a log. */
export class Steps {
  readonly #format: LogFormat;
  readonly #records: LogRecords;
  #count = 0;
  /** Job and step of the last line, where lines tell them. */
  #columns = '';

  constructor(format: LogFormat, records: LogRecords) {
    this.#format = format;
    this.#records = records;
  }

  look(line: string): void {
    const columns = this.#format.columnsOf?.(line);
    const own = this.#format.stepOf?.(line);
    if (own !== undefined && own === this.#columns) return;
    if (own !== undefined) this.#columns = own;
    const isOther = columns !== undefined && `${columns.job}\t${columns.step}` !== this.#columns;
    // A line that tells another step begins one, whatever it holds.
    const step = this.#format.step(columns?.rest ?? line, isOther ? 0 : this.#count);
    if (step === undefined) return;
    this.#records.begin(columns === undefined ? step : { ...step, title: step.title ?? columns.step });
    if (columns !== undefined && isOther) {
      this.#records.job = columns.job;
      this.#columns = `${columns.job}\t${columns.step}`;
    }
    this.#count++;
  }
}
