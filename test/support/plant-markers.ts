/** Plants a word of its own in each string of a JSON value, to see which of them a reader hands over. */

export interface Planted<T> {
  readonly value: T;
  /** Path of each string that got a marker, by marker. */
  readonly markers: ReadonlyMap<string, string>;
}

/** @param isLeftAlone paths (keys and `*` for indices, joined with `.`) whose strings are ids, times and the like */
export function plantMarkers<T>(value: T, isLeftAlone: (path: string) => boolean): Planted<T> {
  const markers = new Map<string, string>();
  const plant = (node: unknown, path: string): unknown => {
    if (typeof node === 'string') {
      if (isLeftAlone(path)) return node;
      const marker = `mark7er${markers.size}x`;
      markers.set(marker, path);
      return `${node} ${marker}`;
    }
    if (Array.isArray(node)) return node.map((item) => plant(item, `${path}.*`.replace(/^\./, '')));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, child]) => [key, plant(child, path === '' ? key : `${path}.${key}`)]),
    );
  };
  return { value: plant(value, '') as T, markers };
}

/** Paths of the markers that none of `texts` holds. */
export function lostMarkers(markers: ReadonlyMap<string, string>, texts: readonly string[]): string[] {
  const all = texts.join('\n');
  return [...markers].filter(([marker]) => !all.includes(marker)).map(([, path]) => path);
}
