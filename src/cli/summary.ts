/** The last lines on stderr after a scan or report. */
import { counted } from '../report/safe-text.js';
import type { ExposureScope } from './exposure-scope.js';
import type { Terminal } from './terminal.js';

/** `3 secrets open (1 new) in 2 places; 4 low, 1 known-public not shown (--all shows them).` */
export function summaryLine(scope: ExposureScope, places: number, terminal: Terminal): string {
  const { errorStyle } = terminal;
  const { open } = scope.counts;
  const fresh = scope.fresh > 0 ? ` (${scope.fresh.toLocaleString('en-US')} new)` : '';
  const found = `${counted(open, 'secret')} open${fresh} in ${counted(places, 'place')}`;
  const hidden = [...scope.hidden]
    .sort()
    .map(([status, count]) => `${count.toLocaleString('en-US')} ${status}`);
  const rest = hidden.length === 0 ? '' : `; ${hidden.join(', ')} not shown (--all shows them)`;
  return `${open > 0 ? errorStyle.alarm(found) : errorStyle.good(found)}${rest}.`;
}
