/**
 * `rules list|show|check|test` over the rules of one's own: which hold in a folder, whether they find their
 * examples and leave their negatives alone, and what they cannot see.
 */
import { randomBytes } from 'node:crypto';
import { createAnalyzer } from '../detect/create-analyzer.js';
import { makeLinearEngine } from '../detect/linear-engine.js';
import { deriveKeys, masterKeyBytes } from '../identity/hkdf-keys.js';
import type { Finding } from '../model/finding.js';
import { renderExample } from '../rules/generate.js';
import { everywhereReach, nearReach, openReach } from '../rules/linear-pattern.js';
import { loadRuleSet } from '../rules/load-bundle.js';
import { makeRandom } from '../rules/random.js';
import { parseRe2 } from '../rules/re2/parse.js';
import { groupIn, sampleRe2 } from '../rules/re2/sample.js';
import type { RuleSet } from '../rules/rule-set.js';
import type { CompiledUserRule } from '../rules/user-rules.js';
import { outsideOf } from '../scan/outside-of.js';
import { namedRuleFiles } from '../scan/own-rules.js';
import { readCheckoutFiles } from './checkout-files.js';
import type { OwnRuleFaults, OwnRules } from './services.js';

/** The rules that hold in a folder, or with the named configuration. Throws `config-invalid`. */
export async function ownRules(cwd: string, configFile: string | undefined): Promise<OwnRules> {
  const builtIn = await loadRuleSet();
  const files =
    configFile === undefined ? (await readCheckoutFiles(cwd)).rules : await namedRuleFiles(configFile);
  if (files === undefined) return { rules: builtIn, compiled: [], disabled: [], notes: [] };
  const { effectiveRules } = await import('../suppress/rule-files.js');
  const disabled = files.user.disabled.map(({ id }) => id as string);
  return { ...effectiveRules(builtIn, [files]), disabled };
}

/** What the rules find in a text, under a key of its own. */
export async function tryOwnRules(text: Buffer, { rules, disabled }: OwnRules): Promise<readonly Finding[]> {
  const found = (await finderOf(rules))(text);
  return found.map(({ finding }) => finding).filter(({ rule }) => !disabled.includes(rule));
}

interface Found {
  readonly finding: Finding;
  readonly value: string;
}

async function finderOf(rules: RuleSet): Promise<(text: Buffer) => Found[]> {
  const keys = deriveKeys(randomBytes(masterKeyBytes));
  const values = new Map<string, string>();
  const analyzer = createAnalyzer({
    rules,
    outside: await outsideOf(rules),
    keys,
    known: new Map(),
    onValue: (fingerprint, value) => values.set(fingerprint, value.toString('utf8')),
  });
  return (text) =>
    analyzer
      .analyze({ bytes: text, chain: [], collectTags: false })
      .findings.map((finding) => ({ finding, value: values.get(finding.fingerprint) ?? '' }));
}

/** Seeds tried per example. */
const seeds: readonly number[] = [1, 2, 3];
const mostTries = 200;

/** Proves the rules of one's own. A fault is a claim that does not hold; a limit is what a rule cannot see. */
export async function checkOwnRules(own: OwnRules): Promise<OwnRuleFaults> {
  const find = await finderOf(own.rules);
  const engine = makeLinearEngine();
  const faults: string[] = [];
  const limits: string[] = [];
  for (const user of own.compiled) {
    const { origin, id } = user.source;
    const at = `${origin.file}:${origin.line}: ${id}`;
    limits.push(...limitsOf(user).map((limit) => `${at} ${limit}`));
    try {
      engine.program(user.rule.linear?.source ?? '');
      faults.push(...exampleFaults(user, own.rules, find).map((fault) => `${at} ${fault}`));
    } catch (error) {
      // The engine's message quotes the pattern.
      faults.push(
        `${at} ${error instanceof RangeError ? error.message : 'is refused by the pattern engine'}`,
      );
    }
  }
  return { rules: own.compiled.length, faults, limits, notes: own.notes };
}

/** What a person who wrote the rule should know of its cost and reach. */
function limitsOf({ prepared: { linear, keywords, keywordsFrom } }: CompiledUserRule): string[] {
  const limits: string[] = [];
  if (keywordsFrom === 'pattern') {
    limits.push(
      `has no keywords of 3 bytes or more; looked for by ${keywords.map(({ text }) => `"${text}"`).join(', ')} from its pattern`,
    );
  }
  if (linear.way === 'near') {
    limits.push(
      `has keywords that its matches need not hold; it runs within ${nearReach} bytes of one (match-window)`,
    );
  }
  if (linear.way === 'everywhere') {
    limits.push(
      `has neither keywords nor a literal of 3 bytes; it runs over every byte, which costs time, and sees matches up to ${everywhereReach} bytes (match-cap)`,
    );
  } else if (linear.isCapped) {
    limits.push(
      `has a repeat without a bound; a match is seen up to ${openReach} bytes beyond its keyword (match-cap)`,
    );
  }
  return limits;
}

function exampleFaults(user: CompiledUserRule, rules: RuleSet, find: (text: Buffer) => Found[]): string[] {
  const { source, rule } = user;
  const faults: string[] = [];
  source.examples.forEach((example, index) => {
    for (const seed of seeds) {
      const { text, value } = rendered(user, example, seed, rules);
      const found = find(Buffer.from(text));
      const isFound = found.some((one) =>
        value === '' ? one.finding.rule === rule.id : one.value === value,
      );
      if (!isFound) faults.push(`examples[${index}] is not found (seed ${seed})`);
    }
  });
  source.negatives.forEach((negative, index) => {
    for (const seed of seeds) {
      const { text } = rendered(user, negative, seed, rules);
      if (find(Buffer.from(text)).some(({ finding }) => finding.rule === rule.id)) {
        faults.push(`negatives[${index}] is found (seed ${seed})`);
      }
    }
  });
  return [...new Set(faults)];
}

/** Fills `{{token}}` from the pattern, and the other holes as in the built-in rules. */
function rendered({ source, rule }: CompiledUserRule, example: string, seed: number, rules: RuleSet) {
  const value = example.includes('{{token}}')
    ? sampleToken(source.pattern, source.secretGroup, `${rule.id}:${seed}`)
    : '';
  const { text } = renderExample(
    rule,
    example.replaceAll('{{token}}', () => value),
    seed,
    rules.rules,
  );
  return { text, value };
}

/** A value with which the whole pattern matches. */
function sampleToken(pattern: string, secretGroup: number, seed: string): string {
  const { root, groups } = parseRe2(pattern);
  const node = groupIn(root, secretGroup === 0 && groups > 0 ? 1 : secretGroup) ?? root;
  const random = makeRandom(seed);
  for (let attempt = 0; attempt < mostTries; attempt++) {
    const value = sampleRe2(node, random);
    if (new Set(value).size > Math.min(6, value.length / 2)) return value;
  }
  throw new RangeError('has no varied value for {{token}}; write the example out with other holes');
}
