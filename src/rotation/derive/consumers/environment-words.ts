/** Environments that names and paths tell: whole words between delimiters, never parts of words. */

const environments: Readonly<Record<string, readonly string[]>> = {
  prod: ['prod', 'production', 'prd', 'live'],
  dr: ['dr', 'failover'],
  staging: ['staging', 'stage', 'stg', 'uat', 'preprod', 'canary'],
  test: ['test', 'testing', 'qa', 'ci', 'e2e', 'integration', 'sandbox', 'sbx'],
  dev: ['dev', 'devel', 'development', 'demo', 'example', 'sample'],
  local: ['local', 'localhost', 'minikube'],
};
const byWord: ReadonlyMap<string, string> = new Map(
  Object.entries(environments).flatMap(([name, words]) => words.map((word) => [word, name] as const)),
);

/** Environment of a name such as `prod-eu` or `PROD_DB_PASSWORD`; the last word that tells one counts. */
export function environmentOfName(name: string): string | undefined {
  const words = name
    .replace(/pre-prod/gi, 'preprod')
    .replace(/docker-desktop/gi, 'local')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.map((word) => byWord.get(word)).findLast((found) => found !== undefined);
}

/** Environment of a path; the deepest part that tells one counts. */
export function environmentOfPath(path: string): string | undefined {
  return path
    .split('/')
    .map(environmentOfName)
    .findLast((found) => found !== undefined);
}

/** What a declared name means: a built-in one, or the name as it stands. */
export function declaredEnvironment(name: string | undefined): string | undefined {
  if (name === undefined || !/^[\w][\w ./-]{0,60}$/.test(name)) return undefined;
  return environmentOfName(name) ?? name.toLowerCase();
}
