/**
 * Reads what is staged, for the hook: one git process lists what the index adds to HEAD, one gives the
 * contents. `GIT_INDEX_FILE` is honoured, since `git commit <path>` runs the hook on a temporary index.
 */
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { PathName } from '../../model/appearance.js';
import { type InputProblem, InputProblemError } from '../../model/problem.js';
import { discoverGitStore } from './discover.js';
import { stagedEntries } from './index-entries.js';
import { makeNeutralDir, removeNeutralDir } from './neutral-dir.js';
import { oidBytesOf, oidsOfHex } from './object-id.js';
import { GitObjectReader } from './object-reader.js';
import { pathNameOf } from './path-name.js';
import { readRefs } from './refs.js';

export interface StagedBlob {
  readonly path: PathName;
  /** Valid only during the call. */
  readonly bytes: Buffer;
}

export interface StagedSink {
  document(document: StagedBlob): void;
  problem(problem: InputProblem): void;
}

const neverAborted = new AbortController().signal;

/** Hands over every staged blob under each of its paths. Throws {@link InputProblemError} outside a repository. */
export async function readStaged(cwd: string, sink: StagedSink): Promise<void> {
  const location = discoverGitStore(cwd);
  if (location === undefined) throw new InputProblemError({ code: 'not-a-repository', where: cwd });
  const neutralDir = makeNeutralDir({ ...location, alternates: true });
  const reader = new GitObjectReader();
  try {
    const refs = await readRefs(location, () => neutralDir);
    const indexFile = process.env['GIT_INDEX_FILE'];
    const index = indexFile === undefined ? {} : { indexFile: absoluteIndex(indexFile, location.workTree ?? cwd) };
    const { entries } = await stagedEntries({ neutralDir, ...index }, refs.headOid, location.objectFormat);
    const paths = new Map<string, Buffer[]>();
    for (const { oid, path } of entries) paths.set(oid, [...(paths.get(oid) ?? []), path]);
    if (paths.size === 0) return;
    const oids = oidsOfHex([...paths.keys()], oidBytesOf(location.objectFormat));
    const { commonDir: gitDir, objectFormat } = location;
    const store = { gitDir, neutralDir, objectFormat, config: [], alternates: true };
    const events = {
      document: ({ ref, bytes, segment }: { ref: { type: string; oid?: Uint8Array }; bytes: Buffer; segment?: unknown }): void => {
        if (ref.oid === undefined) return;
        for (const path of paths.get(Buffer.from(ref.oid).toString('hex')) ?? []) {
          // A part of a huge blob stands for itself: the hook says where, not on which line of the whole.
          sink.document({ path: pathNameOf(path), bytes });
          if (segment !== undefined) break;
        }
      },
      problem: (problem: InputProblem): void => sink.problem(problem),
      skipped: (): void => {},
    };
    await reader.read({ type: 'git-objects', store, oids }, events, neverAborted);
  } finally {
    await reader.close();
    removeNeutralDir(neutralDir);
  }
}

/** git gives the hook a path relative to the work tree's root. */
function absoluteIndex(path: string, workTree: string): string {
  if (isAbsolute(path)) return path;
  const fromRoot = resolve(workTree, path);
  return existsSync(fromRoot) ? fromRoot : resolve(path);
}
