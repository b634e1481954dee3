/**
 * Reads `rules/*.yaml` and `rules/kinds.tsv` and checks their shape. A fault names file, line and field; all
 * faults are collected before one error is thrown. Whether a pattern is lawful is compile.ts's business.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { confidences } from '../model/finding.js';
import { type KindId, parseKindId, parseRuleId, type RuleId } from '../model/ids.js';
import { ProblemError } from '../model/problem.js';
import { checksums, detectorIds, type Keyword, normalForms, type RuleChecks } from './rule-set.js';
import {
  faultText,
  type KindFacts,
  type Recognition,
  type RuleFault,
  type RuleSource,
  type RuleSources,
} from './rule-source.js';
import { defaultBorder, secretWords } from './shorthand.js';
import { YamlFields } from './yaml-fields.js';

const ruleFields = [
  'id',
  'kind',
  'name',
  'pattern',
  'ignoreCase',
  'token',
  'border',
  'named',
  'detector',
  'keywords',
  'confidence',
  'stage',
  'specificity',
  'locality',
  'context',
  'checks',
  'companions',
  'identifierOnly',
  'preview',
  'normalForm',
  'pathCondition',
  'knownPublic',
  'references',
  'examples',
  'negatives',
];
const checkFields = [
  'minEntropy',
  'minDigits',
  'minUpper',
  'minLower',
  'checksum',
  'checksumRole',
  'stopWords',
  'looksRandom',
];

type Path = readonly (string | number)[];

/** `text` folds ASCII case, `{exact: text}` does not. */
function keywords(fields: YamlFields, path: Path): Keyword[] {
  return Array.from({ length: fields.count(path) }, (_, index) => {
    const at = [...path, index];
    const caseSensitive = fields.has([...at, 'exact']);
    const text = fields.text(caseSensitive ? [...at, 'exact'] : at);
    if (Buffer.byteLength(text) < 3) fields.fault(at, 'a keyword needs at least 3 bytes');
    if (/[^\t\u0020-\u007e\p{L}\p{M}]/u.test(text))
      fields.fault(at, 'a keyword must be printable ASCII, tabs or letters of another script');
    return { text: caseSensitive ? text : text.toLowerCase(), caseSensitive };
  });
}

function recognition(fields: YamlFields, path: Path): Recognition {
  const ways = (['pattern', 'token', 'named', 'detector'] as const).filter((way) =>
    fields.has([...path, way]),
  );
  const [way] = ways;
  if (way === undefined || ways.length !== 1) {
    fields.fault(path, 'needs exactly one of pattern, token, named, detector');
    return { by: 'pattern', pattern: '', ignoreCase: false };
  }
  const border = fields.text([...path, 'border'], defaultBorder);
  switch (way) {
    case 'pattern':
      return {
        by: way,
        pattern: fields.text([...path, way]),
        ignoreCase: fields.flag([...path, 'ignoreCase']),
      };
    case 'token':
      return { by: way, token: fields.text([...path, way]), border };
    case 'detector':
      return {
        by: way,
        detector: fields.choice(
          [...path, way],
          detectorIds.filter((id) => id !== 'pattern'),
        ),
      };
    case 'named': {
      fields.onlyKnown([...path, way], ['names', 'words', 'value']);
      const wordsAt = [...path, way, 'words'];
      return {
        by: way,
        names: fields.texts([...path, way, 'names']),
        words: fields.has(wordsAt) ? fields.texts(wordsAt) : secretWords,
        value: fields.text([...path, way, 'value']),
        border,
      };
    }
    default:
      throw new TypeError(way satisfies never);
  }
}

function checks(fields: YamlFields, path: Path): RuleChecks {
  if (!fields.has(path)) return {};
  fields.onlyKnown(path, checkFields);
  const numbers = (['minEntropy', 'minDigits', 'minUpper', 'minLower'] as const).flatMap((name) => {
    const value = fields.number([...path, name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(numbers),
    ...(fields.has([...path, 'checksum'])
      ? {
          checksum: fields.choice([...path, 'checksum'], checksums),
          checksumRole: fields.choice([...path, 'checksumRole'], ['proof', 'required'], 'proof'),
        }
      : {}),
    ...(fields.has([...path, 'stopWords']) ? { stopWords: fields.texts([...path, 'stopWords']) } : {}),
    ...(fields.has([...path, 'looksRandom']) ? { looksRandom: fields.flag([...path, 'looksRandom']) } : {}),
  };
}

function kindId(fields: YamlFields, path: Path, fallback?: string): KindId {
  try {
    return parseKindId(fields.text(path, fallback));
  } catch {
    fields.fault(path, 'must be lower-case words joined by -');
    return parseKindId('unknown');
  }
}

function ruleId(fields: YamlFields, path: Path): RuleId {
  try {
    return parseRuleId(fields.text(path));
  } catch {
    fields.fault(path, 'must be lower-case words joined by -');
    return parseRuleId('unknown');
  }
}

/** Documented samples are written in parts, so that no scanner takes the rule file for a leak. */
function knownPublic(fields: YamlFields, path: Path): { value: string; origin: string }[] {
  return Array.from({ length: fields.count(path) }, (_, index) => ({
    value: fields.texts([...path, index, 'parts']).join(''),
    origin: fields.text([...path, index, 'origin']),
  }));
}

function context(fields: YamlFields, path: Path): { context?: { left: number; right: number } } {
  if (!fields.has(path)) return {};
  return {
    context: { left: fields.number([...path, 'left']) ?? 0, right: fields.number([...path, 'right']) ?? 0 },
  };
}

function specificity(fields: YamlFields, path: Path): { specificity?: 0 | 1 | 2 | 3 } {
  const value = fields.number(path);
  if (value === undefined) return {};
  if (value === 0 || value === 1 || value === 2 || value === 3) return { specificity: value };
  fields.fault(path, 'must be 0, 1, 2 or 3');
  return {};
}

function rule(fields: YamlFields, file: string, provider: string, path: Path): RuleSource {
  const at = (name: string): Path => [...path, name];
  fields.onlyKnown(path, ruleFields);
  const id = ruleId(fields, at('id'));
  const how = recognition(fields, path);
  return {
    file,
    line: fields.line(path),
    provider,
    id,
    kind: kindId(fields, at('kind'), id),
    name: fields.text(at('name')),
    recognition: how,
    keywords: keywords(fields, at('keywords')),
    confidence: fields.choice(at('confidence'), confidences),
    stage: fields.choice(at('stage'), ['stable', 'trial'], 'stable'),
    ...specificity(fields, at('specificity')),
    locality: fields.choice(at('locality'), ['local', 'document'], 'local'),
    ...context(fields, at('context')),
    checks: checks(fields, at('checks')),
    companions: Array.from({ length: fields.count(at('companions')) }, (_, index) => ({
      kind: kindId(fields, [...at('companions'), index, 'kind']),
      within: fields.number([...at('companions'), index, 'within']) ?? 512,
      required: fields.flag([...at('companions'), index, 'required']),
    })),
    identifierOnly: fields.flag(at('identifierOnly')),
    preview: fields.has(at('preview')) ? fields.flag(at('preview')) : how.by === 'token',
    ...(fields.has(at('normalForm')) ? { normalForm: fields.choice(at('normalForm'), normalForms) } : {}),
    ...(fields.has(at('pathCondition')) ? { pathCondition: fields.text(at('pathCondition')) } : {}),
    knownPublic: knownPublic(fields, at('knownPublic')),
    references: fields.texts(at('references')),
    examples: fields.texts(at('examples')),
    negatives: fields.texts(at('negatives')),
  };
}

/** Checks one YAML text; `file` is only for faults. */
export function parseRuleFile(
  file: string,
  text: string,
): { rules: RuleSource[]; faults: readonly RuleFault[] } {
  const fields = new YamlFields(file, text);
  if (fields.faults.length > 0) return { rules: [], faults: fields.faults };
  fields.onlyKnown([], ['provider', 'rules']);
  const provider = fields.text(['provider']);
  const rules = Array.from({ length: fields.count(['rules']) }, (_, index) =>
    rule(fields, file, provider, ['rules', index]),
  );
  return { rules, faults: fields.faults };
}

const statuses = ['current', 'legacy', 'deprecated'] as const;
const lifetimes = ['static', 'ephemeral', 'renewable'] as const;

/** Checks `kinds.tsv`: id, status, lifetime, category, with a header line. */
export function parseKinds(
  file: string,
  text: string,
): { kinds: Map<string, KindFacts>; faults: RuleFault[] } {
  const kinds = new Map<string, KindFacts>();
  const faults: RuleFault[] = [];
  text.split('\n').forEach((lineText, index) => {
    if (index === 0 || lineText === '') return;
    const [id = '', statusText, lifetimeText, category = ''] = lineText.split('\t');
    const status = statuses.find((known) => known === statusText);
    const lifetime = lifetimes.find((known) => known === lifetimeText);
    const line = index + 1;
    if (status === undefined) faults.push({ file, line, field: 'status', message: 'is not a known status' });
    if (lifetime === undefined)
      faults.push({ file, line, field: 'lifetime', message: 'is not a known lifetime' });
    if (kinds.has(id)) faults.push({ file, line, field: 'id', message: 'stands twice' });
    if (status !== undefined && lifetime !== undefined) {
      kinds.set(id, { id: parseKindId(id), status, lifetime, category });
    }
  });
  return { kinds, faults };
}

/** Throws one `rule-invalid` problem that names every fault, unless there is none. */
export function refuseFaults(faults: readonly RuleFault[]): void {
  const [first] = faults;
  if (first === undefined) return;
  throw new ProblemError({
    code: 'rule-invalid',
    message: faults.map(faultText).join('\n'),
    hint: 'Mend the rule files; `sprawl rules check` shows what is left.',
  });
}

/** Reads a rules folder, files in the order of their names. */
export function loadRuleSources(rulesDir: string): RuleSources {
  const files = readdirSync(rulesDir)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted();
  const parsed = files.map((file) => parseRuleFile(file, readFileSync(join(rulesDir, file), 'utf8')));
  const kinds = parseKinds('kinds.tsv', readFileSync(join(rulesDir, 'kinds.tsv'), 'utf8'));
  refuseFaults([...kinds.faults, ...parsed.flatMap((file) => file.faults)]);
  return { rules: parsed.flatMap((file) => file.rules), kinds: kinds.kinds };
}
