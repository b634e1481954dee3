/** What people may call a place in what they state. */
import type { Location } from '../../model/exposure.js';

/** A name, and the one without its host: `github.com/acme/api` is called `acme/api` as well. */
export function repositoryNames(name: string): string[] {
  const [host = '', ...rest] = name.split('/');
  return rest.length > 0 && host.includes('.') ? [name, rest.join('/')] : [name];
}

/** All names of a place, its own first: `github.com/acme/api`, `acme/api`, `git:github.com/acme/api`. */
export function namesOfPlace(place: string, name: string): readonly string[] {
  return [...(place.startsWith('git:') ? repositoryNames(name) : [name]), place];
}

/** All names of the place that a copy is in. */
export function placeNames({ place, placeName }: Pick<Location, 'place' | 'placeName'>): readonly string[] {
  return namesOfPlace(place, placeName);
}
