/** What a person must know before the first step. */
import type { Consumer, Dossier } from '../dossier.js';
import { freezeAt, nextAllowed } from '../policy/windows.js';
import { type PlanContext, timeText, titleOf, unassigned } from './plan-context.js';
import { canGoBack } from './steps/cutover.js';
import { isContainmentFinal } from './steps/prepare.js';
import { alsoBreaks, providerName } from './steps/provider-words.js';

const namedAtMost = 10;

function listed(names: readonly string[]): string {
  const rest = names.length - namedAtMost;
  return names.slice(0, namedAtMost).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** Who cleans the file that a consumer reads it from. */
function custodianOf({ evidence }: Consumer, members: readonly Dossier[]): string | undefined {
  const places = new Set(evidence.map(({ place }) => place));
  for (const { copies } of members) {
    for (const { location, custodian } of copies) {
      if (custodian !== undefined && (places.has(location.place) || places.has(location.placeName)))
        return custodian;
    }
  }
  return undefined;
}

function breakages({ waves, members, owner }: PlanContext): string[] {
  const consumers = waves.waves.flatMap((wave) => wave.consumers.map(({ consumer }) => consumer));
  if (consumers.length === 0) {
    return ['will probably break: nothing is known to use it, which does not show that nothing does'];
  }
  const shown = consumers.slice(0, namedAtMost).map((consumer) => {
    const who = consumer.owner ?? custodianOf(consumer, members) ?? owner;
    return `will probably break: ${titleOf(consumer)} (${consumer.kind}) -> ${who}`;
  });
  const rest = consumers.length - shown.length;
  return rest > 0 ? [...shown, `will probably break: ${rest} more, see the updates`] : shown;
}

/** What the provider does by itself stands in a line of its own; this is what follows from it. */
function publicWarnings({ isPublic, reaction, row, owner }: PlanContext): string[] {
  if (!isPublic || reaction?.selfRotating !== true) return [];
  const who = owner === unassigned ? '' : ` (ask ${owner} who that is)`;
  return [
    `SELF_ROTATING: it may not be able to change itself any more: second admin path: another administrator of ${providerName(row)}${who}`,
  ];
}

function cycleWarnings({ graph, lead }: PlanContext): string[] {
  if (!graph.inCycle) return [];
  const way = (graph.cycle ?? []).join(' -> ');
  const warnings = [`${graph.selfRotating ? 'SELF_ROTATING' : 'CYCLE'}: ${way}`];
  if (graph.secondPath !== undefined)
    warnings.push(`second path: ${graph.secondPath} changes it without needing it`);
  else if (lead.overlap.value === 'yes' && !graph.selfRotating)
    warnings.push('the circle can be opened here: old and new can be valid together');
  else if (graph.cycleStart !== undefined)
    warnings.push(`start with ${graph.cycleStart}: old and new can be valid together there`);
  else {
    warnings.push(
      'way out 1: add a second credential for the step that closes the circle',
      'way out 2: make a break-glass credential, kept sealed and used for this change only',
      'way out 3: seed the new value by hand where the circle closes, without the old one',
    );
  }
  return warnings;
}

function safetyWarnings(context: PlanContext): string[] {
  const { decision, row, waves, alternate, members, lead } = context;
  const warnings: string[] = [];
  const isOverlapOpen = lead.overlap.value === undefined || lead.overlap.value === 'unknown';
  if (decision.strategy === 'manual' && isOverlapOpen) {
    warnings.push(
      'whether making a new value ends the old one is not known: find out before the step that makes it',
    );
  }
  if (/^(?:staged-dual|automatic|split-first)$/.test(decision.strategy) && !row.reversibleDisable) {
    warnings.push('the provider cannot switch it off and on again: overlap is the only safety');
  }
  if (decision.strategy === 'staged-cutover' && !canGoBack(context)) {
    warnings.push('there is no way back after the switch: the old value cannot be had again');
  }
  if (decision.strategy === 'emergency' && isContainmentFinal(context)) {
    warnings.push('containment is final: the provider cannot switch it on again');
  }
  if (alternate !== undefined) {
    warnings.push(
      `ALTERNATE_EXPOSED: ${alternate.fingerprint.slice(0, 12)} works beside it and is exposed as well: regenerate that first, move, then regenerate this`,
    );
  }
  if (members.some(({ reasons }) => reasons.includes('SLOT_FULL')) && alternate === undefined) {
    warnings.push('SLOT_FULL: all values that can be valid at once are taken: free one first');
  }
  for (const circle of waves.circles)
    warnings.push(`these depend on each other, so move them together: ${listed(circle)}`);
  return warnings;
}

/** A date that is past ends nothing while whatever makes the value is in other hands. */
function pastWarnings({ members }: PlanContext): string[] {
  return members.flatMap(({ fingerprint, expiresAt, lapsed, relations }) => {
    const { chosen } = lapsed;
    if (chosen?.rule !== 'L9') return [];
    const note = chosen.evidence.map(({ note: text }) => text).find((text) => text !== undefined);
    const makers = relations.flatMap(({ relation, direction, to }) =>
      direction === 'to' && (relation === 'signs' || relation === 'mints') ? [to.slice(0, 12)] : [],
    );
    const ended =
      expiresAt.value === undefined ? 'its longest life is over' : `it ended on ${expiresAt.value}`;
    const first =
      makers.length === 0
        ? ''
        : `: whoever has ${listed(makers)} makes it anew with another end, so rotate that first`;
    return [
      `${fingerprint.slice(0, 12)} stays open though ${ended}: ${note ?? 'it can be made anew'}${first}`,
    ];
  });
}

/** True for keys of ciphertext: rotating them protects what is written from then on. */
function isKeyOfCiphertext({ row, members }: PlanContext): boolean {
  return (
    /^(?:sops\.age-key|ansible\.vault-password)$/.test(row.id) ||
    members.some(({ exposure }) =>
      exposure.attributes.some(({ name, text }) => name === 'ciphertext' && text === 'true'),
    )
  );
}

function ringWarnings(context: PlanContext): string[] {
  const { row, lead, graph, children } = context;
  const warnings: string[] = pastWarnings(context);
  const encryptsKnown = lead.relations.some(
    ({ relation, direction }) => relation === 'encrypts' && direction === 'from',
  );
  if (isKeyOfCiphertext(context) && !encryptsKnown) {
    warnings.push(
      'every ciphertext for it stays readable in history, whatever it is replaced with: list what is inside, and rotate that as well',
    );
  }
  const parents = lead.parents ?? [];
  if (lead.reasons.includes('PARENT_FIRST') || parents.length > 0) {
    const made = parents.length === 0 ? '' : ` of ${listed(parents)}`;
    warnings.push(
      `PARENT_FIRST: it was made with the key${made}: it ends when that is rotated, and only then for good`,
    );
  }
  if (row.cascade || children.length > 0) {
    const known = children.length === 0 ? 'none is known' : `${children.length} known`;
    const breaks = alsoBreaks(row);
    const also = breaks === undefined ? '' : `; ${breaks}`;
    warnings.push(`REVOCATION_CASCADES: what was made with it ends with it (${known}${also})`);
  }
  if (graph.secondRing.length > 0) {
    const shown = listed(graph.secondRing.map((fingerprint) => fingerprint.slice(0, 12)));
    warnings.push(
      encryptsKnown
        ? `what it encrypted stays readable in history: rotate what is inside: ${shown}`
        : `second ring: it opens ${shown}, which count as exposed with it`,
    );
  }
  if (row.userBound) warnings.push('it dies with the account of the person it belongs to');
  return warnings;
}

function calendarWarnings({ decision, now }: PlanContext): string[] {
  const warnings: string[] = [];
  const freeze = freezeAt(now, decision.freezes);
  if (freeze !== undefined) {
    const free = nextAllowed(now, decision.windows, decision.freezes);
    warnings.push(
      `FREEZE: nothing is changed in ${freeze}${free === undefined ? '' : `; first possible ${timeText(free)}`}`,
    );
  }
  if (decision.windows.length > 0 && decision.strategy !== 'emergency') {
    warnings.push(`changes only within ${decision.windows.join(' and ')}`);
  }
  return warnings;
}

/** What breaks comes first where it is broken on purpose. */
export function warningsOf(context: PlanContext): string[] {
  const { decision, row } = context;
  if (decision.strategy === 'none') return [];
  const isQuiet = decision.strategy === 'purge-only' || decision.strategy === 'notify';
  return [
    ...(decision.strategy === 'emergency' ? breakages(context) : []),
    ...(isQuiet ? [] : publicWarnings(context)),
    ...(isQuiet ? [] : cycleWarnings(context)),
    ...(isQuiet ? [] : safetyWarnings(context)),
    ...ringWarnings(context),
    ...(isQuiet ? [] : calendarWarnings(context)),
    ...(row.checked || isQuiet
      ? []
      : [`what is said of ${row.id} is general knowledge: check with the provider`]),
    ...(decision.note === undefined ? [] : [decision.note]),
  ];
}
