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

/** Facts by what their evidence points at: a file, or (without a path) all of a place. Each fact stands once a file. */
class PointedFacts {
  readonly #byFile = new Map<string, Set<Fact>>();

  constructor(facts: readonly Fact[]) {
    for (const fact of facts) {
      for (const { place, path } of fact.evidence) {
        const key = fileKey(place, path);
        const known = this.#byFile.get(key);
        if (known === undefined) this.#byFile.set(key, new Set([fact]));
        else known.add(fact);
      }
    }
  }

  at({ place }: Location, path: string | undefined): readonly Fact[] {
    const ofPlace = this.#byFile.get(fileKey(place));
    const ofFile = path === undefined ? undefined : this.#byFile.get(fileKey(place, path));
    if (ofPlace === undefined || ofFile === undefined) return [...(ofPlace ?? ofFile ?? [])];
    return [...new Set([...ofPlace, ...ofFile])];
  }
}

function fileKey(place: string, path = ''): string {
  return `${place}\0${path}`;
}

/** Reader for the copies of one secret. @param own facts about the secret itself */
export function copyFactsReader(
  own: readonly Fact[],
  index: FactIndex,
  containerOf: ContainerOf = () => undefined,
): (location: Location) => CopyFacts {
  const ofSecret = {
    environments: new PointedFacts(factsNamed(own, factAttributes.environment)),
    custodians: new PointedFacts(factsNamed(own, factAttributes.custodian)),
  };
  return (location) => {
    const path = pathOf(location);
    const about = (facts: PointedFacts, attribute: FactAttribute): readonly Fact[] => {
      const pointing = facts.at(location, path);
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
