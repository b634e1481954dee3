/**
 * One location as a SARIF 2.1.0 `result` (OASIS standard, section 3.27). A result per copy, not per secret:
 * viewers show a result's first location only.
 */
import type { PathName } from '../model/appearance.js';
import type { Exposure, Location, Status } from '../model/exposure.js';
import type { Confidence } from '../model/finding.js';
import { shownFingerprintLength } from '../model/ids.js';
import { type JsonRecord, recordOf } from './finding-record.js';
import { locationFingerprint } from './location-fingerprint.js';
import { commitOf, pathNameOf, spotText, standingOf } from './location-text.js';
import { safeText } from './safe-text.js';

export type SarifLevel = 'error' | 'warning' | 'note';

const levelOfConfidence: Readonly<Record<Confidence, SarifLevel>> = {
  low: 'note',
  medium: 'warning',
  high: 'error',
  proven: 'error',
};

/** Bytes that stand for themselves in a URI path: unreserved characters of RFC 3986. */
const unreserved = /[A-Za-z0-9\-._~]/;

function percentEncoded(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    const stays = byte < 0x80 && (unreserved.test(character) || character === '/');
    text += stays ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

/** Relative URI reference of a path and its container chain; the bytes of the name, not its display text. */
export function uriOf(path: PathName, chain: readonly string[]): string {
  const bytes = path.bytes === undefined ? Buffer.from(path.text) : Buffer.from(path.bytes, 'base64');
  const entries = chain.map((entry) => percentEncoded(Buffer.from(entry)));
  return [percentEncoded(bytes), ...entries].join('!/');
}

function physicalLocation(location: Location): JsonRecord | undefined {
  const path = pathNameOf(location.appearance);
  if (path === undefined || path.text === '') return undefined;
  // A line of a record is none of the file that holds it.
  if (location.appearance.type === 'record') {
    return { artifactLocation: { uri: uriOf(path, location.chain) } };
  }
  const { position, span } = location;
  return {
    artifactLocation: { uri: uriOf(path, location.chain) },
    region: {
      startLine: position.line,
      startColumn: position.column,
      endLine: position.endLine,
      endColumn: position.endColumn,
      byteOffset: span.start,
      byteLength: span.end - span.start,
    },
  };
}

function suppressionOf(location: Location): JsonRecord | undefined {
  const { status, by } = location.status;
  switch (status) {
    case 'allowed':
    case 'baselined':
      return recordOf({ kind: 'external', status: 'accepted', justification: by && safeText(by) });
    case 'author-suppressed':
      return recordOf({ kind: 'inSource', justification: by && safeText(by) });
    default:
      return undefined;
  }
}

function levelOf(location: Location): SarifLevel {
  const quiet: readonly Status[] = ['low', 'known-public', 'vanished'];
  return quiet.includes(location.status.status) ? 'note' : levelOfConfidence[location.confidence];
}

function messageOf(exposure: Exposure, location: Location): string {
  const prefix = exposure.fingerprint.slice(0, shownFingerprintLength);
  const others = exposure.locationCount - 1;
  const also = others > 0 ? ` ${others} more ${others === 1 ? 'copy' : 'copies'} known.` : '';
  return `${location.kind} (secret ${prefix}) ${standingOf(location)}.${also}`;
}

function baselineOf(location: Location, scan: number | undefined): string | undefined {
  if (scan === undefined) return undefined;
  if (location.status.status === 'vanished') return 'absent';
  return location.firstScan === scan ? 'new' : 'unchanged';
}

export function sarifResult(
  exposure: Exposure,
  location: Location,
  ruleIndex: number,
  scan: number | undefined,
  known: { readonly taxa?: readonly JsonRecord[]; readonly conditions?: readonly string[] } = {},
): JsonRecord {
  const suppression = suppressionOf(location);
  const place = { fullyQualifiedName: safeText(location.place), name: safeText(location.placeName) };
  return recordOf({
    ruleId: location.rule,
    ruleIndex,
    level: levelOf(location),
    message: { text: messageOf(exposure, location) },
    locations: [
      recordOf({
        physicalLocation: physicalLocation(location),
        logicalLocations: [
          { ...place, kind: 'namespace' },
          ...(location.appearance.type === 'record' ? [{ name: spotText(location), kind: 'element' }] : []),
        ],
      }),
    ],
    partialFingerprints: {
      'secretFingerprint/v1': exposure.fingerprint,
      'locationFingerprint/v1': locationFingerprint(location),
    },
    // One result with the property obliges all to have it (section 3.27.23).
    suppressions: suppression === undefined ? [] : [suppression],
    baselineState: baselineOf(location, scan),
    taxa: known.taxa,
    properties: recordOf({
      kind: location.kind,
      confidence: location.confidence,
      status: location.status.status,
      spelling: location.spelling.join('+'),
      locationKind: location.appearance.locationKind,
      commit: commitOf(location.appearance)?.id,
      exact: location.exact,
      conditions: known.conditions,
    }),
  });
}
