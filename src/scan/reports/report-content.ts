/** A row of a report as the content that stands for it: one secret at one spot, whichever tool tells of it. */
import { createHash } from 'node:crypto';
import { attribute } from '../../identity/attribute.js';
import { contentIdOf } from '../../identity/content-id.js';
import type { IdentityKeys } from '../../identity/hkdf-keys.js';
import type { Appearance, CommitFacts } from '../../model/appearance.js';
import type { Finding } from '../../model/finding.js';
import { parseCommitId } from '../../model/ids.js';
import type { ReportedSpot, ReportRow } from '../../sources/reports/contract.js';
import type { ContentResult } from '../../store/store.js';
import type { People } from '../records/people.js';
import { cleanText } from '../records/record-place.js';
import type { ResolvedSpot } from './report-place.js';

/** Longest path and link that are kept. */
const maxPath = 4096;

function commitFacts({ commit, author, date }: ReportedSpot): CommitFacts | undefined {
  if (commit === undefined) return undefined;
  const authorDate = date === undefined || Number.isNaN(Date.parse(date)) ? '' : cleanText(date, 40);
  return {
    id: parseCommitId(commit),
    author: { name: cleanText(author?.name ?? '', 300), email: cleanText(author?.email ?? '', 300) },
    authorDate,
    // Which of the two dates a tool means is not said: the repository knows, when it is scanned.
    committerDate: '',
  };
}

/** Where it stands, as the report knows it: whether a commit's file is still at a tip it does not say. */
export function appearanceOfRow(
  spot: ReportedSpot,
  { place, path }: ResolvedSpot,
  people: People,
): Appearance {
  const commit = commitFacts(spot);
  if (spot.record !== undefined) {
    const { system, tenant } = place;
    const author = people.personOf(spot.author, system, {
      kind: 'channel',
      id: spot.record.place,
      name: place.name,
      audience: 'unknown',
      ...(tenant === undefined ? {} : { tenant }),
    });
    return {
      type: 'record',
      locationKind: 'dump',
      place,
      recordType: 'reported',
      recordId: cleanText(spot.record.id),
      field: '',
      revision: 'unknown',
      ...(author === undefined ? {} : { author }),
      ...(spot.date === undefined ? {} : { created: cleanText(spot.date, 40) }),
      ...(spot.link === undefined ? {} : { permalink: cleanText(spot.link, maxPath) }),
    };
  }
  if (commit !== undefined && path !== undefined)
    return {
      type: 'git-blob',
      locationKind: 'git-history',
      path: { text: cleanText(path, maxPath) },
      introduced: commit,
      refs: [],
      refCount: 0,
    };
  if (commit !== undefined)
    return { type: 'git-text', locationKind: 'git-commit-message', commit, refs: [], refCount: 0 };
  return {
    type: 'file',
    locationKind: 'loose-file',
    path: { text: cleanText(path ?? '', maxPath) },
    ignored: false,
    tracked: false,
  };
}

/** The finding as the report places it; its span is unknown. */
export function placedFinding(finding: Finding, { tool, rule, isVerified, spot }: ReportRow): Finding {
  const line = spot.line ?? 1;
  const column = spot.column ?? 1;
  const endLine = Math.max(line, spot.endLine ?? line);
  const endColumn = endLine === line ? Math.max(column, spot.endColumn ?? column) : (spot.endColumn ?? 1);
  return {
    ...finding,
    confidence: isVerified === true && finding.confidence !== 'proven' ? 'high' : finding.confidence,
    reasons: [
      ...(isVerified === true ? ['verified-by-tool'] : []),
      `reported-by-${tool}`,
      ...finding.reasons,
    ],
    span: { start: 0, end: 0 },
    exact: false,
    position: { line, column, endLine, endColumn },
    chain: [],
    attributes: [...finding.attributes, ...attribute('reported-by', `${tool}: ${cleanText(rule, 100)}`)],
  };
}

/** The same spot told by another tool gives the same id. */
export function contentOfRow(
  keys: IdentityKeys,
  finding: Finding,
  spot: ReportedSpot,
  { place, path }: ResolvedSpot,
  appearance: Appearance,
): ContentResult {
  const name = [place.key, path ?? '', spot.commit ?? '', spot.record?.id ?? '', String(spot.line ?? 0)];
  const digest = createHash('sha256')
    .update(`reported\0${JSON.stringify(name)}\0${finding.fingerprint}`)
    .digest();
  return {
    id: contentIdOf(keys.content, digest, 'metadata'),
    bytes: 0,
    findings: [finding],
    appearances: [appearance],
  };
}
