/** Environments that an import gives to paths: `deploy/live/**`, `repo:acme/infra:envs/p1/**`. */
import type { EnvironmentName } from '../../imports.js';
import { codePointOrder } from '../../order.js';
import { type GlobDialect, matchesGlob, type PathGlob, parseGlob } from '../owners/glob.js';
import { namesOfPlace } from '../place-names.js';

export interface MappedEnvironment {
  readonly name: string;
  /** As written. */
  readonly pattern: string;
}

export interface PathMap {
  environmentsOf(place: string, placeName: string, path: string): readonly MappedEnvironment[];
}

/** From the root, and no more than is written. */
const dialect: GlobDialect = {
  isInnerSlashAnchored: true,
  doesNameCoverFolder: false,
  doesStarCoverFolder: false,
  isLastDoubleStarDeep: true,
  hasClasses: true,
};

interface Row extends MappedEnvironment {
  /** Name or key of the only place it is about. */
  readonly place?: string;
  readonly glob: PathGlob;
}

function rowsOf({ name, match }: EnvironmentName): Row[] {
  return match.flatMap((pattern) => {
    const [, place, path] = /^repo:(.+):([^:]*)$/s.exec(pattern) ?? [];
    const glob = parseGlob(path ?? pattern, dialect);
    if (glob === undefined) return [];
    return [{ name, pattern, glob, ...(place === undefined ? {} : { place }) }];
  });
}

export function pathMap(environments: readonly EnvironmentName[]): PathMap {
  const rows = environments
    .flatMap(rowsOf)
    .sort((a, b) => codePointOrder(a.name, b.name) || codePointOrder(a.pattern, b.pattern));
  return {
    environmentsOf: (place, placeName, path) => {
      if (rows.length === 0) return [];
      const names = path.split('/');
      const called = namesOfPlace(place, placeName);
      return rows.filter(
        (row) => (row.place === undefined || called.includes(row.place)) && matchesGlob(row.glob, names),
      );
    },
  };
}
