/** Steps before anything is moved: who answers, containment, what to note, the new value. */
import { factAttributes, factsNamed } from '../../attributes.js';
import type { Question } from '../../dossier.js';
import { answererOf, type PlanContext, timeText, unassigned } from '../plan-context.js';
import type { StepDraft } from '../step-draft.js';
import { checkNote, commandOf, providerName, subjectOf, vaultOf } from './provider-words.js';
import { roomNote } from './slots.js';

const shownQuestions = 3;

/** @param questions those that stand in the way, the most urgent first */
export function assignStep({ owner }: PlanContext, questions: readonly Question[]): StepDraft {
  const asked = questions.slice(0, shownQuestions).map(({ text }) => text);
  return {
    type: 'assign',
    title: owner === unassigned ? 'name an owner' : 'answer what stands in the way',
    who: questions.find(({ to }) => to !== undefined)?.to ?? owner,
    how: `Answer, and import or declare the answer so that the next plan knows it: ${asked.join(' ')}`,
    reversible: true,
    rollback: 'an answer can be corrected at any time; the plan is made anew from it',
  };
}

function containment({ row, lead, reaction, isPublic }: PlanContext): string {
  const already =
    isPublic && reaction?.probablyDead === true
      ? ` ${row.provider} has probably done so by itself: look first, and import what you see. `
      : ' ';
  const record = `${already}Open an incident record.`;
  const note = checkNote(row);
  if (row.reversibleDisable) return `Switch it off, do not delete it: that can be undone${note}.${record}`;
  switch (row.revocation) {
    case 'now':
    case 'grace':
      return `Revoke it. Nothing switches it off and on again${note}.${record}`;
    case 'expiry':
      return `It cannot be recalled before it ends${lead.expiresAt.value === undefined ? '' : ` (${lead.expiresAt.value})`}: fence it, or act on what made it: ${row.revoking}${note}.${record}`;
    case 'none':
      return `Nothing revokes it: take away what it opens, its rights, or its way through the network${note}.${record}`;
    case 'unknown':
      return `Revoke it at ${providerName(row)}; if that takes time, restrict its rights, network or spending first${note}.${record}`;
  }
}

/** True when containment is the end of the value: nobody can switch it on again. */
export function isContainmentFinal({ row }: Pick<PlanContext, 'row'>): boolean {
  return !row.reversibleDisable && row.revocation !== 'none' && row.revocation !== 'expiry';
}

export function containStep(context: PlanContext): StepDraft {
  const { row, owner, decision, createdAt, isPublic, reaction } = context;
  const admin =
    isPublic && reaction?.selfRotating === true
      ? ` ${row.provider} may have barred the account from changing its own keys: use another administrator.`
      : '';
  const isFinal = isContainmentFinal(context);
  const disable = row.commands.disable ?? (isFinal ? row.commands.revoke : undefined);
  return {
    type: 'contain',
    title: row.reversibleDisable ? 'switch it off' : 'contain it',
    who: owner,
    how: containment(context) + admin,
    ...commandOf(disable),
    reversible: !isFinal,
    ...(isFinal
      ? { rollback: 'none for this value: issue a new one' }
      : {
          rollback: `${row.commands.enable ?? 'take the restriction back'}; only while it is contained otherwise, and recorded`,
        }),
    ...(decision.deadlineMs === undefined ? {} : { due: timeText(createdAt + decision.deadlineMs) }),
  };
}

export function preserveStep(context: PlanContext): StepDraft {
  const { row, lead, owner } = context;
  return {
    type: 'preserve',
    title: 'note what goes with it',
    who: owner,
    how:
      `Note key id, scopes, last use, and what the audit log of ${providerName(row)} has on ${subjectOf(context)} since ` +
      `${lead.exposedSince}: addresses, actions, times. Some of it is gone once the credential is.`,
    reversible: true,
    rollback: 'nothing is changed',
  };
}

/** How the inventory says that it is done here. */
function ownWay({ lead }: PlanContext): string {
  const stated = factsNamed(lead.facts, factAttributes.mechanism).find(({ stale }) => stale !== true);
  return stated === undefined ? '' : ` The inventory says how: ${String(stated.value)}.`;
}

export function issueStep(context: PlanContext): StepDraft {
  const { row, owner, alternate } = context;
  const store =
    `with at most the rights of today and the shortest life that works. Put it straight into ${vaultOf(context)}, read ` +
    'it once, and record only its fingerprint (sprawl fingerprint -).';
  const rotate = row.rotate === '' ? '' : ` The provider's way: ${row.rotate}${checkNote(row)}`;
  const own = ownWay(context);
  return {
    type: 'issue',
    title:
      alternate === undefined
        ? 'make the new value'
        : 'regenerate the second value, which nothing should use (1 of 2)',
    who: owner,
    how:
      alternate === undefined
        ? `${roomNote(context)}Make a replacement ${store}${own}${rotate}`
        : `The second value is exposed as well: never move consumers to it as it is. Make sure by last use that nothing uses ` +
          `it, regenerate it ${store}${rotate}`,
    ...commandOf(row.commands.issue),
    reversible: alternate === undefined,
    rollback:
      alternate === undefined
        ? 'delete the new value; nothing uses it before the first update'
        : 'none for the old second value; the first one is still valid',
  };
}

/** One identity of its own for each consumer: what they share is rotated to nothing afterwards. */
export function splitSteps(context: PlanContext): StepDraft[] {
  const { waves, lead, owner } = context;
  const rights =
    'with the least rights it works with, and put its value straight into a vault path of its own';
  const consumers = waves.waves.flatMap((wave) => wave.consumers);
  const of = (target: string, what: string, who: string): StepDraft => ({
    type: 'split',
    key: target,
    target,
    title: `own identity for ${target}`,
    who,
    how: `Make an identity for ${what} alone, ${rights}; record only its fingerprint (sprawl fingerprint -).`,
    reversible: true,
    rollback: 'delete the new identity; nothing uses it before its update',
  });
  if (consumers.length > 0) {
    return consumers.map(({ consumer }) =>
      of(
        `${consumer.name} (${consumer.environment})`,
        consumer.kind === 'agent' ? `the agent ${consumer.name}` : consumer.name,
        consumer.owner ?? owner,
      ),
    );
  }
  const environments = lead.environments.length > 0 ? lead.environments : ['each environment'];
  return environments.map((environment) => of(environment, environment, answererOf(lead)));
}
