/**
 * What imports state of each secret, as facts: the entry of the inventory it belongs to, defaults of its kind, the vault
 * map, results of liveness checks, attestations. All of it has the origin `inventory`; `explain` shows it with its file.
 */
import type { Exposure } from '../../model/exposure.js';
import { type FactAttribute, factAttributes, secretSubject } from '../attributes.js';
import type { Estate } from '../estate.js';
import type { Fact, FactEvidence, FactValue } from '../fact.js';
import type { Attestation, InventoryEntry, Liveness, Party } from '../imports.js';
import { codePointOrder } from '../order.js';
import { type EntryStaleness, type StalenessOf, stalenessReader, statedAt } from './declared-staleness.js';
import { fingerprintIndex } from './fingerprint-index.js';
import { defaultsOf, type EntriesOfSecret, entryOf, inventoryMatcher } from './inventory-match.js';
import { type PartyBook, partyBook } from './owners/people.js';
import { principalsOf } from './principal.js';
import { timeOf } from './sighting-dates.js';
import { vaultMatcher } from './vault-match.js';

const dayMs = 86_400_000;
/** How long a check that it works says so; one that it does not holds until another says otherwise. */
const liveMs = 7 * dayMs;

type Draft = Pick<Fact, 'attribute' | 'value' | 'rule'> & { readonly why?: string | undefined };

const rule = 'inventory';

function draft(attribute: FactAttribute, value: FactValue | undefined, why?: string): Draft[] {
  return value === undefined ? [] : [{ attribute, value, rule, why }];
}

/** What an entry says that can hold for every secret of a kind: how such secrets are, not whose or for what. */
function natureOf(entry: InventoryEntry, why: string | undefined): Draft[] {
  const { rotation } = entry;
  return [
    ...draft(factAttributes.class, entry.class, why),
    ...draft(factAttributes.privilege, entry.privilege, why),
    ...draft(factAttributes.privilegeNeeded, entry.privilegeNeeded, why),
    ...draft(factAttributes.overlap, rotation?.overlap, why),
    ...draft(factAttributes.mechanism, rotation?.mechanism, why),
    ...draft(factAttributes.maxAge, rotation?.maxAgeMs, why),
    ...draft(factAttributes.workloadIdentity, entry.workloadIdentityAvailable, why),
    ...draft(factAttributes.belongsTo, entry.belongsTo, why),
    ...draft(factAttributes.principalKind, entry.kind, why),
    ...draft(factAttributes.vendor, entry.vendor, why),
  ];
}

/** What an entry says of the one identity that it is about. */
function identityDrafts(
  entry: InventoryEntry,
  { all, use, answers }: EntryStaleness,
  book: PartyBook,
): Draft[] {
  const told = all ?? answers;
  const inUse = told ?? use;
  const environments = entry.environment.map(
    (value): Draft => ({ attribute: factAttributes.environment, value, rule: 'E1', why: inUse }),
  );
  const owners = [
    [factAttributes.owner, entry.owner],
    [factAttributes.backupOwner, entry.backupOwner],
  ] as const;
  return [
    ...draft(factAttributes.inventoryEntry, entry.id),
    ...owners.flatMap(([attribute, id]): Draft[] =>
      id === undefined ? [] : [{ attribute, value: book.find(id).id, rule: 'O1', why: all }],
    ),
    ...environments,
    ...natureOf(entry, told),
    ...draft(factAttributes.principalStatus, entry.status, told),
    ...draft(factAttributes.purpose, entry.purpose, told),
    ...draft(factAttributes.systemOfRecord, entry.systemOfRecord, told),
    ...draft(factAttributes.consumersComplete, entry.consumersComplete ? 'yes' : undefined, inUse),
    ...entry.vault.flatMap((path) => draft(factAttributes.vault, path, told)),
    ...(entry.rotation?.through ?? []).flatMap((name) => draft(factAttributes.through, name, told)),
  ];
}

function factOf(
  { fingerprint }: Exposure,
  { why, ...rest }: Draft,
  place: string,
  note: string,
  more: Pick<Fact, 'assertedAt' | 'isDefault'> = {},
): Fact {
  const evidence: FactEvidence = { place, note: why === undefined ? note : `${note}; stale: ${why}` };
  return {
    subject: secretSubject(fingerprint),
    ...rest,
    origin: 'inventory',
    confidence: 'asserted',
    evidence: [evidence],
    ...more,
    ...(why === undefined ? {} : { stale: true }),
  };
}

interface Books {
  readonly estate: Estate;
  readonly parties: PartyBook;
  readonly partyOf: ReadonlyMap<string, Party>;
  readonly stalenessOf: StalenessOf;
}

function leftAt(entry: InventoryEntry, { parties, partyOf }: Books): number | 'unknown' | undefined {
  const party = entry.owner === undefined ? undefined : partyOf.get(parties.find(entry.owner).id);
  return party?.status === 'left' ? (timeOf(party.leftOn) ?? 'unknown') : undefined;
}

/** Status of the owner, where a list of people knows it: absence is never concluded from silence. */
function ownerStatus(exposure: Exposure, entry: InventoryEntry, { parties, partyOf }: Books): Fact[] {
  const party = entry.owner === undefined ? undefined : partyOf.get(parties.find(entry.owner).id);
  if (party === undefined || party.status === 'unknown') return [];
  const since = party.leftOn === undefined ? '' : ` on ${party.leftOn}`;
  const note = `party ${party.id}: ${party.status}${since}`;
  return [
    factOf(
      exposure,
      { attribute: factAttributes.ownerStatus, value: party.status, rule },
      entry.origin.file,
      note,
    ),
  ];
}

function entryFacts(exposure: Exposure, found: EntriesOfSecret, books: Books): Fact[] {
  const facts: Fact[] = [];
  const entry = entryOf(found);
  if (entry !== undefined) {
    const staleness = books.stalenessOf(entry, exposure, leftAt(entry, books));
    const note = `entry ${entry.id} by ${found.match?.by}`;
    for (const one of identityDrafts(entry, staleness, books.parties))
      facts.push(factOf(exposure, one, entry.origin.file, note, statedAt(entry)));
    facts.push(...ownerStatus(exposure, entry, books));
  } else if (found.match !== undefined) {
    facts.push(ambiguity(exposure, found.match.entries, found.match.by));
  }
  const general = defaultsOf(found);
  if (general !== undefined) {
    const { all } = books.stalenessOf(general, exposure, undefined);
    for (const one of natureOf(general, all)) {
      const note = `entry ${general.id} by kind`;
      facts.push(factOf(exposure, one, general.origin.file, note, { ...statedAt(general), isDefault: true }));
    }
  }
  return facts;
}

function ambiguity(exposure: Exposure, entries: readonly InventoryEntry[], by: string): Fact {
  const files = [...new Set(entries.map(({ origin }) => origin.file))].sort(codePointOrder);
  const value = entries.map(({ id }) => id);
  const attribute = factAttributes.inventoryAmbiguous;
  return factOf(
    exposure,
    { attribute, value, rule: 'IMPORT_AMBIGUOUS' },
    files.join(', '),
    `entries of equal rank by ${by}: none applies`,
  );
}

/** One fact a check; the latest that says something counts, and the oldest word of `dead` is kept with it. */
function livenessFacts(exposure: Exposure, rows: readonly Liveness[], now: number): Fact[] {
  return rows.flatMap(({ checkedAt, result, method, by }): Fact[] => {
    const time = timeOf(checkedAt);
    if (result === 'unknown' || time === undefined || time > now) return [];
    const isOld = result === 'live' && now - time > liveMs;
    const why = isOld ? 'checked more than 7 d ago' : undefined;
    const attribute = factAttributes.liveness;
    return [
      factOf(
        exposure,
        { attribute, value: result, rule: 'liveness', why },
        'liveness',
        `${method} by ${by}`,
        {
          assertedAt: checkedAt,
        },
      ),
    ];
  });
}

/** Until when an attestation holds, in milliseconds; a date is good until the day is over. */
function endOf({ at, until }: Attestation, staleInventoryMs: number): number | undefined {
  if (until === undefined) {
    const since = timeOf(at);
    return since === undefined ? undefined : since + staleInventoryMs;
  }
  const time = timeOf(until);
  return time === undefined || until.length > 10 ? time : time + dayMs;
}

function attestationFacts(exposure: Exposure, rows: readonly Attestation[], estate: Estate): Fact[] {
  const now = timeOf(estate.now) ?? 0;
  return rows.flatMap((row): Fact[] => {
    const [since, end] = [timeOf(row.at), endOf(row, estate.settings.staleInventoryMs)];
    if (since === undefined || end === undefined || since > now) return [];
    const why = now >= end ? 'the attestation has ended' : undefined;
    const note = `attested by ${row.by} for ${row.principal}${row.until === undefined ? '' : ` until ${row.until}`}`;
    const attribute = factAttributes.consumersComplete;
    return [
      factOf(exposure, { attribute, value: 'yes', rule: 'attestation', why }, 'attestation', note, {
        assertedAt: row.at,
      }),
    ];
  });
}

function attestationsBy(attestations: readonly Attestation[]): ReadonlyMap<string, readonly Attestation[]> {
  const byPrincipal = new Map<string, Attestation[]>();
  for (const attestation of attestations) {
    const known = byPrincipal.get(attestation.principal);
    if (known === undefined) byPrincipal.set(attestation.principal, [attestation]);
    else known.push(attestation);
  }
  return byPrincipal;
}

/** The match of each secret, for what else reads entries: consumers, resources. */
export type MatchOf = (exposure: Exposure) => EntriesOfSecret;

/** Reader of what all imports say of secrets. */
export function declaredFactsReader(
  estate: Estate,
  matchOf: MatchOf = inventoryMatcher(estate),
): (exposures: readonly Exposure[]) => Fact[] {
  const { imports } = estate;
  const now = timeOf(estate.now) ?? 0;
  const books: Books = {
    estate,
    parties: partyBook(imports.parties),
    partyOf: new Map(imports.parties.map((party) => [party.id, party])),
    stalenessOf: stalenessReader(estate),
  };
  const rowsOf = vaultMatcher(estate);
  const checksOf = fingerprintIndex(imports.liveness, ({ fingerprint }) => fingerprint);
  const attested = attestationsBy(imports.attestations);
  const factsOf = (exposure: Exposure): Fact[] => {
    const found = matchOf(exposure);
    const names = [...principalsOf(exposure).map(({ key }) => key), entryOf(found)?.id];
    const attestations = [...new Set(names)].flatMap((name) => attested.get(name ?? '') ?? []);
    return [
      ...entryFacts(exposure, found, books),
      ...rowsOf(exposure).map(({ path, version }) =>
        factOf(
          exposure,
          { attribute: factAttributes.vault, value: path, rule: 'N2' },
          'vault map',
          version === undefined ? 'holds it' : `holds it as version ${version}`,
        ),
      ),
      ...livenessFacts(exposure, checksOf(exposure), now),
      ...attestationFacts(exposure, attestations, estate),
    ];
  };
  return (exposures) => exposures.flatMap(factsOf);
}
