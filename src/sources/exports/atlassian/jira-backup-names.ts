/** Names that rows of a Jira backup refer to by id: projects, issues, people, custom fields, properties. */
import type { RecordActor } from '../contract.js';
import { siteOfBase } from './atlassian-site.js';
import { type BackupRow, fieldOf } from './jira-backup-rows.js';
import { isIssueKey, type JiraSite } from './jira-site.js';
import { issueTitle } from './jira-values.js';
import { ownCopy } from './own-copy.js';

interface NamedIssue {
  readonly key: string;
  readonly title: string;
}

/** Entries of each table. A large site has about so many issues. */
const maxNames = 1_000_000;

export class BackupNames {
  site: JiraSite;
  readonly #isTold: boolean;
  readonly #projectKeys = new Map<string, string>();
  readonly #projectNames = new Map<string, string>();
  readonly #issues = new Map<string, NamedIssue>();
  /** Issues whose project is not known yet. */
  readonly #numbers = new Map<string, { project: string; number: string; summary: string | undefined }>();
  readonly #fields = new Map<string, string>();
  readonly #properties = new Map<string, string>();
  readonly #userNames = new Map<string, string>();
  readonly #people = new Map<string, { name: string | undefined; email: string | undefined }>();

  /** @param told base address that the user named */
  constructor(told: string | undefined) {
    this.site = siteOfBase(told);
    this.#isTold = this.site.base !== undefined;
  }

  learn(row: BackupRow): void {
    const id = ownCopy(fieldOf(row, 'id'));
    if (id === undefined) return;
    switch (row.entity) {
      case 'Project': {
        const key = ownCopy(fieldOf(row, 'key')) ?? id;
        keep(this.#projectKeys, id, key);
        keep(this.#projectNames, key, ownCopy(fieldOf(row, 'name')));
        break;
      }
      case 'Issue':
        this.#learnIssue(row, id);
        break;
      case 'CustomField':
        this.#fields.set(id, ownCopy(fieldOf(row, 'name')) ?? id);
        break;
      case 'OSPropertyEntry':
        keep(this.#properties, id, ownCopy(fieldOf(row, 'propertyKey')));
        break;
      case 'OSPropertyString':
        if (this.property(id) === 'jira.baseurl' && !this.#isTold)
          this.site = siteOfBase(fieldOf(row, 'value'));
        break;
      case 'ApplicationUser':
        keep(this.#userNames, ownCopy(fieldOf(row, 'userKey')) ?? id, ownCopy(fieldOf(row, 'lowerUserName')));
        break;
      case 'User':
        keep(this.#people, ownCopy(fieldOf(row, 'lowerUserName', 'userName')) ?? id, {
          name: ownCopy(fieldOf(row, 'displayName', 'userName')),
          email: ownCopy(fieldOf(row, 'emailAddress')),
        });
        break;
    }
  }

  issue(id: string | undefined): NamedIssue | undefined {
    if (id === undefined) return undefined;
    const known = this.#issues.get(id);
    if (known !== undefined) return known;
    const numbered = this.#numbers.get(id);
    const project = this.projectKey(numbered?.project);
    if (numbered === undefined || project === undefined) return undefined;
    const key = `${project}-${numbered.number}`;
    return { key, title: issueTitle(key, numbered.summary) };
  }

  projectName(key: string): string | undefined {
    return this.#projectNames.get(key);
  }

  projectKey(id: string | undefined): string | undefined {
    return id === undefined ? undefined : this.#projectKeys.get(id);
  }

  fieldName(id: string): string | undefined {
    return this.#fields.get(id.replace(/^customfield_/, ''));
  }

  property(id: string): string | undefined {
    return this.#properties.get(id);
  }

  actor(key: string | undefined): RecordActor | undefined {
    if (key === undefined) return undefined;
    const person = this.#people.get(this.#userNames.get(key) ?? key);
    return {
      id: key,
      ...(person?.name === undefined ? {} : { name: person.name }),
      ...(person?.email === undefined ? {} : { email: person.email }),
      kind: 'user',
    };
  }

  #learnIssue(row: BackupRow, id: string): void {
    const key = ownCopy(fieldOf(row, 'key'));
    const summary = ownCopy(fieldOf(row, 'summary'));
    if (isIssueKey(key)) keep(this.#issues, id, { key, title: issueTitle(key, summary) });
    else {
      const project = ownCopy(fieldOf(row, 'project'));
      const number = ownCopy(fieldOf(row, 'number'));
      if (project !== undefined && number !== undefined)
        keep(this.#numbers, id, { project, number, summary });
    }
  }
}

function keep<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value !== undefined && map.size < maxNames) map.set(key, value);
}
