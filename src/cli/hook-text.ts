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
  /** True for a secret that the path itself holds. */
  readonly inName: boolean;
}

/** Takes secrets out of a name: those of files and of entries of archives may be, or hold, one. */
export type RedactName = (text: string) => string;

function block({ path, finding, inName }: HookFinding, redact: RedactName, style: Style): string {
  const { line, column } = finding.position;
  const name = [path.text, ...finding.chain].map((part) => safeText(redact(part))).join('!/');
  const spot = inName ? `${name} (in the name)` : `${name}:${line}:${column}`;
  const shown = finding.preview === undefined ? '' : `  ${safeText(finding.preview)}`;
  const why = finding.reasons.length === 0 ? finding.rule : `${finding.rule}: ${finding.reasons.join(', ')}`;
  return `  ${style.strong(spot)}  ${style.name(finding.kind)}  ${finding.confidence}${shown}\n    ${style.dim(safeText(why))}\n`;
}

/** Why the commit is refused, and the three ways on. */
export function refusalText(findings: readonly HookFinding[], redact: RedactName, style: Style): string {
  const blocks = findings.map((finding) => block(finding, redact, style)).join('');
  return (
    `${style.alarm('sprawl:')} this commit would add ${counted(findings.length, 'secret')}:\n\n${blocks}\n` +
    'Take the value out and read it from the environment or a vault instead.\n' +
    'Not a secret? Put the mark "sprawl:allow" into a comment on that line.\n' +
    'To commit all the same: git commit --no-verify\n'
  );
}

/** What could not be read: the commit is refused, since it may hold a secret there. */
export function unreadText(problems: readonly InputProblem[], redact: RedactName, style: Style): string {
  const lines = problems
    .map((problem) => `  ${problemLine({ ...problem, where: redact(problem.where) })}\n`)
    .join('');
  return (
    `${style.alarm('sprawl:')} some of what is staged could not be checked:\n\n${lines}\n` +
    'To commit without the check: git commit --no-verify\n'
  );
}
