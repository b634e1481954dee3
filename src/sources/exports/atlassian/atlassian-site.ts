/** A site of Jira or Confluence as far as an export or the user names it. */
export interface AtlassianSite {
  /** Address without a slash at its end; absent when neither the export nor the user says it. */
  readonly base?: string;
  /** Host of the site, or what else tells sites apart. */
  readonly tenant?: string;
}

/** The site with a base address; the empty one when that is none. */
export function siteOfBase(base: string | undefined): AtlassianSite {
  if (base === undefined) return {};
  try {
    const url = new URL(base);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return {};
    return { base: (url.origin + url.pathname).replace(/\/+$/, ''), tenant: url.host };
  } catch {
    return {};
  }
}
