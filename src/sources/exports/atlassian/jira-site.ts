/** Where Jira records live: the site, its places and its addresses. */
import type { RecordPlace } from '../contract.js';
import { type AtlassianSite, siteOfBase } from './atlassian-site.js';

/** Its base is what stands before `/browse`. */
export type JiraSite = AtlassianSite;

/** `AB-12`; the project's key is what stands before the last hyphen. */
export const issueKey: RegExp = /^[A-Z][A-Z0-9_]{0,254}-\d{1,10}$/;

export function isIssueKey(value: unknown): value is string {
  return typeof value === 'string' && issueKey.test(value);
}

/** Addresses that Atlassian's gateway gives instead of the site's own: they tell the site's id only. */
const gateway = /^https:\/\/api\.atlassian\.com\/ex\/jira\/([\w-]{1,64})/;
const restAddress = /^(https?:\/\/[^/?#\s]{1,253}(?:\/[^?#\s]{0,200}?)?)\/rest\//;
const attachmentAddress =
  /^(https?:\/\/[^/?#\s]{1,253}(?:\/[^?#\s]{0,200}?)?)\/(?:rest\/api\/\w{1,6}\/attachment\/|secure\/attachment\/)/;
const browseAddress = /^(https?:\/\/[^/?#\s]{1,253}(?:\/[^?#\s]{0,200}?)?)\/browse\//;

/** The site of a REST resource by its `self`, or of any other address that only Jira has. */
export function siteOfAddress(address: unknown, hint?: string): JiraSite | undefined {
  if (typeof address !== 'string') return undefined;
  const cloud = gateway.exec(address)?.[1];
  if (cloud !== undefined) return hint === undefined ? { tenant: cloud } : siteOfBase(hint);
  const base = (restAddress.exec(address) ??
    attachmentAddress.exec(address) ??
    browseAddress.exec(address))?.[1];
  return base === undefined ? undefined : siteOfBase(base);
}

export function projectKeyOf(key: string): string {
  return key.slice(0, key.lastIndexOf('-'));
}

/** @param name the project's name, when the export says it */
export function projectPlace(site: JiraSite, project: string, name?: unknown): RecordPlace {
  return {
    kind: 'project',
    ...(site.tenant === undefined ? {} : { tenant: site.tenant }),
    id: project,
    name: typeof name === 'string' && name !== '' && name !== project ? `${project} ${name}` : project,
    audience: 'unknown',
  };
}

/** Place of what belongs to the whole site: people, statuses, field names. */
export function sitePlace(site: JiraSite): RecordPlace {
  return {
    kind: 'workspace',
    ...(site.tenant === undefined ? {} : { tenant: site.tenant }),
    id: 'site',
    name: site.tenant ?? 'Jira',
    audience: 'unknown',
  };
}

export interface JiraLink {
  readonly url: string;
  readonly level?: 'record';
}

export function issueLink(site: JiraSite, key: string): JiraLink | undefined {
  return site.base === undefined ? undefined : { url: `${site.base}/browse/${key}` };
}

/** The issue, for records of it that have no address of their own. */
export function nearestLink(site: JiraSite, key: string): JiraLink | undefined {
  const link = issueLink(site, key);
  return link === undefined ? undefined : { ...link, level: 'record' };
}

export function commentLink(site: JiraSite, key: string, id: string): JiraLink | undefined {
  const link = issueLink(site, key);
  const comment = encodeURIComponent(id);
  return link === undefined
    ? undefined
    : { url: `${link.url}?focusedCommentId=${comment}#comment-${comment}` };
}

/** The tab of an issue that shows all its changes. */
export function historyLink(site: JiraSite, key: string): JiraLink | undefined {
  const link = issueLink(site, key);
  const tab = 'com.atlassian.jira.plugin.system.issuetabpanels:changehistory-tabpanel';
  return link === undefined ? undefined : { url: `${link.url}?page=${tab}`, level: 'record' };
}
