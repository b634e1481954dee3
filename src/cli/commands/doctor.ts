/** `sprawl doctor`: what this installation has and lacks, one line a check. */
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { listKeyIds } from '../../identity/keys.js';
import { ProblemError } from '../../model/problem.js';
import { beginRecord, jsonLine } from '../../report/records.js';
import { counted, safeText } from '../../report/safe-text.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { openKeys, withSession } from '../session.js';
import { databasePath, keyFilePath, keyFolder } from '../user-paths.js';
import { enclosingWorkTree } from '../work-tree-guard.js';

export function doctorCommand(bind: Bind): Command {
  return new Command('doctor')
    .summary('what this installation has and lacks')
    .description(
      'Checks Node, git, SQLite, key, database, permissions and rules; exit code 1 when something is wrong.',
    )
    .action(bind(runDoctor));
}

interface Finding {
  readonly state: 'ok' | 'note' | 'fault';
  readonly text: string;
}
type Check = (context: Context) => Promise<Finding>;

const ok = (text: string): Finding => ({ state: 'ok', text });
const note = (text: string): Finding => ({ state: 'note', text });
const fault = (text: string): Finding => ({ state: 'fault', text });

/** Oldest Node that is tried in tests; the number of package.json `engines`. */
const leastNode = [20, 19] as const;

const checkNode: Check = async () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isOld = major < leastNode[0] || (major === leastNode[0] && minor < leastNode[1]);
  return isOld ? fault(`${process.version}; ${leastNode.join('.')} or later is needed`) : ok(process.version);
};

const checkGit: Check = async ({ services }) => {
  const version = await services.gitVersion();
  return version === undefined ? fault('git cannot be started: repositories cannot be read') : ok(version);
};

/** Permissions that let others read it; undefined when there are none. */
function openToOthers(path: string): string | undefined {
  const mode = statSync(path).mode & 0o777;
  return (mode & 0o077) === 0 ? undefined : mode.toString(8).padStart(4, '0');
}

const checkKey: Check = async (context) => {
  const { io, flags } = context;
  const file = keyFilePath(io, flags.keyFile)?.path;
  if (file === undefined && listKeyIds(keyFolder(io)).length === 0) {
    return note(`none yet in ${keyFolder(io)}; the first scan makes one`);
  }
  const { id } = await openKeys(context);
  const path = file ?? `${keyFolder(io)}/${id}`;
  const mode = openToOthers(path);
  if (mode !== undefined) return fault(`${path} has mode ${mode}; run: chmod 600 ${path}`);
  return ok(`${id} (${path})`);
};

const checkDatabase: Check = async (context) => {
  const { path } = databasePath(context.io, context.flags.db);
  if (!existsSync(path)) return note(`none yet at ${path}; the first scan makes one`);
  const mode = openToOthers(path);
  if (mode !== undefined) return fault(`${path} has mode ${mode}; run: chmod 600 ${path}`);
  return withSession(context, 'read', async ({ store }) => {
    const stats = await store.stats();
    return ok(`${counted(stats.secrets, 'secret')}, schema ${stats.schemaVersion} (${path})`);
  });
};

/** The driver is a native module: opening a throw-away database is the only proof that it was built. */
const checkSqlite: Check = async (context) =>
  withSession(context, 'temporary', async ({ store }) => {
    await store.stats();
    return ok('loads and writes');
  });

const checkRules: Check = async ({ services }) => {
  const { rules, digest } = await services.loadRuleSet();
  if (rules.length === 0) return fault('there are no rules');
  return ok(`${counted(rules.length, 'rule')}, digest ${digest.slice(0, 12)}`);
};

const checkWorkTree: Check = async ({ io, flags }) => {
  const { path } = databasePath(io, flags.db);
  const workTree = enclosingWorkTree(path);
  if (workTree === undefined) return ok(`${dirname(path)} is in no repository`);
  return note(`${dirname(path)} lies in the work tree ${workTree}`);
};

const checks: readonly (readonly [string, Check])[] = [
  ['node', checkNode],
  ['git', checkGit],
  ['sqlite', checkSqlite],
  ['rules', checkRules],
  ['key', checkKey],
  ['database', checkDatabase],
  ['location', checkWorkTree],
];

async function outcomeOf(check: Check, context: Context): Promise<Finding> {
  try {
    return await check(context);
  } catch (error) {
    if (error instanceof ProblemError) return fault(error.problem.message);
    const name = error instanceof Error ? error.name : 'error';
    const code = error instanceof Error && 'code' in error ? `, ${String(error.code)}` : '';
    return fault(`fails (${name}${code})`);
  }
}

async function runDoctor(context: Context): Promise<number> {
  const { out, terminal } = context;
  const { style } = terminal;
  const shown = { ok: style.good('ok   '), note: style.dim('note '), fault: style.alarm('fault') };
  let isSound = true;
  if (context.flags.json === true) await out.print(jsonLine(beginRecord(context.version)));
  for (const [name, check] of checks) {
    const { state, text } = await outcomeOf(check, context);
    if (state === 'fault') isSound = false;
    await out.print(
      context.flags.json === true
        ? jsonLine({ type: 'check', name, state, text })
        : `${shown[state]}  ${name.padEnd(10)}${safeText(text)}\n`,
    );
  }
  return isSound ? exitCodes.clean : exitCodes.open;
}
