/**
 * Rows without a value, tied to secrets that are known: by the digest of the value, for which known values are read again
 * from their sources, or by the spot, where a scan knows exactly one secret. What neither proves is not tied.
 */
import { createHash } from 'node:crypto';
import { knownValueRule } from '../../detect/build-finding.js';
import type { Exposure, Location } from '../../model/exposure.js';
import type { Finding } from '../../model/finding.js';
import { type Fingerprint, type PlaceKey, parseRuleId } from '../../model/ids.js';
import type { ReportRow } from '../../sources/reports/contract.js';
import type { LocateDeps } from '../locate.js';
import { rereadValue } from '../reveal.js';
import type { ResolvedSpot } from './report-place.js';

/** Secrets whose values are read again for one report, and copies that are tried of each. */
const mostSecrets = 2000;
const mostCopies = 3;

export interface HiddenRow {
  readonly row: ReportRow;
  readonly resolved: ResolvedSpot;
}

/** For each row that is tied, what the row is a copy of. */
export async function tieHiddenRows(
  rows: readonly HiddenRow[],
  deps: LocateDeps,
): Promise<ReadonlyMap<ReportRow, Finding>> {
  const tied = new Map<ReportRow, Finding>();
  if (rows.length === 0) return tied;
  const places = [...new Set(rows.map(({ resolved }) => resolved.place.key))];
  const spots = new Map<string, Map<Fingerprint, Finding>>();
  const digests = new Set(rows.flatMap(({ row }) => row.sha1 ?? []));
  const byDigest = new Map<string, Finding>();
  let left = digests.size === 0 ? 0 : mostSecrets;
  const seen = new Set<Fingerprint>();
  // Secrets of the report's own places first: there most of its values are.
  for (const filter of [{ places }, ...(digests.size === 0 ? [] : [{}])]) {
    for await (const exposure of deps.store.exposures(filter)) {
      if (seen.has(exposure.fingerprint) || deps.signal.aborted) continue;
      seen.add(exposure.fingerprint);
      noteSpots(spots, exposure, places);
      if (left <= 0 || byDigest.size === digests.size) continue;
      left--;
      const value = await knownValueOf(exposure, deps);
      const digest = value === undefined ? undefined : createHash('sha1').update(value).digest('hex');
      if (digest !== undefined && digests.has(digest)) byDigest.set(digest, knownFinding(exposure));
    }
    if (left <= 0 || byDigest.size === digests.size) break;
  }
  for (const { row, resolved } of rows) {
    const finding =
      row.sha1 === undefined ? onlyOne(spots.get(spotName(row, resolved))) : byDigest.get(row.sha1);
    if (finding !== undefined) tied.set(row, finding);
  }
  return tied;
}

async function knownValueOf({ locations }: Exposure, deps: LocateDeps): Promise<Buffer | undefined> {
  for (const location of locations.slice(0, mostCopies)) {
    try {
      const value = await rereadValue(location, deps);
      if (value !== undefined) return value;
    } catch {
      // A source that cannot be read now says nothing.
    }
  }
  return undefined;
}

function onlyOne(findings: ReadonlyMap<Fingerprint, Finding> | undefined): Finding | undefined {
  return findings?.size === 1 ? [...findings.values()][0] : undefined;
}

function spotName({ spot }: ReportRow, { place, path = '' }: ResolvedSpot): string {
  return JSON.stringify([place.key, path, spot.line ?? 0, spot.commit ?? '']);
}

/** A line of a file means something only together with its version: a commit, or the one that is there now. */
function noteSpots(
  spots: Map<string, Map<Fingerprint, Finding>>,
  exposure: Exposure,
  places: readonly PlaceKey[],
): void {
  for (const location of exposure.locations) {
    const { appearance, place, position, status } = location;
    if (!places.includes(place) || status.status === 'vanished') continue;
    for (const [path, commit] of versionsOf(appearance)) {
      const name = JSON.stringify([place, path, position.line, commit]);
      const at = spots.get(name) ?? new Map<Fingerprint, Finding>();
      spots.set(name, at.set(exposure.fingerprint, knownFinding(exposure)));
    }
  }
}

function* versionsOf(appearance: Location['appearance']): Generator<readonly [path: string, commit: string]> {
  if (appearance.type === 'file') yield [appearance.path.text, ''];
  if (appearance.type !== 'git-blob' || appearance.path === undefined) return;
  if (appearance.introduced !== undefined) yield [appearance.path.text, appearance.introduced.id];
  if (appearance.locationKind === 'git-head') yield [appearance.path.text, ''];
}

/** The secret as one more copy of it. */
function knownFinding(exposure: Exposure): Finding {
  const { fingerprint, confidence, lengthClass, strengthBits, weak, labels, locations } = exposure;
  const kind = labels[0]?.kind ?? locations[0]?.kind;
  if (kind === undefined) throw new RangeError('a secret has one label at least');
  return {
    kind,
    rule: parseRuleId(knownValueRule),
    fingerprint,
    aliases: [],
    confidence,
    reasons: ['known-value'],
    spelling: ['plain'],
    view: 'raw',
    span: { start: 0, end: 0 },
    exact: false,
    position: { line: 1, column: 1, endLine: 1, endColumn: 1 },
    chain: [],
    lengthClass,
    strengthBits,
    weak,
    attributes: [],
    relations: [],
  };
}
