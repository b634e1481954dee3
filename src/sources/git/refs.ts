/**
 * Reads refs, work tree heads and reflogs of a store: plain files, no git. Ref names are latin1 keyed
 * while paths are built, so that a name that is not UTF-8 can be opened, and decoded for display.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GitStoreLocation } from './discover.js';
import { gitOutput } from './process.js';

/** A ref and the object it names, lower-case hex. */
export interface GitRef {
  readonly name: string;
  readonly oid: string;
}

export interface GitRefs {
  /** Sorted by name; symbolic refs are left out, since their targets are in. `HEAD` is in when detached. */
  readonly refs: readonly GitRef[];
  /** Object of the default branch: origin/HEAD, else HEAD, else main or master. */
  readonly defaultOid?: string;
  readonly headOid?: string;
  /** Objects that stash reflogs name. */
  readonly stashLog: readonly string[];
  /** Objects that other reflogs, ORIG_HEAD, FETCH_HEAD and the like name. */
  readonly logged: readonly string[];
}

const oidLine = /^([0-9a-f]{40}|[0-9a-f]{64})(?:\s|$)/;

export async function readRefs(location: GitStoreLocation, neutralDir: () => string): Promise<GitRefs> {
  const found = new Map<string, string>();
  const symbolic = new Map<string, string>();
  if (location.refStorage === 'reftable') {
    await readReftable(neutralDir(), found);
  } else {
    readPackedRefs(location.commonDir, found);
    for (const file of walkFiles(location.commonDir, 'refs'))
      readLooseRef(location.commonDir, file, found, symbolic);
  }
  const worktrees = namesIn(location.commonDir, 'worktrees');
  for (const name of worktrees) {
    const folder = `worktrees/${name}`;
    for (const file of walkFiles(location.commonDir, `${folder}/refs`)) {
      readLooseRef(location.commonDir, file, found, symbolic);
    }
    readLooseRef(location.commonDir, `${folder}/HEAD`, found, symbolic);
  }
  readLooseRef(location.gitDir, 'HEAD', found, symbolic);
  if (location.linkedWorkTree) readMainHead(location.commonDir, found);
  const headOid = resolveRef('HEAD', found, symbolic);
  const defaultOid = defaultBranch(found, symbolic);
  const logs = readLogs(location, worktrees);
  for (const name of symbolic.keys()) found.delete(name);
  const refs = [...found].map(([name, oid]) => ({ name: display(name), oid }));
  refs.sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    refs,
    ...logs,
    ...(headOid === undefined ? {} : { headOid }),
    ...(defaultOid === undefined ? {} : { defaultOid }),
  };
}

function defaultBranch(found: Map<string, string>, symbolic: Map<string, string>): string | undefined {
  return (
    resolveRef('refs/remotes/origin/HEAD', found, symbolic) ??
    resolveRef('HEAD', found, symbolic) ??
    found.get('refs/heads/main') ??
    found.get('refs/heads/master')
  );
}

function resolveRef(
  name: string,
  found: Map<string, string>,
  symbolic: Map<string, string>,
): string | undefined {
  let at = name;
  for (let hops = 0; hops < 6; hops++) {
    const target = symbolic.get(at);
    if (target === undefined) return found.get(at);
    at = target;
  }
  return undefined;
}

function readPackedRefs(commonDir: string, found: Map<string, string>): void {
  const text = readLatin1(join(commonDir, 'packed-refs')) ?? '';
  for (const line of text.split('\n')) {
    const oid = oidLine.exec(line)?.[1];
    if (oid !== undefined) found.set(line.slice(oid.length + 1).trimEnd(), oid);
  }
}

function readLooseRef(
  dir: string,
  name: string,
  found: Map<string, string>,
  symbolic: Map<string, string>,
): void {
  const text = readLatin1(latin1Path(dir, name));
  if (text === undefined) return;
  const oid = oidLine.exec(text)?.[1];
  if (oid !== undefined) {
    found.set(name, oid);
    symbolic.delete(name);
    return;
  }
  const target = /^ref:\s*(\S+)/.exec(text)?.[1];
  if (target !== undefined) symbolic.set(name, target);
}

/** Seen from a linked work tree, the main one's detached HEAD is a tip of its own, named as git names it. */
function readMainHead(commonDir: string, found: Map<string, string>): void {
  const oid = oidLine.exec(readLatin1(join(commonDir, 'HEAD')) ?? '')?.[1];
  if (oid !== undefined) found.set('main-worktree/HEAD', oid);
}

/** Reads a reftable store's refs through git (2.45 or newer); its reflogs stay with git. */
async function readReftable(neutralDir: string, found: Map<string, string>): Promise<void> {
  const output = await gitOutput({ neutralDir }, ['for-each-ref', '--format=%(objectname) %(refname)']);
  for (const line of output.toString('latin1').split('\n')) {
    const oid = oidLine.exec(line)?.[1];
    if (oid !== undefined) found.set(line.slice(oid.length + 1), oid);
  }
}

function readLogs(
  location: GitStoreLocation,
  worktrees: readonly string[],
): { stashLog: readonly string[]; logged: readonly string[] } {
  const stash = new Set<string>();
  const logged = new Set<string>();
  const folders = ['logs', ...worktrees.map((name) => `worktrees/${name}/logs`)];
  for (const folder of folders) {
    for (const file of walkFiles(location.commonDir, folder)) {
      collectLog(latin1Path(location.commonDir, file), file.endsWith('/refs/stash') ? stash : logged);
    }
  }
  const dirs = [
    location.commonDir,
    ...worktrees.map((name) => latin1Path(location.commonDir, `worktrees/${name}`)),
  ];
  for (const dir of dirs) {
    for (const name of [
      'ORIG_HEAD',
      'FETCH_HEAD',
      'MERGE_HEAD',
      'CHERRY_PICK_HEAD',
      'REVERT_HEAD',
      'REBASE_HEAD',
    ]) {
      for (const line of (readLatin1(latin1Path(dir, name)) ?? '').split('\n')) {
        const oid = oidLine.exec(line)?.[1];
        if (oid !== undefined) logged.add(oid);
      }
    }
  }
  return { stashLog: [...stash], logged: [...logged] };
}

/** One line a change: `old new name <mail> time zone<TAB>message`; both ids count. */
function collectLog(path: Buffer, into: Set<string>): void {
  for (const line of (readLatin1(path) ?? '').split('\n')) {
    const match = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) /.exec(line);
    for (const oid of [match?.[1], match?.[2]]) {
      if (oid !== undefined && !/^0+$/.test(oid)) into.add(oid);
    }
  }
}

/** Files below a folder as latin1 paths from `root`; links are not followed. */
export function walkFiles(root: string, folder: string): readonly string[] {
  const files: string[] = [];
  const open = [folder];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const entry of entriesOf(root, at)) {
      const path = `${at}/${entry.name}`;
      if (entry.isDirectory()) open.push(path);
      else if (entry.isFile() && !entry.name.endsWith('.lock')) files.push(path);
    }
  }
  return files.sort();
}

function entriesOf(
  root: string,
  folder: string,
): readonly { name: string; isFile(): boolean; isDirectory(): boolean }[] {
  const path = latin1Path(root, folder);
  // Most stores lack most of the folders that are asked for; an error costs ten times as much.
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path, { withFileTypes: true, encoding: 'latin1' });
  } catch {
    return [];
  }
}

function namesIn(root: string, folder: string): readonly string[] {
  return entriesOf(root, folder)
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** `root` is a text path (or such a path already as bytes), `rest` latin1. */
export function latin1Path(root: string | Buffer, rest: string): Buffer {
  const base = typeof root === 'string' ? Buffer.from(root) : root;
  return Buffer.concat([base, Buffer.from(`/${rest}`, 'latin1')]);
}

function readLatin1(path: string | Buffer): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

function display(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}
