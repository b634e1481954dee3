/** The last lines on stderr after a scan or report. */
import { counted, grouped, safeText } from '../report/safe-text.js';
import type { ExposureScope } from './exposure-scope.js';
import type { Terminal } from './terminal.js';

/** `3 secrets open (1 new) in 2 places; 4 low, 1 known-public not shown (--all shows them).` */
export function summaryLine(scope: ExposureScope, places: number, terminal: Terminal): string {
  const { errorStyle } = terminal;
  const { open } = scope.counts;
  const fresh = scope.fresh > 0 ? ` (${grouped(scope.fresh)} new)` : '';
  const found = `${counted(open, 'secret')} open${fresh} in ${counted(places, 'place')}`;
  const hidden = [...scope.hidden].sort().map(([status, count]) => `${grouped(count)} ${status}`);
  const rest = hidden.length === 0 ? '' : `; ${hidden.join(', ')} not shown (--all shows them)`;
  return `${open > 0 ? errorStyle.alarm(found) : errorStyle.good(found)}${rest}.`;
}

/** `Suppressed: 4 copies author-suppressed (.gitleaksignore 3, gitleaks:allow 1).`, a line for each status. */
export function suppressionLines(suppressed: ReadonlyMap<string, ReadonlyMap<string, number>>): string[] {
  return [...suppressed].sort().map(([status, counts]) => {
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const sources = [...counts]
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .map(([source, count]) => `${safeText(source)} ${grouped(count)}`);
    return `Suppressed: ${counted(total, 'copy', 'copies')} ${status} (${sources.join(', ')}).`;
  });
}
