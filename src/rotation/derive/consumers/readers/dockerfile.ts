/** Dockerfiles (`C5`). What a build is given by ARG and ENV stays in the layers of every image that it made. */
import { wordReferences } from '../lines.js';
import type { SourceFile, Workload } from '../workload.js';

/** Mounted for one command and in no layer. */
const safeMount = /--mount=type=secret/;
const takesValue = /^\s*(?:ARG|ENV)\b|\$/i;

export function dockerWorkloads(file: SourceFile): readonly Workload[] {
  const references = wordReferences(file.lines).filter(({ line }) => {
    const text = file.lines[line - 1] ?? '';
    return takesValue.test(text) && !safeMount.test(text);
  });
  return [
    {
      name: `image:${file.repository}/${file.path}`,
      kind: 'build',
      reload: 'rebuild',
      runs: 'on-demand',
      references,
      note: 'every image built between the first and the last commit keeps a copy in its layers: purge those images',
    },
  ];
}
