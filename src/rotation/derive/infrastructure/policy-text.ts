/** Statements of access policies, in whatever language a policy is written. */

/** Between statements: blocks of Terraform, objects of a JSON list, items of a YAML list. */
const border =
  /\bstatement[ \t]*\{|\}\s*,\s*\{|^[ \t]*-[ \t]+(?=["']?(?:Effect|Action|Principal|Sid|Condition|Resource)\b)/m;

/** Each stands for itself: what one allows another does not narrow. */
export function statementsOf(text: string): readonly string[] {
  return text.split(border);
}

const anyAction = /"?(?:not_?)?actions?"?[ \t]*[=:]\s*\[?\s*["'](?:\*|\*:\*)["']/i;
const anyResource = /"?resources?"?[ \t]*[=:]\s*\[?\s*["']\*["']/i;
const denies = /"?effect"?[ \t]*[=:]\s*["']?deny/i;

/** Everything is allowed on everything. */
export function isWildcardPolicy(text: string): boolean {
  return statementsOf(text).some(
    (statement) => anyAction.test(statement) && anyResource.test(statement) && !denies.test(statement),
  );
}
