/**
 * The `rules` of a `.sprawl/config.yaml`: rules that are added, changed, disabled or imported. Only their shape
 * is checked here; whether a pattern can be run is rules/user-rules.ts's business.
 */
import { confidences } from '../model/finding.js';
import { type KindId, parseKindId, parseRuleId, type RuleId } from '../model/ids.js';
import type { RuleChange, RuleOrigin, UserRuleSource } from '../rules/user-rules.js';
import { YamlFields } from '../rules/yaml-fields.js';
import { type Fault, isPlainName } from './fault.js';

/** What one configuration says of rules. */
export interface ConfigRules {
  readonly add: readonly UserRuleSource[];
  readonly change: readonly RuleChange[];
  readonly disable: readonly { readonly id: RuleId; readonly origin: RuleOrigin }[];
  /** Files in gitleaks' format, relative to the folder that holds `.sprawl`. */
  readonly imports: readonly { readonly path: string; readonly origin: RuleOrigin }[];
}

type Path = readonly (string | number)[];

const addFields = [
  'id',
  'kind',
  'name',
  'pattern',
  'group',
  'keywords',
  'confidence',
  'minEntropy',
  'stopWords',
  'paths',
  'references',
  'examples',
  'negatives',
];
const changeFields = ['id', 'name', 'confidence', 'minEntropy', 'stopWords', 'paths'];
const longestText = 20_000;

class RulesReader {
  readonly #fields: YamlFields;
  readonly #file: string;

  constructor(fields: YamlFields, file: string) {
    this.#fields = fields;
    this.#file = file;
  }

  read(): ConfigRules {
    const fields = this.#fields;
    fields.onlyKnown(['rules'], ['add', 'change', 'disable', 'import']);
    return {
      add: this.#items(['rules', 'add'], (path) => this.#added(path)),
      change: this.#items(['rules', 'change'], (path) => this.#changed(path)),
      disable: this.#items(['rules', 'disable'], (path) => ({
        id: this.#id(path),
        origin: this.#origin(path),
      })),
      imports: this.#items(['rules', 'import'], (path) => ({
        path: this.#relativePath(path),
        origin: this.#origin(path),
      })),
    };
  }

  #items<Item>(path: Path, read: (path: Path) => Item): Item[] {
    return Array.from({ length: this.#fields.count(path) }, (_, index) => read([...path, index]));
  }

  #origin(path: Path): RuleOrigin {
    return { file: this.#file, line: this.#fields.line(path) };
  }

  #id(path: Path): RuleId {
    const text = this.#fields.text(path);
    try {
      return parseRuleId(text);
    } catch {
      if (text !== '') this.#fields.fault(path, 'must be lower-case words joined by -');
      return parseRuleId('unknown');
    }
  }

  #kind(path: Path, fallback: RuleId): KindId {
    try {
      return parseKindId(this.#fields.text(path, fallback));
    } catch {
      this.#fields.fault(path, 'must be lower-case words joined by -');
      return parseKindId('unknown');
    }
  }

  #texts(path: Path): string[] {
    const texts = this.#fields.texts(path);
    if (texts.some((text) => text.length > longestText))
      this.#fields.fault(path, 'holds a text that is too long');
    return texts;
  }

  #entropy(path: Path): { minEntropy?: number } {
    const value = this.#fields.number(path);
    if (value !== undefined && value > 8) this.#fields.fault(path, 'is in bits per character, so at most 8');
    return value === undefined ? {} : { minEntropy: value };
  }

  #relativePath(path: Path): string {
    const text = this.#fields.text(path);
    if (text.startsWith('/') || text.split('/').includes('..') || text.includes('\0')) {
      this.#fields.fault(path, 'must be a file in the folder that holds .sprawl, without ".."');
    }
    return text;
  }

  #added(path: Path): UserRuleSource {
    const fields = this.#fields;
    const at = (name: string): Path => [...path, name];
    fields.onlyKnown(path, addFields);
    const id = this.#id(at('id'));
    const group = fields.number(at('group')) ?? 0;
    if (!Number.isInteger(group)) fields.fault(at('group'), 'must be the number of a group');
    return {
      origin: this.#origin(path),
      id,
      kind: this.#kind(at('kind'), id),
      name: fields.text(at('name'), id),
      pattern: fields.text(at('pattern')),
      secretGroup: group,
      keywords: this.#texts(at('keywords')),
      confidence: fields.choice(at('confidence'), confidences, 'medium'),
      ...this.#entropy(at('minEntropy')),
      stopWords: this.#texts(at('stopWords')),
      paths: this.#texts(at('paths')),
      required: [],
      silent: false,
      references: this.#texts(at('references')),
      examples: this.#texts(at('examples')),
      negatives: this.#texts(at('negatives')),
    };
  }

  #changed(path: Path): RuleChange {
    const fields = this.#fields;
    const at = (name: string): Path => [...path, name];
    fields.onlyKnown(path, changeFields);
    return {
      origin: this.#origin(path),
      id: this.#id(at('id')),
      ...(fields.has(at('name')) ? { name: fields.text(at('name')) } : {}),
      ...(fields.has(at('confidence')) ? { confidence: fields.choice(at('confidence'), confidences) } : {}),
      ...this.#entropy(at('minEntropy')),
      stopWords: this.#texts(at('stopWords')),
      paths: this.#texts(at('paths')),
    };
  }
}

/** Names of fields come from the file, and what was pasted in the wrong place is not repeated. */
function shownPath(field: string): string {
  const names = field.split('.').map((name) => name.replace(/\[\d+\]$/, ''));
  return names.every(isPlainName) ? field : 'a field with an odd name';
}

/** Reads the `rules` of a configuration that is valid otherwise. */
export function readConfigRules(
  text: string,
  file: string,
): { readonly rules: ConfigRules; readonly faults: readonly Fault[] } {
  const fields = new YamlFields(file, text);
  const rules = new RulesReader(fields, file).read();
  const faults = fields.faults.map(({ line, field, message }) => ({
    line,
    message: `${shownPath(field)} ${message}`,
  }));
  return { rules, faults };
}
