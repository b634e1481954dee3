/**
 * On which commits the one under way will stand. git does not tell a hook that a commit is amended; then HEAD is not its
 * parent but what it replaces, and what only HEAD holds is committed once more.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** Objects of the store that is committed to. */
export interface CommitTexts {
  /** Text of a commit; undefined where it cannot be read here. */
  commitText(oid: string): string | undefined;
  /** The other parents of a merge under way. */
  mergedCommits(): readonly string[];
}

/** Hook managers start the hook from their own processes. */
const mostProcesses = 12;
const commitIds = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * The parents, the first one first; none before the first commit.
 * @param pid of the process that started this one
 */
export function parentsOfNext(
  head: string | undefined,
  store: CommitTexts,
  env: Env,
  pid: number,
): readonly string[] {
  if (head === undefined) return [];
  const text = isInCommit(env) ? store.commitText(head) : undefined;
  if (text !== undefined && isAmended(text, env, pid)) {
    const parents = parentsIn(text);
    // A shallow clone has no parents of its oldest commits: all of their files would be new.
    if (parents.every((parent) => store.commitText(parent) !== undefined)) return parents;
  }
  return [head, ...store.mergedCommits()];
}

/** git tells its hooks the author. What a rebase writes once more was committed before, and nobody asked for it. */
function isInCommit(env: Env): boolean {
  return env['GIT_AUTHOR_DATE'] !== undefined && env['GIT_REFLOG_ACTION']?.startsWith('rebase') !== true;
}

function isAmended(head: string, env: Env, pid: number): boolean {
  const args = argumentsOfCommit(pid);
  return args === undefined ? isAuthorOf(head, env) : asksToAmend(args);
}

/** `--amend`, also shortened as git allows; the last one counts. */
export function asksToAmend(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const asked = args
    .slice(0, end < 0 ? args.length : end)
    .filter((arg) => /^--(?:no-)?am(?:e|en|end)?$/.test(arg));
  return asked.at(-1)?.startsWith('--am') === true;
}

/** What the `git commit` that waits for the hook was called with; undefined where the system does not tell. */
function argumentsOfCommit(pid: number): readonly string[] | undefined {
  let process = pid;
  for (let i = 0; i < mostProcesses && process > 1; i++) {
    try {
      const args = readFileSync(`/proc/${process}/cmdline`, 'utf8').split('\0');
      const at = args.indexOf('commit');
      if (/^git(?:\.exe)?$/.test(basename(args[0] ?? '')) && at > 0) return args.slice(at + 1);
      // `pid (name) state parent …`, and the name is anybody's.
      const stat = readFileSync(`/proc/${process}/stat`, 'latin1');
      process = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    } catch {
      return undefined;
    }
  }
  return undefined;
}

/** An amended commit keeps its author and the author's date, and a new one has its own to the second. */
export function isAuthorOf(commit: string, env: Env): boolean {
  const { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date = '' } = env;
  const header = commit.slice(0, commit.indexOf('\n\n') + 1);
  return header.includes(`\nauthor ${name} <${email}> ${date.replace(/^@/, '')}\n`);
}

function parentsIn(commit: string): string[] {
  const header = commit.slice(0, commit.indexOf('\n\n') + 1);
  const lines = header.split('\n').filter((line) => line.startsWith('parent '));
  return lines.map((line) => line.slice('parent '.length)).filter((oid) => commitIds.test(oid));
}
