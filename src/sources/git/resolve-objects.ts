/** Finds objects again by the beginning of their ids, which is what the keyed content ids give back. */
import type { HitObject } from '../source.js';
import { gitOutput } from './process.js';

const line = /^([0-9a-f]{40,64}) (blob|commit|tag) \d+$/;

/** Objects of the store whose ids begin so (at least 4 hex digits each); what it lacks or knows twice is left out. */
export async function resolveObjects(
  neutralDir: string,
  prefixes: readonly string[],
): Promise<readonly HitObject[]> {
  if (prefixes.length === 0) return [];
  const input = Buffer.from(`${prefixes.join('\n')}\n`);
  const output = await gitOutput({ neutralDir }, ['cat-file', '--batch-check', '--buffer'], { input });
  const objects: HitObject[] = [];
  for (const text of output.toString('latin1').split('\n')) {
    const match = line.exec(text);
    if (match === null) continue;
    const [, oid = '', type] = match;
    objects.push({ oid: Buffer.from(oid, 'hex'), objectType: type as HitObject['objectType'] });
  }
  return objects;
}
