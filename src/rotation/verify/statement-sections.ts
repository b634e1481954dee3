/** What each section of a continuity statement says, line by line. */

import { shownFingerprintLength } from '../../model/ids.js';
import type { Consumer, Dossier } from '../dossier.js';
import type { People } from '../log/people.js';
import type { LogRecord } from '../log/record.js';
import type { GateRecord, PlanState, StepRecord } from '../log/state.js';
import { controlsOf } from '../measure/controls.js';
import { coverageDoubt } from '../measure/coverage.js';
import { codePointOrder, sortedSet } from '../order.js';
import { hexOf } from '../plan/digest.js';
import { consumerKey } from '../plan/merge-consumers.js';
import type { StatementInput } from './statement-input.js';

/** The latest of these; undefined when there are none. */
export function lastTime(times: readonly string[]): string | undefined {
  return [...times].sort((a, b) => Date.parse(a) - Date.parse(b) || codePointOrder(a, b)).at(-1);
}

function short(fingerprint: string): string {
  return fingerprint.slice(0, shownFingerprintLength);
}

export function exposedLines({ dossiers, recorded, plan }: StatementInput): string[] {
  const until = revokedAt(recorded);
  return dossiers.flatMap((dossier) => {
    const { fingerprint, kind, principal, copies, audience, widestSince, exposedSince } = dossier;
    const places = sortedSet(copies.map(({ location }) => `${location.placeName} (${location.system})`));
    const since = widestSince ?? exposedSince;
    const privilege = dossier.privilege.value ?? 'unknown';
    const role = fingerprint === plan.fingerprint ? '' : ' (replaced with it)';
    return [
      `secret ${short(fingerprint)}${role}: ${kind}, principal ${principal.key}, privilege ${privilege}`,
      `${copies.length} ${copies.length === 1 ? 'copy is' : 'copies are'} recorded, gone ones included, in ${places.length === 0 ? 'no place' : places.join(', ')}`,
      `first seen ${exposedSince}; widest audience ${audience} since ${since}, until ${until ?? 'now, as far as is recorded'}`,
    ];
  });
}

/** When the old value was revoked: deleting it counts before switching it off. */
function revokedAt({ steps }: PlanState): string | undefined {
  for (const id of ['revoke-old', 'contain', 'disable-old', 'switch']) {
    const done = [...steps].flatMap(([step, { state, at }]) =>
      (step === id || step.startsWith(`${id}-`)) && state === 'done' ? [at] : [],
    );
    const last = lastTime(done);
    if (last !== undefined) return last;
  }
  return undefined;
}

/** The id of a step with what it is about, in words; consumers that left the plan are found by the hash that names their step. */
function stepNames({ plan, dossiers }: StatementInput): (id: string) => string {
  const names = new Map(plan.steps.map(({ id, title }) => [id, title]));
  const consumers = new Map<string, Consumer>();
  for (const consumer of dossiers.flatMap((dossier) => dossier.consumers))
    consumers.set(`update-${hexOf(consumerKey(consumer), 6)}`, consumer);
  return (id) => {
    const name = names.get(id) ?? consumers.get(id)?.name ?? '';
    return name === '' ? id : `${id} (${name})`;
  };
}

export function changedLines(input: StatementInput): string[] {
  const { records, recorded, people } = input;
  const nameOf = stepNames(input);
  return records.flatMap((record) => {
    if (!('plan' in record) || record.plan !== recorded.plan) return [];
    const who = people.nameOf(record.actor);
    const text = changeText(record, nameOf);
    return text === undefined ? [] : [`${record.at}  ${text}  by ${who}`];
  });
}

function changeText(record: LogRecord, nameOf: (id: string) => string): string | undefined {
  switch (record.action) {
    case 'plan-created':
      return `plan made: ${record.data.strategy} (rule ${record.data.rule}), revision ${record.data.revision}`;
    case 'plan-revised':
      return `plan revised: ${record.data.strategy}, revision ${record.data.revision}`;
    case 'plan-approved':
      return `${record.data.decision} as ${record.data.role}, revision ${record.data.revision}`;
    case 'step': {
      const { state, reason, successor } = record.data;
      const next = successor === undefined ? '' : `; new value ${short(successor)}`;
      return `step ${nameOf(record.step)} ${state}${next}${reason === undefined ? '' : `: ${reason}`}`;
    }
    case 'plan-closed':
      return `closed with verdict ${record.data.verdict}`;
    case 'plan-reopened':
      return `opened again: ${record.data.why}`;
    default:
      return undefined;
  }
}

export function consumerLines(input: StatementInput): string[] {
  const { recorded, plan, dossiers, people } = input;
  const nameOf = stepNames(input);
  const updates = new Map<string, StepRecord | undefined>(
    plan.steps.filter(({ type }) => type === 'update').map(({ id }) => [id, recorded.steps.get(id)]),
  );
  for (const [id, record] of recorded.steps) if (/^update(?:-|$)/.test(id)) updates.set(id, record);
  const moved = [...updates]
    .sort(([a], [b]) => codePointOrder(a, b))
    .map(([id, record]) => {
      const about = nameOf(id);
      return record === undefined
        ? `${about}: not recorded`
        : `${about}: ${record.state} on ${record.at} by ${people.nameOf(record.by)}`;
    });
  const { coverage = 'none', reasons = [] } = dossiers[0] ?? {};
  const known =
    coverageDoubt({ coverage, reasons }, 'the list of consumers', 'attested') ??
    'the list of consumers is attested to be complete';
  return [...moved, ...recorded.gates.map((gate) => gateText(gate, nameOf, people)), known];
}

function gateText(
  { step, gate, result, windowStart, windowEnd, by, at, accepted }: GateRecord,
  nameOf: (id: string) => string,
  people: People,
): string {
  const standing = accepted ? '' : ', not accepted';
  return `gate ${gate} of ${nameOf(step)}: ${result} over ${windowStart} to ${windowEnd}${standing}, recorded ${at} by ${people.nameOf(by)}`;
}

const endings = /^(?:contain|disable-old|soak|revoke-old|children|switch)(?:-|$)/;

export function stoppedLines(input: StatementInput): string[] {
  const { recorded, dossiers, people } = input;
  const nameOf = stepNames(input);
  const steps = [...recorded.steps]
    .filter(([id, { state }]) => endings.test(id) && state !== 'todo')
    .sort(([, a], [, b]) => Date.parse(a.at) - Date.parse(b.at) || codePointOrder(a.at, b.at))
    .map(
      ([id, { state, at, by, reason }]) =>
        `step ${nameOf(id)} ${state} on ${at} by ${people.nameOf(by)}${reason === undefined ? '' : `: ${reason}`}`,
    );
  return [...steps, ...dossiers.flatMap(livenessText)];
}

function livenessText({ fingerprint, liveness }: Dossier): string[] {
  const { value, chosen } = liveness;
  if (value === undefined || chosen === undefined)
    return [`nobody has attested whether ${short(fingerprint)} is dead: what is said above was not tried`];
  const note = chosen.evidence.map(({ note: text }) => text).find((text) => text !== undefined);
  const by = note === undefined ? '' : ` (${note})`;
  return [`${short(fingerprint)} is attested ${value}, ${chosen.assertedAt ?? 'undated'}${by}`];
}

/** A verdict is of what was read then; a later reading that recorded none may have seen something else. */
function readSinceText(at: string, sources: StatementInput['sources']): string {
  const last = lastTime(sources.flatMap(({ readAt }) => readAt ?? []));
  if (last === undefined || Date.parse(last) <= Date.parse(at)) return '';
  return `; sources were read again on ${last}, which this verdict does not count: "sprawl verify" records one`;
}

export function remainsLines(input: StatementInput): string[] {
  const { plan, recorded, verdicts, records, sources, people } = input;
  const nameOf = stepNames(input);
  const verdictLines = [plan.fingerprint, ...plan.others].flatMap((fingerprint) => {
    const last = verdicts.get(fingerprint)?.at(-1);
    if (last === undefined) return [];
    const ground = last.verdict === 'clean' ? ` (${last.ground})` : '';
    const others = last.verdicts.filter((name) => name !== last.verdict);
    const also = others.length === 0 ? '' : `, also ${others.join(', ')}`;
    return [
      `${short(fingerprint)}: ${last.verdict}${ground}${also}, ${last.at}${copiesText(records, fingerprint)}${readSinceText(last.at, sources)}`,
    ];
  });
  const accepted = recorded.accepted.map(
    ({ place, by }) => `what remains in ${place} is accepted by ${people.nameOf(by)}`,
  );
  const skipped = [...recorded.steps]
    .filter(([, { state }]) => state === 'skipped')
    .sort(([a], [b]) => codePointOrder(a, b))
    .map(
      ([id, { by, at, reason }]) =>
        `step ${nameOf(id)} was left out on ${at} by ${people.nameOf(by)}: ${reason ?? 'no reason given'}`,
    );
  return [...verdictLines, ...accepted, ...skipped];
}

/** Numbers of copies at the last verdict. */
function copiesText(records: readonly LogRecord[], fingerprint: string): string {
  const last = records.findLast((record) => record.action === 'verdict' && record.subject === fingerprint);
  if (last?.action !== 'verdict') return '';
  const counts = Object.entries(last.data.copies).sort(([a], [b]) => codePointOrder(a, b));
  return `; copies: ${counts.map(([state, count]) => `${count} ${state}`).join(', ')}`;
}

/** What the plan did is evidence for; conditions that hold still are evidence against. */
export function controlLines({ plan, recorded, dossiers, verdicts }: StatementInput): string[] {
  const isApproved = recorded.approvals.some(({ decision }) => decision === 'approved');
  const done = isApproved ? 'plan, approval and verdict are recorded' : 'plan and verdict are recorded';
  const last = [plan.fingerprint, ...plan.others].map(
    (fingerprint) => verdicts.get(fingerprint)?.at(-1)?.verdict,
  );
  const isClean = last.every((verdict) => verdict === 'clean');
  const held = sortedSet(dossiers.flatMap(({ conditions }) => conditions));
  const lines = [`evidence for: ${controlsOf(['PLAN_PROVED']).join(', ')} (${done})`];
  if (held.length > 0)
    lines.push(`evidence against: ${controlsOf(held).join(', ')} (${held.join(', ')} hold)`);
  if (!isClean) lines.push('evidence against: PR.DS-01 (copies remain, or are not shown to be gone)');
  return lines;
}

/** One line a place: of several clones or exports of it, as much is shown as by the one that was read least. */
function placeLines(sources: StatementInput['sources']): string[] {
  const byPlace = new Map<string, StatementInput['sources'][number][]>();
  for (const source of sources) {
    const known = byPlace.get(source.place);
    if (known === undefined) byPlace.set(source.place, [source]);
    else known.push(source);
  }
  return [...byPlace.values()].map((own) => {
    const [{ placeName, system }] = own as [StatementInput['sources'][number]];
    const times = own.flatMap(({ readAt }) => readAt ?? []).sort(codePointOrder);
    const unread = own.length - times.length;
    const newest = lastTime(own.flatMap(({ newestRecord }) => newestRecord ?? []));
    const several = own.length === 1 ? '' : ` at ${own.length} roots`;
    const [first] = times;
    const last = times.at(-1);
    const read =
      first === undefined
        ? 'never read whole'
        : `read ${first}${last === first ? '' : ` to ${last}`}${unread === 0 ? '' : `, ${unread} never read whole`}`;
    const gaps = own.every(({ isComplete }) => isComplete) ? '' : ', with gaps';
    const reach = newest === undefined ? '' : `, export up to ${newest}`;
    return `${placeName} (${system})${several}: ${read}${gaps}${reach}`;
  });
}

export function sourceLines(input: StatementInput): string[] {
  const { sources, head, plan, policySha256, toolVersion, ruleVersions, now } = input;
  const { id, checked, source } = plan.providerRow;
  return [
    ...placeLines(sources),
    `provider facts ${id}: ${checked ? `read at ${source}` : 'not checked with the provider'}`,
    `policy SHA-256 ${policySha256}`,
    `sprawl ${toolVersion}, rules ${ruleVersions.length === 0 ? 'unknown' : ruleVersions.join(', ')}`,
    `evidence log: ${head.seq} records, head ${head.hash}`,
    `stated on ${now}`,
  ];
}
