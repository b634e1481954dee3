/**
 * Takes a report of another tool over: each value becomes a secret as a scan of its place would have made it, at the spot
 * that the report names. Values live in this process until their fingerprints are made; nothing of them is stored.
 */
import { createAnalyzer } from '../../detect/create-analyzer.js';
import { findingsOfReported } from '../../detect/reported-value.js';
import { anchorTableOf } from '../../identity/sweep.js';
import type { Finding, KnownAnchor } from '../../model/finding.js';
import { type ContentId, type PlaceKey, parsePlaceKey } from '../../model/ids.js';
import type { PeopleMode } from '../../model/people-mode.js';
import { ProblemError } from '../../model/problem.js';
import { emptyReceipt } from '../../model/receipt.js';
import { loadRuleSet } from '../../rules/load-bundle.js';
import type { ReportRow } from '../../sources/reports/contract.js';
import type { ContentResult, RootRef, ScanWriter, Store } from '../../store/store.js';
import { analysisIdOf } from '../analysis-id.js';
import type { LocateDeps } from '../locate.js';
import { type MetadataHit, metadataContent, redactAppearance } from '../metadata.js';
import { People } from '../records/people.js';
import { redactedFinding } from '../redact-facts.js';
import { redactStored } from '../redact-stored.js';
import { Redactor } from '../redactor.js';
import { type HiddenRow, tieHiddenRows } from './known-rows.js';
import { appearanceOfRow, contentOfRow, placedFinding } from './report-content.js';
import { ReportPlaces, type ResolvedSpot } from './report-place.js';

export interface TakeReportOptions {
  /** Name under which its copies are kept. */
  readonly name: string;
  /** Locator of the report's root in each of its places. */
  readonly locator: string;
  readonly cwd: string;
  /** What the report is about, where it does not say so itself. */
  readonly of?: string;
  /** Beginning of its paths that is not part of the place. */
  readonly strip?: string;
  readonly people?: PeopleMode;
}

/** What became of the rows. `read` is the sum of all others but `copies` and `secrets`. */
export interface ReportSummary {
  readonly read: number;
  /** Copies that the database knew. */
  readonly linked: number;
  /** Rows that gave a copy which the database did not know. */
  readonly added: number;
  /** Copies of these rows: one row may hold several secrets, several rows one copy. */
  readonly copies: number;
  /** Secrets that the database did not know. */
  readonly secrets: number;
  /** Rows that could not be tied to a secret, by reason. */
  readonly unlinkable: Readonly<Partial<Record<Unlinkable, number>>>;
}

/** `nothing-found`: a text that holds no secret that we know of; `placeless`: nothing says where it is. */
export type Unlinkable = 'hashed' | 'redacted' | 'absent' | 'nothing-found' | 'placeless';

interface TakenRow {
  readonly row: ReportRow;
  readonly resolved: ResolvedSpot;
  readonly findings: readonly Finding[];
}

export async function takeReport(
  rows: readonly ReportRow[],
  options: TakeReportOptions,
  deps: LocateDeps,
): Promise<ReportSummary> {
  const { store, keys } = deps;
  const unlinkable: Partial<Record<Unlinkable, number>> = {};
  const leave = (reason: Unlinkable): void => {
    unlinkable[reason] = (unlinkable[reason] ?? 0) + 1;
  };
  const known = await store.anchors();
  const rules = await loadRuleSet();
  // Without what is known: a row must mean the same secret whatever was read before it.
  const analyzer = createAnalyzer({ rules, keys, known: anchorTableOf([]) });
  const places = new ReportPlaces({
    cwd: options.cwd,
    known: await store.places(),
    ...(options.of === undefined ? {} : { of: options.of }),
    ...(options.strip === undefined ? {} : { strip: options.strip }),
  });
  const taken: TakenRow[] = [];
  const hidden: HiddenRow[] = [];
  for (const row of rows) {
    const resolved = await places.resolve(row.spot);
    if (resolved === undefined) leave('placeless');
    else if (row.hidden !== undefined) hidden.push({ row, resolved });
    else {
      const findings = findingsOfReported(row, analyzer, keys);
      if (findings.length === 0) leave('nothing-found');
      else taken.push({ row, resolved, findings });
    }
  }
  if (rows.length > 0 && unlinkable.placeless === rows.length) throw placeless(options);
  const tied = await tieHiddenRows(hidden, deps);
  for (const { row, resolved } of hidden) {
    const finding = tied.get(row);
    if (finding === undefined) leave(row.hidden ?? 'absent');
    else taken.push({ row, resolved, findings: [finding] });
  }
  const secrets = await countNew(taken, store);
  const redactor = new Redactor(
    createAnalyzer({ rules, keys, known: anchorTableOf([...known, ...anchorsOf(taken)]) }),
  );
  const analysisId = analysisIdOf(rules);
  const writer = await store.beginScan({
    targets: [redactor.redact(options.locator)],
    whole: false,
    analysisId,
  });
  const { contents, before } = await write(taken, options, { ...deps, writer, redactor, analysisId });
  const placeKeys = [...new Set(taken.map(({ resolved }) => resolved.place.key))];
  const settled = await writer.settleReported(placeKeys);
  await redactStored(writer, keys);
  await writer.finish({ ...emptyReceipt, documents: rows.length });
  const old = new Set([...before, ...settled]);
  const added = contents.filter((ids) => ids.some((id) => !old.has(id)));
  return {
    read: rows.length,
    linked: taken.length - added.length,
    added: added.length,
    copies: new Set(added.flat().filter((id) => !old.has(id))).size,
    secrets,
    unlinkable,
  };
}

function placeless({ name, of }: TakeReportOptions): ProblemError {
  if (of !== undefined) {
    return new ProblemError({
      code: 'usage',
      message: `No path of the report ${name} lies in what --of names.`,
      hint: 'Give the beginning of its paths, up to the root of the repository or folder, with --strip.',
    });
  }
  return new ProblemError({
    code: 'usage',
    message: `The report ${name} does not say of which repository or folder it is.`,
    hint: 'Name the repository, folder or URL that was scanned with --of.',
  });
}

/** Secrets that no form of was known. */
async function countNew(taken: readonly TakenRow[], store: Store): Promise<number> {
  const fresh = new Set<string>();
  const asked = new Set<string>();
  for (const { fingerprint, aliases } of taken.flatMap(({ findings }) => findings)) {
    if (asked.has(fingerprint)) continue;
    asked.add(fingerprint);
    const forms = [fingerprint, ...aliases.map((alias) => alias.fingerprint)];
    if ((await store.findByFingerprints(forms)).length === 0) fresh.add(fingerprint);
  }
  return fresh.size;
}

function anchorsOf(taken: readonly TakenRow[]): KnownAnchor[] {
  return taken
    .flatMap(({ findings }) => findings)
    .flatMap(({ anchor, fingerprint, kind, confidence, strengthBits }) =>
      anchor === undefined ? [] : [{ ...anchor, fingerprint, kind, confidence, strengthBits }],
    );
}

interface WriteDeps extends LocateDeps {
  readonly writer: ScanWriter;
  readonly redactor: Redactor;
  readonly analysisId: string;
}

/** Writes all rows; gives the contents of each, and those that were there before. */
async function write(
  taken: readonly TakenRow[],
  { locator, people = 'pseudonym' }: TakeReportOptions,
  { store, keys, writer, redactor, analysisId }: WriteDeps,
): Promise<{ readonly contents: readonly ContentId[][]; readonly before: readonly ContentId[] }> {
  const authors = new People(keys.pseudonym, people);
  const redact = (text: string): string => redactor.redact(text);
  const known = new Set<PlaceKey>((await store.places()).map(({ key }) => key));
  const batches = new Map<PlaceKey, ContentResult[]>();
  const ids: ContentId[][] = [];
  const rootOf = (place: PlaceKey): RootRef => ({ place, locator: redact(locator) });
  for (const { row, resolved, findings } of taken) {
    const { place } = resolved;
    const key = known.has(place.key) ? place.key : parsePlaceKey(redact(place.key));
    if (!known.has(key)) {
      known.add(key);
      await writer.upsertPlace({ ...place, key, name: redact(place.name) });
    }
    const checked = redactAppearance(appearanceOfRow(row.spot, resolved, authors), redactor);
    const own = findings.map((finding) =>
      contentOfRow(
        keys,
        redactedFinding(placedFinding(finding, row), redact),
        row.spot,
        resolved,
        checked.appearance,
      ),
    );
    const names = checked.hits.map((hit: MetadataHit) =>
      metadataContent(keys, key, hit, place.system === 'git'),
    );
    ids.push(own.map(({ id }) => id));
    const batch = batches.get(key) ?? [];
    batches.set(key, batch);
    batch.push(...own, ...names);
  }
  const distinct = [...new Set(ids.flat())];
  const states = await writer.knownContents(Buffer.from(distinct.join(''), 'hex'), analysisId);
  const before = distinct.filter((_, i) => states[i] !== 0);
  for (const [place, contents] of batches) await writer.writeBatch(rootOf(place), { contents, chunks: [] });
  return { contents: ids, before };
}
