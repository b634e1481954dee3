/** Whether the list of consumers is known to be complete. Scanning finds consumers; only a person can say that all. */
import { timeOf } from '../derive/sighting-dates.js';
import type { Consumer, Dossier, Resolved } from '../dossier.js';
import type { Attestation } from '../imports.js';

const day = 86_400_000;

export interface CoverageInput {
  readonly consumers: readonly Consumer[];
  /** Fact `consumers-complete`. */
  readonly complete: Resolved<string>;
  /** Those of its principal. */
  readonly attestations: readonly Attestation[];
  readonly now: number;
  readonly staleInventoryMs: number;
}

export interface Coverage {
  readonly coverage: Dossier['coverage'];
  /** A consumer was found that the list lacks: the attestation is broken. */
  readonly isUndeclared: boolean;
}

/** A date without a time is good until the day is over. */
function endOf(text: string): number | undefined {
  const time = timeOf(text);
  return time === undefined || text.includes('T') ? time : time + day;
}

function isInForce({ at, until }: Attestation, now: number, staleInventoryMs: number): boolean {
  const since = timeOf(at);
  if (since === undefined || since > now) return false;
  const end = until === undefined ? since + staleInventoryMs : endOf(until);
  return end !== undefined && now < end;
}

/** `k8s:prod/Deployment/ledger-api` is what an inventory calls `ledger-api`. */
function shortName(name: string): string {
  return /[^/:#]*$/.exec(name)?.[0] ?? name;
}

function undeclared(consumers: readonly Consumer[]): Consumer[] {
  const declared = consumers.filter(({ how, confidence }) => how === 'imported' || confidence === 'asserted');
  const names = new Set(declared.flatMap(({ name }) => [name, shortName(name)]));
  return consumers.filter(
    (consumer) =>
      !declared.includes(consumer) &&
      consumer.current !== 'former' &&
      consumer.confidence !== 'weak' &&
      consumer.kind !== 'test' &&
      !names.has(consumer.name) &&
      !names.has(shortName(consumer.name)),
  );
}

export function coverageOf(input: CoverageInput): Coverage {
  const { consumers, complete, attestations, now, staleInventoryMs } = input;
  const isStated =
    complete.value === 'yes' ||
    attestations.some((attestation) => isInForce(attestation, now, staleInventoryMs));
  const isUndeclared = isStated && undeclared(consumers).length > 0;
  if (isStated && !isUndeclared) return { coverage: 'attested', isUndeclared };
  return { coverage: consumers.length === 0 ? 'none' : 'derived', isUndeclared };
}
