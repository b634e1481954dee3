/**
 * Office documents of before 2007, and whatever else is a compound file: the texts between their bytes. What they look
 * like, and which text is deleted, is not asked.
 */
import type { ExportReader, Probe, Recognition } from '../contract.js';
import { compoundStreams, isCompoundFile } from './compound-file.js';
import { DocumentOutput } from './document-output.js';
import { sheetRecords } from './sheet-strings.js';
import { textRuns } from './text-runs.js';

const maxBytes = 256 * 1024 * 1024;
/** A text larger than this is given in parts. */
const partChars = 1024 * 1024;
/** Streams that hold pictures and programs of other formats. */
const pictures = /^(?:Data|Pictures|CompObj|ObjInfo|EPRINT|OlePres\d+)$/;

export const oldOffice: ExportReader = {
  id: 'old-office-document',
  system: 'generic',
  label: 'Office document of before 2007',
  isNeverJson: true,
  most: 0.5,
  recognise,
  async read(file, sink) {
    const bytes = await file.bytes(maxBytes);
    const output = new DocumentOutput(file, sink);
    const streams = compoundStreams(bytes);
    if (streams === undefined) {
      sink.damaged('a compound file without a directory');
      giveRuns(output, 'text', textRuns(bytes));
      return;
    }
    for (const { name, bytes: content } of streams) {
      // Names of the system's own streams begin with a control character.
      const where = name.replace(/[^ -~]/g, '');
      if (pictures.test(where)) continue;
      if (name !== 'Workbook' && name !== 'Book') giveRuns(output, where, textRuns(content));
      else {
        const { strings, others } = sheetRecords(content);
        giveRuns(output, 'cells', strings);
        giveRuns(output, where, others.flatMap(textRuns));
      }
      if (sink.aborted) return;
      await sink.drained();
    }
  },
};

function recognise({ head }: Probe): Recognition | undefined {
  return isCompoundFile(head) ? { score: 0.5, reason: 'the signature of a compound file' } : undefined;
}

function giveRuns(output: DocumentOutput, where: string, runs: readonly string[]): void {
  let part: string[] = [];
  let length = 0;
  for (const run of runs) {
    part.push(run);
    length += run.length;
    if (length < partChars) continue;
    output.text(where, part.join('\n'));
    part = [];
    length = 0;
  }
  if (part.length > 0) output.text(where, part.join('\n'));
}
