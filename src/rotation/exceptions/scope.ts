/** Which secrets an exception covers. A copy outside of what was accepted is not accepted. */

import { type GlobDialect, matchesGlob, parseGlob } from '../derive/owners/glob.js';
import { placeNames } from '../derive/place-names.js';
import { pathOf, slotNames } from '../derive/slots.js';
import type { Dossier } from '../dossier.js';
import type { ExceptionScope } from '../log/record.js';

/** That of path selectors of inventories. */
const dialect: GlobDialect = {
  isInnerSlashAnchored: true,
  doesNameCoverFolder: false,
  doesStarCoverFolder: false,
  isLastDoubleStarDeep: true,
  hasClasses: true,
};

/** Copies that somebody who reads their place now sees, or may see. */
function standingCopies({ copies }: Dossier): Dossier['copies'] {
  return copies.filter(({ presence }) => presence !== 'gone');
}

/**
 * Reads `<place>:<glob>` or `<glob>`.
 *
 * Gives undefined for a pattern that would match everything or cannot be read: nobody can accept that.
 */
export function pathTest(
  path: string,
): ((location: Dossier['copies'][number]['location']) => boolean) | undefined {
  const colon = path.lastIndexOf(':');
  const place = path.slice(0, Math.max(0, colon));
  const pattern = path.slice(colon + 1);
  if (/^[/*?]*$/.test(pattern) && place === '') return undefined;
  const glob = parseGlob(pattern, dialect);
  if (glob === undefined) return undefined;
  return (location) => {
    if (place !== '' && !placeNames(location).includes(place)) return false;
    const name = pathOf(location);
    return name !== undefined && matchesGlob(glob, name.split('/'));
  };
}

/** True when the whole secret lies within: every copy of it, for a scope of places. */
export type ScopeTest = (dossier: Dossier) => boolean;

export function scopeTest(scope: ExceptionScope): ScopeTest {
  switch (scope.type) {
    case 'secret':
      return ({ fingerprint, exposure }) =>
        fingerprint === scope.fingerprint ||
        exposure.aliases.some((alias) => alias.fingerprint === scope.fingerprint);
    case 'slot':
      return ({ slots, copies }) =>
        slots.some(({ id }) => id === scope.slot) ||
        copies.some(({ location }) => slotNames(location).includes(scope.slot));
    case 'principal':
      return ({ principal, otherPrincipals = [] }) =>
        principal.key === scope.principal || otherPrincipals.includes(scope.principal);
    case 'rule-path': {
      const isThere = pathTest(scope.path);
      if (isThere === undefined) return () => false;
      return (dossier) => {
        const copies = standingCopies(dossier);
        return (
          copies.length > 0 &&
          copies.every(({ location }) => location.rule === scope.rule && isThere(location))
        );
      };
    }
    default:
      return scope satisfies never;
  }
}

/** What an exception covers, for people. */
export function scopeText(scope: ExceptionScope): string {
  switch (scope.type) {
    case 'secret':
      return `secret ${scope.fingerprint.slice(0, 12)}`;
    case 'slot':
      return `slot ${scope.slot}`;
    case 'principal':
      return `principal ${scope.principal}`;
    case 'rule-path':
      return `rule ${scope.rule} in ${scope.path}`;
    default:
      return scope satisfies never;
  }
}
