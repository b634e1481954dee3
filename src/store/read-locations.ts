/** Reads the locations of one secret, by index walks only. */
import type { Database } from 'better-sqlite3';
import { type Appearance, locationKinds } from '../model/appearance.js';
import { type Location, type Status, type StatusDetail, statuses } from '../model/exposure.js';
import { confidences, type Spelling, spellings, type View, views } from '../model/finding.js';
import { parseContentId, parseFingerprint, parseKindId, parsePlaceKey, parseRuleId } from '../model/ids.js';
import { type Audience, audiences, type System } from '../model/place.js';
import { appearanceTypes, wordOf } from './codes.js';
import type { RowTexts } from './row-texts.js';

/** The order of locations: what stands open and live first, then by place and name. */
const locationOrder = `l.status, l.kind, p.key, (SELECT text FROM term WHERE id = l.path),
  (SELECT items FROM list WHERE id = l.item), (SELECT items FROM list WHERE id = l.chain),
  l.start_byte, l.end_byte, l.fingerprint`;

/** Exported for the test that looks at its query plan. */
export const locationsSql: string = `
  SELECT lower(hex(l.fingerprint)) AS fingerprint, f.kind AS secret_kind, f.rule, f.confidence, f.reasons,
    f.spelling, f.view, f.exact, f.mark, l.status, l.allow_id, l.place_allow_id, l.known_public,
    p.key, p.name, p.system, p.audience,
    l.type, l.path, l.item, l.about, l.kind, l.introduced, l.removed, l.refs, l.ref_count, l.modified,
    l.ignored, l.tracked, l.author, l.created, l.permalink, l.title,
    l.chain, l.start_byte, l.end_byte, l.line, l."column", l.end_line, l.end_column, l.slot, l.account,
    l.raw_ranges, l.first_scan, l.last_scan,
    (SELECT lower(hex(cid)) FROM content WHERE id = l.content) AS content
  FROM x_status l
  JOIN form f ON f.id = l.form
  JOIN place p ON p.id = l.place
  WHERE l.group_id = ?
  ORDER BY ${locationOrder}
  LIMIT coalesce(?, -1)`;

interface LocationRow {
  readonly fingerprint: string;
  readonly secret_kind: string;
  readonly rule: string;
  readonly confidence: number;
  readonly reasons: string;
  readonly spelling: string;
  readonly view: string;
  readonly exact: number;
  readonly mark: string | null;
  readonly status: number;
  readonly allow_id: number | null;
  readonly place_allow_id: number | null;
  readonly known_public: string | null;
  readonly content: string;
  readonly key: string;
  readonly name: string;
  readonly system: string;
  readonly audience: string;
  readonly type: number;
  readonly path: number;
  readonly item: number;
  readonly about: number;
  readonly kind: number;
  readonly introduced: number;
  readonly removed: number;
  readonly refs: number;
  readonly ref_count: number;
  readonly modified: string | null;
  readonly ignored: number;
  readonly tracked: number;
  readonly author: number;
  readonly created: string | null;
  readonly permalink: number;
  readonly title: number;
  readonly chain: number;
  readonly start_byte: number;
  readonly end_byte: number;
  readonly line: number;
  readonly column: number;
  readonly end_line: number;
  readonly end_column: number;
  readonly slot: number;
  readonly account: number;
  readonly raw_ranges: string | null;
  readonly first_scan: number;
  readonly last_scan: number;
}

/** The word itself when it is in the list: rows of a newer minor version may hold others. */
function oneOf<Word extends string>(words: readonly Word[], text: string, fallback: Word): Word {
  return words.find((word) => word === text) ?? fallback;
}

const revisions = ['current', 'previous', 'deleted', 'draft', 'quoted-copy', 'preview', 'unknown'] as const;

function recordOf(row: LocationRow, texts: RowTexts): Appearance {
  const [recordType = '', recordId = '', field = '', revision = 'unknown'] = texts.list(row.item);
  return {
    type: 'record',
    locationKind: wordOf(locationKinds, row.kind),
    recordType,
    recordId,
    field,
    revision: oneOf(revisions, revision, 'unknown'),
    ...(row.author === 0 ? {} : { author: texts.person(row.author) }),
    ...(row.created === null ? {} : { created: row.created }),
    ...(row.permalink === 0 ? {} : { permalink: texts.term(row.permalink) }),
    ...(row.title === 0 ? {} : { title: texts.term(row.title) }),
  };
}

function appearanceOf(row: LocationRow, texts: RowTexts): Appearance {
  const locationKind = wordOf(locationKinds, row.kind);
  const type = wordOf(appearanceTypes, row.type);
  const path = texts.path(row.path);
  switch (type) {
    case 'git-blob':
      return {
        type,
        locationKind,
        ...(row.path === 0 ? {} : { path }),
        ...(row.introduced === 0 ? {} : { introduced: texts.commit(row.introduced) }),
        ...(row.removed === 0 ? {} : { removed: texts.commit(row.removed) }),
        refs: texts.list(row.refs),
        refCount: row.ref_count,
      };
    case 'git-text': {
      const label = texts.list(row.item)[0];
      return {
        type,
        locationKind,
        ...(row.about === 0 ? {} : { commit: texts.commit(row.about) }),
        ...(label === undefined ? {} : { label }),
        refs: texts.list(row.refs),
        refCount: row.ref_count,
      };
    }
    case 'file':
      return {
        type,
        locationKind,
        path,
        ...(row.modified === null ? {} : { modified: row.modified }),
        ignored: row.ignored === 1,
        tracked: row.tracked === 1,
      };
    case 'record':
      return recordOf(row, texts);
  }
}

/** Statuses that the files of a place can give. */
const placeAllowStatuses: readonly Status[] = ['allowed', 'baselined', 'author-suppressed'];

export type LocationReader = (group: number, limit?: number) => Location[];

/** Makes a reader of all locations of a secret, by the row id of its canonical fingerprint. */
export function locationReader(db: Database, texts: RowTexts): LocationReader {
  const find = db.prepare<[number, number | null], LocationRow>(locationsSql);
  const findEntry = db.prepare<[number], { author: string; reason: string }>(
    'SELECT author, reason FROM allow_entry WHERE id = ?',
  );
  const findPlaceAllow = db
    .prepare<[number], string>('SELECT decided_by FROM place_allow WHERE id = ?')
    .pluck();
  const statusOf = (row: LocationRow): StatusDetail => {
    const status = wordOf(statuses, row.status);
    if (row.place_allow_id !== null && row.allow_id === null && placeAllowStatuses.includes(status)) {
      const by = findPlaceAllow.get(row.place_allow_id);
      if (by !== undefined) return { status, by: by === '' && row.mark !== null ? row.mark : by };
    }
    if (status === 'author-suppressed' && row.mark !== null) return { status, by: row.mark };
    if (status === 'known-public' && row.known_public !== null) return { status, by: row.known_public };
    if (status !== 'allowed' || row.allow_id === null) return { status };
    const entry = findEntry.get(row.allow_id);
    return entry === undefined
      ? { status }
      : { status, by: `allow entry by ${entry.author}: ${entry.reason}` };
  };
  const locationOf = (row: LocationRow): Location => ({
    fingerprint: parseFingerprint(row.fingerprint),
    kind: parseKindId(row.secret_kind),
    rule: parseRuleId(row.rule),
    confidence: wordOf(confidences, row.confidence),
    reasons: JSON.parse(row.reasons) as string[],
    status: statusOf(row),
    place: parsePlaceKey(row.key),
    placeName: row.name,
    system: row.system as System,
    audience: oneOf<Audience>(audiences, row.audience, 'unknown'),
    appearance: appearanceOf(row, texts),
    content: parseContentId(row.content),
    chain: texts.list(row.chain),
    spelling: row.spelling.split('+').map((layer) => oneOf<Spelling>(spellings, layer, 'plain')),
    view: oneOf<View>(views, row.view, 'raw'),
    span: { start: row.start_byte, end: row.end_byte },
    ...(row.raw_ranges === null
      ? {}
      : {
          rawRanges: (JSON.parse(row.raw_ranges) as [number, number][]).map(([start, end]) => ({
            start,
            end,
          })),
        }),
    exact: row.exact === 1,
    position: { line: row.line, column: row.column, endLine: row.end_line, endColumn: row.end_column },
    ...(row.slot === 0 ? {} : { slot: texts.term(row.slot) }),
    ...(row.account === 0 ? {} : { account: texts.term(row.account) }),
    firstSeen: texts.started(row.first_scan),
    lastSeen: texts.started(row.last_scan),
    firstScan: row.first_scan,
    lastScan: row.last_scan,
  });
  return (group, limit) => find.all(group, limit ?? null).map(locationOf);
}
