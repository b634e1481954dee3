/**
 * Which reason codes stop a plan, and the question whose answer would let it go on. What only makes a change riskier is a
 * warning; what makes its first step a guess, or its end a trap, is an obstacle (docs/design/0018-plans.md).
 */
import type { Dossier, Question } from '../dossier.js';
import { sortedSet } from '../order.js';
import { freezeAt } from '../policy/windows.js';
import { harmless, type Obstacles } from './phases.js';
import { type PlanContext, unassigned } from './plan-context.js';

type Rule = (context: PlanContext) => Question | undefined;

/** The place with most of its copies: what a question about an unknown owner can name. */
function mainPlace({ copies }: Dossier): string {
  const counts = new Map<string, number>();
  for (const { location, presence } of copies) {
    if (presence !== 'gone') counts.set(location.placeName, (counts.get(location.placeName) ?? 0) + 1);
  }
  const [first] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return first?.[0] ?? 'it';
}

function asked({ lead }: PlanContext, code: string): Question | undefined {
  return lead.readiness.questions.find((question) => question.code === code);
}

function question(code: string, text: string, to?: string): Question {
  return { code, text, ...(to === undefined || to === unassigned ? {} : { to }) };
}

const ownerRule: Rule = (context) => {
  const { lead, owner } = context;
  if (owner !== unassigned && lead.ownerParty?.status !== 'left') return undefined;
  const known = asked(context, 'OWNER_LEFT') ?? asked(context, 'OWNER_AMBIGUOUS');
  return known ?? question('OWNER_UNKNOWN', `who answers for ${mainPlace(lead)}?`);
};

const selfRotatingRule: Rule = ({ graph, owner }) =>
  graph.selfRotating && graph.secondPath === undefined
    ? question('SELF_ROTATING', `who can change it without it? ${(graph.cycle ?? []).join(' -> ')}`, owner)
    : undefined;

const cycleRule: Rule = ({ graph, lead, owner }) =>
  graph.inCycle &&
  !graph.selfRotating &&
  graph.secondPath === undefined &&
  graph.cycleStart === undefined &&
  lead.overlap.value !== 'yes'
    ? question('CYCLE', `where can the circle be opened? ${(graph.cycle ?? []).join(' -> ')}`, owner)
    : undefined;

/** A switch that can be turned back shows what hangs on it; deleting at once would break it for good. */
const cascadeRule: Rule = ({ row, children, lead, owner }) =>
  row.cascade && !row.reversibleDisable && children.length === 0 && lead.coverage !== 'attested'
    ? question('REVOCATION_CASCADES', `what was made with ${lead.principal.key}?`, owner)
    : undefined;

const freezeRule: Rule = ({ decision, now }) => {
  const freeze = freezeAt(now, decision.freezes);
  return freeze === undefined
    ? undefined
    : question('FREEZE', `is a change allowed in the freeze ${freeze}?`);
};

const agentRule: Rule = ({ decision, consumers, owner }) => {
  if (decision.strategy !== 'split-first') return undefined;
  const unmapped = consumers.filter(
    ({ consumer }) => consumer.kind === 'agent' && consumer.owner === undefined,
  );
  return unmapped.length === 0
    ? undefined
    : question(
        'AGENT_UNMAPPED',
        `who answers for the agents ${unmapped
          .map(({ consumer }) => consumer.name)
          .slice(0, 5)
          .join(', ')}?`,
        owner,
      );
};

/** All consumers change at one moment: none of them may be unknown. */
const consumersRule: Rule = (context) => {
  const { decision, consumers, lead } = context;
  return decision.strategy === 'staged-cutover' && consumers.length === 0
    ? (asked(context, 'CONSUMERS_UNKNOWN') ??
        question('CONSUMERS_UNKNOWN', 'what uses it?', lead.owner.value))
    : undefined;
};

const stillUsedRule: Rule = ({ decision, consumers, owner }) =>
  decision.strategy === 'revoke-only' && consumers.length > 0
    ? question(
        'STILL_CONSUMED',
        `does ${consumers
          .map(({ consumer }) => consumer.name)
          .slice(0, 5)
          .join(', ')} still need it?`,
        owner,
      )
    : undefined;

const rules: readonly Rule[] = [
  ownerRule,
  freezeRule,
  selfRotatingRule,
  cycleRule,
  cascadeRule,
  agentRule,
  consumersRule,
  stillUsedRule,
];

/** Questions that stand in the way of the plan, in the order of the rules. */
export function blockingQuestions(context: PlanContext): Question[] {
  if (harmless.has(context.decision.strategy)) return [];
  return rules.flatMap((rule) => rule(context) ?? []);
}

/** A text that holds another secret of the plan, such as a URL its password: what is unknown of it is known of that. */
function isWrapping({ relations }: Dossier, members: readonly Dossier[]): boolean {
  return relations.some(
    ({ relation, direction, to }) =>
      relation === 'contains' &&
      direction === 'from' &&
      members.some(({ fingerprint }) => fingerprint === to),
  );
}

/** Codes that the planner itself adds to those of the secrets, sorted. */
export function reasonsOf(context: PlanContext, blocking: readonly Question[]): string[] {
  const { graph, members, isPublic, reaction } = context;
  const own = [
    ...(graph.inCycle ? ['CYCLE'] : []),
    ...(graph.selfRotating || (isPublic && reaction?.selfRotating === true) ? ['SELF_ROTATING'] : []),
  ];
  return sortedSet([
    ...members.filter((member) => !isWrapping(member, members)).flatMap(({ reasons }) => reasons),
    ...own,
    ...blocking.map(({ code }) => code),
  ]);
}

export function obstaclesOf(context: PlanContext, blocking: readonly Question[]): Obstacles {
  const { lead, members, decision } = context;
  const open =
    decision.strategy === 'emergency'
      ? [...blocking, ...lead.readiness.questions.filter(({ code }) => /^CONSUMERS_|^AUDIENCE_/.test(code))]
      : blocking;
  const byCode = new Map(open.map((entry) => [entry.code, entry]));
  return {
    questions: [...byCode.values()],
    isFull: members.some(({ reasons }) => reasons.includes('SLOT_FULL')),
  };
}
