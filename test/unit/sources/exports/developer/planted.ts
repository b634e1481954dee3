/** Plants a marker in every string of a JSON value, to see which come back. */
import type { ReadExport } from '../../../../support/read-export.js';

export interface Planted {
  readonly value: unknown;
  /** Marker by JSON pointer. */
  readonly markers: ReadonlyMap<string, string>;
}

/** @param keep pointers whose strings stay as they are, e.g. what the format is recognised by */
export function plant(value: unknown, keep: RegExp): Planted {
  const markers = new Map<string, string>();
  const walk = (node: unknown, pointer: string): unknown => {
    if (typeof node === 'string') {
      if (keep.test(pointer)) return node;
      const marker = `Marker no. ${markers.size + 1}, planted!`;
      markers.set(pointer, marker);
      return marker;
    }
    if (Array.isArray(node)) return node.map((child, index) => walk(child, `${pointer}/${index}`));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, child]) => [key, walk(child, `${pointer}/${key}`)]),
    );
  };
  return { value: walk(value, ''), markers };
}

/** Pointers whose marker no record holds. */
export function lost({ markers }: Planted, { records }: ReadExport): string[] {
  const all = records.flatMap((record) => record.texts.map((text) => text.text)).join('\n');
  return [...markers].filter(([, marker]) => !all.includes(marker)).map(([pointer]) => pointer);
}
