/**
 * `sprawl hook run`: checks staged files in this process. It stands before every commit, so it loads
 * neither commander nor SQLite nor workers, and works where better-sqlite3 could not be built. When it
 * cannot work it refuses: a check that fails silently protects nobody.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { deriveKeys, type IdentityKeys, masterKeyBytes } from '../identity/hkdf-keys.js';
import { listKeyIds, readKeyFile } from '../identity/keys.js';
import { type InputProblem, ProblemError } from '../model/problem.js';
import type { Style } from '../report/style.js';
import { Redactor } from '../scan/redactor.js';
import { builtInHookServices } from './built-in-hook-services.js';
import { exitCodes } from './exit-codes.js';
import { isRefused } from './hook-check.js';
import type { HookServices, LoadAnalyzer } from './hook-services.js';
import { type HookFinding, type RedactName, refusalText, unreadText } from './hook-text.js';
import type { Io } from './io.js';
import { Output } from './output.js';
import { showProblem } from './show-problem.js';
import { decideTerminal } from './terminal.js';
import { keyFilePath, keyFolder } from './user-paths.js';

/**
 * The user's key when there is exactly one, so that allow entries by fingerprint count; else one for this
 * run. Any trouble with it is for other commands to report.
 */
function keysFor(io: Io): IdentityKeys {
  try {
    const named = keyFilePath(io, undefined)?.path;
    const folder = keyFolder(io);
    const [only, ...others] = named === undefined ? listKeyIds(folder) : [];
    const path = named ?? (only === undefined || others.length > 0 ? undefined : join(folder, only));
    if (path !== undefined) return deriveKeys(readKeyFile(path));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
  }
  return deriveKeys(randomBytes(masterKeyBytes));
}

/**
 * The keys, read when the first finding asks for them; most commits have none, and cryptography takes 4 ms to
 * load. The sweep key is asked for at once but names nothing here, since the hook keeps no tags.
 */
class KeysWhenNeeded implements IdentityKeys {
  readonly sweep: Buffer = Buffer.alloc(16);
  readonly #io: Io;
  #keys: IdentityKeys | undefined;

  constructor(io: Io) {
    this.#io = io;
  }

  get id(): string {
    return this.#all().id;
  }

  get fingerprint(): Buffer {
    return this.#all().fingerprint;
  }

  get content(): Buffer {
    return this.#all().content;
  }

  get pseudonym(): Buffer {
    return this.#all().pseudonym;
  }

  #all(): IdentityKeys {
    this.#keys ??= keysFor(this.#io);
    return this.#keys;
  }
}

interface Checked {
  readonly refused: readonly HookFinding[];
  readonly problems: readonly InputProblem[];
  readonly redact: RedactName;
}

async function check(io: Io, services: HookServices): Promise<Checked> {
  const keys = new KeysWhenNeeded(io);
  const policy = await services.policy(io);
  const refused: HookFinding[] = [];
  const problems: InputProblem[] = [];
  let names: Redactor | undefined;
  const loadAnalyzer: LoadAnalyzer = async (core) => {
    const analyzer = await services.analyzer(keys, core);
    names = new Redactor(analyzer);
    return analyzer;
  };
  await services.readStaged(io, loadAnalyzer, keys, {
    isRelevant: (finding, path) => isRefused(finding, path.text, policy),
    file: ({ path, findings, inName }) => {
      refused.push(...inName.map((finding) => ({ path, finding, inName: true })));
      refused.push(...findings.map((finding) => ({ path, finding, inName: false })));
    },
    problem: (problem) => problems.push(problem),
  });
  return { refused, problems, redact: (text) => names?.redact(text) ?? text };
}

/** Gives 0 when the commit may go on, 1 when it would add a secret, 2 when it could not be checked. */
export async function runHook(io: Io, services: HookServices = builtInHookServices): Promise<number> {
  try {
    const { refused, problems, redact } = await check(io, services);
    if (refused.length > 0) await say(io, (style) => refusalText(refused, redact, style));
    if (problems.length > 0) await say(io, (style) => unreadText(problems, redact, style));
    if (refused.length > 0) return exitCodes.open;
    return problems.length > 0 ? exitCodes.fatal : exitCodes.clean;
  } catch (error) {
    const way = 'The staged files were not checked. To commit without the check: git commit --no-verify\n';
    await say(io, (style) => showProblem(error, style, 0) + way);
    return exitCodes.fatal;
  }
}

/** To stderr; a hook with nothing to say does not even set the stream up. */
async function say(io: Io, text: (style: Style) => string): Promise<void> {
  const err = new Output(io.stderr);
  await err.print(text(decideTerminal(io, 'auto', false).errorStyle));
  await err.flush();
}
