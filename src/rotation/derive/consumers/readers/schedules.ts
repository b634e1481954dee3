/** Units, timers and crontabs of an operating system (`C12`). */
import { matchedReferences, wordReferences } from '../lines.js';
import { baseOf, type Reference, type SourceFile, type Workload } from '../workload.js';

const cronLine =
  /^\s*(@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)|(?:[\d*?/,A-Za-z-]+\s+){4}[\d*?/,A-Za-z-]+)\s+\S/;
const environmentFile = /^\s*EnvironmentFile\s*=\s*-?(\S+)/g;
const commonRun = { reload: 'restart' } as const;

function crontabWorkloads(file: SourceFile): readonly Workload[] {
  return file.lines.flatMap((text, index) => {
    const expression = cronLine.exec(text)?.[1];
    if (expression === undefined || text.trimStart().startsWith('#')) return [];
    const line = index + 1;
    return [
      {
        name: `os:${file.repository}/${file.path}#${line}`,
        kind: 'batch' as const,
        reload: 'hot' as const,
        runs: `cron ${expression.replace(/\s+/g, ' ')}`,
        from: line,
        to: line,
        references: wordReferences(file.lines, line, line),
      },
    ];
  });
}

/** Paths on a machine are those of the repository by their ends; the last two parts must agree. */
function fileReferences(file: SourceFile): readonly Reference[] {
  return matchedReferences(file.lines, environmentFile).flatMap(({ name, line }) =>
    name === undefined || name.includes('%') ? [] : [{ file: name, line }],
  );
}

export function operatingSystemWorkloads(file: SourceFile): readonly Workload[] {
  const base = baseOf(file.path);
  if (/crontab|cron\.d\/|\.cron$/.test(file.path)) {
    const lines = crontabWorkloads(file);
    if (lines.length > 0) return lines;
  }
  const isTimer = base.endsWith('.timer');
  const isOnce = isTimer || file.lines.some((line) => /^\s*Type\s*=\s*oneshot\b/.test(line));
  return [
    {
      name: `os:${base}`,
      kind: isOnce ? 'batch' : 'service',
      ...commonRun,
      runs: isOnce ? 'scheduled' : 'continuous',
      references: [...wordReferences(file.lines), ...fileReferences(file)],
    },
  ];
}
