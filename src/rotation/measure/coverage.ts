/** Whether the list of consumers is known to be complete. Scanning finds consumers; only a person can say that all. */
import type { Consumer, Dossier, Resolved } from '../dossier.js';

export interface CoverageInput {
  readonly consumers: readonly Consumer[];
  /** Fact `consumers-complete`. */
  readonly complete: Resolved<string>;
}

export interface Coverage {
  readonly coverage: Dossier['coverage'];
  /** A consumer was found that the list lacks: the attestation is broken. */
  readonly isUndeclared: boolean;
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

export function coverageOf({ consumers, complete }: CoverageInput): Coverage {
  // A list that is old enough to be doubted is broken all the same by a consumer that it lacks.
  const isUndeclared =
    (complete.value ?? complete.chosen?.value) === 'yes' && undeclared(consumers).length > 0;
  if (complete.value === 'yes' && !isUndeclared) return { coverage: 'attested', isUndeclared };
  return { coverage: consumers.length === 0 ? 'none' : 'derived', isUndeclared };
}

/**
 * Why the list of consumers does not count as complete, for people; undefined when it does.
 *
 * @param list what the list is called there
 * @param stated `stated` or `attested`
 */
export function coverageDoubt(
  { coverage, reasons }: Pick<Dossier, 'coverage' | 'reasons'>,
  list: string,
  stated = 'stated',
): string | undefined {
  if (coverage === 'attested') return undefined;
  return reasons.includes('CONSUMER_UNDECLARED')
    ? `${list} was ${stated} to be complete, but consumers were found that it lacks`
    : `nobody has ${stated} that ${list} is complete`;
}
