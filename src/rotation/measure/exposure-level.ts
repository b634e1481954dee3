/** How far a secret got: the widest audience that could read a copy, and the level that policy and priority go by. */
import type { Audience } from '../../model/place.js';
import { isCurrentCopy, type PlaceBook, widestAudience } from '../derive/copies.js';
import type { Copy, ExposureLevel } from '../dossier.js';

export interface Reach {
  readonly level: ExposureLevel;
  /** The widest of all copies; `unknown` is wider than internal. */
  readonly audience: Audience;
  /** True when the public could read a copy at any time, also one that is gone. */
  readonly publicEver: boolean;
}

/**
 * Level of what is known. A copy of unknown audience counts by where it stands, as the least that it can be: the audience
 * beside the level says that it may be more, and is the first question of the plan.
 */
function levelOf(copies: readonly Copy[], publicEver: boolean): ExposureLevel {
  const hasAudience = (audience: Audience): boolean => copies.some((copy) => copy.audience === audience);
  if (copies.some((copy) => copy.audience === 'public' && isCurrentCopy(copy))) return 'public-present';
  if (publicEver) return 'public-history';
  if (hasAudience('external')) return 'external';
  if (copies.some(({ isHuman, presence }) => isHuman && presence !== 'gone')) return 'internal-human';
  if (copies.some(isCurrentCopy)) return 'internal-head';
  return copies.length === 0 ? 'vault-only' : 'internal-history';
}

export function reachOf(copies: readonly Copy[], book: Pick<PlaceBook, 'isPublicEver'>): Reach {
  const publicEver = copies.some(
    ({ audience, location }) => audience === 'public' || book.isPublicEver(location),
  );
  return {
    level: levelOf(copies, publicEver),
    audience: copies.length === 0 ? 'restricted' : widestAudience(copies.map(({ audience }) => audience)),
    publicEver,
  };
}
