/** The one environment that a consumer runs in, by what is declared for it, or by the path of its file. */
import { type EnvironmentVocabulary, environmentVocabulary } from '../environments/words.js';

const builtIn = environmentVocabulary([]);

/** The only environment that a name tells; a name of two tells none. */
function onlyOne(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}

/** Environment of a path; the deepest part that tells one counts. */
export function environmentOfPath(path: string, vocabulary: EnvironmentVocabulary): string | undefined {
  const named = path.split('/').map((part) => vocabulary.namedIn(part));
  return onlyOne(named.findLast((names) => names.length > 0) ?? []);
}

/** What a declared name means: a built-in one, or the name as it stands. */
export function declaredEnvironment(name: string | undefined): string | undefined {
  if (name === undefined || !/^\w[\w ./-]{0,60}$/.test(name)) return undefined;
  return onlyOne(builtIn.namedIn(name)) ?? name.toLowerCase();
}
