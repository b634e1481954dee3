/** Imports as records of `--json`. */
import { recordOf } from '../report/finding-record.js';
import { jsonLine } from '../report/records.js';
import type { MatchReport } from '../rotation/import/match-report.js';
import type { ImportFault } from '../rotation/import/source.js';
import type { StoredImport } from './store-imports.js';

export function faultLine({ file, line, column, code, message }: ImportFault): string {
  return jsonLine({ type: 'importFault', file, line, column, code, message });
}

export function storedLine({ file, source, kind, change, ignoredColumns }: StoredImport): string {
  return jsonLine({ type: 'import', file, source, kind, ...change, ignoredColumns });
}

export function* matchRecords({ entries, ambiguous, unmatchedVault, idle }: MatchReport): Generator<string> {
  for (const { entry, secrets, defaults, ambiguous: claimed } of entries) {
    yield jsonLine(
      recordOf({
        type: 'inventoryEntry',
        id: entry.id,
        file: entry.origin.file,
        owner: entry.owner,
        reviewed: entry.reviewed,
        secrets,
        defaults,
        ambiguous: claimed,
      }),
    );
  }
  for (const { fingerprint, by, entries: claiming } of ambiguous) {
    const names = claiming.map(({ id, origin }) => ({ id, file: origin.file }));
    yield jsonLine({ type: 'importAmbiguous', fingerprint, by, entries: names });
  }
  for (const { path } of unmatchedVault) yield jsonLine({ type: 'vaultUnmatched', path });
  for (const fingerprint of idle.liveness) yield jsonLine({ type: 'livenessUnmatched', fingerprint });
  for (const principal of idle.attestations) yield jsonLine({ type: 'attestationUnmatched', principal });
}
