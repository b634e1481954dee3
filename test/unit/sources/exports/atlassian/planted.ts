/** Plants a marker of its own in each string of a JSON value, to see that each comes back. */

/** @param keep true for a string that the format needs as it is (ids, keys, times) */
export function planted(
  value: unknown,
  keep: (key: string, text: string) => boolean,
): { readonly value: unknown; readonly markers: readonly string[] } {
  const markers: string[] = [];
  const visit = (node: unknown, key: string): unknown => {
    if (typeof node === 'string') {
      if (keep(key, node)) return node;
      const marker = `Mark${markers.length}er`;
      markers.push(marker);
      return `${node} ${marker}`;
    }
    if (Array.isArray(node)) return node.map((element) => visit(element, key));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([name, child]) => [name, visit(child, name)]));
  };
  return { value: visit(value, ''), markers };
}
