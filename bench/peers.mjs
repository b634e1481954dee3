/**
 * How other scanners are run on a history and on a tree of files, and how their findings are counted. Validation over
 * the network is off where there is a switch for it. A scanner that is not on the PATH takes no part.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isOnPath } from './measure.mjs';

/**
 * @typedef {{
 *   name: string,
 *   command: readonly string[],
 *   report: string,
 *   count: (report: string) => number,
 *   cwd?: string,
 *   before?: () => void,
 * }} Peer A command; it prints to `report`, or writes it itself, and `count` counts the findings there.
 */

const linesOf = (text) => text.split('\n').filter((line) => line !== '');
const jsonLines = (wanted) => (text) => linesOf(text).filter((line) => line.includes(wanted)).length;
const jsonArray = (text) => JSON.parse(text).length;

/** Findings of a report; NaN when there is none or it cannot be read. */
export function countFindings({ report, count }) {
  try {
    return existsSync(report) ? count(readFileSync(report, 'utf8')) : Number.NaN;
  } catch {
    return Number.NaN;
  }
}

const gitleaks = (mode, target, report) => ({
  name: 'gitleaks',
  command: ['gitleaks', mode, '--no-banner', '--exit-code=0', '-r', report, '-f', 'json', target],
  count: jsonArray,
});
const betterleaks = (mode, target, report) => ({
  name: 'betterleaks',
  command: ['betterleaks', mode, target, '--no-banner', '--exit-code=0', '-o', `${report}.jsonl`],
  report: `${report}.jsonl`,
  count: jsonLines('{'),
});
const trufflehog = (mode, target) => ({
  name: 'trufflehog',
  command: ['trufflehog', mode, target, '--no-verification', '--no-update', '--json'],
  count: jsonLines('"SourceMetadata"'),
});
const kingfisher = (target) => ({
  name: 'kingfisher',
  command: ['kingfisher', 'scan', '--no-validate', '--format', 'jsonl', target],
  count: jsonLines('{"rule":'),
});
const noseyparker = (target, work) => {
  const datastore = join(work, 'noseyparker');
  return {
    name: 'noseyparker',
    command: ['noseyparker', 'scan', '--datastore', datastore, target],
    // Its report is a second command; only the scan is timed.
    count: () => Number.NaN,
    before: () => rmSync(datastore, { recursive: true, force: true }),
  };
};
const titus = (target) => ({ name: 'titus', command: ['titus', 'scan', target], count: () => Number.NaN });

/** @returns {Peer[]} those that read a git history */
export function historyPeers(repository, work) {
  const report = join(work, 'report');
  return present(report, [
    gitleaks('git', repository, report),
    betterleaks('git', repository, report),
    trufflehog('git', `file://${repository}`),
    kingfisher(repository),
    noseyparker(repository, work),
    titus(repository),
  ]);
}

const secretlintRules = JSON.stringify({ rules: [{ id: '@secretlint/secretlint-rule-preset-recommend' }] });

/** @returns {Peer[]} those that read a folder */
export function filesPeers(folder, work) {
  const report = join(work, 'report');
  return present(report, [
    gitleaks('dir', folder, report),
    betterleaks('fs', folder, report),
    trufflehog('filesystem', folder),
    kingfisher(folder),
    noseyparker(folder, work),
    titus(folder),
    {
      name: 'detect-secrets',
      command: ['detect-secrets', 'scan', '--all-files', '--no-verify', '.'],
      cwd: folder,
      count: (text) => Object.values(JSON.parse(text).results).flat().length,
    },
    {
      name: 'secretlint',
      command: ['secretlint', '--format', 'json', '--secretlintrcJSON', secretlintRules, '**/*'],
      cwd: folder,
      count: (text) => JSON.parse(text).reduce((sum, { messages }) => sum + messages.length, 0),
    },
    { name: 'ripsecrets', command: ['ripsecrets', folder], count: (text) => linesOf(text).length },
  ]);
}

function present(report, peers) {
  return peers
    .filter(({ name }) => isOnPath(name))
    .map((peer) => ({
      report,
      ...peer,
      before: () => {
        rmSync(peer.report ?? report, { force: true });
        peer.before?.();
      },
    }));
}
