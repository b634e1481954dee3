/**
 * What the files beside the messages say: people, conversations, and which workspace it is. Messages are read without
 * them as well, with less.
 */
import type { Audience } from '../../../model/place.js';
import type { ExportFile, ExportTree, ReaderHints, RecordPlace } from '../contract.js';
import { decodeHead, decodeText, encodingOf } from '../decode-text.js';
import { isObject, type JsonObject, stringOf } from '../object-texts.js';
import { slackdumpLists } from './slackdump-lists.js';

export interface SlackPerson {
  readonly name?: string;
  readonly email?: string;
  readonly isBot: boolean;
}

/** A channel, a group conversation or a direct one. */
export interface Conversation {
  readonly id: string;
  readonly name: string | undefined;
  readonly kind: RecordPlace['kind'];
  readonly audience: Audience;
  readonly isArchived: boolean;
}

export interface Workspace {
  /** Id of the workspace or organisation (`T...`, `E...`), when the list of people tells it. */
  readonly tenant: string | undefined;
  /** First label of the host, e.g. `acme` or `acme.enterprise`. */
  readonly domain: string | undefined;
  readonly people: ReadonlyMap<string, SlackPerson>;
  /** By id, by name and, for group conversations, by the name of their folder. */
  readonly conversations: ReadonlyMap<string, Conversation>;
  /** Files whose bytes a tool put beside the messages. */
  readonly localFiles: ReadonlySet<string>;
  /** Inline profiles and bots that were handed over already. */
  readonly seenProfiles: Set<string>;
}

/** Inline profiles remembered so that each is handed over once. */
export const maxProfiles = 100_000;
/** Folders above a file in which lists are looked for. */
const maxLevels = 6;
/** A larger list of people is not held; messages then name people by id, as they do themselves. */
const maxListBytes = 64 * 1024 * 1024;
/** What is looked through for the domain, at most. */
const maxSampleBytes = 4 * 1024 * 1024;
const sampledFolders = 24;

const conversationLists = ['channels.json', 'groups.json', 'mpims.json', 'dms.json'] as const;
const peopleLists = ['users.json', 'org_users.json'] as const;

/** Lists of one folder. */
interface Level {
  readonly folder: string;
  readonly people: Map<string, SlackPerson>;
  readonly conversations: Map<string, Conversation>;
  readonly tenant: string | undefined;
  readonly domain: string | undefined;
  readonly localFiles: ReadonlySet<string>;
  readonly hasLists: boolean;
}

/** The workspace that a file belongs to: the lists nearest above it, completed by those further up (Grid). */
export async function workspaceOf(file: ExportFile, hints: ReaderHints): Promise<Workspace> {
  const levels: Level[] = [];
  let folder = folderOf(file.name);
  for (let count = 0; count < maxLevels; count++) {
    const level = await levelOf(file.tree, folder);
    if (level.hasLists) levels.push(level);
    if (folder === '') break;
    folder = folderOf(folder);
  }
  // All folders below the same lists share one workspace.
  const key = `slack-workspace:${levels.map((level) => level.folder).join('\n')}:${hints.baseUrl ?? ''}`;
  return await file.tree.memo(key, async () => ({
    tenant: firstOf(levels, (level) => level.tenant),
    domain: domainOfUrl(hints.baseUrl) ?? firstOf(levels, (level) => level.domain),
    people: merged(levels.map((level) => level.people)),
    conversations: merged(levels.map((level) => level.conversations)),
    localFiles: levels[0]?.localFiles ?? new Set<string>(),
    seenProfiles: new Set<string>(),
  }));
}

function firstOf<T>(levels: readonly Level[], get: (level: Level) => T | undefined): T | undefined {
  for (const level of levels) {
    const value = get(level);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** One map of several; what stands in an earlier one wins. */
function merged<T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> {
  const [first, ...others] = maps;
  if (first === undefined || others.every((map) => map.size === 0)) return first ?? new Map();
  return new Map([...maps].reverse().flatMap((map) => [...map]));
}

async function levelOf(tree: ExportTree, folder: string): Promise<Level> {
  return await tree.memo(`slack-lists:${folder}`, () => readLevel(tree, folder));
}

async function readLevel(tree: ExportTree, folder: string): Promise<Level> {
  const entries = await tree.list(folder);
  const names = new Map(entries.map((name) => [lastPart(name).toLowerCase(), name]));
  const people = new Map<string, SlackPerson>();
  const conversations = new Map<string, Conversation>();
  const teams = new Map<string, number>();
  for (const list of peopleLists) {
    for (const user of await listIn(tree, names.get(list))) addPerson(user, list, people, teams);
  }
  for (const list of conversationLists) {
    for (const item of await listIn(tree, names.get(list))) addConversation(item, list, conversations);
  }
  const dump = await slackdumpLists(tree, names);
  for (const user of dump?.users ?? []) addPerson(user, '', people, teams);
  for (const item of dump?.channels ?? []) addConversation(item, '', conversations);
  const level = { folder, people, conversations };
  const tenant = dump?.tenant ?? mostCommon(teams);
  const hasLists =
    dump !== undefined || [...conversationLists, ...peopleLists].some((list) => names.has(list));
  if (!hasLists) return { ...level, tenant, domain: undefined, localFiles: new Set<string>(), hasLists };
  return {
    ...level,
    tenant,
    domain: domainOfUrl(dump?.url) ?? (await domainIn(tree, names, entries)),
    localFiles: await uploadsIn(tree, names.get('__uploads')),
    hasLists,
  };
}

async function listIn(tree: ExportTree, name: string | undefined): Promise<readonly JsonObject[]> {
  if (name === undefined) return [];
  const bytes = await tree.read(name, maxListBytes);
  if (bytes === undefined) return [];
  try {
    const list: unknown = JSON.parse(decodeHead(bytes));
    return Array.isArray(list) ? list.filter(isObject) : [];
  } catch {
    // The reader of that file reports its damage.
    return [];
  }
}

function addPerson(
  user: JsonObject,
  list: string,
  people: Map<string, SlackPerson>,
  teams: Map<string, number>,
): void {
  const id = stringOf(user, 'id');
  if (id === undefined) return;
  people.set(id, personOf(user));
  const enterprise = list === 'org_users.json' ? user['enterprise_user'] : undefined;
  const team =
    (isObject(enterprise) ? stringOf(enterprise, 'enterprise_id') : undefined) ?? stringOf(user, 'team_id');
  if (team !== undefined) teams.set(team, (teams.get(team) ?? 0) + 1);
}

/** A person by an entry of the list of users. */
export function personOf(user: JsonObject): SlackPerson {
  const profile = isObject(user['profile']) ? user['profile'] : {};
  const name =
    stringOf(profile, 'display_name', 'real_name') ?? stringOf(user, 'real_name', 'name', 'username');
  const email = stringOf(profile, 'email');
  return {
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    isBot: user['is_bot'] === true,
  };
}

function addConversation(item: JsonObject, list: string, conversations: Map<string, Conversation>): void {
  const conversation = conversationOf(item, list);
  if (conversation === undefined) return;
  if (!conversations.has(conversation.id)) conversations.set(conversation.id, conversation);
  const { name } = conversation;
  if (name !== undefined && !conversations.has(name)) conversations.set(name, conversation);
}

/**
 * A conversation by an entry of a list.
 *
 * @param list name of the list in which it stands, when it still has one of Slack's names
 */
export function conversationOf(item: JsonObject, list?: string): Conversation | undefined {
  const id = stringOf(item, 'id');
  if (id === undefined) return undefined;
  const name = stringOf(item, 'name', 'name_normalized');
  const kind =
    list === 'dms.json' || item['is_im'] === true || (id.startsWith('D') && name === undefined)
      ? 'dm'
      : list === 'mpims.json' || item['is_mpim'] === true || name?.startsWith('mpdm-') === true
        ? 'group-dm'
        : 'channel';
  return { id, name, kind, audience: audienceOf(item, kind, list), isArchived: item['is_archived'] === true };
}

function audienceOf(item: JsonObject, kind: RecordPlace['kind'], list: string | undefined): Audience {
  if (kind !== 'channel') return 'restricted';
  if (item['is_ext_shared'] === true) return 'external';
  if (list === 'groups.json' || item['is_private'] === true || item['is_group'] === true) return 'restricted';
  // Public channels can be read by all members, not by the public.
  return list === 'channels.json' || item['is_private'] === false || item['is_channel'] === true
    ? 'internal'
    : 'unknown';
}

/** Ids of files whose bytes a tool put beside one of its own. */
export async function uploadsBeside(file: ExportFile): Promise<ReadonlySet<string>> {
  const names = await file.tree.list(folderOf(file.name));
  return await uploadsIn(
    file.tree,
    names.find((name) => lastPart(name) === '__uploads'),
  );
}

/** Ids under the folder in which some tools keep the bytes of files. */
async function uploadsIn(tree: ExportTree, folder: string | undefined): Promise<ReadonlySet<string>> {
  return new Set(folder === undefined ? [] : (await tree.list(folder)).map(lastPart));
}

/**
 * The workspace's domain stands nowhere but in the addresses of files. A sample of the tree is looked through, in the
 * order of names, so that all readers of one export come to the same answer.
 */
async function domainIn(
  tree: ExportTree,
  names: ReadonlyMap<string, string>,
  entries: readonly string[],
): Promise<string | undefined> {
  for (const list of ['canvases.json', 'lists.json']) {
    const name = names.get(list);
    const bytes = name === undefined ? undefined : await tree.read(name, maxSampleBytes);
    const domain = bytes === undefined ? undefined : domainOfFiles(bytes);
    if (domain !== undefined) return domain;
  }
  const folders = entries.filter((name) => !/\.[a-z]{2,5}$/i.test(name)).sort();
  for (const folder of folders.slice(0, sampledFolders)) {
    const days = (await tree.list(folder)).filter((name) => name.endsWith('.json')).sort();
    for (const day of new Set([days[0], days[days.length >> 1]])) {
      const bytes = day === undefined ? undefined : await tree.read(day, maxSampleBytes);
      const domain = bytes === undefined ? undefined : domainOfFiles(bytes);
      if (domain !== undefined) return domain;
    }
  }
  return undefined;
}

const permalinkMember =
  /^"permalink"\s{0,4}:\s{0,4}"https:\\?\/\\?\/([a-z0-9-]{1,63}(?:\.enterprise)?)\.slack\.com\\?\/(?:files|docs|canvas|lists|archives)\\?\//;
/** Addresses looked at in one file. */
const maxLinks = 50;

/** Domain by the first address of a file in a JSON text. */
export function domainOfFiles(text: Buffer): string | undefined {
  const encoding = encodingOf(text);
  const isWide = encoding === 'utf-16le' || encoding === 'utf-16be';
  const bytes = isWide ? Buffer.from(decodeText(text, encoding), 'utf8') : text;
  let at = bytes.indexOf('"permalink"');
  for (let count = 0; at >= 0 && count < maxLinks; count++) {
    const domain = permalinkMember.exec(bytes.toString('latin1', at, at + 200))?.[1];
    if (domain !== undefined && domain !== 'app') return domain;
    at = bytes.indexOf('"permalink"', at + 1);
  }
  return undefined;
}

/** Domain by the address of a workspace: `https://acme.slack.com/`. */
export function domainOfUrl(url: unknown): string | undefined {
  if (typeof url !== 'string') return undefined;
  return /^https?:\/\/([a-z0-9-]{1,63}(?:\.enterprise)?)\.slack\.com(?:\/|$)/i.exec(url)?.[1]?.toLowerCase();
}

function mostCommon(counts: ReadonlyMap<string, number>): string | undefined {
  let best: string | undefined;
  for (const [key, count] of counts) {
    const most = best === undefined ? 0 : (counts.get(best) ?? 0);
    // Ties by name: the order of the list does not matter.
    if (best === undefined || count > most || (count === most && key < best)) best = key;
  }
  return best;
}

export function folderOf(name: string): string {
  const slash = name.lastIndexOf('/');
  return slash < 0 ? '' : name.slice(0, slash);
}

export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
