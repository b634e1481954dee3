/** Paths, texts and authors at the tip of a store's default branch, for questions about what uses a secret. */
import type { GitSource } from './git-source.js';
import { gitOutput } from './process.js';

/** Paths that are listed; what lies behind is left out. */
const maxPaths = 300_000;
const nul = '\0';

/** One commit that touched a path. */
export interface PathAuthor {
  readonly name: string;
  readonly email: string;
  /** RFC 3339. */
  readonly authorDate: string;
  readonly committerDate: string;
  readonly isMerge: boolean;
  readonly subject: string;
}

/** All paths of the tip, sorted by code points; empty for a store without commits. */
export async function tipPaths(source: GitSource): Promise<readonly string[]> {
  const tip = await source.defaultTip();
  if (tip === undefined) return [];
  const start = { neutralDir: source.neutralDir(), config: source.store.config };
  const output = await gitOutput(start, ['ls-tree', '-r', '-z', '--name-only', tip]);
  const paths = output
    .toString('utf8')
    .split(nul)
    .filter((path) => path !== '');
  return paths.slice(0, maxPaths).sort((a, b) => (a < b ? -1 : 1));
}

/** Newest commits on a path, mail map applied. */
export async function pathAuthors(
  source: GitSource,
  path: string,
  limit: number,
): Promise<readonly PathAuthor[]> {
  const tip = await source.defaultTip();
  if (tip === undefined) return [];
  const start = {
    neutralDir: source.neutralDir(),
    config: [...source.store.config, `mailmap.blob=${tip}:.mailmap`],
  };
  const format = ['%aN', '%aE', '%aI', '%cI', '%P', '%s'].join('%x00');
  const args = [
    'log',
    '-z',
    `--max-count=${limit}`,
    '--no-show-signature',
    `--format=${format}`,
    tip,
    '--',
    path,
  ];
  const fields = (await gitOutput(start, args)).toString('utf8').split(nul);
  const authors: PathAuthor[] = [];
  for (let at = 0; at + 6 <= fields.length; at += 6) {
    const [name = '', email = '', authorDate = '', committerDate = '', parents = '', subject = ''] =
      fields.slice(at, at + 6);
    authors.push({ name, email, authorDate, committerDate, isMerge: parents.includes(' '), subject });
  }
  return authors;
}
