/** The pre-commit script: what it says, and how it is put beside a hook that is already there. */
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ProblemError } from '../model/problem.js';

/** The line by which our own script is known again. */
const mark = '# sprawl pre-commit hook, version 1';
/** Where a hook that was there before is kept; ours runs it first. */
const chainedName = 'pre-commit.before-sprawl';

/** Quotes for sh: single quotes, inside which nothing is special but the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** @param node absolute path of the Node that installs it; @param entry absolute path of cli/hook-start.cjs */
export function hookScript(node: string, entry: string): string {
  return `#!/bin/sh
${mark}
# Refuses a commit that would add a secret. Written by "sprawl hook install"; "sprawl hook uninstall" removes it.
earlier="$(dirname "$0")/${chainedName}"
if [ -x "$earlier" ]; then
  "$earlier" "$@" || exit $?
fi
node=${quoted(node)}
entry=${quoted(entry)}
if [ -x "$node" ] && [ -f "$entry" ]; then
  exec "$node" "$entry"
fi
if command -v sprawl >/dev/null 2>&1; then
  exec sprawl hook run
fi
echo "sprawl: not found, so staged files were not checked for secrets." >&2
echo "sprawl: install it again, or commit with --no-verify." >&2
exit 2
`;
}

export type HookState = 'absent' | 'ours' | 'foreign';

/** What stands at the place of the pre-commit hook. */
export function hookState(folder: string): HookState {
  const path = join(folder, 'pre-commit');
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return 'absent';
  try {
    return readFileSync(path, 'latin1').includes(mark) ? 'ours' : 'foreign';
  } catch {
    return 'foreign';
  }
}

export function hasChainedHook(folder: string): boolean {
  return existsSync(join(folder, chainedName));
}

/** Puts the script in place; a hook of somebody else is kept and runs first. Installing twice changes nothing. */
export function installHook(
  folder: string,
  script: string,
): 'installed' | 'updated' | 'unchanged' | 'chained' {
  const path = join(folder, 'pre-commit');
  const before = hookState(folder);
  if (before === 'ours' && readFileSync(path, 'utf8') === script) return 'unchanged';
  mkdirSync(folder, { recursive: true });
  if (before === 'foreign') {
    if (hasChainedHook(folder)) {
      throw new ProblemError({
        code: 'usage',
        message: `There is a pre-commit hook in ${folder}, and ${chainedName} from an earlier installation beside it.`,
        hint: `Join the two by hand into ${chainedName}, remove pre-commit, and install again.`,
      });
    }
    renameSync(path, join(folder, chainedName));
  }
  const temporary = `${path}.${process.pid}`;
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const descriptor = openSync(temporary, flags, 0o755);
  try {
    writeFileSync(descriptor, script);
  } finally {
    closeSync(descriptor);
  }
  chmodSync(temporary, 0o755);
  renameSync(temporary, path);
  if (before === 'foreign') return 'chained';
  return before === 'ours' ? 'updated' : 'installed';
}

/** Removes our script and puts an earlier hook back; a foreign hook is left alone. */
export function uninstallHook(folder: string): 'removed' | 'restored' | 'absent' {
  if (hookState(folder) !== 'ours') return 'absent';
  const path = join(folder, 'pre-commit');
  if (hasChainedHook(folder)) {
    renameSync(join(folder, chainedName), path);
    return 'restored';
  }
  rmSync(path);
  return 'removed';
}
