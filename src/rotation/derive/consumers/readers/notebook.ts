/** Notebooks (`C19`): what their cells ask for. What stands in an output is a copy and uses nothing. */
import type { SourceFile, Workload } from '../workload.js';
import { at, jsonTree } from '../yaml-tree.js';
import { codeReferences } from './source-code.js';

export function notebookWorkloads(file: SourceFile): readonly Workload[] {
  const base = {
    name: `notebook:${file.repository}/${file.path}`,
    kind: 'human-tool',
    reload: 'manual',
  } as const;
  if (!file.path.endsWith('.ipynb')) {
    return [{ ...base, runs: 'on-demand', references: codeReferences(file) }];
  }
  const cells = at(jsonTree(file.text), 'cells')?.items ?? [];
  return cells.flatMap((cell): Workload[] => {
    const source = at(cell, 'source');
    if (source === undefined) return [];
    const pieces = source.text === undefined ? source.items : [source];
    const references = pieces.flatMap((piece) =>
      codeReferences({ path: file.path, lines: (piece.text ?? '').split('\n') }).map((reference) => ({
        ...reference,
        line: piece.from,
      })),
    );
    // On one line sources and outputs cannot be told apart: what stands there is a copy.
    const [from, to] = file.lines.length > 2 ? [source.from, source.to] : [0, 0];
    return [{ ...base, runs: 'on-demand', from, to, references }];
  });
}
