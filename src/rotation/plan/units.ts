/**
 * What one plan is about: the halves of a credential, and the different values of one principal. They are replaced
 * together, led by the most urgent; what nobody accepts any more is cleaned up by a plan of its own.
 */
import type { Dossier } from '../dossier.js';
import type { Decision } from '../policy/decision.js';

export interface Unit {
  readonly lead: Dossier;
  /** The most urgent first. */
  readonly others: readonly Dossier[];
}

/** Nobody accepts it any more, or nothing has to be done about it. */
function isApart({ lapsed, liveness, publishable }: Dossier): boolean {
  return lapsed.value === 'yes' || liveness.value === 'dead' || publishable;
}

/** Groups that grow together (union by the lower number, paths halved). */
class Groups {
  readonly #parent: Int32Array;

  constructor(size: number) {
    this.#parent = Int32Array.from({ length: size }, (_, index) => index);
  }

  find(index: number): number {
    let at = index;
    for (;;) {
      const up = this.#parent[at] ?? at;
      if (up === at) return at;
      this.#parent[at] = this.#parent[up] ?? up;
      at = up;
    }
  }

  join(a: number, b: number): void {
    const [low, high] = [this.find(a), this.find(b)].sort((x, y) => x - y);
    if (low !== undefined && high !== undefined) this.#parent[high] = low;
  }
}

/** True when one replacement serves both. */
const together: ReadonlySet<string> = new Set(['pair', 'alternate']);

/** Values of one principal go together however many they are; a secret without one is its own. */
function joinPrincipals(dossiers: readonly Dossier[], groups: Groups): void {
  const first = new Map<string, number>();
  for (const [index, dossier] of dossiers.entries()) {
    const { key } = dossier.principal;
    if (isApart(dossier) || key.startsWith('anon:')) continue;
    const known = first.get(key);
    if (known === undefined) first.set(key, index);
    else groups.join(known, index);
  }
}

/**
 * A file that holds credentials goes with them when all that is in it goes together; one that holds those of several
 * principals only says where they stand.
 */
function joinContainers(
  dossiers: readonly Dossier[],
  indexOf: ReadonlyMap<string, number>,
  groups: Groups,
): void {
  for (const [index, dossier] of dossiers.entries()) {
    if (isApart(dossier)) continue;
    const inner = dossier.relations.flatMap(({ relation, direction, to }) =>
      relation === 'contains' && direction === 'from' ? (indexOf.get(to) ?? []) : [],
    );
    const live = inner.filter((at) => dossiers[at] !== undefined && !isApart(dossiers[at]));
    const [only, ...more] = new Set(live.map((at) => groups.find(at)));
    if (only !== undefined && more.length === 0) groups.join(index, only);
  }
}

/** The half that only names the account is never what a plan is led by. */
function isIdentifier({ kind }: Dossier): boolean {
  return /-id$/.test(kind);
}

function leaderOf(
  members: readonly Dossier[],
  decisions: ReadonlyMap<string, Decision>,
): Dossier | undefined {
  const urgent = members.filter(({ fingerprint }) => decisions.get(fingerprint)?.strategy === 'emergency');
  const among = urgent.length > 0 ? urgent : members;
  const top = among[0]?.priority.score;
  const first = among.filter(({ priority }) => priority.score === top);
  return first.find((dossier) => !isIdentifier(dossier)) ?? first[0];
}

/** Every dossier is in exactly one unit; units are in the order of their leads, which is that of the dossiers. */
export function unitsOf(dossiers: readonly Dossier[], decisions: ReadonlyMap<string, Decision>): Unit[] {
  const indexOf = new Map(dossiers.map(({ fingerprint }, index) => [fingerprint, index]));
  const groups = new Groups(dossiers.length);
  for (const [index, dossier] of dossiers.entries()) {
    if (isApart(dossier)) continue;
    for (const { relation, to } of dossier.relations) {
      const at = indexOf.get(to);
      const other = at === undefined ? undefined : dossiers[at];
      if (at === undefined || other === undefined || isApart(other)) continue;
      if (together.has(relation)) groups.join(index, at);
    }
  }
  joinPrincipals(dossiers, groups);
  joinContainers(dossiers, indexOf, groups);
  const members = new Map<number, Dossier[]>();
  for (const [index, dossier] of dossiers.entries()) {
    const group = groups.find(index);
    const known = members.get(group);
    if (known === undefined) members.set(group, [dossier]);
    else known.push(dossier);
  }
  return [...members.values()].flatMap((group) => {
    const lead = leaderOf(group, decisions);
    return lead === undefined ? [] : [{ lead, others: group.filter((member) => member !== lead) }];
  });
}
