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
  const named = /(?:^|[/_-])logs?_(\d{4,20})(?:\/|$)/.exec(file.fullName ?? `${runFolder}/`)?.[1];
  const id = page?.[2]?.replace(/\/+$/, '') ?? named ?? (await runOf(file, runFolder));
  return {
    place: {
      kind: 'run',
      ...(page?.[1] !== undefined && { tenant: page[1].toLowerCase() }),
      id,
      name: id,
      audience: 'unknown',
    },
    job,
    permalink:
      hints.baseUrl === undefined || !/\/(?:runs|jobs|job|builds|pipelines)\//.test(hints.baseUrl)
        ? undefined
        : { url: hints.baseUrl, level: 'container' },
  };
}

/** First bytes of a log are enough for its first stamp, but only whole files can be had. */
const maxLogBytes = 64 * 1024 * 1024;

/**
 * What is lasting of a run whose number nothing tells: the first stamp of its first job, which is the same in each
 * download. A log by itself goes by its name.
 */
async function runOf(file: ExportFile, runFolder: string): Promise<string> {
  const begun = await file.tree.memo(`ci-run:${runFolder}`, async () => {
    const jobs = (await file.tree.list(runFolder)).filter((name) =>
      numbered.test(name.split('/').at(-1) ?? ''),
    );
    const [first] = jobs.sort((a, b) => numberOf(a) - numberOf(b) || (a < b ? -1 : 1));
    const bytes = first === undefined ? undefined : await file.tree.read(first, maxLogBytes);
    const stamp = /^\ufeff?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}Z) /;
    return stamp.exec(bytes?.toString('utf8', 0, 64) ?? '')?.[1];
  });
  if (begun !== undefined) return `run of ${begun}`;
  return file.name === '-' || runFolder === '' ? file.name : runFolder;
}

function numberOf(name: string): number {
  return Number.parseInt(name.split('/').at(-1) ?? '', 10);
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
