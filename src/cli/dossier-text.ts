/** What is known of one secret, in lines for people: the screen of an incident, and the facts with their origin. */

import type { PlaceCoverage } from '../model/exposure.js';
import { shownFingerprintLength } from '../model/ids.js';
import { coverageLine } from '../report/receipt-text.js';
import { counted, safeText } from '../report/safe-text.js';
import type { Style } from '../report/style.js';
import { locationLine } from '../report/text.js';
import type { Consumer, Copy, Dossier, ScoreSheet } from '../rotation/dossier.js';
import type { Fact } from '../rotation/fact.js';
import { subjectKey } from '../rotation/fact.js';
import type { ProviderReaction } from '../rotation/facts/provider-table.js';
import { controlsOf } from '../rotation/measure/controls.js';
import { coverageDoubt } from '../rotation/measure/coverage.js';

/** Copies shown of each place, and consumers shown of each environment. */
const shownOfEach = 3;
const labelWidth = 11;

function row(label: string, text: string): string {
  return `  ${label.padEnd(labelWidth)} ${text}`;
}

/** `68 high = exposure 15 (internal-human) + privilege 10 (unknown) + ...`, with what became of the sum. */
export function scoreText({ score, sum, terms, adjusted }: ScoreSheet, band?: string): string {
  const parts = terms.map(({ name, points, why }) => `${name} ${points} (${safeText(why)})`).join(' + ');
  const total = adjusted === undefined ? '' : `; sum ${sum} -> ${adjusted}`;
  return `${score}${band === undefined ? '' : ` ${band}`} = ${parts}${total}`;
}

const audienceOrder = ['public', 'external', 'unknown', 'internal', 'restricted'] as const;

function readersLine(copies: readonly Copy[]): string {
  const present = copies.filter(({ presence }) => presence !== 'gone');
  const parts = audienceOrder.flatMap((audience) => {
    const count = present.filter((copy) => copy.audience === audience).length;
    return count === 0 ? [] : [`${audience} ${counted(count, 'copy', 'copies')}`];
  });
  return parts.length === 0 ? 'no copy is left' : parts.join(', ');
}

function* copyLines(copies: readonly Copy[], style: Style): Generator<string> {
  const byPlace = new Map<string, Copy[]>();
  for (const copy of copies) {
    const { place } = copy.location;
    byPlace.set(place, [...(byPlace.get(place) ?? []), copy]);
  }
  for (const group of byPlace.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const { system, placeName } = first.location;
    const custodian = first.custodian === undefined ? '' : `, custodian ${safeText(first.custodian)}`;
    yield row('', `${style.dim(system)} ${safeText(placeName)} (${first.audience}${custodian})`);
    for (const { location, presence } of group.slice(0, shownOfEach)) {
      yield row('', `  ${locationLine(location, style)} ${style.dim(`[${presence}]`)}`);
    }
    const left = group.length - shownOfEach;
    if (left > 0) yield row('', style.dim(`  and ${counted(left, 'more copy', 'more copies')}`));
  }
}

function consumerText({ name, kind, reload, nextRun, how, current }: Consumer): string {
  const details: (string | undefined)[] = [
    kind,
    reload === 'unknown' ? undefined : reload,
    how === 'literal' ? undefined : how,
  ];
  if (nextRun !== undefined) details.push(`next run ${nextRun}`);
  if (current === 'former') details.push('former');
  return `${safeText(name)} (${details.filter((detail) => detail !== undefined).join(', ')})`;
}

function* breakLines({ consumers, copies, coverage, reasons }: Dossier): Generator<string> {
  const present = consumers.filter(({ current }) => current !== 'former');
  const environments = [...new Set(present.map(({ environment }) => environment))];
  let label = 'breaks';
  for (const environment of environments) {
    const own = present.filter((consumer) => consumer.environment === environment);
    const shown = own.slice(0, shownOfEach).map(consumerText).join(', ');
    const more = own.length > shownOfEach ? `, and ${own.length - shownOfEach} more` : '';
    yield row(label, `${environment}: ${shown}${more}`);
    label = '';
  }
  const unnamed = copies.filter(({ isHuman, presence }) => !isHuman && presence !== 'gone').length;
  if (present.length === 0) {
    const inUse = unnamed === 0 ? '' : `; ${counted(unnamed, 'copy', 'copies')} may be in use`;
    yield row(label, `no consumer is known${inUse}`);
    label = '';
  }
  const doubt = coverageDoubt({ coverage, reasons }, 'this list');
  if (doubt !== undefined) yield row(label, doubt);
}

function ownerText({ owner, reasons }: Dossier): string {
  if (owner.value !== undefined) {
    const { rule = '', confidence = '' } = owner.chosen ?? {};
    return `${safeText(owner.value)} (${rule}, ${confidence})`;
  }
  const facts = owner.conflict && owner.chosen !== undefined ? [owner.chosen, ...owner.losers] : owner.losers;
  const candidates = facts.map(({ value }) => safeText(String(value)));
  const why = reasons.includes('OWNER_AMBIGUOUS') ? 'several' : 'unknown';
  return candidates.length === 0 ? why : `${why}: ${[...new Set(candidates)].join(', ')}`;
}

function lifeText({ class: sort, expiresAt, lapsed, liveness }: Dossier): string {
  const parts = [sort.value ?? 'class unknown'];
  parts.push(expiresAt.value === undefined ? 'expiry unknown' : `expires ${expiresAt.value}`);
  if (lapsed.value === 'yes') parts.push('lapsed');
  parts.push(liveness.value === undefined ? 'not known whether it still works' : liveness.value);
  return parts.join(', ');
}

function* disableLines({ provider, principal }: Dossier): Generator<string> {
  const check = provider.checked ? '' : ' (check with the provider)';
  const { disable, enable } = provider.commands;
  if (disable !== undefined) yield row('disable', `${disable}${check}`);
  else {
    const hope = provider.reversibleDisable
      ? 'it can be switched off and on again'
      : 'no way to switch it off and on again is known';
    yield row('disable', `${hope}${check}; revoking: ${provider.revoking}`);
  }
  if (enable !== undefined) yield row('', `to undo: ${enable}`);
  if (provider.rotate !== '') yield row('rotate', `${provider.rotate}${check}`);
  if (provider.alsoBreaks !== '' && provider.alsoBreaks !== 'unknown')
    yield row('also breaks', provider.alsoBreaks);
  const subject = principal.key.startsWith('anon:') ? 'the account it belongs to' : safeText(principal.key);
  yield row(
    'ask',
    `the audit log of ${provider.provider === 'unknown' ? 'what it opens' : safeText(provider.provider)} for ${subject}: last use, source addresses, what it did`,
  );
}

/** One screen for whoever is called at night. Every string is safe to print. */
export function* incidentLines(
  dossier: Dossier,
  about: {
    readonly reaction: ProviderReaction | undefined;
    readonly coverage: readonly PlaceCoverage[];
    /** Names of places whose files could not be looked at for consumers. */
    readonly unread: readonly string[];
    /** Names of places that no scan has read. */
    readonly unscanned: readonly string[];
    readonly now: string;
  },
  style: Style,
): Generator<string> {
  const { fingerprint, kind, provider, priority, copies, publicEver, principal, questions } = {
    ...dossier,
    questions: dossier.readiness.questions,
  };
  yield `${style.strong(fingerprint.slice(0, shownFingerprintLength))}  ${style.name(kind)}  ${style.alarm(`${priority.band} ${priority.score}`)}`;
  yield row('can read', `${readersLine(copies)}${publicEver ? '; it was public' : ''}`);
  yield* copyLines(copies, style);
  yield row(
    'since',
    `${dossier.exposedSince} (${dossier.age.isLowerBound ? 'at least ' : ''}${counted(dossier.age.days, 'day')})`,
  );
  yield row('principal', safeText(principal.key));
  yield row('owner', ownerText(dossier));
  yield row('life', lifeText(dossier));
  if (dossier.environments.length > 0) yield row('where', dossier.environments.join(', '));
  yield* breakLines(dossier);
  if (dossier.resources.length > 0) {
    const reached = dossier.resources
      .slice(0, shownOfEach)
      .map(({ kind: sort, address }) => `${sort} ${safeText(address)}`);
    yield row('reaches', reached.join(', '));
  }
  for (const { relation, to, direction } of dossier.relations.slice(0, shownOfEach)) {
    yield row(
      'relation',
      `${relation} ${direction === 'to' ? 'from ' : ''}${to.slice(0, shownFingerprintLength)}`,
    );
  }
  yield* disableLines(dossier);
  const { reaction } = about;
  if (reaction !== undefined && (publicEver || dossier.audience === 'public')) {
    yield row(
      'provider',
      `${reaction.reaction}: ${reaction.consequence}${reaction.checked ? '' : ' (check with the provider)'}`,
    );
  }
  yield row(
    'facts',
    `${provider.id}, as of ${provider.asOf}${provider.checked ? '' : ', unchecked'}: ${provider.source}`,
  );
  for (const { text, to } of questions.slice(0, shownOfEach)) {
    yield row('question', `${safeText(text)}${to === undefined ? '' : ` -> ${safeText(to)}`}`);
  }
  for (const place of about.coverage) yield row('coverage', coverageLine(place, about.now));
  for (const name of about.unread)
    yield row(
      'coverage',
      `${safeText(name)}: its files cannot be read now, so consumers in it are not known`,
    );
  for (const name of about.unscanned)
    yield row(
      'coverage',
      `${safeText(name)}: only reports of other tools tell of it; scan it to know its consumers`,
    );
}

function evidenceText({ place, path, line, note }: Fact['evidence'][number]): string {
  const spot = [place, path].filter((part) => part !== undefined).map((part) => safeText(String(part)));
  const at = line === undefined ? '' : `:${line}`;
  return `${spot.join(' ')}${at}${note === undefined ? '' : ` (${safeText(note)})`}`;
}

/** Each condition that holds, with the controls that it is evidence against. */
export function* conditionLines(conditions: readonly string[]): Generator<string> {
  if (conditions.length === 0) yield row('conditions', 'none');
  for (const [index, condition] of conditions.entries()) {
    const controls = controlsOf([condition]);
    const against = controls.length === 0 ? '' : ` (evidence against ${controls.join(', ')})`;
    yield row(index === 0 ? 'conditions' : '', `${condition}${against}`);
  }
}

/** What `SLOT_FULL` means here: why a second value cannot be made beside the first, and what to do. */
function slotsText({ provider, principal }: Dossier): string {
  const subject = principal.key.startsWith('anon:') ? 'the account it belongs to' : safeText(principal.key);
  const most = counted(provider.slots ?? 0, 'value');
  return `SLOT_FULL: ${subject} can have ${most} valid at once, and as many are known: free one before a new one is made`;
}

/** Every fact with where it comes from, the chosen ones first; then the measures with their terms. */
export function* explainLines(dossier: Dossier, style: Style): Generator<string> {
  const { fingerprint, kind, priority, sharing, readiness, conditions, reasons, facts, consumers } = dossier;
  yield `${style.strong(fingerprint.slice(0, shownFingerprintLength))}  ${style.name(kind)}`;
  yield row('priority', scoreText(priority, priority.band));
  yield row('sharing', scoreText(sharing, sharing.name));
  yield row(
    'readiness',
    `${readiness.score}/7${readiness.missing.length === 0 ? '' : `, missing ${readiness.missing.join(', ')}`}`,
  );
  yield row('exposure', `${dossier.exposureLevel}, audience ${dossier.audience}`);
  yield* conditionLines(conditions);
  if (reasons.length > 0) yield row('reasons', reasons.join(', '));
  if (reasons.includes('SLOT_FULL')) yield row('slots', slotsText(dossier));
  const chosen = chosenFacts(dossier);
  for (const fact of facts) {
    const { subject, attribute, value, rule, origin, confidence, stale } = fact;
    const about = subject.type === 'secret' ? '' : ` of ${safeText(subjectKey(subject))}`;
    const mark = chosen.has(fact) ? '*' : ' ';
    const text = Array.isArray(value) ? value.join(', ') : String(value);
    yield `  ${mark} ${attribute}${about}: ${safeText(text)}  ${style.dim(`${rule}, ${origin}, ${confidence}${stale === true ? ', stale' : ''}`)}`;
    for (const evidence of fact.evidence.slice(0, shownOfEach))
      yield `      ${style.dim(evidenceText(evidence))}`;
  }
  for (const consumer of consumers) {
    yield `  + consumer ${consumerText(consumer)}  ${style.dim(`${consumer.rules.join(', ')}, ${consumer.confidence}`)}`;
    for (const evidence of consumer.evidence.slice(0, shownOfEach))
      yield `      ${style.dim(evidenceText(evidence))}`;
  }
  for (const { text } of readiness.questions) yield row('question', safeText(text));
}

function chosenFacts(dossier: Dossier): ReadonlySet<Fact> {
  const resolved = [
    dossier.class,
    dossier.expiresAt,
    dossier.issuedAt,
    dossier.liveness,
    dossier.belongsTo,
    dossier.owner,
    dossier.backupOwner,
    dossier.introducer,
    dossier.privilege,
    dossier.overlap,
    dossier.principalStatus,
    dossier.workloadIdentity,
  ];
  return new Set(resolved.flatMap(({ chosen }) => (chosen === undefined ? [] : [chosen])));
}
