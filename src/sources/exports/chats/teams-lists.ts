/** Lists of Graph beside the messages of Teams: teams, channels, chats, members and users. */
import type { ExportReader, ExportRecord, Probe, RecordPlace } from '../contract.js';
import { readJsonRecords } from '../json-records.js';
import { idOf, isObject, type JsonObject, type ObjectFormat, stringOf, textsOf } from '../object-texts.js';
import { recordPaths, recordPathsOf } from '../record-paths.js';
import { fromIso, recordTime } from '../times.js';
import { isPrivate, smallKey, smallKeys } from './teams-names.js';

type ListKind = 'channel' | 'team' | 'chat' | 'member' | 'user';

/** All keys of a row must be there; the first row that fits tells the kind. */
const signatures: readonly (readonly [ListKind, readonly string[], number])[] = [
  ['channel', ['displayName', 'membershipType'], 0.85],
  ['chat', ['chatType', 'createdDateTime'], 0.85],
  ['team', ['displayName', 'isMembershipLimitedToOwners'], 0.85],
  ['team', ['displayName', 'internalId', 'visibility'], 0.85],
  ['team', ['displayName', 'groupId', 'mailNickName'], 0.85],
  ['team', ['name', 'groupsId', 'privacy'], 0.85],
  ['team', ['displayName', 'isArchived', 'visibility'], 0.8],
  ['member', ['displayName', 'userId', 'roles', 'tenantId'], 0.8],
  ['member', ['name', 'userId', 'userName', 'role'], 0.8],
  ['user', ['displayName', 'userPrincipalName'], 0.65],
];

export const teamsListsReader: ExportReader = {
  id: 'teams-lists',
  system: 'teams',
  label: 'Microsoft Teams channels and people',
  most: 0.85,
  // The last of each is the rarest.
  jsonKeys: signatures
    .map(([, keys]) => keys.at(-1) ?? '')
    .flatMap((key) => [key, key.charAt(0).toUpperCase() + key.slice(1)]),
  recognise(probe: Probe) {
    let best: (typeof signatures)[number] | undefined;
    recordPaths(probe.json, (keys) => {
      best ??= signatureOf(keys);
      return best !== undefined;
    });
    return best && { score: best[2], reason: `keys of a ${best[0]}: ${best[1].join(', ')}` };
  },
  async read(file, sink, hints) {
    const paths = recordPathsOf(file, (keys) => signatureOf(keys) !== undefined) ?? ['/*'];
    await readJsonRecords(file, paths, sink, {
      record: ({ value, raw }) => {
        const entry = smallKeys(value);
        const kind = isObject(entry) ? signatureOf(Object.keys(entry))?.[0] : undefined;
        if (!isObject(entry)) sink.note('malformed');
        else if (kind === 'chat' && !hints.includeDirect) sink.note('direct-message');
        else {
          const { texts } = textsOf(entry, format, (key) => sink.unknownKey(key));
          sink.record({ ...recordOf(entry, kind ?? 'user'), texts, raw });
        }
      },
    });
    await sink.drained();
  },
};

function signatureOf(keys: readonly string[]): (typeof signatures)[number] | undefined {
  const small = new Set(keys.map(smallKey));
  return signatures.find(([, needed]) => needed.every((key) => small.has(key)));
}

const known = new Set([
  'contentUrl',
  'joinWebUrl',
  'filesFolderWebUrl',
  'classification',
  'specialization',
  'tenantId',
  'internalId',
  'mailNickname',
  'mailNickName',
  'visibility',
  'giphyContentRating',
  'replyRestriction',
  'userNewMessageRestriction',
  'allowNewMessageFromBots',
  'layoutType',
  'preferredLanguage',
  'department',
  'companyName',
  'employeeId',
  'country',
  'state',
  'streetAddress',
  'postalCode',
  'otherMails',
  'proxyAddresses',
  'imAddresses',
  'faxNumber',
  'mySite',
  'userType',
  'usageLocation',
  'onPremisesSamAccountName',
  'onPremisesUserPrincipalName',
  'onPremisesDistinguishedName',
  'onPremisesDomainName',
  'onPremisesImmutableId',
  'onPremisesSecurityIdentifier',
  'securityIdentifier',
  'creationType',
  'skypeId',
  'roles',
  'membershipType',
  'chatType',
  'template',
  'odata.type',
  '@odata.type',
  '@odata.id',
  '@odata.etag',
  '@odata.context',
  '@odata.nextLink',
  'template@odata.bind',
  'userName',
  'givenName',
  'surname',
  'city',
  'location',
  'businessPhones',
  'mail',
  'email',
  'userPrincipalName',
  'jobTitle',
  'officeLocation',
  'mobilePhone',
]);

const format: ObjectFormat = {
  known,
  field(path, _text, holder) {
    if (path[0] === 'lastMessagePreview' && path.at(-1) === 'content')
      return { role: 'body', dialect: holder['contentType'] === 'text' ? 'plain' : 'html' };
    if (path.length > 1) return undefined;
    switch (path[0]) {
      case 'aboutMe':
      case 'summary':
        return { role: 'description', dialect: 'plain' };
      case 'displayName':
      case 'name':
      case 'topic':
        return { role: 'title', dialect: 'plain' };
      case 'description':
        return { role: 'description', dialect: 'plain' };
      case 'webUrl':
      case 'id':
      case 'userId':
      case 'groupId':
      case 'groupsId':
        return 'skip';
      default:
        return undefined;
    }
  },
};

function recordOf(entry: JsonObject, kind: ListKind): Omit<ExportRecord, 'texts'> {
  const id =
    idOf(entry, 'id', 'groupId', 'groupsId', 'userId') ?? stringOf(entry, 'userPrincipalName') ?? 'unknown';
  const name = stringOf(entry, 'displayName', 'name', 'topic') ?? id;
  const time = recordTime(fromIso(entry['createdDateTime']));
  const url = stringOf(entry, 'webUrl');
  const isPerson = kind === 'member' || kind === 'user';
  return {
    place: isPerson ? directory : placeOf(id, name, kind, isPrivate(entry) ? 'restricted' : 'internal'),
    type: isPerson ? 'profile' : 'setting',
    id,
    title: name,
    revision: { state: 'current' },
    action: 'edit',
    ...(time === undefined ? {} : { time }),
    ...(url === undefined ? {} : { permalink: { url } }),
  };
}

const directory: RecordPlace = {
  kind: 'workspace',
  id: 'directory',
  name: 'Teams people',
  audience: 'internal',
};

function placeOf(id: string, name: string, kind: ListKind, audience: RecordPlace['audience']): RecordPlace {
  if (kind === 'team') return { kind: 'workspace', id, name, audience };
  if (kind === 'channel') return { kind: 'channel', id, name, audience };
  const isDirect = id.endsWith('@unq.gbl.spaces');
  return { kind: isDirect ? 'dm' : 'group-dm', id, name, audience: 'restricted' };
}
