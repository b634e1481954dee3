/** Reads what a commit would add, in this process: the index against HEAD, through git's own object reader. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Analyzer } from '../detect/analysis.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { PathName } from '../model/appearance.js';
import type { Finding } from '../model/finding.js';
import { type InputProblem, ProblemError } from '../model/problem.js';
import { sniffContainer } from '../sources/archives/sniff.js';
import { discoverGitStore, type GitStoreLocation } from '../sources/git/discover.js';
import { type IndexEntry, splitNul, stagedEntries } from '../sources/git/index-entries.js';
import { makeNeutralDir, removeNeutralDir } from '../sources/git/neutral-dir.js';
import { oidBytesOf, oidsOfHex } from '../sources/git/object-id.js';
import { GitObjectReader } from '../sources/git/object-reader.js';
import { pathNameOf } from '../sources/git/path-name.js';
import { gitOutput } from '../sources/git/process.js';
import { readRefs } from '../sources/git/refs.js';
import type { GitObjectsRange } from '../sources/source.js';
import type { StagedEvents, StagedFile } from './hook-services.js';

/** Id of a ref in a store of plain files; undefined when the branch has no commit yet. */
function refOid(location: GitStoreLocation, name: string): string | undefined {
  for (const folder of [location.gitDir, location.commonDir]) {
    const text = readText(join(folder, name));
    const target = /^ref: (\S+)/.exec(text ?? '')?.[1];
    if (target !== undefined) return refOid(location, target);
    const oid = /^[0-9a-f]{40,64}/.exec(text ?? '')?.[0];
    if (oid !== undefined) return oid;
  }
  const packed = readText(join(location.commonDir, 'packed-refs')) ?? '';
  const line = packed.split('\n').find((candidate) => candidate.endsWith(` ${name}`));
  return line?.split(' ')[0];
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The other parents of a merge that is being committed. */
function mergedHeads(location: GitStoreLocation): readonly string[] {
  const text = readText(join(location.gitDir, 'MERGE_HEAD')) ?? '';
  return text.split('\n').filter((line) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(line));
}

function pathKey({ text, bytes }: PathName): string {
  return `${bytes ?? ''}\0${text}`;
}

/** The HEAD commit. Reading all refs and reflogs for it would cost more than the check itself. */
async function headOid(location: GitStoreLocation, neutralDir: string): Promise<string | undefined> {
  if (location.refStorage === 'files') return refOid(location, 'HEAD');
  return (await readRefs(location, () => neutralDir)).headOid;
}

/** Findings by object id. Archives and very large files take the road of the scan, loaded only for them. */
class ObjectAnalysis {
  readonly #analyzer: Analyzer;
  readonly #keys: IdentityKeys;
  readonly #store: GitObjectsRange['store'];
  readonly #events: StagedEvents;

  constructor(analyzer: Analyzer, keys: IdentityKeys, store: GitObjectsRange['store'], events: StagedEvents) {
    this.#analyzer = analyzer;
    this.#keys = keys;
    this.#store = store;
    this.#events = events;
  }

  async findingsOf(oids: readonly string[]): Promise<Map<string, readonly Finding[]>> {
    const found = new Map<string, readonly Finding[]>();
    const heavy = new Set<string>();
    const reader = new GitObjectReader();
    const events = {
      document: ({ ref, bytes, segment }: Parameters<Parameters<typeof reader.read>[1]['document']>[0]) => {
        if (ref.type !== 'git-object') return;
        const oid = Buffer.from(ref.oid).toString('hex');
        if (segment !== undefined || sniffContainer(bytes) !== undefined) heavy.add(oid);
        else found.set(oid, this.#analyze(bytes, oid));
      },
      problem: (problem: InputProblem) => this.#events.problem(problem),
      skipped: () => {},
    };
    try {
      await reader.read(this.#rangeOf(oids), events, new AbortController().signal);
    } finally {
      await reader.close();
    }
    if (heavy.size > 0) await this.#runHeavy([...heavy], found);
    return found;
  }

  #rangeOf(oids: readonly string[]): GitObjectsRange {
    const bytes = oidBytesOf(this.#store.objectFormat);
    return { type: 'git-objects', store: this.#store, oids: oidsOfHex([...new Set(oids)], bytes) };
  }

  #analyze(bytes: Buffer, oid: string): readonly Finding[] {
    const { findings, caps } = this.#analyzer.analyze({ bytes, chain: [], collectTags: false });
    for (const code of caps) this.#events.problem({ code, where: oid.slice(0, 10) });
    return findings;
  }

  async #runHeavy(oids: readonly string[], found: Map<string, readonly Finding[]>): Promise<void> {
    const { RangeRunner } = await import('../scan/range-runner.js');
    const runner = new RangeRunner(this.#analyzer, this.#keys);
    try {
      const task = { mode: 'analyze', range: this.#rangeOf(oids) } as const;
      const { contents, hits, problems } = await runner.run(task, new AbortController().signal);
      for (const problem of problems) this.#events.problem(problem);
      const byContent = new Map(contents.map(({ id, findings }) => [id, findings]));
      for (const { content, oid } of hits) {
        found.set(Buffer.from(oid).toString('hex'), byContent.get(content) ?? []);
      }
    } finally {
      await runner.close();
    }
  }
}

/** Ids of the blobs that this commit replaces or deletes: secrets in them are not added by it, only moved. */
async function replacedOids(
  neutralDir: string,
  env: Record<string, string>,
  head: string,
): Promise<string[]> {
  const args = [
    'diff-index',
    '--cached',
    '--raw',
    '-z',
    '--no-renames',
    '--no-abbrev',
    '--diff-filter=DMT',
    head,
    '--',
  ];
  const fields = splitNul(await gitOutput({ neutralDir, env }, args));
  const oids: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    const [mode = '', , oid = ''] = (fields[i] ?? Buffer.alloc(0)).toString('latin1').split(' ');
    if (/^:(?:100|120)/.test(mode)) oids.push(oid);
  }
  return oids;
}

function stagedFile(entry: IndexEntry, findings: readonly Finding[]): StagedFile {
  return { path: pathNameOf(entry.path), findings };
}

/**
 * Hands over every staged file that has findings. `isRelevant` says which findings matter: only for these
 * the replaced versions are read as well. @param env of the hook; git names its temporary index there
 */
export async function readStaged(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  loadAnalyzer: () => Promise<Analyzer>,
  keys: IdentityKeys,
  events: StagedEvents,
): Promise<void> {
  const location = discoverGitStore(cwd);
  if (location === undefined) {
    throw new ProblemError({ code: 'usage', message: `${cwd} is not in a repository of git.` });
  }
  const neutralDir = makeNeutralDir({ ...location, alternates: true });
  try {
    const indexFile = env['GIT_INDEX_FILE'] === undefined ? undefined : resolve(cwd, env['GIT_INDEX_FILE']);
    const head = await headOid(location, neutralDir);
    // git works while the rules are loaded.
    const listing = stagedEntries(
      { neutralDir, ...(indexFile !== undefined && { indexFile }) },
      head,
      location.objectFormat,
    );
    // A failure of it is met where it is awaited, also when loading fails first.
    listing.catch(() => undefined);
    const analyzer = await loadAnalyzer();
    const { entries } = await listing;
    if (entries.length === 0) return;
    const store = {
      gitDir: location.commonDir,
      neutralDir,
      objectFormat: location.objectFormat,
      config: [],
      alternates: true,
    };
    const analysis = new ObjectAnalysis(analyzer, keys, store, events);
    const found = await analysis.findingsOf(entries.map(({ oid }) => oid));
    const files = entries.map((entry) => stagedFile(entry, found.get(entry.oid) ?? []));
    let relevant = files.map((file) => ({
      ...file,
      findings: file.findings.filter((finding) => events.isRelevant(finding, file)),
    }));
    if (relevant.every(({ findings }) => findings.length === 0)) return;
    const gitEnv: Record<string, string> = indexFile === undefined ? {} : { GIT_INDEX_FILE: indexFile };
    const replaced = head === undefined ? [] : await replacedOids(neutralDir, gitEnv, head);
    // A merge adds nothing that one of its other parents holds: that was committed before.
    for (const parent of mergedHeads(location)) {
      const index = { neutralDir, ...(indexFile !== undefined && { indexFile }) };
      const { entries: changed } = await stagedEntries(index, parent, location.objectFormat);
      const paths = new Set(changed.map(({ path }) => pathKey(pathNameOf(path))));
      relevant = relevant.filter(({ path }) => paths.has(pathKey(path)));
      replaced.push(...(await replacedOids(neutralDir, gitEnv, parent)));
    }
    const before =
      replaced.length === 0 ? new Map<string, readonly Finding[]>() : await analysis.findingsOf(replaced);
    const known = new Set([...before.values()].flat().map(({ fingerprint }) => fingerprint));
    for (const file of relevant) {
      const added = file.findings.filter(({ fingerprint }) => !known.has(fingerprint));
      if (added.length > 0) events.file({ ...file, findings: added });
    }
  } finally {
    removeNeutralDir(neutralDir);
  }
}
