/** Parses the list of `place import`; a fault names entry and field and ends the import before it begins. */
import { parsePlaceKey } from '../model/ids.js';
import { audiences, type Place, systems } from '../model/place.js';
import { ProblemError } from '../model/problem.js';

/** A place with at least its key; what is absent keeps its recorded value. */
export type PlaceEntry = Pick<Place, 'key'> & Partial<Place>;

const fields = ['key', 'system', 'tenant', 'name', 'audience', 'archived', 'forkOf', 'team'] as const;

class EntryReader {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #where: string;

  constructor(object: Readonly<Record<string, unknown>>, where: string) {
    this.#object = object;
    this.#where = where;
    const strange = Object.keys(object).find((name) => !(fields as readonly string[]).includes(name));
    if (strange !== undefined)
      this.fault(strange.slice(0, 40), `is no field; fields are ${fields.join(', ')}`);
  }

  fault(field: string, what: string): never {
    throw new ProblemError({ code: 'usage', message: `${this.#where}, field "${field}" ${what}.` });
  }

  text(field: string): string | undefined {
    const value = this.#object[field];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' && value !== '' ? value : this.fault(field, 'must be a text');
  }

  flag(field: string): boolean | undefined {
    const value = this.#object[field];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'boolean' ? value : this.fault(field, 'must be true or false');
  }

  word<Word extends string>(field: string, words: readonly Word[]): Word | undefined {
    const value = this.text(field);
    if (value === undefined) return undefined;
    const word = words.find((candidate) => candidate === value);
    return word ?? this.fault(field, `must be one of ${words.join(', ')}`);
  }

  key(field: string): Place['key'] | undefined {
    const value = this.text(field);
    if (value === undefined) return undefined;
    try {
      return parsePlaceKey(value);
    } catch {
      return this.fault(field, 'is no place key');
    }
  }
}

function parseEntry(value: unknown, where: string): PlaceEntry {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new ProblemError({ code: 'usage', message: `${where} is no object.` });
  }
  const reader = new EntryReader(value as Readonly<Record<string, unknown>>, where);
  const system = reader.word('system', systems);
  const tenant = reader.text('tenant');
  const name = reader.text('name');
  const audience = reader.word('audience', audiences);
  const archived = reader.flag('archived');
  const forkOf = reader.key('forkOf');
  const team = reader.text('team');
  return {
    key: reader.key('key') ?? reader.fault('key', 'is missing'),
    ...(system && { system }),
    ...(tenant && { tenant }),
    ...(name && { name }),
    ...(audience && { audience }),
    ...(archived !== undefined && { archived }),
    ...(forkOf && { forkOf }),
    ...(team && { team }),
  };
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the file, so it is dropped.
    throw new ProblemError({ code: 'usage', message: `${where} is not JSON.` });
  }
}

/** A JSON array of entries, or one entry a line. */
export function parsePlaceList(text: string, file: string): readonly PlaceEntry[] {
  if (text.trimStart().startsWith('[')) {
    const list = parseJson(text, file) as readonly unknown[];
    return list.map((value, index) => parseEntry(value, `${file}, entry ${index + 1}`));
  }
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const where = `${file}, line ${index + 1}`;
    return [parseEntry(parseJson(line, where), where)];
  });
}

/** The recorded place with what the entry says laid over it. */
export function mergedPlace(entry: PlaceEntry, known: Place | undefined): Place {
  const base: Place = known ?? {
    key: entry.key,
    system: systems.find((system) => entry.key.startsWith(`${system}:`)) ?? 'generic',
    name: entry.key.replace(/^[a-z]+:/, ''),
    audience: 'unknown',
  };
  return { ...base, ...entry };
}
