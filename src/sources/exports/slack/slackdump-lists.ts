/** What slackdump's own archives keep beside the messages: people, conversations, and the workspace's address. */
import type { ExportTree } from '../contract.js';
import { gunzipped } from '../gunzipped.js';
import { isObject, type JsonObject, stringOf } from '../object-texts.js';

export interface SlackdumpLists {
  readonly users: readonly JsonObject[];
  readonly channels: readonly JsonObject[];
  /** Id of the workspace. */
  readonly tenant: string | undefined;
  /** Address of the workspace. */
  readonly url: string | undefined;
}

/** Larger lists are not held. */
const maxBytes = 64 * 1024 * 1024;
const stems = ['workspace', 'users', 'channels'];

/** @param names paths of the files in a folder, by their last part in lower case */
export async function slackdumpLists(
  tree: ExportTree,
  names: ReadonlyMap<string, string>,
): Promise<SlackdumpLists | undefined> {
  const chunks: JsonObject[] = [];
  for (const stem of stems) {
    const name =
      names.get(`${stem}.json.gz`) ?? (stem === 'workspace' ? names.get('workspace.json') : undefined);
    const bytes = name === undefined ? undefined : await tree.read(name, maxBytes);
    if (bytes !== undefined) chunks.push(...chunksOf(bytes));
  }
  if (chunks.length === 0) return undefined;
  const workspace = chunks.map((chunk) => chunk['w']).find(isObject) ?? {};
  return {
    users: chunks.flatMap((chunk) => objectsIn(chunk['u'])),
    channels: chunks.flatMap((chunk) => [...objectsIn(chunk['ch']), ...objectsIn([chunk['ci']])]),
    tenant: stringOf(workspace, 'team_id'),
    url: stringOf(workspace, 'url'),
  };
}

/** One JSON object a line. */
function chunksOf(bytes: Buffer): JsonObject[] {
  const chunks: JsonObject[] = [];
  for (const line of gunzipped(bytes, maxBytes).toString('utf8').split('\n')) {
    try {
      const chunk: unknown = JSON.parse(line);
      if (isObject(chunk)) chunks.push(chunk);
    } catch {
      // The reader of that file reports its damage.
    }
  }
  return chunks;
}

function objectsIn(list: unknown): readonly JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
