/** Configurations of `kubectl` in JSON: their entries, those of users at each credential that they hold. */
/** An entry of one of the three lists: where it lies, and its fields under their own names. */
export interface Item {
  readonly section: string;
  readonly start: number;
  end: number;
  readonly fields: Map<string, string>;
}

const sections = ['clusters', 'contexts', 'users'] as const;
/** Members of a user whose texts are credentials. */
const credentials = ['token', 'password', 'client-key-data', 'client-certificate-data'] as const;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** Entries of the three lists, at most `most`. @param text one byte a character */
export function jsonItemsOf(text: string, most: number): Item[] {
  const config = parsed(text);
  const items: Item[] = [];
  for (const section of sections) {
    const list = config[section];
    for (const entry of Array.isArray(list) ? list.slice(0, most) : []) {
      if (!isObject(entry)) continue;
      const inner = entry[section.slice(0, -1)];
      const fields = new Map<string, string>();
      for (const [name, value] of [
        ...Object.entries(isObject(inner) ? inner : {}),
        ['name', entry['name']] as const,
      ])
        fields.set(name, typeof value === 'string' ? value : '');
      const spans = section === 'users' ? spansOf(text, fields) : [{ start: 0, end: 0 }];
      items.push(...spans.map((span) => ({ section, fields, ...span })));
    }
  }
  return items.slice(0, 3 * most);
}

/** Where the credentials of a user stand: the first place of each, since another user with the same one says no more. */
function spansOf(text: string, fields: ReadonlyMap<string, string>): { start: number; end: number }[] {
  return credentials.flatMap((name) => {
    const value = fields.get(name) ?? '';
    const start = value.length < 4 ? -1 : text.indexOf(value);
    return start < 0 ? [] : [{ start, end: start + value.length }];
  });
}
