/** Texts that a blob's bytes hide, read by the readers of documents: what they hold belongs to the blob. */
import type { AnalysisInput } from '../../detect/analysis.js';
import type { IdentityKeys } from '../../identity/hkdf-keys.js';
import type { Finding } from '../../model/finding.js';
import type { InputProblem } from '../../model/problem.js';
import { isTooLarge } from '../../sources/exports/contract.js';
import { har } from '../../sources/exports/developer/har.js';
import { insomnia } from '../../sources/exports/developer/insomnia.js';
import { jupyter } from '../../sources/exports/developer/jupyter.js';
import { postman } from '../../sources/exports/developer/postman.js';
import { readers as documents } from '../../sources/exports/documents/index.js';
import { genericSqlite } from '../../sources/exports/generic/sqlite.js';
import { fileOfBytes } from '../../sources/exports/offer.js';
import { defaultExportOptions } from '../../sources/exports/options.js';
import { probeOf } from '../../sources/exports/probe.js';
import { NoTree } from '../../sources/exports/trees.js';
import type { EngineResult } from '../engine-result.js';
import { errorName } from '../error-name.js';
import { People } from './people.js';
import { RecordRun } from './record-run.js';

/** Of JSON whose bytes are read as well: damage of it loses nothing that they show. */
const texts = [jupyter, har, postman, insomnia];
/** The first that knows the file reads it: a compound file with a password before all others. */
const readers = [...documents, genericSqlite, ...texts];

export interface BlobTextsDeps {
  readonly keys: IdentityKeys;
  readonly engine: (input: AnalysisInput) => EngineResult;
  /** False while known values are looked for. */
  readonly collectsTags: boolean;
  readonly finding: (finding: Finding) => void;
  readonly tags: (tags: Float64Array) => void;
  readonly problem: (problem: InputProblem) => void;
  readonly signal: AbortSignal;
}

/** @param where words for the blob, or its entry, in problems */
export async function readBlobTexts(bytes: Buffer, where: string, deps: BlobTextsDeps): Promise<void> {
  const file = fileOfBytes('blob', bytes, new NoTree(), undefined);
  const probe = probeOf(file.name, file.head, file.head.length === bytes.length);
  const reader = readers.find((each) => each.recognise(probe) !== undefined);
  if (reader === undefined) return;
  const { finding, tags, ...own } = deps;
  const problem = (one: InputProblem): void => {
    if (one.code !== 'export-damaged' || !texts.includes(reader)) deps.problem(one);
  };
  const run = new RecordRun({
    ...own,
    problem,
    reader,
    source: where,
    people: new People(deps.keys.pseudonym, defaultExportOptions.people),
    emit: (content, found) => {
      content.findings.forEach(finding);
      tags(found);
    },
    inFile: 'blob',
  });
  try {
    await reader.read(file, run, { includeDirect: true });
  } catch (error) {
    const code = isTooLarge(error) ? 'document-too-large' : 'export-damaged';
    problem({ code, where, detail: `${reader.label}: ${errorName(error)}` });
  }
  run.end();
}
