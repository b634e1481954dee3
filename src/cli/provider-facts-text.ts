/** Provider facts of a kind for people. */
import type { ProviderRow } from '../rotation/facts/provider-table.js';

/** What is said of a row or a reaction that nobody looked up. */
export const uncheckedNote = 'check with the provider';

function flagsOf(row: ProviderRow): string {
  return [
    row.publishable ? 'public by design' : '',
    row.cascade ? 'revoking it ends credentials made with it' : '',
    row.userBound ? 'dies with the account of its person' : '',
    row.opener ? 'opens other secrets' : '',
    row.reversibleDisable ? 'can be switched off and on again' : '',
  ]
    .filter((flag) => flag !== '')
    .join('; ');
}

/** Labels and texts of a row; `kind` only says whether the row is the kind's own. */
export function providerFactLines(
  row: ProviderRow,
  kind: string,
): (readonly [label: string, text: string])[] {
  const slots = row.slots === undefined ? '' : `, ${row.slots} values`;
  const lines: (readonly [string, string])[] = [
    ['facts', row.kinds.includes(kind) ? row.id : `${row.id} (the kind has no facts of its own)`],
    ['class', row.class],
    ['life', row.life],
    ['two at once', `${row.twoAtOnce} (overlap: ${row.overlap}${slots})`],
    ['rotate', row.rotate],
    ['revoking', row.revoking],
    ['privilege', row.privilege ?? ''],
    ['used by', row.typicalConsumers],
    ['also breaks', row.alsoBreaks],
    ['is', flagsOf(row)],
    ...(['disable', 'enable', 'issue', 'revoke'] as const).map((name): readonly [string, string] => [
      `to ${name}`,
      row.commands[name] ?? '',
    ]),
    ['whose it is', row.commands.owner ?? ''],
    ['source', row.checked ? row.source : `${row.source}: ${uncheckedNote}`],
    ['as of', row.changedBy === undefined ? row.asOf : `${row.asOf}, by ${row.changedBy}`],
  ];
  return lines.filter(([, text]) => text !== '');
}
