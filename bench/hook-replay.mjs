/**
 * Replays real commits through the hook's own engine, from the list of changed blobs to the verdict, and lists
 * every commit that it would have refused: `node bench/hook-replay.mjs REPOSITORY… [--commits N] [--show]`.
 *
 * Commits without merges, the newest first, N in all and as many of each repository as it has to give. Nothing
 * is configured: no allow list, no baseline. `--show` prints the line in question, which may hold a secret.
 * Archives within commits are passed over and counted. Needs a build.
 */
import { execFileSync, spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import {
  compileGlob,
  createAnalyzer,
  deriveKeys,
  isRefused,
  loadRuleSet,
  Redactor,
  sniffContainer,
  visitAdded,
} from '../dist/cli/hook-replay.js';

const { values: flags, positionals: repositories } = parseArgs({
  allowPositionals: true,
  options: { commits: { type: 'string', default: '20000' }, show: { type: 'boolean', default: false } },
});
if (repositories.length === 0) {
  console.error('usage: hook-replay.mjs REPOSITORY… [--commits N] [--show]');
  process.exit(2);
}

const keys = deriveKeys(Buffer.alloc(32, 1));
const analyzer = createAnalyzer({ rules: await loadRuleSet(), keys, known: new Map() });
const policy = { matchesPath: (glob, path) => compileGlob(glob).matches(path), isAllowed: () => false };

const countOf = (repository) =>
  Number(execFileSync('git', ['-C', repository, 'rev-list', '--count', '--all', '--no-merges']));

/** How many commits of each repository: the same of all, and what one lacks from the others. */
function shares(counts, wanted) {
  const taken = counts.map(() => 0);
  for (
    let left = Math.min(
      wanted,
      counts.reduce((sum, count) => sum + count, 0),
    );
    left > 0;
  ) {
    const open = counts.flatMap((count, i) => (count > taken[i] ? [i] : []));
    const each = Math.max(1, Math.floor(left / open.length));
    for (const i of open) {
      const more = Math.min(each, counts[i] - taken[i], left);
      taken[i] += more;
      left -= more;
    }
  }
  return taken;
}

/** Yields `{ id, changes }`, what `git diff-index` would have said before each commit. */
function* commitsOf(repository, count) {
  const output = execFileSync(
    'git',
    [
      ...['-C', repository, 'log', '--all', '--no-merges', `--max-count=${count}`, '--format=%x01%H'],
      ...['--raw', '-z', '--no-renames', '--no-abbrev', '--root'],
    ],
    { maxBuffer: 2 ** 30, env: { ...process.env, GIT_NO_LAZY_FETCH: '1' } },
  ).toString('latin1');
  for (const text of output.split('\x01').slice(1)) {
    const [id, ...fields] = text.split('\0');
    const changes = { entries: [], replaced: [], submodules: 0 };
    for (let i = 0; i + 1 < fields.length; i += 2) {
      const [oldMode = '', mode, oldOid, oid, status = ''] = fields[i].trim().split(' ');
      const path = Buffer.from(fields[i + 1], 'latin1');
      if (!status.startsWith('D') && mode !== '160000') changes.entries.push({ oid, path });
      if (!status.startsWith('A') && /^:1[02]0/.test(oldMode)) changes.replaced.push({ oid: oldOid, path });
    }
    yield { id: id.trim(), changes };
  }
}

/** Asks one long-lived `git cat-file --batch`. */
class Blobs {
  #child;
  #chunks = [];
  #size = 0;
  #wake;

  constructor(repository) {
    this.#child = spawn('git', ['-C', repository, 'cat-file', '--batch'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, GIT_NO_LAZY_FETCH: '1' },
    });
    this.#child.stdout.on('data', (chunk) => {
      this.#chunks.push(chunk);
      this.#size += chunk.length;
      this.#wake?.();
    });
  }

  /** Content; undefined for what the clone lacks. */
  async read(oid) {
    this.#child.stdin.write(`${oid}\n`);
    let head = -1;
    while (head < 0) {
      const text = await this.#atLeast(1);
      head = text.indexOf(0x0a);
      if (head < 0) await this.#atLeast(this.#size + 1);
    }
    const size = / blob (\d+)$/.exec(this.#joined().toString('latin1', 0, head))?.[1];
    if (size === undefined) {
      this.#drop(head + 1);
      return undefined;
    }
    const end = head + 1 + Number(size);
    const bytes = Buffer.from((await this.#atLeast(end + 1)).subarray(head + 1, end));
    this.#drop(end + 1);
    return bytes;
  }

  close() {
    this.#child.stdin.end();
  }

  async #atLeast(size) {
    while (this.#size < size) {
      await new Promise((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#joined();
  }

  #joined() {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  #drop(bytes) {
    const rest = this.#joined().subarray(bytes);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#size = rest.length;
  }
}

const tally = { commits: 0, refused: 0, archives: 0, missing: 0 };
const byRule = new Map();

async function replay(repository, count) {
  const blobs = new Blobs(repository);
  const findings = new Map();
  const findingsOf = async (oids) => {
    const found = new Map();
    for (const oid of new Set(oids)) {
      if (!findings.has(oid)) findings.set(oid, await analyzed(oid));
      found.set(oid, findings.get(oid));
    }
    return found;
  };
  const analyzed = async (oid) => {
    const bytes = await blobs.read(oid);
    if (bytes === undefined || sniffContainer(bytes) !== undefined) {
      tally[bytes === undefined ? 'missing' : 'archives']++;
      return [];
    }
    return analyzer.analyze({ bytes, chain: [], collectTags: false }).findings;
  };
  const names = new Redactor(analyzer);
  const findingsInName = ({ text }) => names.check(text).findings;
  for (const { id, changes } of commitsOf(repository, count)) {
    const refused = [];
    await visitAdded(
      { changes, othersChanges: async () => [], findingsOf, findingsInName },
      {
        isRelevant: (finding, path) => isRefused(finding, path.text, policy),
        file: ({ path, findings: added, inName }) =>
          refused.push(...[...added, ...inName].map((finding) => ({ path, finding }))),
      },
    );
    tally.commits++;
    if (refused.length > 0) await show(repository, id, changes, refused, blobs);
  }
  blobs.close();
}

async function show(repository, id, changes, refused, blobs) {
  tally.refused++;
  for (const { path, finding } of refused) {
    byRule.set(finding.rule, (byRule.get(finding.rule) ?? 0) + 1);
    const { rule, confidence, reasons, position } = finding;
    const record = {
      repository,
      commit: id,
      path: path.text,
      line: position.line,
      rule,
      confidence,
      reasons,
    };
    if (flags.show) {
      const entry = changes.entries.find((one) => one.path.toString('utf8') === path.text);
      const lines = (await blobs.read(entry.oid))?.toString('utf8').split('\n') ?? [];
      record.text = lines[position.line - 1]?.slice(0, 300);
    }
    console.log(JSON.stringify(record));
  }
}

const taken = shares(repositories.map(countOf), Number(flags.commits));
for (const [i, repository] of repositories.entries()) await replay(repository, taken[i]);
console.error(
  `${tally.commits} commits, ${tally.refused} refused (1 in ${Math.round(tally.commits / Math.max(1, tally.refused))}); ` +
    `passed over: ${tally.archives} archives, ${tally.missing} missing blobs`,
);
for (const [rule, count] of [...byRule].sort((a, b) => b[1] - a[1])) console.error(`${count}\t${rule}`);
