/**
 * What exports say of a record. An export is a snapshot: an old one goes on showing what was deleted since, and one that
 * was cut lacks what is still there. So a record is gone only when an export that is newer than the purge (and than every
 * export that shows it) holds records written before and after it in the same place, and not it.
 */
import type { RecordAppearance } from '../../model/appearance.js';
import { type HeldCopy, type RootEvidence, rootKey } from './evidence.js';
import { isAfter } from './judge-root.js';
import type { CopyReason, CopyState, RootStanding } from './verdict.js';

export interface RecordJudgement {
  readonly state: CopyState;
  readonly reason: CopyReason;
  readonly roots: readonly RootStanding[];
}

/**
 * @param copies one record as the exports show it that have or had it
 * @param exports all exports of its place
 */
export function judgeRecord(
  copies: readonly HeldCopy[],
  exports: readonly RootEvidence[],
  purgedAt?: string,
): RecordJudgement {
  const byRoot = new Map(exports.map((root) => [rootKey(root.place, root.locator), root]));
  const shows = copies.flatMap(({ isThere, location, locator }) => {
    const root = isThere ? byRoot.get(rootKey(location.place, locator)) : undefined;
    return root === undefined ? [] : [root];
  });
  const lacking = exports.filter((root) => !shows.includes(root));
  const refusals = lacking.map((root) => refusalOf(root, copies, shows, purgedAt));
  const witness = lacking[refusals.indexOf(undefined)];
  const standings = [
    ...shows.map((root) => showing(root, witness, purgedAt)),
    ...lacking.map((root, i) => lackingStanding(root, refusals[i])),
  ].sort((a, b) => (a.locator < b.locator ? -1 : 1));
  if (witness !== undefined) return { state: 'gone', reason: 'newer-export-lacks-it', roots: standings };
  if (standings.some(({ state }) => state === 'present'))
    return { state: 'present', reason: 'found', roots: standings };
  return { state: 'unproven', reason: mostHelpful(standings), roots: standings };
}

/** An export that shows it proves that it is there, unless it was made before the purge. */
function showing(
  { locator, asOf }: RootEvidence,
  witness: RootEvidence | undefined,
  purgedAt: string | undefined,
): RootStanding {
  const time = asOf === undefined ? {} : { asOf };
  if (witness !== undefined) return { locator, state: 'gone', reason: 'newer-export-lacks-it', ...time };
  if (purgedAt === undefined || isAfter(asOf, purgedAt))
    return { locator, state: 'present', reason: 'found', ...time };
  return {
    locator,
    state: 'unproven',
    reason: asOf === undefined ? 'export-undated' : 'export-older',
    ...time,
  };
}

function lackingStanding({ locator, asOf }: RootEvidence, refusal: CopyReason | undefined): RootStanding {
  const time = asOf === undefined ? {} : { asOf };
  return refusal === undefined
    ? { locator, state: 'gone', reason: 'newer-export-lacks-it', ...time }
    : { locator, state: 'unproven', reason: refusal, ...time };
}

/** Why an export without the record does not prove that it is gone; undefined: it does. */
function refusalOf(
  root: RootEvidence,
  copies: readonly HeldCopy[],
  shows: readonly RootEvidence[],
  purgedAt: string | undefined,
): CopyReason | undefined {
  if (root.readAt === undefined) return 'not-read';
  if (root.asOf === undefined) return 'export-undated';
  if (purgedAt !== undefined && !isAfter(root.asOf, purgedAt)) return 'export-older';
  // Without a purge the sighting counts: newer than each export that shows it.
  if (!shows.every(({ asOf }) => isAfter(root.asOf, asOf))) return 'export-older';
  if (root.isUnsettled || Object.keys(root.gaps).length > 0) return 'read-incompletely';
  const record = copies[0]?.location.appearance as RecordAppearance | undefined;
  if (record?.created === undefined) return 'copy-undated';
  const { records } = root;
  const isAround = isAfter(record.created, records?.first) && isAfter(records?.last, record.created);
  if (!isAround) return 'export-not-around';
  // A table of messages has no edit history, and says nothing about it.
  const reader = record.facts?.reader;
  return reader !== undefined && root.readers.length > 0 && !root.readers.includes(reader)
    ? 'left-out'
    : undefined;
}

/** Nearest to a proof last: what is missing of the export that comes closest. */
const nearness: readonly CopyReason[] = [
  'not-read',
  'export-undated',
  'export-older',
  'read-incompletely',
  'left-out',
  'export-not-around',
  'copy-undated',
];

function mostHelpful(standings: readonly RootStanding[]): CopyReason {
  const ranks = standings.map(({ reason }) => nearness.indexOf(reason));
  return nearness[Math.max(0, ...ranks)] ?? 'not-read';
}
