/**
 * Reads a git config file as data, without git: no includes, no aliases, nothing takes effect.
 *
 * Starting git for it cost 2-3 ms a store, 9 s for an estate of 3,000. Grammar: git-config(1), "Syntax".
 */

/** Values by lower-case `section.key` or `section.Subsection.key` (the subsection keeps its case). */
export type GitConfig = ReadonlyMap<string, readonly string[]>;

/** Parses the text of a config file; a line that git would refuse is passed over. */
export function parseGitConfig(text: string): GitConfig {
  const values = new Map<string, string[]>();
  let section = '';
  for (const line of logicalLines(text)) {
    let rest = line.trimStart();
    const header = /^\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(rest);
    if (header !== null) {
      const subsection = header[2]?.replace(/\\(.)/g, '$1');
      section = (header[1] ?? '').toLowerCase() + (subsection === undefined ? '' : `.${subsection}`);
      rest = rest.slice(header[0].length).trimStart();
    }
    const entry = /^([A-Za-z][A-Za-z0-9-]*)\s*(=?)/.exec(rest);
    if (entry === null || section === '') continue;
    const key = `${section}.${(entry[1] ?? '').toLowerCase()}`;
    // A key without `=` is boolean true.
    const value = entry[2] === '=' ? unquote(rest.slice(entry[0].length)) : 'true';
    const list = values.get(key);
    if (list === undefined) values.set(key, [value]);
    else list.push(value);
  }
  return values;
}

/** The last value wins, as in git. */
export function lastValue(config: GitConfig, key: string): string | undefined {
  return config.get(key)?.at(-1);
}

export function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(?:true|yes|on|[1-9]\d*)$/i.test(value);
}

function logicalLines(text: string): readonly string[] {
  const lines: string[] = [];
  let open: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const whole = open === undefined ? line : open + line;
    const slashes = /\\*$/.exec(whole)?.[0].length ?? 0;
    if (slashes % 2 === 1) {
      open = whole.slice(0, -1);
    } else {
      lines.push(whole);
      open = undefined;
    }
  }
  if (open !== undefined) lines.push(open);
  return lines;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };

/** Undoes quotes and escapes, drops comments and outer blanks. */
function unquote(raw: string): string {
  let value = '';
  let keep = 0;
  let quoted = false;
  for (let i = 0; i < raw.length; i++) {
    const c = raw.charAt(i);
    if (c === '"') {
      quoted = !quoted;
      keep = value.length;
    } else if (c === '\\') {
      i++;
      value += escapes[raw.charAt(i)] ?? raw.charAt(i);
      keep = value.length;
    } else if (!quoted && (c === '#' || c === ';')) {
      break;
    } else if (quoted || !/\s/.test(c)) {
      value += c;
      keep = value.length;
    } else if (value !== '') {
      value += c;
    }
  }
  return value.slice(0, keep);
}
