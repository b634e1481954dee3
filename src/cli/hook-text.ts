/** What the hook says to the person who commits. */
import type { PathName } from '../model/appearance.js';
import type { Finding } from '../model/finding.js';
import type { InputProblem } from '../model/problem.js';
import { problemLine } from '../report/receipt-text.js';
import { counted, safeText } from '../report/safe-text.js';
import type { Style } from '../report/style.js';

export interface HookFinding {
  readonly path: PathName;
  readonly finding: Finding;
}

function block({ path, finding }: HookFinding, style: Style): string {
  const { line, column } = finding.position;
  const spot = `${[safeText(path.text), ...finding.chain.map(safeText)].join('!/')}:${line}:${column}`;
  const shown = finding.preview === undefined ? '' : `  ${safeText(finding.preview)}`;
  const why = finding.reasons.length === 0 ? finding.rule : `${finding.rule}: ${finding.reasons.join(', ')}`;
  return `  ${style.strong(spot)}  ${style.name(finding.kind)}  ${finding.confidence}${shown}\n    ${style.dim(safeText(why))}\n`;
}

/** Why the commit is refused, and the three ways on. */
export function refusalText(findings: readonly HookFinding[], style: Style): string {
  const blocks = findings.map((finding) => block(finding, style)).join('');
  return (
    `${style.alarm('sprawl:')} this commit would add ${counted(findings.length, 'secret')}:\n\n${blocks}\n` +
    'Take the value out and read it from the environment or a vault instead.\n' +
    'Not a secret? Put the mark "sprawl:allow" into a comment on that line.\n' +
    'To commit all the same: git commit --no-verify\n'
  );
}

/** What could not be read: the commit is refused, since it may hold a secret there. */
export function unreadText(problems: readonly InputProblem[], style: Style): string {
  const lines = problems.map((problem) => `  ${problemLine(problem)}\n`).join('');
  return (
    `${style.alarm('sprawl:')} some of what is staged could not be checked:\n\n${lines}\n` +
    'To commit without the check: git commit --no-verify\n'
  );
}
