/** Keys of Graph objects in one spelling, and names of channels and people from the lists beside the messages. */
import type { ExportFile } from '../contract.js';
import { idOf, isObject, type JsonObject, stringOf } from '../object-texts.js';
import { filesBeside, jsonBeside } from './side-files.js';

const maxDepth = 64;

/**
 * PowerShell's export writes `CreatedDateTime`, Graph itself `createdDateTime`: all keys get a small first letter.
 * Where both are there, the second keeps its own. A value whose own keys are small is taken as Graph wrote it.
 */
export function smallKeys(value: unknown): unknown {
  if (isObject(value) && !Object.keys(value).some((key) => key !== smallKey(key))) return value;
  return withSmallKeys(value, 0);
}

function withSmallKeys(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return value;
  if (Array.isArray(value)) return value.map((element: unknown) => withSmallKeys(element, depth + 1));
  const object = Object.create(null) as Record<string, unknown>;
  for (const [key, child] of Object.entries(value)) {
    const small = smallKey(key);
    object[Object.hasOwn(object, small) ? key : small] = withSmallKeys(child, depth + 1);
  }
  return object;
}

export function smallKey(key: string): string {
  return key.charAt(0).toLowerCase() + key.slice(1);
}

export interface TeamsNames {
  /** Channels, chats and teams by their ids. */
  readonly channels: ReadonlyMap<string, Channel>;
  readonly people: ReadonlyMap<string, Person>;
}

export interface Channel {
  readonly name: string;
  /** True when only some of the organisation can read it. */
  readonly isPrivate: boolean;
}

export interface Person {
  readonly name?: string;
  readonly email?: string;
}

const listFile = /^(?:channels|teams|users|chats|teamMembers)\w*(?:[-_].*)?\.json$/i;

/** Names that the lists beside a file tell; without lists there are none. */
export function teamsNames(file: ExportFile): Promise<TeamsNames> {
  const folder = file.name.split('/').slice(0, -1).join('/');
  return file.tree.memo(`teams-names:${folder}`, async () => {
    const names = { channels: new Map<string, Channel>(), people: new Map<string, Person>() };
    for (const name of await filesBeside(file, listFile)) {
      const isPeople = /user|member/i.test(name.slice(name.lastIndexOf('/') + 1));
      for (const entry of entriesOf(smallKeys(await jsonBeside(file, name)))) {
        const id = idOf(entry, 'id', 'userId', 'groupsId', 'groupId');
        const label = stringOf(entry, 'displayName', 'name', 'topic');
        if (id === undefined) continue;
        if (isPeople) names.people.set(id, personOf(entry, label));
        else if (label !== undefined) names.channels.set(id, { name: label, isPrivate: isPrivate(entry) });
      }
    }
    return names;
  });
}

/** A channel tells its membership, a team its privacy or visibility. */
export function isPrivate(entry: JsonObject): boolean {
  const kind = stringOf(entry, 'membershipType', 'privacy', 'visibility')?.toLowerCase();
  return kind === 'private' || kind === 'shared';
}

function personOf(entry: JsonObject, name: string | undefined): Person {
  const email = stringOf(entry, 'mail', 'email', 'userPrincipalName', 'userName');
  return { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
}

function entriesOf(list: unknown): JsonObject[] {
  const entries: unknown = isObject(list) ? list['value'] : list;
  return Array.isArray(entries) ? entries.filter(isObject) : [];
}
