/** Allow entries of the user's own checkout, as the hook applies them; the YAML parser is loaded only for a file that is there. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Finding } from '../model/finding.js';
import { compileGlob } from '../sources/files/glob.js';

type Allows = (finding: Finding, path: string) => boolean;

function configFile(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const file = join(folder, '.sprawl', 'config.yaml');
    if (existsSync(file)) return file;
    // What lies above the repository is not its configuration.
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) return undefined;
  }
}

/** What `.sprawl/config.yaml` allows. Throws `config-invalid`: a broken file must not read as "nothing allowed". */
export async function configAllows(cwd: string, now: string): Promise<Allows> {
  const file = configFile(cwd);
  if (file === undefined) return () => false;
  const { parseConfig } = await import('../suppress/config.js');
  const entries = parseConfig(readFileSync(file), file).allow.filter(
    ({ until }) => until === undefined || Date.parse(until) >= Date.parse(now),
  );
  const tests = entries.map(({ subject, target }): Allows => {
    switch (subject) {
      case 'secret':
        return ({ fingerprint }) => fingerprint.startsWith(target);
      case 'rule':
        return ({ rule }) => rule === target;
      case 'path': {
        const glob = compileGlob(target);
        return (_, path) => glob.matches(path);
      }
      default: {
        const never: never = subject;
        return never;
      }
    }
  });
  return (finding, path) => tests.some((test) => test(finding, path));
}
