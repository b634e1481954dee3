/** Names of environments in paths, keys, hosts and targets. Words count whole, so that `product` is no `prod`. */
import type { EnvironmentName } from '../../imports.js';
import { sortedSet } from '../../order.js';

const builtIn: Readonly<Record<string, readonly string[]>> = {
  prod: ['prod', 'production', 'prd', 'live'],
  dr: ['dr', 'failover'],
  staging: ['staging', 'stage', 'stg', 'uat', 'preprod', 'pre prod', 'canary'],
  test: ['test', 'testing', 'qa', 'ci', 'e2e', 'integration', 'sandbox', 'sbx'],
  dev: ['dev', 'devel', 'development', 'demo', 'example', 'sample'],
  local: ['local', 'localhost', 'docker desktop', 'minikube'],
};

/** The environment that a whole text is the name of: `production` is `prod`. */
export function builtInEnvironment(text: string): string | undefined {
  const name = text.toLowerCase();
  return Object.entries(builtIn).find(([, words]) => words.includes(name))?.[0];
}

/** Longer names are cut: no path needs more, and a hostile one costs nothing. */
const mostChars = 4096;

/** Words between delimiters and case borders, in lower case: `dbProd_EU-1` is `db prod eu 1`. */
export function environmentWords(text: string): string[] {
  return text
    .slice(0, mostChars)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** `prod2` is one of several like `prod`. */
function withoutNumber(word: string): string {
  return word.replace(/(?<=[a-z])\d{1,3}$/, '');
}

export interface EnvironmentVocabulary {
  /** All environments that a text names, sorted. */
  namedIn(text: string): readonly string[];
}

/** @param declared extra environments: each is named by its own name */
export function environmentVocabulary(declared: readonly EnvironmentName[]): EnvironmentVocabulary {
  const names = new Map<string, string>();
  for (const [environment, words] of Object.entries(builtIn)) {
    for (const word of words) names.set(word, environment);
  }
  for (const { name } of declared) names.set(environmentWords(name).join(' '), name);
  const longest = Math.max(...[...names.keys()].map((name) => name.split(' ').length));

  /** The name that begins at a word, the longest first. */
  const nameAt = (
    words: readonly string[],
    at: number,
  ): { environment: string; length: number } | undefined => {
    for (let length = Math.min(longest, words.length - at); length > 0; length--) {
      const run = words.slice(at, at + length).join(' ');
      const environment = names.get(run) ?? names.get(withoutNumber(run));
      if (environment !== undefined) return { environment, length };
    }
    return undefined;
  };
  const known = new Map<string, readonly string[]>();
  return {
    // The same names of keys, folders and hosts come again and again.
    namedIn: (text) => {
      const before = known.get(text);
      if (before !== undefined) return before;
      const named = namesIn(text);
      if (known.size >= mostRemembered) known.clear();
      known.set(text, named);
      return named;
    },
  };

  function namesIn(text: string): readonly string[] {
    const words = environmentWords(text);
    const found: string[] = [];
    for (let at = 0; at < words.length; ) {
      const name = nameAt(words, at);
      if (name !== undefined && !isNegated(words[at - 1], name.environment)) found.push(name.environment);
      at += name?.length ?? 1;
    }
    return sortedSet(found);
  }
}

const mostRemembered = 20_000;

/** `non-prod` is anything but production, and `/usr/local` is no environment. */
function isNegated(before: string | undefined, environment: string): boolean {
  return before === 'non' || before === 'not' || (before === 'usr' && environment === 'local');
}

/** Last labels of names that are no domain of anybody: the one before them already says something. */
const innerSuffixes: ReadonlySet<string> = new Set([
  'internal',
  'intern',
  'intranet',
  'local',
  'localdomain',
  'lan',
  'corp',
  'svc',
  'consul',
  'private',
]);

/** The part of a host name that its owner chose for the machine: `db-prod-1` of `db-prod-1.acme.example`. */
export function machineName(host: string): string {
  const labels = host.replace(/:\d+$/, '').replace(/\.$/, '').split('.');
  if (labels.every((label) => /^\d+$/.test(label)) || labels.length === 1)
    return labels.length === 1 ? host : '';
  const own = host.endsWith('.cluster.local') ? labels.slice(0, -2) : labels;
  if (own !== labels) return own.join('.');
  const dropped = labels.length > 2 && !innerSuffixes.has(labels.at(-1) ?? '') ? 2 : 1;
  return labels.slice(0, -dropped).join('.');
}
