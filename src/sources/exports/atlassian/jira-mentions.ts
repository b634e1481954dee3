/**
 * What Jira repeats in each issue: people, statuses, the project, linked issues. Each is handed over once per file, and
 * again only when it reads differently.
 */
import type { ExportRecord, RecordActor, RecordPlace, RecordSink, RecordText } from '../contract.js';
import { noClaims, unclaimedTexts } from '../leaves.js';
import { isObject, type JsonObject } from '../object-texts.js';
import { append } from './append.js';
import { issueKey, issueLink, type JiraSite, projectKeyOf, projectPlace, sitePlace } from './jira-site.js';
import { actorOf, idOf, issueTitle, isUser, stringOf, userId } from './jira-values.js';

/** Keys of REST resources that hold no text. */
export const restNoise: ReadonlySet<string> = new Set([
  'self',
  'id',
  'iconUrl',
  'avatarUrls',
  'avatarId',
  'accountId',
  'accountType',
  'timeZone',
  'locale',
  'colorName',
  'expand',
  'created',
  'updated',
  'started',
  'releaseDate',
  'userReleaseDate',
  'startDate',
  'userStartDate',
  'endDate',
  'completeDate',
  '48x48',
  '32x32',
  '24x24',
  '16x16',
]);

/** Kinds of things that belong to the whole site; others belong to a project. */
const siteKinds = new Set([
  'status',
  'issuetype',
  'priority',
  'resolution',
  'issuelinktype',
  'fields',
  'user',
]);

/** Things remembered as handed over; then the memory starts again, which costs repeated records only. */
const maxSeen = 20_000;
/** Objects within objects that make up the wording of a thing. */
const maxDepth = 6;

interface KnownPerson {
  readonly name: unknown;
  readonly displayName: unknown;
  readonly emailAddress: unknown;
  readonly actor: RecordActor | undefined;
}

export class JiraMentions {
  #sink: Pick<RecordSink, 'record'>;
  /** How often something that was handed over read differently later, or was forgotten. */
  changes = 0;
  readonly #seen = new Map<string, string>();
  readonly #people = new Map<string, KnownPerson>();
  readonly #projects = new Map<string, string>();
  #lastPlace:
    | {
        readonly site: JiraSite;
        readonly project: string;
        readonly name: string | undefined;
        readonly place: RecordPlace;
      }
    | undefined;

  constructor(sink: Pick<RecordSink, 'record'>) {
    this.#sink = sink;
  }

  /** Has records handed over elsewhere from now on. */
  redirect(sink: Pick<RecordSink, 'record'>): void {
    this.#sink = sink;
  }

  /** A project as place, under the last name that the file gave it. */
  place(site: JiraSite, project: string, name?: unknown): RecordPlace {
    if (typeof name === 'string' && name !== '') {
      if (this.#projects.size >= maxSeen) this.#projects.clear();
      this.#projects.set(project, name);
    }
    const known = this.#projects.get(project);
    const last = this.#lastPlace;
    // Neighbours share their place, so that counting them is a comparison.
    if (last?.site === site && last.project === project && last.name === known) return last.place;
    const place = projectPlace(site, project, known);
    this.#lastPlace = { site, project, name: known, place };
    return place;
  }

  /** A person: handed over as `profile` when new. Gives who that is. */
  user(value: unknown, site: JiraSite): RecordActor | undefined {
    if (!isObject(value)) return undefined;
    const id = userId(value);
    const known = id === undefined ? undefined : this.#people.get(id);
    // A person stands in each comment: only what may read differently is compared.
    if (
      known !== undefined &&
      known.name === value['name'] &&
      known.displayName === value['displayName'] &&
      known.emailAddress === value['emailAddress']
    )
      return known.actor;
    const actor = actorOf(value);
    if (id === undefined) return actor;
    const { name, displayName, emailAddress } = value;
    if (known !== undefined) this.changes++;
    if (this.#people.size >= maxSeen) {
      this.#people.clear();
      this.changes++;
    }
    this.#people.set(id, { name, displayName, emailAddress, actor });
    this.#record({
      place: sitePlace(site),
      type: 'profile',
      id,
      ...titled(displayName),
      revision: { state: 'current' },
      action: 'ask-admin',
      texts: unclaimedTexts(value, noClaims, { role: 'profile', noise: restNoise }),
    });
    return actor;
  }

  /** Who stands behind an id, with the name that the file gave so far. */
  actor(id: string): RecordActor {
    return this.#people.get(id)?.actor ?? { id, kind: 'user' };
  }

  /** A status, an issue type, the project itself, a version ... as `setting`; people within it apart. */
  thing(kind: string, value: unknown, site: JiraSite, project?: string): void {
    if (!isObject(value)) return;
    const id = idOf(value['id']) ?? stringOf(value['key']) ?? stringOf(value['name']);
    const scope = siteKinds.has(kind) ? undefined : project;
    if (!this.#isNew(`${kind}/${scope ?? ''}/${id ?? ''}`, value)) return;
    const others: Record<string, unknown> = {};
    for (const [key, member] of Object.entries(value)) {
      if (isObject(member) && isUser(member)) this.user(member, site);
      else others[key] = member;
    }
    this.#record({
      place:
        scope === undefined
          ? sitePlace(site)
          : this.place(site, scope, kind === 'project' ? value['name'] : undefined),
      type: 'setting',
      id: kind === 'project' ? 'project' : `${kind}/${id ?? ''}`,
      ...titled(value['name']),
      revision: { state: 'current' },
      action: 'edit',
      texts: unclaimedTexts(others, noClaims, { role: 'setting', noise: restNoise }),
    });
  }

  /** Another issue that is shown within one: parent, subtask, epic, link. Its own page is what would be edited. */
  issue(value: unknown, site: JiraSite): void {
    if (!isObject(value)) return;
    const key = stringOf(value['key']);
    if (key === undefined || !issueKey.test(key) || !this.#isNew(`issue/${key}`, value)) return;
    const fields = isObject(value['fields']) ? value['fields'] : value;
    const project = projectKeyOf(key);
    const texts: RecordText[] = [];
    const summary = stringOf(fields['summary']);
    if (summary !== undefined)
      texts.push({ text: summary, dialect: 'plain', field: { path: 'fields.summary', role: 'title' } });
    for (const [name, member] of Object.entries(fields)) {
      if (isObject(member) && isUser(member)) this.user(member, site);
      else if (isObject(member) && 'self' in member && siteKinds.has(name))
        this.thing(name, member, site, project);
      else if (name !== 'summary' && name !== 'key')
        append(texts, unclaimedTexts({ [name]: member }, noClaims, { prefix: 'fields', noise: restNoise }));
    }
    const link = issueLink(site, key);
    this.#record({
      place: this.place(site, project),
      type: 'issue',
      id: key,
      title: issueTitle(key, summary),
      revision: { state: 'preview', of: key },
      ...(link === undefined ? {} : { permalink: link }),
      action: 'edit',
      texts,
    });
  }

  /** Anything else that repeats, with texts that are made only when they are needed. */
  setting(id: string, value: unknown, place: RecordPlace, texts: () => readonly RecordText[]): void {
    if (!this.#isNew(`setting/${place.id}/${id}`, value)) return;
    this.#record({
      place,
      type: 'setting',
      id,
      revision: { state: 'current' },
      action: 'edit',
      texts: texts(),
    });
  }

  #record(record: ExportRecord): void {
    if (record.texts.length > 0) this.#sink.record(record);
  }

  #isNew(key: string, value: unknown): boolean {
    const wording = wordingOf(value, 0);
    const known = this.#seen.get(key);
    if (known === wording) return false;
    if (known !== undefined) this.changes++;
    if (this.#seen.size >= maxSeen) {
      this.#seen.clear();
      this.changes++;
    }
    this.#seen.set(key, wording);
    return true;
  }
}

/** All strings of a value in one, except pictures and addresses of the API. */
function wordingOf(value: unknown, depth: number): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || depth > maxDepth) return '';
  let wording = '';
  for (const key in value) {
    if (key === 'self' || key === 'avatarUrls' || key === 'iconUrl') continue;
    const member = (value as JsonObject)[key];
    if (typeof member === 'string') wording += `\n${member}`;
    else if (typeof member === 'object' && member !== null) wording += wordingOf(member, depth + 1);
  }
  return wording;
}

function titled(name: unknown): { title?: string } {
  return typeof name === 'string' && name !== '' ? { title: name } : {};
}
