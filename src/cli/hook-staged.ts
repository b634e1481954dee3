/** Reads what a commit would add, in this process: the index against its parents, and the blobs of it. */
import { resolve } from 'node:path';
import type { Analyzer } from '../detect/analysis.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { Finding } from '../model/finding.js';
import { type InputProblem, ProblemError } from '../model/problem.js';
import { loadCoreModule } from '../prefilter/core-module.js';
import { WasmCore } from '../prefilter/wasm-core.js';
import { Redactor } from '../scan/redactor.js';
import { sniffContainer } from '../sources/archives/sniff.js';
import { discoverGitStore } from '../sources/git/discover.js';
import { oidBytesOf, oidsOfHex } from '../sources/git/object-id.js';
import { GitObjectReader } from '../sources/git/object-reader.js';
import type { StagedChanges } from '../sources/git/staged-changes.js';
import { StagedStore } from '../sources/git/staged-store.js';
import type { GitObjectsRange } from '../sources/source.js';
import { type StagedCommit, visitAdded } from './hook-added.js';
import { parentsOfNext } from './hook-parents.js';
import type { LoadAnalyzer, StagedEvents } from './hook-services.js';

/** Findings by object id. Archives and very large files take the road of the scan, loaded only for them. */
class ObjectAnalysis {
  readonly #analyzer: Analyzer;
  readonly #keys: IdentityKeys;
  readonly #store: StagedStore;
  readonly #events: StagedEvents;

  constructor(analyzer: Analyzer, keys: IdentityKeys, store: StagedStore, events: StagedEvents) {
    this.#analyzer = analyzer;
    this.#keys = keys;
    this.#store = store;
    this.#events = events;
  }

  async findingsOf(oids: readonly string[]): Promise<Map<string, readonly Finding[]>> {
    const found = new Map<string, readonly Finding[]>();
    const heavy: string[] = [];
    const rest: string[] = [];
    for (const oid of new Set(oids)) {
      const bytes = this.#store.blob(oid);
      if (bytes === undefined) rest.push(oid);
      else if (sniffContainer(bytes) !== undefined) heavy.push(oid);
      else found.set(oid, this.#analyze(bytes, oid));
    }
    if (rest.length > 0) await this.#runRest(rest, found, heavy);
    if (heavy.length > 0) await this.#runHeavy(heavy, found);
    return found;
  }

  /** What only git can read. */
  async #runRest(
    oids: readonly string[],
    found: Map<string, readonly Finding[]>,
    heavy: string[],
  ): Promise<void> {
    const reader = new GitObjectReader();
    const events = {
      document: ({ ref, bytes, segment }: Parameters<Parameters<typeof reader.read>[1]['document']>[0]) => {
        if (ref.type !== 'git-object') return;
        const oid = Buffer.from(ref.oid).toString('hex');
        if (segment === undefined && sniffContainer(bytes) === undefined)
          found.set(oid, this.#analyze(bytes, oid));
        else if (!heavy.includes(oid)) heavy.push(oid);
      },
      problem: (problem: InputProblem) => this.#events.problem(problem),
      skipped: () => {},
    };
    try {
      await reader.read(this.#rangeOf(oids), events, new AbortController().signal);
    } finally {
      await reader.close();
    }
  }

  #rangeOf(oids: readonly string[]): GitObjectsRange {
    const store = this.#store.handle();
    return { type: 'git-objects', store, oids: oidsOfHex(oids, oidBytesOf(store.objectFormat)) };
  }

  #analyze(bytes: Buffer, oid: string): readonly Finding[] {
    const { findings, caps } = this.#analyzer.analyze({ bytes, chain: [], collectTags: false });
    for (const code of caps) this.#events.problem({ code, where: oid.slice(0, 10) });
    return findings;
  }

  async #runHeavy(oids: readonly string[], found: Map<string, readonly Finding[]>): Promise<void> {
    const { RangeRunner } = await import('../scan/range-runner.js');
    const runner = new RangeRunner(this.#analyzer, this.#keys, undefined);
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

/**
 * Hands over every staged file that has findings. `isRelevant` says which findings matter: only for these
 * the replaced versions are read as well. @param env of the hook; git names its store and index there
 */
export async function readStaged(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  loadAnalyzer: LoadAnalyzer,
  keys: IdentityKeys,
  events: StagedEvents,
): Promise<void> {
  const { GIT_DIR: gitDir, GIT_INDEX_FILE: indexFile } = env;
  const location = discoverGitStore(resolve(cwd, gitDir ?? ''));
  if (location === undefined) {
    throw new ProblemError({ code: 'usage', message: `${cwd} is not in a repository of git.` });
  }
  const module = loadCoreModule();
  const core = module && new WasmCore(module);
  const store = new StagedStore(location, indexFile && resolve(cwd, indexFile), core);
  try {
    const [first, ...others] = parentsOfNext(await store.headCommit(), store, env, process.ppid);
    const changes = await store.changesSince(first);
    if (changes.entries.length === 0) return;
    const analyzer = await loadAnalyzer(core);
    const analysis = new ObjectAnalysis(analyzer, keys, store, events);
    const names = new Redactor(analyzer);
    const othersChanges = (): Promise<StagedChanges[]> =>
      Promise.all(others.map((commit) => store.changesSince(commit)));
    const commit: StagedCommit = {
      changes,
      othersChanges,
      findingsOf: (oids) => analysis.findingsOf(oids),
      findingsInName: ({ text }) => names.check(text).findings,
    };
    await visitAdded(commit, events);
  } finally {
    store.close();
  }
}
