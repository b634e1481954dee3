/** What `realm.json` of a Zulip export says of channels, people and recipients. */
import type { ExportFile, RecordActor, RecordPlace } from '../contract.js';
import { defined } from '../defined.js';
import { idOf, isObject, type JsonObject, memberOf, stringOf } from '../object-texts.js';
import { filesBeside, jsonBeside } from './side-files.js';

export interface ZulipRealm {
  readonly tenant: string | undefined;
  /** Where the realm is served, when the export says. */
  readonly url: string | undefined;
  readonly people: ReadonlyMap<string, RecordActor>;
  readonly channels: ReadonlyMap<string, RecordPlace>;
  readonly recipients: ReadonlyMap<string, { readonly type: string; readonly id: string }>;
}

/** The realm that a file's messages are of; empty without `realm.json`. */
export async function realmBeside(file: ExportFile): Promise<ZulipRealm> {
  const [name] = await filesBeside(file, /^realm\.json$/i);
  if (name === undefined) return realmOf({});
  return file.tree.memo(`zulip-realm:${name}`, async () => {
    const json = await jsonBeside(file, name);
    return realmOf(isObject(json) ? json : {});
  });
}

function realmOf(json: JsonObject): ZulipRealm {
  const [realm] = rowsOf(json, 'zerver_realm');
  const tenant = realm && stringOf(realm, 'string_id', 'name');
  const people = new Map<string, RecordActor>();
  for (const table of [
    'zerver_userprofile',
    'zerver_userprofile_mirrordummy',
    'zerver_userprofile_crossrealm',
  ]) {
    for (const row of rowsOf(json, table)) {
      const id = idOf(row, 'id');
      if (id !== undefined) people.set(id, personOf(row, id));
    }
  }
  const channels = new Map<string, RecordPlace>();
  for (const row of rowsOf(json, 'zerver_stream'))
    channels.set(idOf(row, 'id') ?? '', channelOf(row, tenant));
  const recipients = new Map<string, { type: string; id: string }>();
  for (const row of rowsOf(json, 'zerver_recipient'))
    recipients.set(idOf(row, 'id') ?? '', { type: idOf(row, 'type') ?? '', id: idOf(row, 'type_id') ?? '' });
  return { tenant, url: realm && stringOf(realm, 'url', 'uri'), people, channels, recipients };
}

function personOf(row: JsonObject, id: string): RecordActor {
  return defined({
    id,
    name: stringOf(row, 'full_name'),
    email: stringOf(row, 'delivery_email', 'email'),
    kind: memberOf(row, 'is_bot') === true ? 'bot' : 'user',
  });
}

/** The place of a row of `zerver_stream`. */
export function channelOf(row: JsonObject, tenant: string | undefined): RecordPlace {
  const id = idOf(row, 'id') ?? 'unknown';
  const isPublic = memberOf(row, 'is_web_public') === true;
  return defined({
    kind: 'channel',
    tenant,
    id,
    name: `#${stringOf(row, 'name') ?? id}`,
    audience: isPublic ? 'public' : memberOf(row, 'invite_only') === true ? 'restricted' : 'internal',
    archived: memberOf(row, 'deactivated') === true ? true : undefined,
  });
}

function rowsOf(json: JsonObject, table: string): JsonObject[] {
  const rows = memberOf(json, table);
  return Array.isArray(rows) ? rows.filter(isObject) : [];
}
