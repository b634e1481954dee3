/**
 * Which objects a scan of a store looks at: all of storage, what the tips hold, what a range of commits
 * brought in, or what is staged. Each gives hex lines for `cat-file`, or undefined for all of storage.
 */
import { InputProblemError } from '../../model/problem.js';
import type { PlanEvents } from '../source.js';
import { indexEntries, stagedEntries } from './index-entries.js';
import { writeNeutralRefs } from './neutral-dir.js';
import type { ObjectFormat } from './object-id.js';
import { GitError, gitOutput } from './process.js';
import type { GitRefs } from './refs.js';

export type GitScope =
  | { readonly type: 'all' }
  | { readonly type: 'tips' }
  | { readonly type: 'range'; readonly range: string }
  | { readonly type: 'staged'; readonly indexFile?: string };

export interface WorkList {
  readonly lines: Buffer;
  /** Ids that the walk met but that are absent. */
  readonly missing: number;
  readonly submodules: number;
}

export interface ScopePlace {
  readonly neutralDir: string;
  readonly where: string;
  readonly objectFormat: ObjectFormat;
  readonly refs: GitRefs;
}

/** What a part of storage holds; a failure is told, and then it holds nothing. */
export async function listScope(
  place: ScopePlace,
  scope: Exclude<GitScope, { readonly type: 'all' }>,
  events: Pick<PlanEvents, 'problem'>,
): Promise<WorkList> {
  try {
    if (scope.type === 'tips') return await listTips(place);
    if (scope.type === 'range') return await listRange(place, scope.range);
    return await listStaged(place, scope.indexFile);
  } catch (error) {
    if (error instanceof InputProblemError) events.problem(error.problem);
    else if (error instanceof GitError)
      events.problem({ code: 'git-failed', where: place.where, detail: error.message });
    else throw error;
    return { lines: Buffer.alloc(0), missing: 0, submodules: 0 };
  }
}

/** Objects of the tips of all refs and of the index; trees are in the list. */
export async function listTips(place: ScopePlace): Promise<WorkList> {
  const tips = [...new Set(place.refs.refs.map(({ oid }) => oid))];
  const walked = await walkObjects(place, ['--no-walk=unsorted'], tips);
  const index = await indexEntries({ neutralDir: place.neutralDir });
  return join(walked, index);
}

/** Objects that `A..B` brings in. */
export async function listRange(place: ScopePlace, range: string): Promise<WorkList> {
  return walkObjects(place, [], await revsOfRange(place, range));
}

/** Commits outside of `A..B` that are parents of some within. */
export async function listBorder(place: ScopePlace, range: string): Promise<readonly string[]> {
  const revs = await revsOfRange(place, range);
  const output = await gitOutput({ neutralDir: place.neutralDir }, ['rev-list', '--boundary', '--stdin'], {
    input: Buffer.from(`${revs.join('\n')}\n`),
  });
  const lines = output.toString('latin1').split('\n');
  return lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1));
}

async function revsOfRange(place: ScopePlace, range: string): Promise<readonly string[]> {
  const match = /^([^.\s](?:(?!\.\.)[^\s])*)?\.\.(?!\.)(\S+)?$/.exec(range);
  if (match === null || range === '..') throw badRange(place, 'write it as A..B');
  writeNeutralRefs(place.neutralDir, place.refs);
  const from = await resolveCommit(place, match[1] ?? 'HEAD');
  const to = await resolveCommit(place, match[2] ?? 'HEAD');
  if (to === undefined) throw badRange(place, 'the end of a range must be a commit');
  return from === undefined ? [to] : [to, `^${from}`];
}

/** Blobs that the index holds and HEAD does not. */
export async function listStaged(place: ScopePlace, indexFile: string | undefined): Promise<WorkList> {
  const index = { neutralDir: place.neutralDir, ...(indexFile === undefined ? {} : { indexFile }) };
  const staged = await stagedEntries(index, place.refs.headOid, place.objectFormat);
  return join({ lines: Buffer.alloc(0), missing: 0, submodules: 0 }, staged);
}

/** Trees of the given commits as hex lines: what attribution of a range needs besides the range itself. */
export async function listTreesOf(place: ScopePlace, commits: readonly string[]): Promise<WorkList> {
  return walkObjects(place, ['--no-walk=unsorted', '--filter=blob:none'], commits);
}

/** Undefined for the all-zero id that push events use for "there was nothing". */
async function resolveCommit(place: ScopePlace, rev: string): Promise<string | undefined> {
  if (/^0{40,64}$/.test(rev)) return undefined;
  if (rev.startsWith('-')) throw badRange(place, 'a revision cannot begin with a dash');
  try {
    const output = await gitOutput({ neutralDir: place.neutralDir }, [
      'rev-parse',
      '--verify',
      '--quiet',
      `${rev}^{commit}`,
    ]);
    return output.toString('latin1').trim();
  } catch (error) {
    if (error instanceof GitError) throw badRange(place, 'no such commit', error);
    throw error;
  }
}

function badRange(place: ScopePlace, detail: string, cause?: Error): InputProblemError {
  return new InputProblemError(
    { code: 'not-found', where: place.where, detail: `range: ${detail}` },
    { cause },
  );
}

async function walkObjects(
  place: ScopePlace,
  options: readonly string[],
  revs: readonly string[],
): Promise<WorkList> {
  if (revs.length === 0) return { lines: Buffer.alloc(0), missing: 0, submodules: 0 };
  const output = await gitOutput(
    { neutralDir: place.neutralDir },
    [
      'rev-list',
      '--objects',
      '--no-object-names',
      '--missing=print',
      '--ignore-missing',
      ...options,
      '--stdin',
    ],
    { input: Buffer.from(`${revs.join('\n')}\n`) },
  );
  const lines: string[] = [];
  let missing = 0;
  for (const line of output.toString('latin1').split('\n')) {
    if (line.startsWith('?')) missing++;
    else if (line !== '') lines.push(line);
  }
  return { lines: Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1'), missing, submodules: 0 };
}

function join(
  walked: WorkList,
  index: { readonly entries: readonly { readonly oid: string }[]; readonly submodules: number },
): WorkList {
  const known = new Set(walked.lines.toString('latin1').split('\n'));
  const added = [...new Set(index.entries.map(({ oid }) => oid))].filter((oid) => !known.has(oid));
  return {
    lines: Buffer.concat([walked.lines, Buffer.from(added.map((oid) => `${oid}\n`).join(''), 'latin1')]),
    missing: walked.missing,
    submodules: index.submodules,
  };
}

/**
 * Of missing objects (binary ids as latin1 text) counts those that the refs lead to or that `named` (hex) has.
 * One walk of `rev-list`; where the damage is such that git gives up, all of them count.
 */
export async function countReachable(
  missing: ReadonlySet<string>,
  named: readonly string[],
  place: ScopePlace,
): Promise<number> {
  const absent = new Set(named.filter((oid) => missing.has(Buffer.from(oid, 'hex').toString('latin1'))));
  const tips = [...new Set(place.refs.refs.map(({ oid }) => oid))].filter((oid) => !absent.has(oid));
  if (tips.length === 0) return absent.size;
  const options = ['--objects', '--no-object-names', '--missing=print', '--ignore-missing', '--quiet'];
  try {
    const output = await gitOutput({ neutralDir: place.neutralDir }, ['rev-list', ...options, '--stdin'], {
      input: Buffer.from(`${tips.join('\n')}\n`),
    });
    for (const line of output.toString('latin1').split('\n')) {
      const oid = line.startsWith('?') ? line.slice(1) : '';
      if (missing.has(Buffer.from(oid, 'hex').toString('latin1'))) absent.add(oid);
    }
    return absent.size;
  } catch (error) {
    if (error instanceof GitError) return missing.size;
    throw error;
  }
}
