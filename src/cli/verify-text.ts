/** Verdicts in words: the verdict first, then copy by copy, then what was not read and how to have it read. */
import { shownFingerprintLength } from '../model/ids.js';
import type { InputProblemCode } from '../model/problem.js';
import { gapMeaning } from '../report/receipt-text.js';
import { counted, safeText } from '../report/safe-text.js';
import type { Style } from '../report/style.js';
import { locationLine } from '../report/text.js';
import type { SuccessorFinding } from '../rotation/verify/successor.js';
import type {
  CopyReason,
  CopyVerdict,
  HistoryRemain,
  OpenRoot,
  Reappearance,
  SecretVerdict,
  VerdictName,
  VerifyNote,
} from '../rotation/verify/verdict.js';
import type { DeepReach } from './verify-evidence.js';

/** What each verdict means, as one clause. */
export const verdictMeaning: Readonly<Record<VerdictName, string>> = {
  reappeared: 'it was gone, or in history only, and is in use again: the secret is open again',
  'still-at-head': 'it stands in a tip or in a file that is there now',
  'human-copies-remain': 'people can still read it in a ticket, chat, wiki or mail',
  'history-remains': 'it stands in history that a ref leads to',
  'unreachable-remains': 'it stands in objects that no branch or tag leads to',
  unproven: 'something that held it could not be shown to be without it',
  clean: 'it was found nowhere in the places that ever held it',
};

const groundMeaning: Readonly<Record<SecretVerdict['ground'], string>> = {
  'clean-by-value': 'by value: bare and encoded copies were looked for too',
  'clean-by-detection':
    'by detection: bare copies of this value are not recorded; "--value -" looks for the value itself',
};

/** What is the matter, as the end of "this root ...". */
export const reasonText: Readonly<Record<CopyReason, string>> = {
  found: 'found',
  'not-found-any-more': 'read since, and not found',
  'newer-export-lacks-it': 'a newer export has records before and after it, and not it',
  'standard-input': 'it came from standard input and cannot be read again',
  'source-gone': 'nothing is there any more',
  'not-read': 'never read whole',
  'not-rescanned': 'not read since',
  'not-fetched': 'not fetched since',
  'read-incompletely': 'read, but not whole',
  'left-out': 'the scan left out what it stood in',
  'export-older': 'the export is no newer than the purge, or than the last one that shows it',
  'export-undated': 'the export does not say when it was made',
  'export-not-around': 'the export has no records before and after it in the same place',
  'copy-undated': 'the record does not say when it was written',
};

/** What to do about a root that leaves a verdict open. */
export function askText({
  reason,
  placeName,
  locator,
}: Pick<OpenRoot, 'reason' | 'placeName' | 'locator'>): string {
  const place = safeText(placeName);
  const root = safeText(locator);
  switch (reason) {
    case 'standard-input':
      return 'scan what it was taken from, as a file or a repository';
    case 'source-gone':
      return `scan another clone or copy of ${place}, or say how ${root} was destroyed when the rest is accepted`;
    case 'not-read':
    case 'not-rescanned':
      return `sprawl scan ${root}`;
    case 'not-fetched':
      return 'run verify again with --fetch: it asks the remote';
    case 'read-incompletely':
      return `see what is in the way with "sprawl scan ${root}", or accept it with "sprawl allow --gap"`;
    case 'left-out':
      return 'run verify again with --vendor, --alternates or --include-direct';
    case 'export-older':
    case 'export-undated':
      return `ask for a new export of ${place}, and scan it`;
    case 'export-not-around':
    case 'copy-undated':
      return `ask for an export of ${place} that reaches from before the copy to after it, and scan it`;
    case 'found':
    case 'not-found-any-more':
    case 'newer-export-lacks-it':
      return 'nothing';
  }
}

/** One secret; `label` is its kind. */
export function* verdictLines(verdict: SecretVerdict, label: string, style: Style): Generator<string> {
  const { verdicts, copies, fingerprint } = verdict;
  const secret = fingerprint.slice(0, shownFingerprintLength);
  const [worst = 'unproven', ...others] = verdicts;
  yield `${paint(style, worst)(worst)}  ${style.strong(secret)}  ${label}`;
  yield `  ${verdictMeaning[worst]}${worst === 'clean' ? ` (${groundMeaning[verdict.ground]})` : ''}`;
  for (const other of others) yield `  also ${other}: ${verdictMeaning[other]}`;
  for (const one of verdict.returned) yield `  ${returnText(one, style)}`;
  yield* section('history that holds it', verdict.history.map(historyText), style);
  yield* section(
    `copies: ${countText(copies)}`,
    copies.flatMap((copy) => copyLines(copy, style)),
    style,
  );
  yield* section('not shown to be without it', verdict.open.map(openText), style);
  yield* section('to know', verdict.notes.map(noteText), style);
}

function paint(style: Style, verdict: VerdictName): (text: string) => string {
  if (verdict === 'clean') return style.good;
  return verdict === 'unproven' ? style.warning : style.alarm;
}

function* section(title: string, lines: readonly string[], style: Style): Generator<string> {
  if (lines.length === 0) return;
  yield `  ${style.strong(title)}`;
  for (const line of lines) yield `    ${line}`;
}

function countText(copies: readonly CopyVerdict[]): string {
  const of = (state: CopyVerdict['state']): number => copies.filter((copy) => copy.state === state).length;
  return `${of('present')} present, ${of('unproven')} unproven, ${of('gone')} gone`;
}

function returnText({ why, cleanAt, location }: Reappearance, style: Style): string {
  const since = cleanAt === undefined ? '' : ` since ${cleanAt}`;
  const reasons: Readonly<Record<Reappearance['why'], string>> = {
    'at-head-again': `at a tip or in a file again${since}, when it was not`,
    'newer-message': `in a message that was written${since}`,
    'old-value-returned': 'OLD_VALUE_RETURNED: its slot held another value, and holds this one again',
  };
  return `${reasons[why]}: ${safeText(location.placeName)} ${locationLine(location, style)}`;
}

function historyText({ placeName, path, firstCommit, lastCommit, refCount }: HistoryRemain): string {
  const short = (commit: string): string => commit.slice(0, shownFingerprintLength);
  const commits = [
    ...(firstCommit === undefined ? [] : [`first ${short(firstCommit)}`]),
    ...(lastCommit === undefined ? [] : [`last ${short(lastCommit)}`]),
    counted(refCount, 'ref leads to it', 'refs lead to it'),
  ];
  return `${safeText(placeName)}  ${safeText(path ?? '(no path)')}  ${commits.join(', ')}`;
}

function copyLines(copy: CopyVerdict, style: Style): string[] {
  const { location, state, class: sort, ground, roots } = copy;
  const head = `${state} ${sort}  ${safeText(location.placeName)}  ${locationLine(location, style)}`;
  const standings = roots.map(({ locator, reason, asOf }) => {
    const time = asOf === undefined ? '' : ` (as of ${asOf})`;
    return `  ${safeText(locator)}: ${reasonText[reason]}${time}`;
  });
  return [`${head} [${ground === 'by-value' ? 'by value' : 'by detection'}]`, ...standings];
}

function openText(root: OpenRoot): string {
  const gaps = Object.entries(root.gaps).map(
    ([code, count]) => `${gapMeaning(code as InputProblemCode)} (${count})`,
  );
  const why = gaps.length === 0 ? reasonText[root.reason] : `${reasonText[root.reason]}: ${gaps.join(', ')}`;
  const read = root.readAt === undefined ? '' : `, read ${root.readAt}`;
  return `${safeText(root.placeName)}  ${safeText(root.locator)}${read}: ${why} -> ${askText(root)}`;
}

function noteText(note: VerifyNote): string {
  if (note.type === 'export-file-holds-it')
    return `${safeText(note.locator)} still holds it, whatever its system says now: delete the file when it is not needed`;
  const commits = note.commits.map((commit) => commit.slice(0, shownFingerprintLength)).join(', ');
  const host =
    note.host === undefined
      ? 'clones and hosts that were not read'
      : `${note.host}, forks, pull requests and caches`;
  return `${safeText(note.placeName)}: commits that held it vanished (${commits}); ${host} may still serve them by id: ask for garbage collection`;
}

/** What a check of the new value found. */
export function successorLines(findings: readonly SuccessorFinding[], style: Style): string[] {
  return findings.map(({ code, successor, text, copies }) => {
    const secret = successor.slice(0, shownFingerprintLength);
    const spots = copies.map(
      (location) => `\n    ${safeText(location.placeName)}  ${locationLine(location, style)}`,
    );
    return `${style.alarm(code)}  new value ${style.strong(secret)}: ${text}${spots.join('')}`;
  });
}

/** How far a search for the value itself reached. */
export function deepLine({ read, gone, problems }: DeepReach): string {
  const left = [
    ...(gone.length > 0 ? [`${counted(gone.length, 'root is', 'roots are')} gone`] : []),
    ...(problems > 0 ? [`${counted(problems, 'part')} could not be read`] : []),
  ];
  const doubt = left.length === 0 ? '' : `; ${left.join(', ')}`;
  return `  the value was looked for in every spelling in ${counted(read, 'root')}${doubt}`;
}
