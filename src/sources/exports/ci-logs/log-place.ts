/** The run that a log belongs to, and the job, by the names that exports give their files. */
import type { ExportFile, ExportRecord, ReaderHints, RecordPlace } from '../contract.js';

export interface LogPlace {
  readonly place: RecordPlace;
  readonly job: string | undefined;
  readonly permalink: ExportRecord['permalink'];
}

/** Names of jobs are cut there, in UTF-16 units. */
const cutLength = 90;
const numbered = /^\d+_(.+)\.(?:txt|log)$/;

/**
 * `<n>_<job>.txt` at the top of a run, `<job>/<n>_<step>.txt` below; a folder around both says nothing. Which of the
 * two a file is, its neighbours tell.
 */
export async function logPlaceOf(file: ExportFile, hints: ReaderHints): Promise<LogPlace> {
  const parts = file.name.split('/');
  const base = parts.at(-1) ?? '';
  const name = numbered.exec(base)?.[1];
  const isStep = parts.length > 1 && (await isStepFile(file, parts, name));
  const runFolder = parts.slice(0, isStep ? -2 : -1).join('/');
  const job = isStep ? parts.at(-2) : (name ?? base.replace(/\.(?:txt|log)$/, ''));
  const page = /^https?:\/\/([^/?#\s]{1,255})\/([^?#\s]{1,500})/.exec(hints.baseUrl ?? '');
  const named = /(?:^|[/_-])logs?_(\d{4,20})(?:\/|$)/.exec(runFolder)?.[1];
  const id = page?.[2]?.replace(/\/+$/, '') ?? named ?? (runFolder === '' ? '.' : runFolder);
  return {
    place: {
      kind: 'run',
      ...(page?.[1] !== undefined && { tenant: page[1].toLowerCase() }),
      id,
      name: id === '.' ? 'run' : id,
      audience: 'unknown',
    },
    job,
    permalink:
      hints.baseUrl === undefined || !/\/(?:runs|jobs|job|builds|pipelines)\//.test(hints.baseUrl)
        ? undefined
        : { url: hints.baseUrl, level: 'container' },
  };
}

async function isStepFile(
  file: ExportFile,
  parts: readonly string[],
  name: string | undefined,
): Promise<boolean> {
  const folder = parts.at(-2) ?? '';
  if (parts.at(-1) === 'system.txt') return true;
  if (name === undefined) return false;
  const own = new Set(await file.tree.list(parts.slice(0, -1).join('/')));
  // A folder beside it with the name of the file: the file is the whole job.
  if (own.has([...parts.slice(0, -1), name].join('/'))) return false;
  for (const sibling of await file.tree.list(parts.slice(0, -2).join('/'))) {
    const job = numbered.exec(sibling.split('/').at(-1) ?? '')?.[1];
    if (job !== undefined && job.slice(0, cutLength) === folder.slice(0, cutLength)) return true;
  }
  return /^(?:Set up job|Run |Complete job|Post |Initialize |Build |Checkout)/.test(name);
}
