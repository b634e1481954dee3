/** Places: things with an owner and access rules that can hold copies. */
import type { PlaceKey } from './ids.js';

/** Systems in which people chat. */
export const chatSystems = [
  'slack',
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
] as const;

/** Systems in which people keep tickets, pages and mail for each other. */
export const recordSystems = [
  'jira',
  'github',
  'gitlab',
  'confluence',
  'notion',
  'mediawiki',
  'mail',
  'linear',
  'azure-devops',
  'servicenow',
  'zendesk',
  'freshdesk',
  'asana',
  'trello',
] as const;

const toolSystems = [
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
const plainSystems = ['git', 'folder', 'file', 'stdin'] as const;

/** What kind of system a place belongs to. Readers of exports add theirs. */
export type System =
  | (typeof plainSystems)[number]
  | (typeof chatSystems)[number]
  | (typeof recordSystems)[number]
  | (typeof toolSystems)[number];

/** Whose exports are read record by record. */
export const exportSystems: readonly System[] = [...chatSystems, ...recordSystems, ...toolSystems];
export const systems: readonly System[] = [...plainSystems, ...exportSystems];

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
