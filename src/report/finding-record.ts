/**
 * The record `finding` of `--json`: one location, flat. Documented field by field in
 * schemas/output.schema.json; fields are added, never renamed or removed, within a format version.
 */
import type { Exposure, Location } from '../model/exposure.js';
import { commitOf, fullPathOf, pathNameOf } from './location-text.js';
import type { RevealLocation } from './report-input.js';

/** A flat JSON object; absent facts are absent fields, never null. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** Drops fields without a value. */
export function recordOf(fields: Readonly<Record<string, unknown>>): JsonRecord {
  const record: Record<string, unknown> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) record[name] = value;
  }
  return record;
}

function gitFields(location: Location): Readonly<Record<string, unknown>> {
  const { appearance } = location;
  if (appearance.type !== 'git-blob' && appearance.type !== 'git-text') return {};
  const commit = commitOf(appearance);
  const removed = appearance.type === 'git-blob' ? appearance.removed : undefined;
  return {
    commit: commit?.id,
    author: commit?.author.name,
    authorEmail: commit?.author.email,
    authorDate: commit?.authorDate || undefined,
    committerDate: commit?.committerDate || undefined,
    removedCommit: removed?.id,
    removedDate: removed?.authorDate,
    refs: appearance.refs,
    refCount: appearance.refCount,
    label: appearance.type === 'git-text' ? appearance.label : undefined,
  };
}

function otherFields(location: Location): Readonly<Record<string, unknown>> {
  const { appearance } = location;
  if (appearance.type === 'file') {
    return { modified: appearance.modified, ignored: appearance.ignored, tracked: appearance.tracked };
  }
  if (appearance.type !== 'record') return {};
  return {
    recordType: appearance.recordType,
    recordId: appearance.recordId,
    field: appearance.field,
    revision: appearance.revision,
    author: appearance.author?.name,
    authorEmail: appearance.author?.email || undefined,
    created: appearance.created,
    permalink: appearance.permalink,
    title: appearance.title,
    revisionId: appearance.revisionId,
    reader: appearance.facts?.reader,
    fieldRole: appearance.facts?.role,
    thread: appearance.facts?.thread,
    edited: appearance.facts?.edited,
    timePrecision: appearance.facts?.precision,
    permalinkLevel:
      appearance.permalink === undefined ? undefined : (appearance.facts?.permalinkLevel ?? 'exact'),
    action: appearance.facts?.action,
    copyOf: appearance.facts?.of,
    alsoIn: appearance.facts?.alsoIn,
    exportArtifact: appearance.facts?.artifact,
  };
}

/** What a location's record says of its secret; a value that no detector flagged has no more than this. */
export type SecretFacts = Pick<Exposure, 'fingerprint' | 'lengthClass' | 'strengthBits' | 'weak'> &
  Partial<Pick<Exposure, 'preview' | 'knownPublic'>>;

/** The record of one location; `scan` marks what that scan saw first. */
export function findingRecord(
  exposure: SecretFacts,
  location: Location,
  scan: number | undefined,
): JsonRecord {
  const { position, span } = location;
  return recordOf({
    type: 'finding',
    rule: location.rule,
    kind: location.kind,
    fingerprint: location.fingerprint,
    path: fullPathOf(location),
    pathBytes: pathNameOf(location.appearance)?.bytes,
    line: position.line,
    column: position.column,
    endLine: position.endLine,
    endColumn: position.endColumn,
    place: location.place,
    spelling: location.spelling.join('+'),
    confidence: location.confidence,
    status: location.status.status,
    statusBy: location.status.by,
    new: scan === undefined ? undefined : location.firstScan === scan,
    locationKind: location.appearance.locationKind,
    placeName: location.placeName,
    system: location.system,
    audience: location.audience,
    byteOffset: span.start,
    byteLength: span.end - span.start,
    exact: location.exact,
    view: location.view,
    ...gitFields(location),
    ...otherFields(location),
    slot: location.slot,
    account: location.account,
    preview: exposure.preview,
    lengthClass: exposure.lengthClass,
    strengthBits: exposure.strengthBits,
    weak: exposure.weak,
    knownPublic: exposure.knownPublic,
    secretFingerprint: exposure.fingerprint === location.fingerprint ? undefined : exposure.fingerprint,
    reasons: location.reasons,
    firstSeen: location.firstSeen,
    lastSeen: location.lastSeen,
    firstScan: location.firstScan,
  });
}

/** The record with `secret` (or `secretGone`) added when the reader asked for values. */
export async function revealedRecord(
  record: JsonRecord,
  location: Location,
  reveal: RevealLocation | undefined,
): Promise<JsonRecord> {
  if (reveal === undefined) return record;
  const value = await reveal(location);
  return value === undefined ? { ...record, secretGone: true } : { ...record, secret: value };
}
