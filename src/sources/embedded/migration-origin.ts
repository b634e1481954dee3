/** Where the repositories of a GitHub migration archive come from: `repositories/<owner>/<name>.git` beside JSON files. */
import { closeSync, constants, openSync, readdirSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const repository = /^((?:[^/]+\/)?)repositories\/([\w.-]+)\/([\w.-]+)\.git$/;
/** Bytes of a list of repositories that are looked at for the address of the first. */
export const listHeadBytes: number = 64 * 1024;
const defaultHost = 'github.com';

/** Collects, from the entries of one archive, what tells the host. */
export class MigrationHosts {
  readonly #hosts = new Map<string, string>();

  /** Whether the entry should be handed to {@link read}. */
  isWanted(name: string): boolean {
    return /^(?:[^/]+\/)?repositories_\d{6}\.json$/.test(name);
  }

  /** @param head the first bytes of the entry: an array of repositories, each with its address */
  read(name: string, head: Buffer): void {
    const url = /"url"\s*:\s*"https?:\\?\/\\?\/([\w.:-]+)\\?\//.exec(head.toString('latin1'));
    if (url?.[1] !== undefined) this.#hosts.set(name.replace(/repositories_\d{6}\.json$/, ''), url[1]);
  }

  /** URL of the repository in this folder of the archive; undefined when it is in no place that such archives have. */
  originOf(folder: string): string | undefined {
    const [, top = '', owner, name] = repository.exec(folder) ?? [];
    return owner === undefined
      ? undefined
      : `https://${this.#hosts.get(top) ?? defaultHost}/${owner}/${name}.git`;
  }
}

/**
 * The same for an archive that was unpacked by hand. A server keeps its repositories in folders of these names too,
 * so the JSON files of a migration must be there.
 */
export function unpackedMigrationOrigin(path: string): string | undefined {
  const owner = dirname(path);
  const repositories = dirname(owner);
  if (basename(repositories) !== 'repositories') return undefined;
  const top = dirname(repositories);
  const hosts = new MigrationHosts();
  const named = namesIn(top).filter((name) => hosts.isWanted(name));
  for (const name of named) hosts.read(name, headOf(join(top, name)));
  if (named.length === 0) return undefined;
  return hosts.originOf(`repositories/${basename(owner)}/${basename(path)}`);
}

function headOf(path: string): Buffer {
  try {
    const fd = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const head = Buffer.alloc(listHeadBytes);
      return head.subarray(0, readSync(fd, head, 0, listHeadBytes, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    // Without the list the host is the usual one.
    return Buffer.alloc(0);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
