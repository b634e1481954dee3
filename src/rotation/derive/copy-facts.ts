/** What was derived about single copies: facts whose evidence points at the file, and facts about its place. */
import type { Location } from '../../model/exposure.js';
import { type FactAttribute, factAttributes, factsNamed, placeSubject } from '../attributes.js';
import type { Fact } from '../fact.js';
import { choose, type FactIndex } from '../facts/choose.js';
import { sortedSet } from '../order.js';
import type { CopyFacts } from './copies.js';
import { pathOf } from './slots.js';

/** Names the container rule of a location, `C1` ... `C23`. */
export type ContainerOf = (location: Location) => string | undefined;

function pointsAt(fact: Fact, location: Location, path: string | undefined): boolean {
  return fact.evidence.some(
    (evidence) =>
      evidence.place === location.place && (evidence.path === undefined || evidence.path === path),
  );
}

/** Reader for the copies of one secret. @param own facts about the secret itself */
export function copyFactsReader(
  own: readonly Fact[],
  index: FactIndex,
  containerOf: ContainerOf = () => undefined,
): (location: Location) => CopyFacts {
  const ofSecret = {
    environments: factsNamed(own, factAttributes.environment),
    custodians: factsNamed(own, factAttributes.custodian),
  };
  return (location) => {
    const path = pathOf(location);
    const about = (facts: readonly Fact[], attribute: FactAttribute): Fact[] => {
      const pointing = facts.filter((fact) => pointsAt(fact, location, path));
      if (pointing.length > 0) return pointing;
      // The file before the place: the nearer statement counts.
      const ofFile =
        path === undefined ? [] : factsNamed(index.about(placeSubject(location.place, path)), attribute);
      return ofFile.length > 0 ? ofFile : factsNamed(index.about(placeSubject(location.place)), attribute);
    };
    const custodian = choose<string>(about(ofSecret.custodians, factAttributes.custodian)).value;
    const container = containerOf(location);
    return {
      environments: sortedSet(
        about(ofSecret.environments, factAttributes.environment).map(({ value }) => String(value)),
      ),
      ...(custodian === undefined ? {} : { custodian }),
      ...(container === undefined ? {} : { container }),
    };
  };
}
