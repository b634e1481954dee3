/** What recognisers get to see of a file. */
import { type Probe, probeBytes } from './contract.js';
import { decodeHead } from './decode-text.js';
import { jsonShapeOf } from './json-shape.js';

/** @param isWhole true when `bytes` is all there is */
export function probeOf(name: string, bytes: Buffer, isWhole: boolean): Probe {
  const head = bytes.length <= probeBytes ? bytes : bytes.subarray(0, probeBytes);
  const text = decodeHead(head);
  let json: Probe['json'] | 'unknown' = 'unknown';
  return {
    name,
    head,
    text,
    isWhole: isWhole && bytes.length <= probeBytes,
    get json() {
      if (json === 'unknown') json = jsonShapeOf(text);
      return json;
    },
  };
}
