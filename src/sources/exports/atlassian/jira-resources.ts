/**
 * Other resources of Jira's REST API that people save beside their issues: comments, worklogs, change logs and remote
 * links of one issue, projects, fields, people, and whatever else says by its `self` that it is one.
 */
import type {
  ExportFile,
  ExportReader,
  ExportRecord,
  Probe,
  ReaderHints,
  Recognition,
  RecordSink,
} from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { defined } from '../defined.js';
import { readJsonRecords } from '../json-records.js';
import { jsonShapeOf } from '../json-shape.js';
import { noClaims, unclaimedTexts } from '../leaves.js';
import { isObject, type JsonObject } from '../object-texts.js';
import { isFieldEntry } from './jira-field-names.js';
import type { IssueFrame } from './jira-field-texts.js';
import { isIssue, JiraIssues } from './jira-issue.js';
import { restNoise } from './jira-mentions.js';
import { listKeys, openingOf, resourcePathOf } from './jira-rest-form.js';
import { issueKey, type JiraSite, nearestLink, projectKeyOf, sitePlace } from './jira-site.js';
import { idOf, isUser, stringOf } from './jira-values.js';

export const jiraResources: ExportReader = {
  id: 'jira-resources',
  system: 'jira',
  label: 'Jira REST resources',
  most: 0.92,
  jsonKeys: ['self', '_links', 'clauseNames'],
  recognise: recogniseResources,
  read: readResources,
};

/** Addresses of Jira's API; Confluence has no version behind `/rest/api/`. */
const selfAddress =
  /"self"\s*:\s*"https?:\/\/[^"\s]{1,300}?\/rest\/(?:api\/(?:\d|latest|issue)|agile\/|servicedeskapi\/)/;

function recogniseResources(probe: Probe): Recognition | undefined {
  const { json, text } = probe;
  if (json === undefined)
    return openingOf(text) !== undefined && selfAddress.test(text)
      ? { score: 0.8, reason: 'broken JSON with self addresses of the REST API of Jira' }
      : undefined;
  const keys = [...json.keys, ...(json.inner['values'] ?? [])];
  if (['id', 'name', 'custom', 'clauseNames'].every((key) => keys.includes(key)))
    return { score: 0.92, reason: 'keys id, name, custom, clauseNames' };
  const hasSelf = keys.includes('self') || Object.values(json.inner).some((inner) => inner.includes('self'));
  const hasLinks = keys.includes('_links');
  return (hasSelf || hasLinks) && selfAddress.test(text)
    ? { score: 0.85, reason: 'self addresses of the REST API of Jira' }
    : undefined;
}

async function readResources(file: ExportFile, sink: RecordSink, hints: ReaderHints): Promise<void> {
  const text = decodeHead(file.head);
  const list = resourcePathOf(text, jsonShapeOf(text));
  const resources = new Resources(file.name, sink, hints.baseUrl);
  await readJsonRecords(file, [list ?? ''], sink, {
    record: ({ pointer, value, ancestors }) => resources.resource(value, pointer, ancestors[0]),
    end(root) {
      if (list !== undefined && isObject(root)) resources.page(root);
    },
  });
}

/** Resources of an issue, by the part of `self` that follows the issue. */
const issueOfSelf = /\/issue\/([\w-]{1,270})(?:[/?]|$)/;
const keyInName = /(?:^|[^A-Za-z0-9])([A-Z][A-Z0-9_]{0,254}-\d{1,10})(?![0-9])/;
const kindOfSelf = /\/rest\/[\w.]{1,40}\/[\w.]{1,10}\/(\w{1,60})/;

class Resources {
  readonly #issues: JiraIssues;
  readonly #sink: RecordSink;
  readonly #keyOfFile: string | undefined;

  constructor(name: string, sink: RecordSink, hint: string | undefined) {
    this.#sink = sink;
    this.#issues = new JiraIssues(sink, hint);
    this.#keyOfFile = keyInName.exec(name)?.[1];
  }

  resource(value: unknown, pointer: string, page: JsonObject | undefined): void {
    if (!isObject(value)) return;
    if (isIssue(value) && isObject(value['fields'])) {
      this.#issues.issue(value, undefined);
      return;
    }
    const self =
      stringOf(value['self']) ?? (isObject(value['_links']) ? stringOf(value['_links']['self']) : undefined);
    const site = this.#issues.siteOf(self ?? page?.['self']);
    if (isUser(value)) this.#issues.mentions.user(value, site);
    else if (isFieldEntry(value)) this.#issues.mentions.thing('fields', value, site);
    else if (isPart(value)) this.#part(value, pointer, this.#frame(self ?? stringOf(page?.['self']), site));
    else this.#thing(value, self, pointer, site);
  }

  /** What stands around the resources of a page. */
  page(page: JsonObject): void {
    const others = Object.fromEntries(Object.entries(page).filter(([key]) => !listKeys.includes(key)));
    const texts = unclaimedTexts(others, noClaims, { noise: restNoise, role: 'setting' });
    if (texts.length === 0) return;
    const place = sitePlace(this.#issues.siteOf(page['self']));
    this.#sink.record({ place, type: 'setting', id: 'page', revision: { state: 'current' }, texts });
  }

  #part(value: JsonObject, pointer: string, frame: IssueFrame): void {
    if (Array.isArray(value['items'])) this.#issues.change(value, frame);
    else if ('object' in value) this.#remoteLink(value, pointer, frame);
    else if ('body' in value) this.#issues.comment(value, frame, 'comment');
    else if ('filename' in value) this.#issues.attachment(value, frame, 'attachment');
    else this.#issues.worklog(value, frame, 'worklog');
  }

  #remoteLink(value: JsonObject, pointer: string, frame: IssueFrame): void {
    const link = frame.site.base === undefined ? undefined : nearestLink(frame.site, frame.key);
    this.#sink.record(
      defined<ExportRecord>({
        place: frame.place,
        type: 'issue',
        id: `${frame.key}/remotelink/${idOf(value['id']) ?? pointer}`,
        title: frame.title,
        thread: frame.key,
        revision: { state: 'current' },
        permalink: link,
        action: 'edit',
        texts: unclaimedTexts(value, noClaims, { noise: restNoise, role: 'link' }),
      }),
    );
  }

  #thing(value: JsonObject, self: string | undefined, pointer: string, site: JiraSite): void {
    const kind = (self === undefined ? undefined : kindOfSelf.exec(self)?.[1]) ?? 'resource';
    const key = stringOf(value['key']);
    const project = kind === 'project' ? key : stringOf(value['project']);
    const isNamed = value['id'] !== undefined || key !== undefined || value['name'] !== undefined;
    this.#issues.mentions.thing(kind, isNamed ? value : { ...value, key: pointer }, site, project);
  }

  /** The issue that a resource belongs to: its key, or only its number when neither address nor file name say it. */
  #frame(self: string | undefined, site: JiraSite): IssueFrame {
    const named = self === undefined ? undefined : issueOfSelf.exec(self)?.[1];
    const key = named !== undefined && issueKey.test(named) ? named : this.#keyOfFile;
    const common = {
      raw: undefined,
      markup: self?.includes('/rest/api/3/') === true ? 'plain' : 'jira-wiki',
    } as const;
    if (key !== undefined)
      return {
        ...common,
        key,
        title: key,
        site,
        place: this.#issues.mentions.place(site, projectKeyOf(key)),
      };
    const { base: _base, ...silent } = site;
    const id = named ?? 'unknown';
    return { ...common, key: id, title: `issue ${id}`, site: silent, place: sitePlace(site) };
  }
}

/** True for a part of an issue: a comment, worklog, change, attachment or remote link. */
function isPart(value: JsonObject): boolean {
  if (Array.isArray(value['items'])) return 'created' in value;
  if (isObject(value['object']))
    return 'relationship' in value || 'globalId' in value || 'application' in value;
  return (
    ('body' in value && ('author' in value || 'created' in value)) ||
    ('filename' in value && 'content' in value) ||
    'timeSpentSeconds' in value
  );
}
