/** Reads the locations of one secret, by index walks only. */
import type { Database } from 'better-sqlite3';
import { type Appearance, locationKinds, type RecordFacts } from '../model/appearance.js';
import type { Location } from '../model/exposure.js';
import { confidences, type Spelling, spellings, type View, views } from '../model/finding.js';
import { parseContentId, parseFingerprint, parseKindId, parsePlaceKey, parseRuleId } from '../model/ids.js';
import { type Audience, audiences, type System } from '../model/place.js';
import { appearanceTypes, wordOf } from './codes.js';
import type { FormRow } from './form-rows.js';
import type { AppearanceRow, Copy } from './group-copies.js';
import { memo } from './memo.js';
import type { RowTexts } from './row-texts.js';
import { smallest } from './smallest.js';
import { compareTexts } from './standings.js';

/** The word itself when it is in the list: rows of a newer minor version may hold others. */
function oneOf<Word extends string>(words: readonly Word[], text: string, fallback: Word): Word {
  return words.find((word) => word === text) ?? fallback;
}

const revisions = ['current', 'previous', 'deleted', 'draft', 'quoted-copy', 'preview', 'unknown'] as const;

function recordOf(row: AppearanceRow, texts: RowTexts): Appearance {
  const [recordType = '', recordId = '', field = '', revision = 'unknown', revisionId] = texts.list(row.item);
  return {
    type: 'record',
    locationKind: wordOf(locationKinds, row.kind),
    recordType,
    recordId,
    field,
    revision: oneOf(revisions, revision, 'unknown'),
    ...(revisionId === undefined ? {} : { revisionId }),
    ...(row.author === 0 ? {} : { author: texts.person(row.author) }),
    ...(row.created === null ? {} : { created: row.created }),
    ...(row.permalink === 0 ? {} : { permalink: texts.term(row.permalink) }),
    ...(row.title === 0 ? {} : { title: texts.term(row.title) }),
    ...(row.details === 0 ? {} : { facts: JSON.parse(texts.term(row.details)) as RecordFacts }),
  };
}

function appearanceOf(row: AppearanceRow, texts: RowTexts): Appearance {
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

/** What a location says of its form; one object for all copies that share it. */
type FormFacts = Pick<Location, 'kind' | 'rule' | 'confidence' | 'reasons' | 'spelling' | 'view' | 'exact'>;

function formFactsOf(form: FormRow): FormFacts {
  return {
    kind: parseKindId(form.kind),
    rule: parseRuleId(form.rule),
    confidence: wordOf(confidences, form.confidence),
    reasons: JSON.parse(form.reasons) as string[],
    spelling: form.spelling.split('+').map((layer) => oneOf<Spelling>(spellings, layer, 'plain')),
    view: oneOf<View>(views, form.view, 'raw'),
    exact: form.exact === 1,
  };
}

type PlaceFacts = Pick<Location, 'place' | 'placeName' | 'system' | 'audience'>;

/** Makes a reader of what a location says of its place. */
function placeReader(db: Database): (id: number) => PlaceFacts {
  const find = db.prepare<[number], { key: string; name: string; system: string; audience: string }>(
    'SELECT key, name, system, audience FROM place WHERE id = ?',
  );
  return (id) => {
    const row = find.get(id);
    if (row === undefined) throw new RangeError('no such place');
    return {
      place: parsePlaceKey(row.key),
      placeName: row.name,
      system: row.system as System,
      audience: oneOf<Audience>(audiences, row.audience, 'unknown'),
    };
  };
}

export interface LocationReader {
  /** The locations of these copies, in the documented order; at most `limit`, of which only they are built. */
  locations(copies: readonly Copy[], limit?: number): Location[];
  forget(): void;
}

/** Makes a reader of locations. */
export function locationReader(db: Database, texts: RowTexts): LocationReader {
  const placeOf = memo(placeReader(db));
  const formOf = memo(formFactsOf);
  const appearances = memo((row: AppearanceRow) => appearanceOf(row, texts));
  const contents = db.prepare<[number], string>('SELECT lower(hex(cid)) FROM content WHERE id = ?').pluck();
  const contentOf = memo((id: number) => parseContentId(contents.get(id) ?? ''));
  const itemsText = memo((id: number) => JSON.stringify(texts.list(id)));
  /** What stands open and live first, then by place ... */
  const compareStands = (a: Copy, b: Copy): number => {
    const [x, y] = [a.standing.row, b.standing.row];
    return (
      a.status.code - b.status.code ||
      x.kind - y.kind ||
      (x.place === y.place ? 0 : compareTexts(placeOf(x.place).place, placeOf(y.place).place))
    );
  };
  /** ... and by name. */
  const compareNames = (a: Copy, b: Copy): number => {
    const [x, y] = [a.standing.row, b.standing.row];
    const [s, t] = [a.sighting, b.sighting];
    return (
      (x.path === y.path ? 0 : compareTexts(texts.term(x.path), texts.term(y.path))) ||
      (x.item === y.item ? 0 : compareTexts(itemsText(x.item), itemsText(y.item))) ||
      (s.chain === t.chain ? 0 : compareTexts(itemsText(s.chain), itemsText(t.chain))) ||
      s.start - t.start ||
      s.end - t.end ||
      compareTexts(s.own.fingerprint, t.own.fingerprint) ||
      (s.content === t.content ? 0 : compareTexts(contentOf(s.content), contentOf(t.content)))
    );
  };
  /** Reads the names of no more copies than it takes to find the first `limit`. */
  const firstOf = (copies: readonly Copy[], limit: number): Copy[] => {
    const sorted = [...copies].sort(compareStands);
    const first: Copy[] = [];
    for (let start = 0; start < sorted.length && first.length < limit; ) {
      let end = start + 1;
      while (end < sorted.length && compareStands(sorted[start] as Copy, sorted[end] as Copy) === 0) end++;
      for (const copy of smallest(sorted.slice(start, end), limit - first.length, compareNames))
        first.push(copy);
      start = end;
    }
    return first;
  };
  const locationOf = ({ sighting, form, standing, status, firstScan }: Copy): Location => {
    const { kind, rule, confidence, reasons, spelling, view, exact } = formOf(form);
    const { place, placeName, system, audience } = placeOf(standing.row.place);
    const { start, end, line, column, endLine, endColumn, rawRanges } = sighting;
    return {
      fingerprint: parseFingerprint(sighting.own.fingerprint),
      kind,
      rule,
      confidence,
      reasons,
      status: status.detail,
      place,
      placeName,
      system,
      audience,
      appearance: appearances(standing.row),
      content: contentOf(sighting.content),
      chain: texts.list(sighting.chain),
      spelling,
      view,
      span: { start, end },
      ...(rawRanges === null ? {} : { rawRanges: rangesOf(rawRanges) }),
      exact,
      position: { line, column, endLine, endColumn },
      ...(sighting.slot === 0 ? {} : { slot: texts.term(sighting.slot) }),
      ...(sighting.account === 0 ? {} : { account: texts.term(sighting.account) }),
      firstSeen: texts.started(firstScan),
      lastSeen: texts.started(standing.lastScan),
      firstScan,
      lastScan: standing.lastScan,
    };
  };
  return {
    locations: (copies, limit = copies.length) => firstOf(copies, limit).map(locationOf),
    forget: () => {
      for (const memory of [placeOf, formOf, appearances, contentOf, itemsText]) memory.forget();
    },
  };
}

function rangesOf(json: string): Location['rawRanges'] & {} {
  return (JSON.parse(json) as [number, number][]).map(([start, end]) => ({ start, end }));
}
