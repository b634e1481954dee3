/** Attributes of a secret by name. They are united over all its sightings, so one name may have several texts. */
import type { Exposure } from '../../model/exposure.js';
import { sortedSet } from '../order.js';

export interface AttributeReader {
  /** All texts of a name, sorted. */
  all(name: string): readonly string[];
  /** The text, when all sightings agree on one. */
  only(name: string): string | undefined;
}

export function attributeReader({ attributes }: Pick<Exposure, 'attributes'>): AttributeReader {
  const byName = new Map<string, string[]>();
  for (const { name, text } of attributes) byName.set(name, [...(byName.get(name) ?? []), text]);
  const all = (name: string): readonly string[] => sortedSet(byName.get(name) ?? []);
  return {
    all,
    only: (name) => {
      const texts = all(name);
      return texts.length === 1 ? texts[0] : undefined;
    },
  };
}
