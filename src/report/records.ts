/** The other records of `--json`: begin, secret, coverage, problem, receipt. */
import type { Exposure, PlaceCoverage, SecretSummary } from '../model/exposure.js';
import type { InputProblem } from '../model/problem.js';
import type { Receipt } from '../model/receipt.js';
import { type JsonRecord, recordOf } from './finding-record.js';
import { outputFormatVersion, type ReportInput } from './report-input.js';

/** One record as a line of JSON Lines. */
export function jsonLine(record: JsonRecord): string {
  return `${JSON.stringify(record)}\n`;
}

export function beginRecord(version: string, fields: JsonRecord = {}): JsonRecord {
  return recordOf({ type: 'begin', format: outputFormatVersion, tool: 'sprawl', version, ...fields });
}

/** A secret without its locations: what `list` prints. */
export function secretRecord(secret: SecretSummary): JsonRecord {
  const first = secret.labels[0];
  return recordOf({
    type: 'secret',
    fingerprint: secret.fingerprint,
    kind: first?.kind,
    rule: first?.rule,
    labels: secret.labels,
    confidence: secret.confidence,
    status: secret.status,
    weak: secret.weak,
    strengthBits: secret.strengthBits,
    preview: secret.preview,
    lengthClass: secret.lengthClass,
    knownPublic: secret.knownPublic,
    locations: secret.locationCount,
    openLocations: secret.openLocationCount,
    places: secret.places,
    systems: secret.systems,
    live: secret.live,
    firstSeen: secret.firstSeen,
    lastSeen: secret.lastSeen,
    firstScan: secret.firstScan,
  });
}

/** The facts of `show` that no location carries. */
export function exposureRecord(exposure: Exposure): JsonRecord {
  return {
    ...secretRecord(exposure),
    attributes: exposure.attributes,
    relations: exposure.relations,
    aliases: exposure.aliases,
  };
}

export function coverageRecord(coverage: PlaceCoverage): JsonRecord {
  return recordOf({
    type: 'coverage',
    place: coverage.place,
    placeName: coverage.placeName,
    system: coverage.system,
    lastScan: coverage.lastScan,
    complete: coverage.complete,
    gaps: coverage.gaps,
  });
}

export function problemRecord(problem: InputProblem): JsonRecord {
  return recordOf({ type: 'problem', code: problem.code, where: problem.where, detail: problem.detail });
}

/** Counts for the last record; `open` counts secrets with an open location among those printed. */
export interface ResultCounts {
  readonly secrets: number;
  readonly locations: number;
  readonly open: number;
}

/** Whether a report covers all it was asked for: the scan's own word, or that of every place read before. */
export function isComplete(input: Pick<ReportInput, 'receipt' | 'coverage'>): boolean {
  if (input.receipt !== undefined) return input.receipt.complete && !input.receipt.interrupted;
  return input.coverage.length > 0 && input.coverage.every((place) => place.complete);
}

/** The last record: what was read, and what not. */
export function receiptRecord(
  input: Pick<ReportInput, 'receipt' | 'coverage' | 'scan'>,
  counts: ResultCounts,
): JsonRecord {
  const receipt: Receipt | undefined = input.receipt;
  return recordOf({
    type: 'receipt',
    complete: isComplete(input),
    interrupted: receipt?.interrupted ?? false,
    scan: input.scan,
    secrets: counts.secrets,
    findings: counts.locations,
    open: counts.open,
    documents: receipt?.documents,
    bytes: receipt?.bytes,
    cached: receipt?.cached,
    skipped: receipt?.skipped,
    gaps: receipt?.gaps,
    exports: receipt?.exports,
    places: input.coverage.map(({ place, lastScan, complete, gaps }) =>
      recordOf({ place, lastScan, complete, gaps }),
    ),
  });
}
