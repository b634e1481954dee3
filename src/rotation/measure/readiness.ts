/** What must be known before a rotation is safe, and what to ask for the rest. */
import { factAttributes, factsNamed } from '../attributes.js';
import type { Dossier, Question } from '../dossier.js';
import { sortedSet } from '../order.js';

export type ReadinessInput = Pick<
  Dossier,
  | 'owner'
  | 'ownerParty'
  | 'consumers'
  | 'coverage'
  | 'resources'
  | 'class'
  | 'environments'
  | 'overlap'
  | 'provider'
  | 'audience'
  | 'copies'
  | 'facts'
> & {
  /** Names of other values that may count against the same limit of the provider. */
  readonly slotPeers?: readonly string[];
};

/** One thing to know: a point when it is known, a question when it is not. */
interface Item {
  /** Absent: worth a question, but no point. */
  readonly name?: string;
  readonly isKnown: boolean;
  readonly question: Question;
}

/** Who can be asked: somebody who is still there. */
function personOf({ owner, ownerParty }: ReadinessInput): string | undefined {
  return ownerParty?.status === 'left' ? ownerParty.successor : owner.value;
}

function question(code: string, text: string, to?: string): Question {
  return { code, text, ...(to === undefined ? {} : { to }) };
}

function placesWithoutAudience({ copies }: ReadinessInput): string[] {
  return sortedSet(
    copies.filter(({ audience }) => audience === 'unknown').map(({ location }) => location.placeName),
  );
}

const namedAtMost = 3;

function listed(names: readonly string[]): string {
  const rest = names.length - namedAtMost;
  return names.slice(0, namedAtMost).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function audienceItem(input: ReadinessInput, to: string | undefined): Item {
  return {
    isKnown: input.audience !== 'unknown',
    question: question('AUDIENCE_UNKNOWN', `who can read ${listed(placesWithoutAudience(input))}?`, to),
  };
}

/** Owners that evidence proposes while none is chosen. */
export function ownerCandidates(input: Pick<Dossier, 'facts'>): string[] {
  return sortedSet(factsNamed(input.facts, factAttributes.owner).map(({ value }) => String(value)));
}

function ownerItem(input: ReadinessInput): Item {
  const { owner, ownerParty } = input;
  const name = 'owner';
  if (ownerParty?.status === 'left') {
    const heir = ownerParty.successor ?? ownerParty.manager;
    return {
      name,
      isKnown: false,
      question: question(
        'OWNER_LEFT',
        heir === undefined
          ? `${ownerParty.id} has left: who takes it over?`
          : `${ownerParty.id} has left: does ${heir} take it over?`,
        heir,
      ),
    };
  }
  if (owner.conflict) {
    const text = `which of ${listed(ownerCandidates(input))} answers for it?`;
    return { name, isKnown: false, question: question('OWNER_AMBIGUOUS', text) };
  }
  const isUnowned = factsNamed(input.facts, factAttributes.unowned).length > 0;
  const text = owner.stale
    ? `is ${String(owner.chosen?.value)} still its owner?`
    : `${isUnowned ? 'CODEOWNERS leaves it without an owner on purpose: ' : ''}who answers for it?`;
  return { name, isKnown: owner.value !== undefined, question: question('OWNER_UNKNOWN', text) };
}

function consumersItem(input: ReadinessInput, to: string | undefined): Item {
  const { consumers, coverage } = input;
  return {
    name: 'consumers',
    isKnown: consumers.length > 0 && coverage === 'attested',
    question:
      consumers.length === 0
        ? question('CONSUMERS_UNKNOWN', 'what uses it?', to)
        : question('CONSUMERS_NOT_ATTESTED', 'is the consumer list complete?', to),
  };
}

/** Whether there is room for a new value, as far as values of nobody known could fill it. */
function slotsItem({ slotPeers = [], provider }: ReadinessInput, to: string | undefined): Item {
  const shown = slotPeers.map((name) => (/^[0-9a-f]{64}$/.test(name) ? name.slice(0, 12) : name));
  const which = listed(shown);
  return {
    isKnown: slotPeers.length === 0,
    question: question(
      'SLOTS_UNKNOWN',
      `does ${which} belong to the same account as this one? ${provider.provider} keeps ${provider.slots} valid at once${provider.commands.owner === undefined ? '' : ` ("${provider.commands.owner}" says whose each is)`}`,
      to,
    ),
  };
}

/** All items, those first that a person answers at a glance, those last that take an investigation. */
function itemsOf(input: ReadinessInput): Item[] {
  const to = personOf(input);
  const { provider } = input;
  return [
    audienceItem(input, to),
    ownerItem(input),
    {
      name: 'environment',
      isKnown: input.environments.length > 0,
      question: question('ENVIRONMENT_UNKNOWN', 'which environment does it open?', to),
    },
    {
      name: 'class',
      isKnown: input.class.value !== undefined && input.class.value !== 'unknown',
      question: question('CLASS_UNKNOWN', 'does it end by itself, and when?', to),
    },
    {
      name: 'resource',
      isKnown: input.resources.length > 0,
      question: question('RESOURCE_UNKNOWN', 'what does it reach?', to),
    },
    {
      name: 'overlap',
      isKnown: input.overlap.value !== undefined && input.overlap.value !== 'unknown',
      question: question('OVERLAP_UNKNOWN', 'can an old and a new value be valid together?', to),
    },
    {
      name: 'revocation',
      isKnown: provider.revocation !== 'unknown',
      question: question('REVOCATION_UNKNOWN', 'how is it made invalid?', to),
    },
    slotsItem(input, to),
    consumersItem(input, to),
  ];
}

/** 0 to 7, with what is missing and what to ask, the quickest answers first. */
export function readinessOf(input: ReadinessInput): Dossier['readiness'] {
  const items = itemsOf(input);
  const counted = items.filter(({ name }) => name !== undefined);
  return {
    score: counted.filter(({ isKnown }) => isKnown).length,
    missing: counted.flatMap(({ name, isKnown }) => (isKnown || name === undefined ? [] : [name])),
    questions: items.filter(({ isKnown }) => !isKnown).map((item) => item.question),
  };
}
