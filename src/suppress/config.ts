/**
 * `.sprawl/config.yaml`: checked field by field, never executed. Whether a scanned repository's own file
 * counts is the scan's decision (`--trust-repo-config`).
 *
 * This folder reads no files: the finder gets the reading function from its caller.
 */
import { dirname, join } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { type PeopleMode, peopleModes } from '../model/people-mode.js';
import { isShallowYaml } from '../model/shallow-yaml.js';
import { type ConfigRules, readConfigRules } from './config-rules.js';
import { configError, type Fault, maxConfigBytes, shownField } from './fault.js';

/** An allow entry of the file; the one who is responsible is whoever committed it. */
export interface ConfigAllow {
  readonly subject: 'secret' | 'rule' | 'path';
  /** Fingerprint or prefix (12 to 64 hex characters), rule id, or glob. */
  readonly target: string;
  readonly reason: string;
  /** RFC 3339 UTC; absent: for good. */
  readonly until?: string;
  /** Line of the entry in the file, from 1. */
  readonly line: number;
}

export interface Config {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly vendor?: boolean;
  readonly place?: string;
  readonly people?: PeopleMode;
  readonly hashAttributes?: boolean;
  readonly allow: readonly ConfigAllow[];
  /** What it adds to the rules, changes and imports; a disabled rule is an entry of `allow` as well. */
  readonly rules?: ConfigRules;
}

/** Allow entries that no honest file comes near. */
const maxListLength = 10_000;
const maxTextLength = 1024;
/** Folders looked at on the way up. */
const maxLevels = 128;

/** Looks for `.sprawl/config.yaml` in the folder and upward. Throws `config-invalid`. */
export function findConfig(
  folder: string,
  read: (path: string) => Uint8Array | undefined,
): { readonly file: string; readonly config: Config } | undefined {
  let at = folder;
  for (let level = 0; level < maxLevels; level++) {
    const file = join(at, '.sprawl', 'config.yaml');
    const bytes = read(file);
    if (bytes !== undefined) return { file, config: parseConfig(bytes, file) };
    const parent = dirname(at);
    if (parent === at) return undefined;
    at = parent;
  }
  return undefined;
}

/** Parses and checks the file. Throws `config-invalid` that names file, line and field of every fault. */
export function parseConfig(bytes: Uint8Array, file: string): Config {
  if (bytes.length > maxConfigBytes) {
    throw configError(file, [{ line: 1, message: `larger than ${maxConfigBytes} bytes` }]);
  }
  const reader = new ConfigReader(Buffer.from(bytes).toString('utf8'), file);
  const config = reader.read();
  if (reader.faults.length > 0) throw configError(file, reader.faults);
  return config;
}

const fields = ['include', 'exclude', 'vendor', 'place', 'people', 'hash-attributes', 'allow', 'rules'];
const allowFields = ['secret', 'rule', 'path', 'reason', 'until'];
const subjects = ['secret', 'rule', 'path'] as const;

/** What a disabled rule finds is hidden with who and why, like everything that is allowed. */
function disabled(rules: ConfigRules | undefined): readonly ConfigAllow[] {
  return (rules?.disable ?? []).map(({ id, origin }) => ({
    subject: 'rule',
    target: id,
    reason: 'rule disabled',
    line: origin.line,
  }));
}

class ConfigReader {
  readonly faults: Fault[] = [];
  readonly #text: string;
  readonly #file: string;
  readonly #lines = new LineCounter();

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  read(): Config {
    const root = this.#parse();
    const map = this.#map(root, fields, 'the file');
    const vendor = this.#boolean(map, 'vendor');
    const place = this.#text1(map, 'place');
    const people = this.#people(map);
    const hashAttributes = this.#boolean(map, 'hash-attributes');
    const rules = this.#rules(map);
    return {
      include: this.#texts(map, 'include'),
      exclude: this.#texts(map, 'exclude'),
      allow: [...this.#allow(map), ...disabled(rules)],
      ...(rules === undefined ? {} : { rules }),
      ...(vendor === undefined ? {} : { vendor }),
      ...(place === undefined ? {} : { place }),
      ...(people === undefined ? {} : { people }),
      ...(hashAttributes === undefined ? {} : { hashAttributes }),
    };
  }

  #parse(): Node | null {
    try {
      const options = {
        lineCounter: this.#lines,
        schema: 'core',
        uniqueKeys: true,
        logLevel: 'silent',
        prettyErrors: false,
      } as const;
      if (!isShallowYaml(this.#text)) throw new RangeError('nested too deeply');
      const document = parseDocument(this.#text, options);
      for (const error of [...document.errors, ...document.warnings]) {
        // The library's messages quote the file; its code and place are enough.
        this.faults.push({
          line: this.#lines.linePos(error.pos[0]).line,
          message: `YAML error ${error.code}`,
        });
      }
      const root = document.contents;
      const isEmpty = isScalar(root) && root.value === null;
      return document.errors.length > 0 || isEmpty ? null : root;
    } catch {
      // Nesting deeper than the stack.
      this.faults.push({ line: 1, message: 'cannot be parsed' });
      return null;
    }
  }

  #fault(node: unknown, message: string): void {
    const start = (node as Node | null)?.range?.[0] ?? 0;
    this.faults.push({ line: Math.max(1, this.#lines.linePos(start).line), message });
  }

  /** The fields of a mapping; anything unknown is a fault. Aliases are no mapping, so they cannot multiply. */
  #map(node: Node | null, known: readonly string[], what: string): ReadonlyMap<string, Node> {
    const found = new Map<string, Node>();
    if (node === null) return found;
    if (!isMap(node)) {
      this.#fault(node, `${what} must be a mapping`);
      return found;
    }
    for (const { key, value } of (node as YAMLMap<Node, Node | null>).items) {
      const name = isScalar(key) && typeof key.value === 'string' ? key.value : '';
      if (!known.includes(name)) this.#fault(key, `unknown field ${shownField(name)}`);
      else if (value === null || (isScalar(value) && value.value === null))
        this.#fault(key, `field "${name}" is empty`);
      else found.set(name, value);
    }
    return found;
  }

  #items(map: ReadonlyMap<string, Node>, field: string): readonly Node[] {
    const node = map.get(field);
    if (node === undefined) return [];
    if (isSeq(node) && node.items.length <= maxListLength) return node.items as Node[];
    this.#fault(node, `field "${field}" must be a list of at most ${maxListLength} items`);
    return [];
  }

  #texts(map: ReadonlyMap<string, Node>, field: string): readonly string[] {
    return this.#items(map, field).flatMap((node) => this.#string(node, field) ?? []);
  }

  #text1(map: ReadonlyMap<string, Node>, field: string): string | undefined {
    const node = map.get(field);
    return node === undefined ? undefined : this.#string(node, field);
  }

  #string(node: Node, field: string): string | undefined {
    const value = isScalar(node) ? node.value : undefined;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
    if (typeof value === 'string' && /^[^\u0000-\u001f\u007f]+$/.test(value) && value.length <= maxTextLength)
      return value;
    this.#fault(node, `field "${field}" must be text of one line, at most ${maxTextLength} characters`);
    return undefined;
  }

  #boolean(map: ReadonlyMap<string, Node>, field: string): boolean | undefined {
    const node = map.get(field);
    if (node === undefined) return undefined;
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    this.#fault(node, `field "${field}" must be true or false`);
    return undefined;
  }

  #people(map: ReadonlyMap<string, Node>): PeopleMode | undefined {
    const text = this.#text1(map, 'people');
    const mode = peopleModes.find((known) => known === text);
    if (text !== undefined && mode === undefined) {
      this.#fault(map.get('people'), `field "people" must be one of ${peopleModes.join(', ')}`);
    }
    return mode;
  }

  #rules(map: ReadonlyMap<string, Node>): ConfigRules | undefined {
    if (!map.has('rules')) return undefined;
    const { rules, faults } = readConfigRules(this.#text, this.#file);
    this.faults.push(...faults);
    return rules;
  }

  #allow(map: ReadonlyMap<string, Node>): readonly ConfigAllow[] {
    return this.#items(map, 'allow').flatMap((node) => this.#allowEntry(node) ?? []);
  }

  #allowEntry(node: Node): ConfigAllow | undefined {
    const entry = this.#map(node, allowFields, 'an item of "allow"');
    const named = subjects.filter((subject) => entry.has(subject));
    const reason = this.#text1(entry, 'reason');
    const until = this.#date(entry);
    if (reason === undefined && !entry.has('reason')) this.#fault(node, 'field "reason" is missing');
    const subject = named[0];
    if (named.length !== 1 || subject === undefined) {
      this.#fault(node, 'exactly one of "secret", "rule" and "path" is needed');
      return undefined;
    }
    const target = this.#target(entry, subject);
    if (target === undefined || reason === undefined) return undefined;
    const line = this.#lines.linePos(node.range?.[0] ?? 0).line;
    return { subject, target, reason, line, ...(until === undefined ? {} : { until }) };
  }

  #target(entry: ReadonlyMap<string, Node>, subject: ConfigAllow['subject']): string | undefined {
    const text = this.#text1(entry, subject);
    if (text === undefined) return undefined;
    if (subject === 'secret' && !/^[0-9a-f]{12,64}$/.test(text)) {
      this.#fault(
        entry.get(subject),
        'field "secret" must be a fingerprint: 12 to 64 hex characters, never the value',
      );
      return undefined;
    }
    if (subject === 'rule' && !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text)) {
      this.#fault(entry.get(subject), 'field "rule" must be a rule id');
      return undefined;
    }
    return text;
  }

  /** A day (its end, UTC) or a full RFC 3339 time. */
  #date(entry: ReadonlyMap<string, Node>): string | undefined {
    const node = entry.get('until');
    const text = this.#text1(entry, 'until');
    if (text === undefined) return undefined;
    const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
    const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/.test(text);
    const time = isDay || isTime ? new Date(isDay ? `${text}T23:59:59Z` : text) : undefined;
    // Date rolls the 31st of a short month over; such a day is a mistake.
    const rolled =
      isDay &&
      time !== undefined &&
      !Number.isNaN(time.getTime()) &&
      time.toISOString().slice(0, 10) !== text;
    if (time === undefined || Number.isNaN(time.getTime()) || rolled) {
      this.#fault(node, 'field "until" must be a date like 2027-01-31');
      return undefined;
    }
    return time.toISOString();
  }
}
