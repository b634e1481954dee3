/** Finds whom or what is meant, and what to collect for it. */
import type { Consumer, Dossier } from '../dossier.js';
import type { Imports, Party } from '../imports.js';
import { controlsOf } from '../measure/controls.js';
import { codePointOrder, sortedSet } from '../order.js';
import {
  archivedWorkload,
  type Collector,
  collectHolder,
  collectPeople,
  collectPrincipal,
  collectRetired,
  collectWorkloads,
  type OffboardBooks,
  somebodyOf,
  workloadCalled,
} from './collect.js';
import { archivedPlaces, isNamed } from './ended.js';
import { namesOf, readersByPlace } from './grounds.js';
import { isLeftBehind, leftoversOf } from './leftovers.js';
import type { OffboardReport } from './offboard-case.js';
import { partiesOf } from './person-left.js';
import type { RetireSettings } from './retire.js';

export interface OffboardInput extends RetireSettings {
  readonly imports: Imports;
  readonly places: Iterable<{ readonly key: string; readonly name: string; readonly archived?: boolean }>;
  /** How exports that hide people call the person of an address. */
  readonly pseudonymOf: (email: string) => string;
}

const controls = {
  person: controlsOf(['OWNER_LEFT']),
  retired: controlsOf(['STILL_ACTIVE_AFTER_RETIRE']),
  vendor: controlsOf(['STILL_ACTIVE_AFTER_RETIRE', 'THIRD_PARTY_HOLDS'], true),
  agent: controlsOf(['STILL_ACTIVE_AFTER_RETIRE', 'AGENT_STANDING_SECRET']),
} as const;

/** `cursor` and `github` of `agent:cursor/github`, and the whole name. */
function isAgentCalled(name: string): (consumer: Consumer) => boolean {
  return (consumer) =>
    consumer.kind === 'agent' &&
    (isNamed(consumer, name) ||
      consumer.name
        .replace(/^agent:/, '')
        .split(/[/#@]/)
        .includes(name));
}

function isVendors({ id, handles, emails }: Party): (consumer: Consumer) => boolean {
  const names = new Set([id, ...handles, ...emails].map((name) => name.toLowerCase()));
  return ({ kind, owner, name }) =>
    (owner !== undefined && names.has(owner.toLowerCase())) ||
    (kind === 'third-party' && names.has(name.toLowerCase()));
}

/** Whom or what a command asks about. */
export interface Offboarding {
  /** @param text id, address or handle */
  person(text: string): Collector;
  /** @param key of the principal, or the id of its entry in the inventory */
  principal(key: string): Collector;
  workload(name: string): Collector;
  vendor(id: string): Collector;
  agent(name: string): Collector;
  /** Everything that was imported as left, ended or retired, and workloads of archived places. */
  all(): Collector;
}

export function offboardingOf(input: OffboardInput): Offboarding {
  const { imports, pseudonymOf } = input;
  const books: OffboardBooks = {
    now: input.now,
    soakMs: input.soakMs,
    readers: readersByPlace(imports),
    parties: partiesOf(imports),
    archived: archivedPlaces(input.places, imports),
    pseudonymOf,
  };
  const partyOf = (text: string, type: Party['type']): Party | undefined =>
    imports.parties.find(
      (party) => party.type === type && namesOf(party, pseudonymOf).includes(text.toLowerCase()),
    );
  const vendorOf = (party: Party): Collector =>
    collectHolder(
      {
        trigger: 'vendor-ended',
        subject: party.id,
        isStated: party.status === 'left',
        ...(party.leftOn === undefined ? {} : { since: party.leftOn }),
        isIts: isVendors(party),
      },
      {
        somebody: somebodyOf(party, books),
        entries: imports.identities.filter(({ vendor }) => vendor === party.id),
      },
      books,
      controls.vendor,
    );
  const agentOf = (name: string): Collector => {
    const isStated = imports.identities.some(
      ({ id, kind, status }) => id === name && kind === 'agent' && status === 'retired',
    );
    const holder = { trigger: 'agent-retired', subject: name, isStated, isIts: isAgentCalled(name) } as const;
    return collectHolder(holder, { entries: [] }, books, controls.agent);
  };
  const retiredAgents = sortedSet(
    imports.identities
      .filter(({ kind, status }) => kind === 'agent' && status === 'retired')
      .map(({ id }) => id),
  );
  const gone = imports.parties
    .filter(({ status }) => status === 'left')
    .sort((a, b) => codePointOrder(a.id, b.id));
  return {
    person: (text) => {
      const party = partyOf(text, 'person');
      if (party !== undefined) return collectPeople([somebodyOf(party, books)], books, controls.person);
      const isAddress = text.includes('@') && !text.startsWith('@');
      const names = namesOf(
        { id: text, emails: isAddress ? [text] : [], handles: isAddress ? [] : [text] },
        pseudonymOf,
      );
      return collectPeople([{ subject: text, names, party: undefined }], books, controls.person);
    },
    principal: (key) => {
      const entry = imports.identities.find(({ id }) => id === key);
      return collectPrincipal(key, entry, books, controls.retired);
    },
    workload: (name) => collectWorkloads(workloadCalled(name), books, controls.retired),
    vendor: (id) => {
      const party = partyOf(id, 'vendor');
      return party === undefined ? joined([]) : vendorOf(party);
    },
    agent: agentOf,
    all: () =>
      joined([
        collectPeople(
          gone.filter(({ type }) => type === 'person').map((party) => somebodyOf(party, books)),
          books,
          controls.person,
        ),
        ...gone.filter(({ type }) => type === 'vendor').map(vendorOf),
        collectRetired(books, controls.retired),
        ...retiredAgents.map(agentOf),
        ...(books.archived.size === 0
          ? []
          : [collectWorkloads(archivedWorkload(books.archived), books, controls.retired)]),
      ]),
  };
}

function joined(collectors: readonly Collector[]): Collector {
  return {
    add: (dossier) => {
      for (const collector of collectors) collector.add(dossier);
    },
    cases: () => collectors.flatMap((collector) => collector.cases()),
  };
}

/** Runs dossiers through a collector. @param withLeftovers add what stayed behind though nobody was offboarded */
export async function offboardReport(
  collector: Collector,
  batches: AsyncIterable<readonly Dossier[]> | Iterable<readonly Dossier[]>,
  withLeftovers = false,
): Promise<OffboardReport> {
  const left: Dossier[] = [];
  for await (const dossiers of batches) {
    for (const dossier of dossiers) {
      collector.add(dossier);
      if (withLeftovers && isLeftBehind(dossier)) left.push(dossier);
    }
  }
  return { cases: collector.cases(), leftovers: leftoversOf(left) };
}
