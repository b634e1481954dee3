/** What stayed behind though nobody was offboarded: orphans, principals of one run, retired ones that still work. */
import type { Dossier } from '../dossier.js';
import { codePointOrder, sortedSet } from '../order.js';
import type { Leftover } from './offboard-case.js';
import { priorityText } from './standing.js';

const what: Readonly<Record<Leftover['condition'], string>> = {
  ORPHAN: 'its last consumer became former more than 90 days ago, and nobody says that it is dead',
  TEARDOWN_MISSING: 'made for one run, and outlived it: whatever made it does not clean up',
  STILL_ACTIVE_AFTER_RETIRE: 'its principal is retired, and it is in use or still accepted',
};
const conditions = Object.keys(what) as readonly Leftover['condition'][];

export function isLeftBehind(dossier: Pick<Dossier, 'conditions'>): boolean {
  return conditions.some((condition) => dossier.conditions.includes(condition));
}

/** By condition, then the more urgent first. */
export function leftoversOf(dossiers: readonly Dossier[]): readonly Leftover[] {
  const sorted = [...dossiers].sort(
    (a, b) => b.priority.score - a.priority.score || codePointOrder(a.fingerprint, b.fingerprint),
  );
  return conditions.flatMap((condition) =>
    sorted
      .filter((dossier) => dossier.conditions.includes(condition))
      .map((dossier) => ({
        condition,
        fingerprint: dossier.fingerprint,
        kind: dossier.kind,
        principal: dossier.principal.key,
        priority: priorityText(dossier),
        what: what[condition],
        former: sortedSet(
          dossier.consumers.filter(({ current }) => current === 'former').map(({ name }) => name),
        ),
      })),
  );
}
