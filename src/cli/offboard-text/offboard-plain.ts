/** Offboarding for a terminal. */
import { shownFingerprintLength } from '../../model/ids.js';
import { counted, safeText } from '../../report/safe-text.js';
import type { Style } from '../../report/style.js';
import type {
  Leftover,
  OffboardCase,
  OffboardItem,
  OffboardReport,
  Retirement,
} from '../../rotation/offboard/offboard-case.js';
import {
  controlVerb,
  groundText,
  listNames,
  listTitles,
  proposalText,
  titleOf,
  useText,
} from './offboard-words.js';

const shownUses = 8;
const shownTargets = 12;

function headOf(
  { fingerprint, kind, principal, priority }: OffboardItem | Retirement | Leftover,
  style: Style,
): string {
  const short = fingerprint.slice(0, shownFingerprintLength);
  // The kind behind the principal: `token` before a name reads like one that is given away.
  return `  ${style.strong(short)}  ${safeText(principal)}  ${style.name(kind)}  ${priority}`;
}

function* itemLines(item: OffboardItem, style: Style): Generator<string> {
  const mark = item.diesWithAccount ? `  ${style.alarm('dies with the account')}` : '';
  yield `${headOf(item, style)}${mark}`;
  yield `      ${safeText(item.what)}`;
  const proposed = proposalText(item);
  if (proposed !== '') yield `      ${safeText(proposed)}`;
  if (item.command !== undefined) yield `      to revoke: ${safeText(item.command)}`;
  for (const ground of item.grounds) yield style.dim(`      ${safeText(groundText(ground))}`);
  for (const use of item.consumers.slice(0, shownUses)) {
    yield style.dim(`      used by ${safeText(useText(use))}`);
  }
  const left = item.consumers.length - shownUses;
  if (left > 0) yield style.dim(`      and by ${left} more`);
}

function* retirementLines(retirement: Retirement, style: Style): Generator<string> {
  const { status, consumers, steps } = retirement;
  const words = {
    ready: 'nothing is known to use it',
    STILL_CONSUMED: 'stopped: it is in use',
    over: 'nobody accepts it any more: only copies are left',
  } as const;
  const mark = status === 'STILL_CONSUMED' ? `  ${style.alarm(status)}` : '';
  yield `${headOf(retirement, style)}${mark}`;
  yield `      ${words[status]}`;
  for (const use of consumers) yield `      used by ${safeText(useText(use))}`;
  for (const [index, step] of steps.entries()) {
    const until = step.until === undefined ? '' : ` until ${step.until}`;
    yield `      ${index + 1} ${step.title}${until}${step.reversible ? '' : style.dim(' (not reversible)')}`;
    yield style.dim(`        ${safeText(step.how)}`);
    if (step.command !== undefined) yield style.dim(`        ${safeText(step.command)}`);
    const shown = step.targets.slice(0, shownTargets).map(safeText).join(', ');
    const left = step.targets.length - shownTargets;
    if (shown !== '') yield style.dim(`        ${shown}${left > 0 ? `, and ${left} more` : ''}`);
  }
}

function* caseLines(found: OffboardCase, style: Style): Generator<string> {
  yield style.strong(safeText(titleOf(found)));
  for (const [index, sentence] of found.order.entries()) {
    yield `${index === 0 ? 'order' : '     '}   ${index + 1}. ${safeText(sentence)}`;
  }
  for (const list of listNames) {
    const items = found[list];
    if (items.length === 0) continue;
    yield `${listTitles[list]} (${items.length})`;
    for (const item of items) yield* itemLines(item, style);
  }
  if (found.retire.length > 0) yield `retire (${found.retire.length})`;
  for (const retirement of found.retire) yield* retirementLines(retirement, style);
  if (found.over.length > 0) {
    const shown = found.over.map((fingerprint) => fingerprint.slice(0, shownFingerprintLength));
    yield `over      ${counted(found.over.length, 'secret')} that nobody accepts any more; only copies are left: ${shown.slice(0, shownTargets).join(', ')}`;
  }
  const isEmpty = found.retire.length + found.over.length === 0;
  if (isEmpty && listNames.every((list) => found[list].length === 0))
    yield 'nothing    no secret is concerned';
  for (const note of found.notes) yield `note      ${safeText(note)}`;
  if (found.controls.length > 0)
    yield style.dim(`controls  ${controlVerb(found)}: ${found.controls.join(', ')}`);
}

export function* offboardLines({ cases, leftovers }: OffboardReport, style: Style): Generator<string> {
  for (const [index, found] of cases.entries()) {
    if (index > 0) yield '';
    yield* caseLines(found, style);
  }
  if (leftovers.length === 0) return;
  if (cases.length > 0) yield '';
  yield style.strong(`left behind (${leftovers.length})`);
  for (const leftover of leftovers) {
    yield `${headOf(leftover, style)}  ${leftover.condition}`;
    yield `      ${leftover.what}`;
    if (leftover.former.length > 0)
      yield style.dim(`      was used by ${leftover.former.slice(0, shownUses).map(safeText).join(', ')}`);
  }
}
