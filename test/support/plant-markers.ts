/** Plants a marker in each string of a value, so that a test can tell which of them a reader lost. */

export interface Planted {
  readonly value: unknown;
  /** Marker to the path of the string that got it. */
  readonly paths: ReadonlyMap<string, string>;
}

/** @param isLeft true for a string that stays as it is, e.g. a type by which the format is told */
export function plantMarkers(value: unknown, isLeft: (path: string) => boolean = () => false): Planted {
  const paths = new Map<string, string>();
  const plant = (at: unknown, path: string): unknown => {
    if (typeof at === 'string') {
      if (isLeft(path)) return at;
      const marker = `marker${paths.size + 1000}zq`;
      paths.set(marker, path);
      return `${at} ${marker}`;
    }
    if (Array.isArray(at)) return at.map((element: unknown, i) => plant(element, `${path}.${i}`));
    if (typeof at !== 'object' || at === null) return at;
    return Object.fromEntries(
      Object.entries(at).map(([key, child]) => [key, plant(child, `${path}.${key}`)]),
    );
  };
  return { value: plant(value, ''), paths };
}

/** Paths of the strings whose marker is in none of `texts`. */
export function lostMarkers(
  planted: Planted,
  records: readonly { readonly texts: readonly { readonly text: string }[] }[],
): string[] {
  const all = records.flatMap((record) => record.texts.map((text) => text.text)).join('\n');
  return [...planted.paths].filter(([marker]) => !all.includes(marker)).map(([, path]) => path);
}
