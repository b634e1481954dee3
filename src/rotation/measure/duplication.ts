/** How many copies of a secret there are now, and over how much they are spread. */
import { isCurrentCopy } from '../derive/copies.js';
import { slotIdOf } from '../derive/slots.js';
import type { Copy, Duplication } from '../dossier.js';

export function duplicationOf(copies: readonly Copy[], vault: readonly string[]): Duplication {
  const current = copies.filter(isCurrentCopy).map(({ location }) => location);
  const isRecord = ({ appearance }: (typeof current)[number]): boolean => appearance.type === 'record';
  const places = (locations: typeof current): number => new Set(locations.map(({ place }) => place)).size;
  return {
    current: current.length,
    repositories: places(current.filter((location) => !isRecord(location))),
    exports: places(current.filter(isRecord)),
    slots: new Set(current.flatMap((location) => slotIdOf(location) ?? [])).size,
    vaulted: vault.length,
  };
}
