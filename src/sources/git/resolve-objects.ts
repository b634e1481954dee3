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

/** Content of a regular file in a commit's tree; undefined when there is none or it is larger than `maxBytes`. */
export async function fileOfCommit(
  neutralDir: string,
  commit: string,
  path: string,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const listed = await gitOutput({ neutralDir }, ['ls-tree', '-z', '-l', commit, '--', path], {
    accept: [0, 128],
  });
  const match = /^100\d{3} blob ([0-9a-f]{40,64}) +(\d+)\t/.exec(listed.toString('latin1'));
  if (match?.[1] === undefined || Number(match[2]) > maxBytes) return undefined;
  return gitOutput({ neutralDir }, ['cat-file', 'blob', match[1]]);
}
