/** Places: things with an owner and access rules that can hold copies. */
import type { PlaceKey } from './ids.js';

export const systems = [
  'git',
  'folder',
  'file',
  'stdin',
  'slack',
  'jira',
  'github',
  'gitlab',
  'confluence',
  'notion',
  'mediawiki',
  'teams',
  'discord',
  'mattermost',
  'rocketchat',
  'zulip',
  'telegram',
  'whatsapp',
  'google-chat',
  'matrix',
  'messenger',
  'irc',
  'mail',
  'linear',
  'azure-devops',
  'servicenow',
  'zendesk',
  'freshdesk',
  'asana',
  'trello',
  'github-actions',
  'gitlab-ci',
  'ci-log',
  'jupyter',
  'har',
  'postman',
  'insomnia',
  'terraform',
  'env-file',
  'shell-history',
  'kubeconfig',
  'generic',
] as const;
/** What kind of system a place belongs to. Readers of exports add theirs. */
export type System = (typeof systems)[number];

export const audiences = ['public', 'external', 'internal', 'restricted', 'unknown'] as const;
export type Audience = (typeof audiences)[number];

export interface Place {
  readonly key: PlaceKey;
  readonly system: System;
  /** Workspace, site or organisation, when the system has one. */
  readonly tenant?: string;
  /** Name for people, redacted. */
  readonly name: string;
  readonly audience: Audience;
  /** Root commits (sorted hex); equal sets across places mean `fork-of`. Git only. */
  readonly rootCommits?: readonly string[];
  readonly archived?: boolean;
  readonly forkOf?: PlaceKey;
  readonly team?: string;
}
