/**
 * The continuity statement: one page that says of a rotation what was exposed, what was changed, how it is known that the
 * old value stopped working, and what remains. It repeats what the log and the database hold and concludes nothing: it
 * speaks of evidence for and against controls, never of compliance.
 */
import { shownFingerprintLength } from '../../model/ids.js';
import type { StatementInput } from './statement-input.js';
import {
  changedLines,
  consumerLines,
  controlLines,
  exposedLines,
  lastTime,
  remainsLines,
  sourceLines,
  stoppedLines,
} from './statement-sections.js';

export interface StatementSection {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly string[];
}

export interface Statement {
  readonly plan: string;
  readonly status: 'open' | 'closed';
  /** Where the plan stands, as one sentence. */
  readonly standing: string;
  readonly sections: readonly StatementSection[];
}

const isPurge = /^purge(?:-|$)/;

/** What must be there before anything can be stated; empty when nothing is missing. */
export function missingForStatement({ plan, recorded, verdicts }: StatementInput): string[] {
  const purgedAt = lastTime(
    [...recorded.steps].flatMap(([id, { state, at }]) => (isPurge.test(id) && state === 'done' ? [at] : [])),
  );
  return [plan.fingerprint, ...plan.others].flatMap((fingerprint) => {
    const name = fingerprint.slice(0, shownFingerprintLength);
    const last = verdicts.get(fingerprint)?.at(-1);
    if (last === undefined) return [`nothing was verified of ${name}: run "sprawl verify ${plan.id}"`];
    const isOld = purgedAt !== undefined && Date.parse(last.at) < Date.parse(purgedAt);
    return isOld
      ? [
          `the last verdict on ${name} (${last.at}) is older than the last purge (${purgedAt}): run "sprawl verify ${plan.id}"`,
        ]
      : [];
  });
}

/** The same input gives the same statement. */
export function makeStatement(input: StatementInput): Statement {
  const { plan, recorded } = input;
  const isClosed = recorded.closedAt !== undefined;
  return {
    plan: plan.id,
    status: isClosed ? 'closed' : 'open',
    standing: isClosed
      ? `The plan was closed on ${recorded.closedAt}.`
      : 'The plan is OPEN: what follows is how things stand, not that they are done.',
    sections: [
      section('exposed', 'What was exposed, where, how long', exposedLines(input)),
      section('changed', 'What changed and when', changedLines(input)),
      section('consumers', 'Which consumers moved, and what showed it', consumerLines(input)),
      section('stopped', 'When the old value stopped working, and how that is known', stoppedLines(input)),
      section('remains', 'What remains, and who accepted it', remainsLines(input)),
      section('controls', 'Controls', controlLines(input)),
      section('sources', 'What this rests on', sourceLines(input)),
    ],
  };
}

function section(id: string, title: string, lines: readonly string[]): StatementSection {
  return { id, title, lines: lines.length === 0 ? ['nothing is recorded'] : lines };
}
