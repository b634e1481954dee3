/** Finds whom or what is meant, and makes the cases of offboarding over one set of dossiers. */
import type { Consumer, Dossier } from '../dossier.js';
import type { Imports, InventoryEntry, Party } from '../imports.js';
import { controlsOf } from '../measure/controls.js';
import { codePointOrder, sortedSet } from '../order.js';
import {
  type Archived,
  archivedPlaces,
  holderEnded,
  isArchived,
  isNamed,
  principalRetired,
  workloadRetired,
} from './ended.js';
import { leftoversOf } from './leftovers.js';
import type { OffboardCase, OffboardReport } from './offboard-case.js';
import { type Parties, partiesOf, personLeft } from './person-left.js';
import type { RetireSettings } from './retire.js';
import { type Concern, namesOf, RoleIndex } from './role-index.js';

export interface OffboardInput extends RetireSettings {
  /** Of every secret that is known. */
  readonly dossiers: readonly Dossier[];
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

/** Every method gives undefined when nothing by that name is imported or known. */
export class Offboarding {
  readonly #input: OffboardInput;
  readonly #roles: RoleIndex;
  readonly #parties: Parties;
  readonly #archived: Archived;

  constructor(input: OffboardInput) {
    this.#input = input;
    this.#roles = new RoleIndex(input.dossiers, input.imports);
    this.#parties = partiesOf(input.imports);
    this.#archived = archivedPlaces(input.places, input.imports);
  }

  #partyOf(text: string, types: readonly Party['type'][]): Party | undefined {
    const wanted = text.toLowerCase();
    return this.#input.imports.parties.find(
      (party) =>
        types.includes(party.type) &&
        (namesOf(party, this.#input.pseudonymOf).includes(wanted) || party.id.toLowerCase() === wanted),
    );
  }

  /** @param text id, address or handle */
  person(text: string): OffboardCase | undefined {
    const { pseudonymOf } = this.#input;
    const party = this.#partyOf(text, ['person']);
    if (party !== undefined) return this.#person(party);
    const isAddress = text.includes('@') && !text.startsWith('@');
    const names = namesOf(
      { id: text, emails: isAddress ? [text] : [], handles: isAddress ? [] : [text] },
      pseudonymOf,
    );
    if (!this.#roles.knows(names)) return undefined;
    const concerns = this.#roles.concerns(names);
    return personLeft({ subject: text, party: undefined }, concerns, this.#parties, controls.person);
  }

  #person(party: Party): OffboardCase {
    const concerns = this.#roles.concerns(namesOf(party, this.#input.pseudonymOf), party.canRead);
    return personLeft({ subject: party.id, party }, concerns, this.#parties, controls.person);
  }

  /** @param key of the principal, or the id of its entry in the inventory */
  principal(key: string): OffboardCase | undefined {
    const entry = this.#input.imports.identities.find(({ id }) => id === key);
    const own = this.#input.dossiers.filter(
      (dossier) =>
        dossier.principal.key === key ||
        dossier.otherPrincipals?.includes(key) === true ||
        (entry !== undefined && isOfEntry(dossier, entry)),
    );
    if (own.length === 0) return undefined;
    return principalRetired(key, inOrder(own), this.#input, controls.retired);
  }

  workload(name: string): OffboardCase | undefined {
    const own = this.#input.dossiers.filter(({ consumers }) =>
      consumers.some((consumer) => isNamed(consumer, name)),
    );
    if (own.length === 0) return undefined;
    return workloadRetired(name, inOrder(own), this.#archived, this.#input, controls.retired);
  }

  vendor(id: string): OffboardCase | undefined {
    const party = this.#partyOf(id, ['vendor']);
    return party === undefined ? undefined : this.#vendor(party);
  }

  /** Secrets of entries that name the vendor, with its own. */
  #vendorConcerns(party: Party): readonly Concern[] {
    const named = this.#input.imports.identities.filter(({ vendor }) => vendor === party.id);
    const ground = { role: 'vendor', rule: 'inventory', confidence: 'asserted' } as const;
    const ofEntries = named.flatMap((entry) =>
      this.#input.dossiers
        .filter((dossier) => isOfEntry(dossier, entry))
        .map((dossier) => ({
          dossier,
          grounds: [{ ...ground, evidence: [{ place: entry.origin.file, note: `entry ${entry.id}` }] }],
        })),
    );
    const names = namesOf(party, this.#input.pseudonymOf);
    return [...ofEntries, ...this.#roles.concerns(names, party.canRead)];
  }

  #vendor(party: Party): OffboardCase {
    return holderEnded(
      {
        trigger: 'vendor-ended',
        subject: party.id,
        isStated: party.status === 'left',
        ...(party.leftOn === undefined ? {} : { since: party.leftOn }),
        isIts: isVendors(party),
      },
      inOrder(this.#input.dossiers),
      this.#vendorConcerns(party),
      controls.vendor,
    );
  }

  agent(name: string): OffboardCase | undefined {
    const isIts = isAgentCalled(name);
    if (!this.#input.dossiers.some(({ consumers }) => consumers.some(isIts))) return undefined;
    const isStated = this.#input.imports.identities.some(
      ({ id, kind, status }) => id === name && kind === 'agent' && status === 'retired',
    );
    const ended = { trigger: 'agent-retired', subject: name, isStated, isIts } as const;
    return holderEnded(ended, inOrder(this.#input.dossiers), [], controls.agent);
  }

  /** Everything that was imported as left, ended or retired, and workloads of archived places. */
  all(): OffboardReport {
    const { parties, identities } = this.#input.imports;
    const gone = [...parties]
      .filter(({ status }) => status === 'left')
      .sort((a, b) => codePointOrder(a.id, b.id));
    const people = gone.filter(({ type }) => type === 'person').map((party) => this.#person(party));
    const vendors = gone.filter(({ type }) => type === 'vendor').map((party) => this.#vendor(party));
    const agents = sortedSet(
      identities.filter(({ kind, status }) => kind === 'agent' && status === 'retired').map(({ id }) => id),
    ).flatMap((id) => this.agent(id) ?? []);
    const cases = [
      ...people,
      ...vendors,
      ...this.#retiredPrincipals(),
      ...agents,
      ...this.#archivedWorkloads(),
    ];
    return { cases, leftovers: this.leftovers() };
  }

  leftovers(): OffboardReport['leftovers'] {
    return leftoversOf(this.#input.dossiers);
  }

  #retiredPrincipals(): OffboardCase[] {
    const byKey = new Map<string, Dossier[]>();
    for (const dossier of this.#input.dossiers) {
      if (dossier.principalStatus.value !== 'retired') continue;
      const known = byKey.get(dossier.principal.key);
      if (known === undefined) byKey.set(dossier.principal.key, [dossier]);
      else known.push(dossier);
    }
    return sortedSet(byKey.keys()).map((key) =>
      principalRetired(key, inOrder(byKey.get(key) ?? []), this.#input, controls.retired),
    );
  }

  #archivedWorkloads(): OffboardCase[] {
    if (this.#archived.size === 0) return [];
    const byName = new Map<string, Dossier[]>();
    for (const dossier of this.#input.dossiers) {
      for (const consumer of dossier.consumers) {
        if (!isArchived(consumer, this.#archived)) continue;
        const known = byName.get(consumer.name) ?? [];
        byName.set(consumer.name, known);
        if (known.at(-1) !== dossier) known.push(dossier);
      }
    }
    return sortedSet(byName.keys()).map((name) =>
      workloadRetired(name, inOrder(byName.get(name) ?? []), this.#archived, this.#input, controls.retired),
    );
  }
}

/** The more urgent first, whatever the order they came in. */
function inOrder(dossiers: readonly Dossier[]): readonly Dossier[] {
  return [...dossiers].sort(
    (a, b) => b.priority.score - a.priority.score || codePointOrder(a.fingerprint, b.fingerprint),
  );
}

/** True when a fact of the dossier comes from the entry. */
function isOfEntry({ facts }: Dossier, { id, origin }: InventoryEntry): boolean {
  return facts.some(
    ({ origin: source, evidence }) =>
      source === 'inventory' &&
      evidence.some(
        ({ place, note }) => place === origin.file && note?.startsWith(`entry ${id} by `) === true,
      ),
  );
}
