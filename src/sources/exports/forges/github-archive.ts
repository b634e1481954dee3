/**
 * GitHub migration archives: arrays of rows with a `type`, in which people and parents are addresses. Bare repositories
 * beside them are none of this reader's business.
 */
import type { ExportReader, ExportTree, Probe, Recognition } from '../contract.js';
import { readJsonRecords } from '../json-records.js';
import { isObject, memberOf, objectOf, stringOf } from '../object-texts.js';
import { archiveTypes } from './github-kinds.js';
import { loginOf } from './github-links.js';
import { GithubWalk, type Person } from './github-walk.js';

const rowType = /"type"\s*:\s*"([a-z_]{3,40})"/;

function recognise(probe: Probe): Recognition | undefined {
  const shape = probe.json;
  if (shape?.root === 'object' && shape.keys.includes('github_sha') && shape.keys.includes('version'))
    return { score: 0.95, reason: 'keys version, github_sha' };
  if (shape?.root !== 'array' || !shape.keys.includes('type')) return undefined;
  const type = rowType.exec(probe.text)?.[1];
  if (type === undefined || !archiveTypes.has(type)) return undefined;
  if (!shape.keys.includes('url')) return undefined;
  // Rows name people and parents by address; in REST these are objects.
  const isFlat = /"(?:user|repository|issue|pull_request|login|owner|actor)"\s*:\s*"/.test(probe.text);
  return { score: isFlat ? 0.96 : 0.7, reason: `rows of type ${type} with addresses` };
}

const peopleFile = /(?:^|\/)(?:users|organizations|bots|mannequins)_\d+\.json$/;
const maxPeopleBytes = 32 * 1024 * 1024;

function peopleOf(tree: ExportTree, folder: string): Promise<ReadonlyMap<string, Person>> {
  return tree.memo(`github-people:${folder}`, async () => {
    const people = new Map<string, Person>();
    for (const name of await tree.list(folder)) {
      if (!peopleFile.test(name)) continue;
      const bytes = await tree.read(name, maxPeopleBytes);
      if (bytes !== undefined) addPeople(bytes.toString('utf8'), people);
    }
    return people;
  });
}

function addPeople(text: string, people: Map<string, Person>): void {
  let rows: unknown;
  try {
    rows = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    // Names only add; the file itself is read, and its damage reported, on its own.
    return;
  }
  if (!Array.isArray(rows)) return;
  for (const row of rows) {
    if (!isObject(row)) continue;
    const login = stringOf(row, 'login') ?? loginOf(memberOf(row, 'url'));
    if (login === undefined) continue;
    const name = stringOf(row, 'name');
    const email = stringOf(row, 'email') ?? primaryEmail(memberOf(row, 'emails'));
    people.set(login, { ...(name !== undefined && { name }), ...(email !== undefined && { email }) });
  }
}

function primaryEmail(emails: unknown): string | undefined {
  if (!Array.isArray(emails)) return undefined;
  const rows = emails.filter(isObject);
  const primary = rows.find((row) => memberOf(row, 'primary') === true) ?? rows[0];
  return primary === undefined
    ? undefined
    : (stringOf(primary, 'address') ?? stringOf(objectOf(primary, 'email') ?? {}, 'address'));
}

export const githubArchiveReader: ExportReader = {
  id: 'github-archive',
  system: 'github',
  label: 'GitHub migration archive',
  most: 0.96,
  recognise,
  read: async (file, sink) => {
    const folder = file.name.includes('/') ? file.name.slice(0, file.name.lastIndexOf('/')) : '';
    const people = await peopleOf(file.tree, folder);
    const walk = new GithubWalk(sink, { fileName: file.name, isArchive: true, people });
    await readJsonRecords(file, ['/*'], sink, {
      record: (record) => walk.walk(record.value, record.pointer, record.raw),
      end: (root) => {
        if (isObject(root)) walk.walk(root, '');
      },
    });
  },
};
