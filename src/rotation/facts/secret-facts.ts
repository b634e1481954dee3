/** All facts about one secret and its principal, with what the provider table and the value itself add. */
import type { Exposure } from '../../model/exposure.js';
import {
  type FactAttribute,
  factAttributes,
  factsNamed,
  principalSubject,
  secretSubject,
} from '../attributes.js';
import type { Resolved } from '../dossier.js';
import type { Estate } from '../estate.js';
import type { Fact, FactValue } from '../fact.js';
import { lifetimeFacts } from '../measure/lifetime.js';
import { deepOrder } from '../order.js';
import { choose, type FactIndex, sortFacts } from './choose.js';
import type { ProviderRow } from './provider-table.js';

export interface SecretFacts {
  /** Sorted, without repetitions. */
  readonly all: readonly Fact[];
  named(attribute: FactAttribute): readonly Fact[];
  resolve<T extends FactValue>(attribute: FactAttribute): Resolved<T>;
}

/** What the provider table says of a kind; what it does not know is no fact. */
function providerFacts(fingerprint: string, row: ProviderRow): Fact[] {
  const base = {
    subject: secretSubject(fingerprint),
    origin: 'provider-table',
    rule: row.id,
    confidence: row.checked ? 'strong' : 'probable',
    evidence: [],
  } as const;
  return [
    ...(row.overlap === 'unknown'
      ? []
      : [{ ...base, attribute: factAttributes.overlap, value: row.overlap }]),
    ...(row.privilege === undefined
      ? []
      : [{ ...base, attribute: factAttributes.privilege, value: row.privilege }]),
    ...(row.publishable ? [{ ...base, attribute: factAttributes.publishable, value: true }] : []),
  ];
}

/** An import may say `unknown` in so many words; it claims nothing and must not hide what others know. */
function claims({ value }: Fact): boolean {
  return value !== 'unknown' && value !== '';
}

/** Somebody may have derived for themselves what is added here. */
function distinct(facts: readonly Fact[]): Fact[] {
  const seen = new Map<string, Fact[]>();
  return facts.filter((fact) => {
    const key = `${fact.attribute} ${fact.rule} ${String(fact.value)}`;
    const alike = seen.get(key);
    if (alike === undefined) {
      seen.set(key, [fact]);
      return true;
    }
    if (alike.some((other) => deepOrder(other, fact) === 0)) return false;
    alike.push(fact);
    return true;
  });
}

export function secretFacts(
  exposure: Exposure,
  principal: string,
  row: ProviderRow,
  index: FactIndex,
  settings: Estate['settings'],
  extra: readonly Fact[] = [],
): SecretFacts {
  const given = [
    ...index.about(secretSubject(exposure.fingerprint)),
    ...index.about(principalSubject(principal)),
    ...extra,
  ];
  const isRenewed = choose<string>(factsNamed(given, factAttributes.autoRenew)).value === 'yes';
  const all = sortFacts(
    distinct([
      ...given,
      ...lifetimeFacts(exposure, row, settings, isRenewed),
      ...providerFacts(exposure.fingerprint, row),
    ]),
  );
  const named = (attribute: FactAttribute): readonly Fact[] => factsNamed(all, attribute).filter(claims);
  return { all, named, resolve: (attribute) => choose(named(attribute)) };
}
