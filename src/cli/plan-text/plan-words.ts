/** Words that every form of a plan shares. Nothing here is made safe for printing yet: that is up to the form. */
import { shownFingerprintLength } from '../../model/ids.js';
import { counted } from '../../report/safe-text.js';
import type { Consumer, Copy } from '../../rotation/dossier.js';
import type { ApprovalStatus, Plan, Step } from '../../rotation/plan/plan.js';

export function short(fingerprint: string): string {
  return fingerprint.slice(0, shownFingerprintLength);
}

/** `68 high = exposure 15 (internal-human) + ...`, with what became of the sum. */
export function priorityText({ score, sum, terms, adjusted, band }: Plan['priority']): string {
  const parts = terms.map(({ name, points, why }) => `${name} ${points} (${why})`).join(' + ');
  return `${score} ${band} = ${parts}${adjusted === undefined ? '' : `; sum ${sum} -> ${adjusted}`}`;
}

type CopyGroup = readonly [test: (copy: Copy) => boolean, one: string, many: string];

const copyGroups: readonly CopyGroup[] = [
  [({ presence }) => presence === 'head', 'at HEAD', 'at HEAD'],
  [({ presence }) => presence === 'history-only', 'in history only', 'in history only'],
  [
    ({ isHuman, location }) => isHuman && location.appearance.locationKind.startsWith('chat'),
    'chat message',
    'chat messages',
  ],
  [
    ({ isHuman, location }) => isHuman && location.appearance.locationKind.startsWith('ticket'),
    'ticket entry',
    'ticket entries',
  ],
  [({ isHuman }) => isHuman, 'page or mail', 'pages and mails'],
  [({ presence }) => presence === 'edited-out', 'earlier wording', 'earlier wordings'],
  [() => true, 'file', 'files'],
];

/** `3 at HEAD (2 places), 5 in history only, 1 chat message`. */
export function copiesText({ steps }: Plan): string {
  const copies = steps.flatMap((step) => step.copies ?? []);
  if (copies.length === 0) return 'none is left';
  const groups = copyGroups.map(() => [] as Copy[]);
  for (const copy of copies) groups[copyGroups.findIndex(([test]) => test(copy))]?.push(copy);
  return groups
    .flatMap((own, index) => {
      const [, one, many] = copyGroups[index] ?? [undefined, '', ''];
      if (own.length === 0) return [];
      const places = new Set(own.map(({ location }) => location.place)).size;
      return [`${counted(own.length, one, many)}${places > 1 ? ` (${counted(places, 'place')})` : ''}`];
    })
    .join(', ');
}

export function consumerText({ name, kind, reload, nextRun }: Consumer): string {
  const details = [
    kind,
    ...(reload === 'unknown' ? [] : [reload]),
    ...(nextRun === undefined ? [] : [`next run ${nextRun}`]),
  ];
  return `${name} (${details.join(', ')})`;
}

export const shownConsumers = 8;

/** Of each environment one line: `prod: ledger-api (service, restart), ...`. */
export function breaksTexts({ blastRadius: { consumers } }: Plan): string[] {
  const byEnvironment = new Map<string, Consumer[]>();
  for (const consumer of consumers) {
    const known = byEnvironment.get(consumer.environment);
    if (known === undefined) byEnvironment.set(consumer.environment, [consumer]);
    else known.push(consumer);
  }
  return [...byEnvironment].map(([environment, own]) => {
    const rest = own.length - shownConsumers;
    const shown = own.slice(0, shownConsumers).map(consumerText).join(', ');
    return `${environment === 'unknown' ? 'environment unknown' : environment}: ${shown}${rest > 0 ? ` and ${rest} more` : ''}`;
  });
}

const shownResources = 5;

/** What somebody who has it reaches, then what that opens. */
export function opensTexts({ abuseRadius: { resources, secondRing, unknown } }: Plan): string[] {
  const rest = resources.length - shownResources;
  const reached = resources.slice(0, shownResources).map(({ kind, address }) => `${kind} ${address}`);
  const ring = secondRing.slice(0, shownResources).map(short).join(', ');
  const more = secondRing.length - shownResources;
  const lines = [
    ...(reached.length === 0 ? [] : [`${reached.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`]),
    ...(ring === '' ? [] : [`second ring: ${ring}${more > 0 ? ` and ${more} more` : ''}`]),
    ...unknown.map((text) => `unknown: ${text}`),
  ];
  return lines.length === 0 ? ['nothing further known'] : lines;
}

/** What was made with it, as its step says. */
export function childrenText({ steps }: Plan): string {
  return steps.find(({ type }) => type === 'children')?.target ?? 'none';
}

export function approvalText({
  role,
  count,
  not,
  by,
  given,
  isMet,
  afterTheFactUntil,
}: ApprovalStatus): string {
  const without = not.length === 0 ? '' : ` (not ${not.join(', ')})`;
  const after = afterTheFactUntil === undefined || isMet ? '' : `, may follow until ${afterTheFactUntil}`;
  const who = given.map((entry) => `${entry.by} ${entry.standing} ${entry.at}`).join('; ');
  return `${role} ${count}${without}: ${isMet ? 'given' : 'open'}${after}, asked by ${by}${who === '' ? '' : `: ${who}`}`;
}

/** What stands behind the title: gates, times, the point of no return. */
export function markText(plan: Plan, { id, due, gates, type, state, record, sharedWith }: Step): string {
  const marks: string[] = [];
  if (gates.length > 0) marks.push(`gates ${gates.join(', ')}`);
  if (due !== undefined) marks.push(`${type === 'overlap' || type === 'soak' ? 'until' : 'by'} ${due}`);
  if (sharedWith !== undefined) {
    marks.push(`one restart with ${counted(sharedWith, 'other plan')}`);
  }
  if (id === plan.pointOfNoReturn) marks.push('POINT OF NO RETURN');
  else if (id === plan.rollbackUntil) marks.push('last step that can be undone');
  if (state !== 'todo') {
    const by = record === undefined ? '' : ` by ${record.by} at ${record.at}`;
    marks.push(`${state}${by}${record?.reason === undefined ? '' : `: ${record.reason}`}`);
  }
  return marks.join('; ');
}

/** The rollback is what somebody looks for when a step has failed. */
export function isRollbackDue({ state }: Step): boolean {
  return state === 'failed' || state === 'doing';
}
