/** A record in one line, for people. */
import { scopeText } from '../exceptions/scope.js';
import type { People } from './people.js';
import type { LogRecord } from './record.js';

type Of<Action extends LogRecord['action']> = Extract<LogRecord, { action: Action }>;

const short = (hex: string): string => hex.slice(0, 12);
const because = (reason: string | undefined): string => (reason === undefined ? '' : `: ${reason}`);

const texts: {
  readonly [Action in LogRecord['action']]: (record: Of<Action>, people: People) => string;
} = {
  imported: ({ subject, data }) => `imported ${subject}: ${data.count} ${data.type}`,
  'policy-changed': ({ subject, data }) => `policy ${subject} is now ${short(data.sha256)}`,
  'plan-created': ({ subject, data }) =>
    `plan for ${short(subject)}: ${data.strategy} (${data.rule}), revision ${data.revision}`,
  'plan-revised': ({ data }) => `plan changed: ${data.strategy} (${data.rule}), revision ${data.revision}`,
  'plan-approved': ({ data }) =>
    `${data.decision} as ${data.role}, revision ${data.revision}${because(data.comment)}`,
  step: ({ step, data }) =>
    `step ${step} ${data.state}${data.successor === undefined ? '' : `, new value ${short(data.successor)}`}${because(data.reason)}`,
  gate: ({ step, data }) => {
    const kept = data.accepted ? '' : `, not accepted (${data.refusal ?? 'no reason'})`;
    return `gate ${data.gate} of ${step}: ${data.result}${kept}, ${data.windowStart} to ${data.windowEnd}, ${data.source}`;
  },
  verdict: ({ subject, data }) => `verdict on ${short(subject)}: ${data.verdict} (${data.ground})`,
  'plan-closed': ({ data }, people) => {
    const accepted = data.accepted.map(({ place, by }) => `${place} accepted by ${people.nameOf(by)}`);
    return ['plan closed', data.verdict, ...accepted].join(', ');
  },
  'plan-reopened': ({ data }) => `plan reopened: ${data.why}`,
  'exception-granted': ({ subject, data }, people) => grantText('granted', subject, data, people),
  'exception-renewed': ({ subject, data }, people) => grantText('renewed', subject, data, people),
  'exception-ended': ({ subject, data }) => `exception ${subject} ended: ${data.why}`,
  proved: ({ data }) => `statement printed: ${short(data.sha256)}`,
};

function grantText(
  verb: string,
  id: string,
  { scope, expiresAt, riskOwner, reason }: Of<'exception-granted'>['data'],
  people: People,
): string {
  const owner = people.nameOf(riskOwner);
  return `exception ${id} ${verb} for ${scopeText(scope)} until ${expiresAt}, risk owner ${owner}: ${reason}`;
}

export function recordText(record: LogRecord, people: People): string {
  // The table has each function under the action whose records it takes.
  return (texts[record.action] as (record: LogRecord, people: People) => string)(record, people);
}
