/** Imports in lines for people. */

import { shownFingerprintLength } from '../model/ids.js';
import { counted, safeText } from '../report/safe-text.js';
import type { IdleStatements } from '../rotation/import/idle-statements.js';
import type { MatchReport } from '../rotation/import/match-report.js';
import type { StoredImport } from './store-imports.js';

/** Entries and secrets of one sort that are listed. */
const shownOfEach = 20;

export function storedText({ file, source, kind, change, ignoredColumns }: StoredImport): string {
  const { added, changed, removed, unchanged } = change;
  const name = source === file ? '' : ` as ${source}`;
  const counts =
    added + changed + removed === 0
      ? `nothing new in ${counted(unchanged, 'statement')}`
      : `${counted(added, 'statement')} added, ${changed} changed, ${removed} removed, ${unchanged} as before`;
  const ignored = ignoredColumns === 0 ? '' : `; ${counted(ignoredColumns, 'column')} not used`;
  return safeText(`${file}${name}: ${kind}, ${counts}${ignored}.`);
}

function* limited(lines: readonly string[]): Generator<string> {
  yield* lines.slice(0, shownOfEach);
  if (lines.length > shownOfEach) yield `  and ${lines.length - shownOfEach} more`;
}

/** Checks and attestations that are about nothing: how many, and which. */
export function* idleLines({ liveness, attestations }: IdleStatements): Generator<string> {
  if (liveness.length > 0)
    yield `${counted(liveness.length, 'fingerprint')} that somebody checked ${liveness.length === 1 ? 'is' : 'are'} of no known secret:`;
  yield* limited(liveness.map((name) => `  ${name.slice(0, shownFingerprintLength)}`));
  if (attestations.length > 0)
    yield `${counted(attestations.length, 'principal')} of attestations ${attestations.length === 1 ? 'is' : 'are'} not known, nor an entry of the inventory that matches something:`;
  yield* limited(attestations.map((name) => safeText(`  ${name}`)));
}

/** What the entries are about: how many secrets each, which are about none, which secrets several claim. */
export function* matchLines({
  entries,
  ambiguous,
  unmatchedVault,
  unmatchedPlaces,
  idle: idleStatements,
}: MatchReport): Generator<string> {
  const sum = entries.reduce((total, { secrets }) => total + secrets, 0);
  if (entries.length > 0)
    yield `${counted(entries.length, 'entry', 'entries')} about ${counted(sum, 'secret')}.`;
  yield* limited(
    entries
      .filter(({ secrets, defaults }) => secrets + defaults > 0)
      .map(({ entry, secrets, defaults }) => {
        const general = defaults === 0 ? '' : `, defaults of ${defaults}`;
        return safeText(`  ${entry.id}: ${counted(secrets, 'secret')}${general}`);
      }),
  );
  const idle = entries.filter(
    ({ secrets, defaults, ambiguous: claimed }) => secrets + defaults + claimed === 0,
  );
  if (idle.length > 0) yield `${counted(idle.length, 'entry matches', 'entries match')} nothing:`;
  yield* limited(idle.map(({ entry }) => safeText(`  ${entry.id} (${entry.origin.file})`)));
  const nameless = idle.filter(({ entry }) => entry.match.length === 0).length;
  if (nameless > 0)
    yield `${counted(nameless, 'entry of these says', 'entries of these say')} not what to match: a table needs the columns match_type and match, or kind alone, and YAML needs "match".`;
  if (ambiguous.length > 0) {
    yield `IMPORT_AMBIGUOUS: ${counted(ambiguous.length, 'secret')} that several entries claim with equal right; none of them applies:`;
  }
  yield* limited(
    ambiguous.map(({ fingerprint, by, entries: claiming }) => {
      const names = claiming.map(({ id, origin }) => `${id} (${origin.file})`).join(', ');
      return safeText(`  ${fingerprint.slice(0, 12)} by ${by}: ${names}`);
    }),
  );
  if (unmatchedVault.length > 0)
    yield `${counted(unmatchedVault.length, 'row of the vault map matches', 'rows of the vault map match')} nothing:`;
  yield* limited(unmatchedVault.map(({ path }) => safeText(`  ${path}`)));
  yield* idleLines(idleStatements);
  if (unmatchedPlaces.length > 0)
    yield `${counted(unmatchedPlaces.length, 'place holds', 'places hold')} no secret, or ${unmatchedPlaces.length === 1 ? 'is' : 'are'} called otherwise ("sprawl place list"):`;
  yield* limited(unmatchedPlaces.map((place) => safeText(`  ${place}`)));
}
