/** Credentials of the export itself (file-URL tokens, password hashes): one location for each, whatever holds them. */
import { createHash } from 'node:crypto';
import { contentIdOf } from '../../identity/content-id.js';
import type { IdentityKeys } from '../../identity/hkdf-keys.js';
import type { RecordAppearance } from '../../model/appearance.js';
import type { Finding } from '../../model/finding.js';
import type { ExportReader, ExportRecord, RecordText } from '../../sources/exports/contract.js';
import type { ContentResult } from '../../store/store.js';
import { placeOf } from './record-place.js';

export interface Artefact {
  readonly finding: Finding;
  /** The record that showed it first. */
  readonly record: ExportRecord;
  readonly text: RecordText;
  count: number;
}

/** Parameters under which exporters put their own tokens into links. */
const tokenParameter =
  /[?&#](?:t|token|access_token|sig|signature|x-amz-signature|x-goog-signature|hm)=([^&#\s]{8,})/gi;

/** Texts with artefacts, and beside each link what is a token in it: there it has no name that detectors know. */
export function artefactTexts(texts: readonly RecordText[]): RecordText[] {
  return texts.flatMap((text) => {
    const tokens = [...text.text.matchAll(tokenParameter)].map(
      ([, value = '']): RecordText => ({ ...text, text: value, dialect: 'plain', label: 'token' }),
    );
    return [text, ...tokens];
  });
}

/**
 * The content that stands for an artefact. Its id comes from the fingerprint, so that every file of the export gives
 * the same one.
 */
export function artefactContent(
  keys: IdentityKeys,
  { finding, record, text }: Artefact,
  { reader, source }: { readonly reader: ExportReader; readonly source: string },
): ContentResult {
  const { tenant } = record.place;
  const place = placeOf(reader.system, {
    kind: 'workspace',
    id: 'export',
    name: `${reader.label}${tenant === undefined ? '' : ` of ${tenant}`}`,
    audience: 'unknown',
    ...(tenant === undefined ? {} : { tenant }),
  });
  const digest = createHash('sha256').update(`artefact\0${place.key}\0${finding.fingerprint}`).digest();
  const appearance: RecordAppearance = {
    type: 'record',
    locationKind: 'dump',
    place,
    recordType: 'setting',
    recordId: 'export',
    field: text.field.path,
    revision: 'current',
    facts: { reader: reader.id, source, role: text.field.role, action: 'delete', artifact: true },
  };
  return {
    id: contentIdOf(keys.content, digest, 'file'),
    bytes: 0,
    findings: [{ ...finding, reasons: [...finding.reasons, 'export-artifact'] }],
    appearances: [appearance],
  };
}
