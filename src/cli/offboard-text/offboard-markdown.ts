/** Offboarding as a checklist for a ticket. */
import { shownFingerprintLength } from '../../model/ids.js';
import { markdownText, sentence } from '../../report/safe-text.js';
import type {
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

type Named = Pick<OffboardItem, 'fingerprint' | 'kind' | 'principal' | 'priority'>;

function named({ fingerprint, kind, principal, priority }: Named): string {
  const short = fingerprint.slice(0, shownFingerprintLength);
  return `${short} ${markdownText(principal)}, ${markdownText(kind)}, ${markdownText(priority)}`;
}

function* itemLines(item: OffboardItem): Generator<string> {
  const mark = item.diesWithAccount ? ' **dies with the account**' : '';
  yield `- [ ] ${named(item)}${mark}: ${markdownText(item.what)}`;
  const proposed = proposalText(item);
  if (proposed !== '') yield `  - ${markdownText(proposed)}`;
  for (const ground of item.grounds) yield `  - ${markdownText(groundText(ground))}`;
  for (const use of item.consumers) yield `  - used by ${markdownText(useText(use))}`;
}

function* retirementLines(retirement: Retirement): Generator<string> {
  const { status, consumers, steps } = retirement;
  yield `### ${named(retirement)}`;
  yield '';
  if (status === 'STILL_CONSUMED') yield '**STILL\\_CONSUMED**: stopped, it is in use.';
  if (status === 'over') yield 'Nobody accepts it any more: only copies are left.';
  for (const use of consumers) yield `- used by ${markdownText(useText(use))}`;
  for (const { title, until, how, targets } of steps) {
    const wait = until === undefined ? '' : ` until ${until}`;
    yield `- [ ] ${markdownText(title)}${wait}: ${markdownText(how)}`;
    for (const target of targets) yield `  - ${markdownText(target)}`;
  }
  yield '';
}

function* caseLines(found: OffboardCase): Generator<string> {
  yield `# Offboarding: ${markdownText(titleOf(found))}`;
  yield '';
  for (const [index, sentence] of found.order.entries()) yield `${index + 1}. ${markdownText(sentence)}`;
  if (found.order.length > 0) yield '';
  for (const list of listNames) {
    if (found[list].length === 0) continue;
    yield `## ${listTitles[list]}`;
    yield '';
    for (const item of found[list]) yield* itemLines(item);
    yield '';
  }
  if (found.retire.length > 0) {
    yield '## retire';
    yield '';
    for (const retirement of found.retire) yield* retirementLines(retirement);
  }
  if (found.over.length > 0)
    yield `Nobody accepts ${found.over.length} of its secrets any more; only copies are left.\n`;
  for (const note of found.notes) yield `- Note: ${markdownText(note)}`;
  if (found.controls.length > 0)
    yield `- ${sentence(controlVerb(found))}: ${markdownText(found.controls.join(', '))}`;
  yield '';
}

export function* offboardMarkdown({ cases, leftovers }: OffboardReport): Generator<string> {
  for (const found of cases) yield* caseLines(found);
  if (leftovers.length === 0) return;
  yield '# Left behind';
  yield '';
  for (const leftover of leftovers) {
    yield `- [ ] ${named(leftover)}: ${markdownText(leftover.condition)}, ${markdownText(leftover.what)}`;
  }
}
