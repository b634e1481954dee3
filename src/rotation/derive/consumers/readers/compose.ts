/** Compose files (`C6`): each service. */
import { wordReferences } from '../lines.js';
import { folderOf, type Reference, resolvePath, type SourceFile, type Workload } from '../workload.js';
import { at, documentsOf, type Tree, textAt } from '../yaml-tree.js';

function namedFiles(folder: string, ...nodes: readonly (Tree | undefined)[]): Reference[] {
  return nodes.flatMap((node) => {
    if (node === undefined) return [];
    return [node, ...node.items].flatMap((item) => {
      const relative = item.text ?? textAt(item, 'path');
      const file = relative === undefined ? undefined : resolvePath(folder, relative);
      return file === undefined ? [] : [{ file, line: item.from }];
    });
  });
}

/** Files of the secrets that a service mounts. */
function secretFiles(folder: string, document: Tree, service: Tree): Reference[] {
  return (at(service, 'secrets')?.items ?? []).flatMap((item) => {
    const name = item.text ?? textAt(item, 'source');
    const file = name === undefined ? undefined : at(document, 'secrets', name, 'file');
    return namedFiles(folder, file).map((reference) => ({ ...reference, line: item.from }));
  });
}

export function composeWorkloads(file: SourceFile): readonly Workload[] {
  const folder = folderOf(file.path);
  return documentsOf(file.text).flatMap((document) =>
    (at(document, 'services')?.entries ?? []).map(({ key, line, value: service }): Workload => {
      return {
        name: `compose:${file.repository}${folder === '' ? '' : `/${folder}`}/${key}`,
        kind: 'service',
        reload: 'restart',
        runs: 'continuous',
        from: line,
        to: service.to,
        references: [
          ...wordReferences(file.lines, line, service.to),
          ...namedFiles(folder, at(service, 'env_file')),
          ...secretFiles(folder, document, service),
        ],
      };
    }),
  );
}
