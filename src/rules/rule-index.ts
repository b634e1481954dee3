/**
 * The rules by their keywords, as the engine asks for them: made from a rule set in memory, or opened over the
 * tables of the build, where a rule is parsed when it is first asked for. A scan of a few files needs some
 * twenty of the thousand.
 */
import { type PatternFacts, patternFacts } from './pattern-facts.js';
import { type CompiledRule, type DetectorId, detectorIds, type Keyword } from './rule-set.js';
import type { Table, TableFile } from './table-file.js';

export interface RuleIndex {
  readonly ruleCount: number;
  /** Rules are numbered in the order of their ids. */
  rule(number: number): CompiledRule;
  /** Asked without parsing the rule. */
  detector(number: number): DetectorId;
  /** Of the rule's pattern, if it has one. */
  facts(number: number): PatternFacts | undefined;
  /** Rules of keyword k: `ruleNumbers[ruleStarts[k]]` up to `ruleStarts[k + 1]`. */
  readonly ruleStarts: Int32Array;
  readonly ruleNumbers: Uint16Array;
  /** Documented samples by their exact value, and where each is published. */
  readonly knownPublic: ReadonlyMap<string, string>;
}

/** The distinct keywords of all rules, and which rules each announces. */
export interface KeywordTable extends Pick<RuleIndex, 'ruleStarts' | 'ruleNumbers'> {
  readonly keywords: readonly Keyword[];
}

const mostRules = 0xffff;

export function keywordTable(rules: readonly CompiledRule[]): KeywordTable {
  if (rules.length > mostRules) throw new RangeError(`more than ${mostRules} rules`);
  const indexOf = new Map<string, number>();
  const keywords: Keyword[] = [];
  const numbers: number[][] = [];
  rules.forEach((rule, number) => {
    for (const keyword of rule.keywords) {
      const key = `${keyword.caseSensitive ? '=' : '~'}${keyword.text}`;
      let index = indexOf.get(key);
      if (index === undefined) {
        index = keywords.length;
        indexOf.set(key, index);
        keywords.push(keyword);
        numbers.push([]);
      }
      numbers[index]?.push(number);
    }
  });
  const ruleStarts = new Int32Array(keywords.length + 1);
  numbers.forEach((list, index) => {
    ruleStarts[index + 1] = (ruleStarts[index] as number) + list.length;
  });
  return { keywords, ruleStarts, ruleNumbers: Uint16Array.from(numbers.flat()) };
}

function knownPublicOf(rules: readonly CompiledRule[]): Map<string, string> {
  return new Map(rules.flatMap((rule) => rule.knownPublic.map(({ value, origin }) => [value, origin])));
}

/** @param table the keywords of the same rules */
export function indexRules(rules: readonly CompiledRule[], table: KeywordTable): RuleIndex {
  const at = (number: number): CompiledRule => {
    const rule = rules[number];
    if (rule === undefined) throw new RangeError(`no rule ${number}`);
    return rule;
  };
  return {
    ruleCount: rules.length,
    rule: at,
    detector: (number) => at(number).detector,
    facts: (number) => patternFacts(at(number)),
    ruleStarts: table.ruleStarts,
    ruleNumbers: table.ruleNumbers,
    knownPublic: knownPublicOf(rules),
  };
}

/** The index as tables; `texts` are the rules as JSON, one behind the other. */
export function packRuleIndex(
  rules: readonly CompiledRule[],
  { ruleStarts, ruleNumbers }: KeywordTable,
): Record<string, Table> {
  const texts = rules.map((rule) => Buffer.from(JSON.stringify(rule), 'utf8'));
  const facts = rules.map(patternFacts);
  const textStarts = new Int32Array(texts.length + 1);
  texts.forEach((text, number) => {
    textStarts[number + 1] = (textStarts[number] as number) + text.length;
  });
  return {
    ruleTexts: Buffer.concat(texts),
    ruleTextStarts: textStarts,
    detectors: Uint8Array.from(rules, ({ detector }) => detectorIds.indexOf(detector)),
    patterns: Uint8Array.from(facts, (one) => (one === undefined ? 0 : one.startsAtKeyword ? 2 : 1)),
    leastRuns: Uint16Array.from(facts, (one) => one?.leastRun ?? 0),
    runSets: Uint8Array.from(facts, (one) => one?.runSet ?? 0),
    runReaches: Uint16Array.from(facts, (one) => one?.runReach ?? 0),
    borders: Uint8Array.from(facts, (one) => one?.border ?? 0),
    ruleStarts,
    ruleNumbers,
    knownPublic: Buffer.from(JSON.stringify([...knownPublicOf(rules)]), 'utf8'),
  };
}

export function openRuleIndex(file: TableFile): RuleIndex {
  const texts = file.bytes('ruleTexts');
  const textStarts = file.integers('ruleTextStarts');
  const detectors = file.bytes('detectors');
  const patterns = file.bytes('patterns');
  const leastRuns = file.words('leastRuns');
  const runSets = file.bytes('runSets');
  const runReaches = file.words('runReaches');
  const borders = file.bytes('borders');
  const parsed: CompiledRule[] = [];
  let known: ReadonlyMap<string, string> | undefined;
  return {
    ruleCount: detectors.length,
    rule(number) {
      parsed[number] ??= jsonAt(texts, textStarts[number] ?? 0, textStarts[number + 1] ?? 0) as CompiledRule;
      return parsed[number];
    },
    detector(number) {
      const detector = detectorIds[detectors[number] ?? detectorIds.length];
      if (detector === undefined) throw new RangeError(`no rule ${number}`);
      return detector;
    },
    facts: (number) =>
      patterns[number] === 0
        ? undefined
        : {
            startsAtKeyword: patterns[number] === 2,
            leastRun: leastRuns[number] ?? 0,
            runSet: runSets[number] ?? 0,
            runReach: runReaches[number] ?? 0,
            border: borders[number] ?? 0,
          },
    ruleStarts: file.integers('ruleStarts'),
    ruleNumbers: file.words('ruleNumbers'),
    get knownPublic() {
      const text = file.bytes('knownPublic');
      known ??= new Map(jsonAt(text, 0, text.length) as [string, string][]);
      return known;
    },
  };
}

function jsonAt(bytes: Uint8Array, from: number, to: number): unknown {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8'));
}
