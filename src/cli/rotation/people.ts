/** Who the pseudonyms of the evidence log are, as far as that was imported. */
import type { Imports } from '../../rotation/imports.js';
import { type People, plainPeople } from '../../rotation/log/people.js';
import type { Session } from '../session.js';

export async function openPeople(_session: Session, _imports: Imports): Promise<People> {
  return plainPeople;
}
