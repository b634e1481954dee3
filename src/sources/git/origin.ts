/**
 * Turns a remote's URL into the part of a place key that is the same for every way of writing it, and
 * splits credentials off. https, ssh and scp-like forms of one repository are equal.
 */

const defaultPorts: Readonly<Record<string, string>> = {
  ssh: '22',
  'git+ssh': '22',
  git: '9418',
  http: '80',
  https: '443',
  'git+https': '443',
};

/** Hosts that treat owner and name without regard to case, so that differing spellings are one repository. */
const caseBlindHosts = new Set(['github.com', 'gitlab.com', 'bitbucket.org', 'codeberg.org']);

/**
 * `host/path` without scheme, credentials, default port, query, `.git`; undefined for local paths, which
 * say nothing about where the repository comes from.
 */
export function normaliseRemoteUrl(url: string): string | undefined {
  const text = url.trim();
  const withScheme = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text);
  if (withScheme !== null) return fromUrl((withScheme[1] ?? '').toLowerCase(), withScheme[2] ?? '');
  // scp-like: `[user@]host:path`, the colon before the first slash; one letter would be a Windows drive.
  const scp = /^(?:[^/@:]*(?::[^/@]*)?@)?(\[[^\]]+\]|[^/:@]{2,}):(?!:)(.+)$/s.exec(text);
  return scp === null ? undefined : join(scp[1] ?? '', '', scp[2] ?? '');
}

function fromUrl(scheme: string, rest: string): string | undefined {
  if (defaultPorts[scheme] === undefined) return undefined;
  const slash = rest.indexOf('/');
  if (slash < 0) return undefined;
  // A password may hold `@` itself: everything up to the last one before the path is user info.
  const authority = rest.slice(0, slash).replace(/^.*@/s, '');
  const match = /^(\[[^\]]+\]|[^:]+)(?::(\d*))?$/.exec(authority);
  if (match === null) return undefined;
  const port = match[2] === undefined || match[2] === defaultPorts[scheme] ? '' : match[2];
  return join(match[1] ?? '', port, rest.slice(slash + 1).replace(/[?#].*$/s, ''));
}

function join(host: string, port: string, path: string): string | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  const clean = path
    .replace(/\/{2,}/g, '/')
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/i, '')
    .replace(/\/+$/g, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (name === '' || clean === '' || /[\u0000-\u001f\u007f]/.test(name + clean)) return undefined;
  const shown = caseBlindHosts.has(name) ? clean.toLowerCase() : clean;
  return `${name}${port === '' ? '' : `:${port}`}/${shown}`;
}

export interface SplitUrl {
  /** The URL without user info. For ssh the user name stays: it is part of the address. */
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
}

/** Splits user info off a URL, percent-decoded. */
export function splitCredentials(url: string): SplitUrl {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@([^/]*.*)$/is.exec(url);
  if (match === null) return { url };
  const [, scheme = '', info = '', rest = ''] = match;
  const colon = info.indexOf(':');
  const user = decode(colon < 0 ? info : info.slice(0, colon));
  const password = colon < 0 ? undefined : decode(info.slice(colon + 1));
  const bare = /ssh/i.test(scheme)
    ? `${scheme}${colon < 0 ? info : info.slice(0, colon)}@${rest}`
    : scheme + rest;
  return password === undefined ? { url: bare, user } : { url: bare, user, password };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
