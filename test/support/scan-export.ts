/** Scans files of an export with the whole engine, and gives all that a worker would write. */
import { createAnalyzer } from '../../src/detect/create-analyzer.js';
import { deriveKeys, masterKeyBytes } from '../../src/identity/hkdf-keys.js';
import { EngineCores } from '../../src/prefilter/engine-cores.js';
import type { WasmModule } from '../../src/prefilter/wasm-api.js';
import { ExportFiles } from '../../src/scan/records/export-files.js';
import { fileOfBytes } from '../../src/sources/exports/offer.js';
import type { ContentResult } from '../../src/store/store.js';
import { builtInRules } from './fake-secret.js';
import { treeOf } from './read-export.js';

export interface ScannedExport {
  readonly contents: readonly ContentResult[];
  /** Sweep tags, by content. */
  readonly tags: readonly (readonly number[])[];
  readonly problems: readonly unknown[];
  readonly skipped: readonly unknown[];
  readonly coverage: ExportFiles['coverage'];
  /** How many texts the engine was given. */
  readonly calls: number;
}

const keys = deriveKeys(Buffer.alloc(masterKeyBytes, 7));

/** @param module gives the engine, `core` the readers: undefined there means that all is read in full */
export function exportScanner(module: WasmModule) {
  const cores = EngineCores.open(module, keys.sweep, []);
  const analyzer = createAnalyzer({ rules: builtInRules(), keys, known: new Map(), cores });
  return async (
    files: Readonly<Record<string, string | Buffer>>,
    core: WasmModule | undefined,
    options: { readonly includeDirect?: boolean; readonly pieceBytes?: number } = {},
  ): Promise<ScannedExport> => {
    const { pieceBytes = 1 << 20 } = options;
    const contents: ContentResult[] = [];
    const tags: number[][] = [];
    const problems: unknown[] = [];
    const skipped: unknown[] = [];
    let calls = 0;
    const readers = new ExportFiles(
      { includeDirect: options.includeDirect === true, people: 'pseudonym' },
      {
        keys,
        collectsTags: true,
        core: () => core,
        engine: (input) => {
          calls++;
          return analyzer.analyze(input);
        },
        emit: (content, own) => {
          contents.push(content);
          tags.push([...own]);
        },
        hidden: () => undefined,
        problem: (problem) => problems.push(problem),
        skipped: (reason, count) => skipped.push([reason, count]),
        signal: new AbortController().signal,
      },
    );
    const tree = treeOf(files);
    for (const [name, content] of Object.entries(files)) {
      const bytes = Buffer.from(content);
      const file = {
        ...fileOfBytes(name, bytes, tree, undefined),
        async *chunks() {
          for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
        },
      };
      const entry = {
        path: { text: name },
        size: bytes.length,
        modifiedMs: 0,
        ignored: false,
        tracked: false,
      };
      await readers.offered({
        file,
        isWhole: bytes.length <= file.head.length,
        ref: { type: 'file', entry },
        chain: [],
        isRepeatable: true,
      });
    }
    return { contents, tags, problems, skipped, coverage: readers.coverage, calls };
  };
}
