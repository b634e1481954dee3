/**
 * Owners, introducers, posters and custodians. They are different roles and never stand in for each
 * other; who owns a credential is unknown rather than guessed when its copies point at different people.
 */
import type { Exposure, Location } from '../../../model/exposure.js';
import { factAttributes, placeSubject, secretSubject } from '../../attributes.js';
import type { Estate } from '../../estate.js';
import type { Fact, FactEvidence } from '../../fact.js';
import { sortFacts } from '../../facts/choose.js';
import { codePointOrder } from '../../order.js';
import { isHumanCopy, presenceOf } from '../copies.js';
import { pathOf } from '../slots.js';
import { frequentAuthors } from './authors.js';
import { type ComponentBook, componentBook } from './components.js';
import { type Custodian, type CustodianBook, custodianBook } from './custodians.js';
import { bulkCommits, type Introducer, introducerOf } from './introducer.js';
import { type PartyBook, partyBook } from './people.js';
import { personalSubject } from './personal.js';
import { type Ground, type OwnerClaim, settle, sortedEvidence } from './settle.js';

/** One file that holds copies of a secret. */
interface HeldFile {
  readonly location: Location;
  readonly path: string;
  readonly custodian: Custodian | undefined;
}

interface Books {
  readonly estate: Estate;
  readonly parties: PartyBook;
  readonly custodians: CustodianBook;
  readonly components: (place: string) => ComponentBook | undefined;
  readonly bulk: ReadonlySet<string>;
  /** Files whose code makes the principals of a secret. */
  readonly issuing: Issuing;
}

/** Where code makes the principals of a secret. */
export type Issuing = (exposure: Exposure) => readonly FactEvidence[];

function openBooks(estate: Estate, issuing: Issuing): Books {
  const parties = partyBook(estate.imports.parties);
  const components = new Map<string, ComponentBook>();
  return {
    estate,
    parties,
    custodians: custodianBook(estate, parties),
    components: (place) => {
      const view = estate.files.get(place);
      if (view === undefined) return undefined;
      const book = components.get(place) ?? componentBook(view);
      components.set(place, book);
      return book;
    },
    bulk: bulkCommits(estate.exposures),
    issuing,
  };
}

function isCurrent(location: Location): boolean {
  const presence = presenceOf(location);
  return presence === 'head' || presence === 'present';
}

/** Files that say who owns the secret: those that hold it now; those that once did when none does. */
async function heldFiles({ locations }: Exposure, { custodians }: Books): Promise<HeldFile[]> {
  const inFiles = locations.filter((location) => !isHumanCopy(location) && pathOf(location) !== undefined);
  const current = inFiles.filter(isCurrent);
  const byPath = new Map<string, Location>();
  for (const location of current.length > 0 ? current : inFiles) {
    const key = `${location.place}\0${pathOf(location)}`;
    if (!byPath.has(key)) byPath.set(key, location);
  }
  const sorted = [...byPath].sort(([a], [b]) => codePointOrder(a, b));
  return Promise.all(
    sorted.map(async ([, location]) => ({
      location,
      path: pathOf(location) ?? '',
      custodian: await custodians.custodianOf(location),
    })),
  );
}

interface CustodianGrounds {
  /** All files are looked after by one party. */
  readonly agreed: Ground;
  /** Different parties, or some files of which nobody knows. */
  readonly open: Ground;
  readonly isUnowned: boolean;
}

function custodianGrounds(files: readonly HeldFile[]): CustodianGrounds {
  const claims = files.flatMap(({ custodian }): OwnerClaim[] =>
    custodian?.id === undefined
      ? []
      : [
          {
            owner: custodian.id,
            rule: custodian.rule,
            confidence: custodian.confidence,
            evidence: [custodian.evidence],
          },
        ],
  );
  const isUnowned = files.some(({ custodian }) => custodian !== undefined && custodian.id === undefined);
  const isOne = new Set(claims.map(({ owner }) => owner)).size === 1;
  if (isOne && claims.length === files.length) return { agreed: claims, open: [], isUnowned };
  // One custodian beside files of nobody is a hint; several are a question, whatever each file says.
  const confidence = isOne ? 'weak' : 'probable';
  return { agreed: [], open: claims.map((claim) => ({ ...claim, confidence })), isUnowned };
}

async function componentClaims(
  files: readonly HeldFile[],
  { components, parties }: Books,
): Promise<OwnerClaim[]> {
  const claims: OwnerClaim[] = [];
  for (const { location, path } of files) {
    for (const owner of (await components(location.place)?.ownersOf(path)) ?? []) {
      claims.push({
        owner: parties.find(owner.written).id,
        rule: 'O3',
        confidence: owner.confidence,
        evidence: [{ place: location.place, path: owner.path, line: owner.line, note: owner.field }],
      });
    }
  }
  return claims;
}

function personalGround(exposure: Exposure, { parties }: Books): Ground {
  const found = personalSubject(exposure, parties);
  if (found === undefined) return [];
  const [first] = [...exposure.locations].sort((a, b) => codePointOrder(a.place, b.place));
  const evidence = first === undefined ? [] : [{ place: first.place, note: `attribute ${found.attribute}` }];
  return [{ owner: found.owner, rule: 'O8', confidence: 'probable', evidence }];
}

/** Owners of the code that makes its principals: they answer for it wherever copies went. */
async function issuingGround(exposure: Exposure, { issuing, custodians }: Books): Promise<Ground> {
  const claims: OwnerClaim[] = [];
  for (const evidence of issuing(exposure)) {
    const owner = await custodians.ownerOfFile(evidence.place, evidence.path ?? '');
    if (owner?.id === undefined) continue;
    const note = `${evidence.note ?? ''} makes it; ${owner.evidence.note ?? ''}`;
    const { id, confidence } = owner;
    claims.push({ owner: id, rule: 'O4', confidence, evidence: [{ ...evidence, note }] });
  }
  return claims;
}

/** What is left when nobody says who owns it: the people who work on its files, or the one who brought it in. */
async function lastResort(
  files: readonly HeldFile[],
  introducer: Introducer | undefined,
  { estate, parties }: Books,
): Promise<Ground> {
  const paths = files.map(({ location, path }) => ({ place: location.place, path }));
  const authors = await frequentAuthors(paths, estate, parties);
  const most = authors[0]?.commits;
  if (most !== undefined) {
    // The second of two is named by the evidence; as an owner only when nothing puts one before the other.
    const others = authors.filter(({ commits }) => commits < most);
    const note = others.map(({ id, commits }) => `then ${id} with ${commits}`).join('');
    return authors
      .filter(({ commits }) => commits === most)
      .map(({ id, evidence }) => ({
        owner: id,
        rule: 'O6',
        confidence: 'weak' as const,
        evidence: evidence.map((entry) =>
          note === '' ? entry : { ...entry, note: `${entry.note ?? ''}, ${note}` },
        ),
      }));
  }
  if (introducer === undefined) return [];
  return [{ owner: introducer.id, rule: 'O5', confidence: 'weak', evidence: [introducer.evidence] }];
}

async function ownerFacts(
  exposure: Exposure,
  introducer: Introducer | undefined,
  books: Books,
): Promise<Fact[]> {
  const subject = secretSubject(exposure.fingerprint);
  const files = await heldFiles(exposure, books);
  const { agreed, open, isUnowned } = custodianGrounds(files);
  const components = await componentClaims(files, books);
  const catalogue = components.filter(({ confidence }) => confidence === 'strong');
  const manifests = components.filter(({ confidence }) => confidence === 'probable');
  const hints = components.filter(({ confidence }) => confidence === 'weak');
  const personal = personalGround(exposure, books);
  // Nobody's on purpose is an answer: people who happen to work there do not own it then.
  const issuers = await issuingGround(exposure, books);
  const named = [issuers, catalogue, agreed, personal, ...(isUnowned ? [open] : [manifests, open, hints])];
  const isNamed = named.some((ground) => ground.length > 0);
  const rest = isNamed || isUnowned ? [] : await lastResort(files, introducer, books);
  return [...settle(subject, [...named, rest]), ...unownedFact(exposure, files)];
}

function unownedFact({ fingerprint }: Exposure, files: readonly HeldFile[]): Fact[] {
  const evidence = files.flatMap(({ custodian }) =>
    custodian !== undefined && custodian.id === undefined ? [custodian.evidence] : [],
  );
  if (evidence.length === 0) return [];
  return [
    {
      subject: secretSubject(fingerprint),
      attribute: factAttributes.unowned,
      value: true,
      origin: 'derived',
      rule: 'O2',
      confidence: 'strong',
      evidence: sortedEvidence(evidence),
    },
  ];
}

function introducerFact({ fingerprint }: Exposure, { id, evidence }: Introducer): Fact {
  return {
    subject: secretSubject(fingerprint),
    attribute: factAttributes.introducer,
    value: id,
    origin: 'derived',
    rule: 'O5',
    confidence: 'weak',
    evidence: [evidence],
  };
}

/** People who wrote or filed the records that hold it. */
function posterFacts({ fingerprint, locations }: Exposure, { parties }: Books): Fact[] {
  const posted = new Map<string, FactEvidence[]>();
  for (const { place, appearance } of locations.filter(isHumanCopy)) {
    if (appearance.type !== 'record' || appearance.author === undefined) continue;
    const id = parties.person(appearance.author);
    if (id === undefined) continue;
    const note = `${appearance.recordType} ${appearance.recordId}`;
    posted.set(id, [...(posted.get(id) ?? []), { place, note }]);
  }
  return [...posted].map(([id, evidence]) => ({
    subject: secretSubject(fingerprint),
    attribute: factAttributes.poster,
    value: id,
    origin: 'derived' as const,
    rule: 'O7',
    confidence: 'strong' as const,
    evidence: sortedEvidence(evidence),
  }));
}

/** One fact for each file or place that holds a copy, current or not: what is in history must be cleaned as well. */
async function custodianFacts({ custodians }: Books, exposures: readonly Exposure[]): Promise<Fact[]> {
  const byKey = new Map<string, Location>();
  for (const { locations } of exposures) {
    for (const location of locations) {
      const key = `${location.place}\0${pathOf(location) ?? ''}`;
      if (!byKey.has(key)) byKey.set(key, location);
    }
  }
  const facts: Fact[] = [];
  for (const location of byKey.values()) {
    const custodian = await custodians.custodianOf(location);
    if (custodian?.id === undefined) continue;
    facts.push({
      subject: placeSubject(location.place, pathOf(location)),
      attribute: factAttributes.custodian,
      value: custodian.id,
      origin: 'derived',
      rule: custodian.rule,
      confidence: custodian.confidence,
      evidence: [custodian.evidence],
    });
  }
  return facts;
}

/**
 * Reader of facts about who owns secrets, who brought them in, who posted them, and who looks after the places of their
 * copies. Files that say so are read once, whatever the number of questions.
 */
export function ownersReader(
  estate: Estate,
  issuing: Issuing = () => [],
): (exposures: readonly Exposure[]) => Promise<readonly Fact[]> {
  const books = openBooks(estate, issuing);
  return async (exposures) => {
    const facts: Fact[] = await custodianFacts(books, exposures);
    for (const exposure of exposures) {
      const introducer = await introducerOf(exposure.locations, estate.files, books.bulk, books.parties);
      if (introducer !== undefined) facts.push(introducerFact(exposure, introducer));
      facts.push(...posterFacts(exposure, books), ...(await ownerFacts(exposure, introducer, books)));
    }
    return facts;
  };
}

/** Those of all secrets, sorted. */
export async function ownersOf(estate: Estate): Promise<readonly Fact[]> {
  return sortFacts([...(await ownersReader(estate)(estate.exposures))]);
}
