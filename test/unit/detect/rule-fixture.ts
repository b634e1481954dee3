/** Small rule sets for tests of the engine, so that they do not change with `rules/`. */
import { deriveKeys, type IdentityKeys } from '../../../src/identity/hkdf-keys.js';
import { parseKindId, parseRuleId } from '../../../src/model/ids.js';
import type { CompiledRule, DetectorId, RuleSet } from '../../../src/rules/rule-set.js';
import type { UserRuleSource } from '../../../src/rules/user-rules.js';

export const testKeys: IdentityKeys = deriveKeys(Buffer.alloc(32, 7));

export function makeRule(
  id: string,
  keywords: readonly string[],
  more: Partial<CompiledRule> = {},
): CompiledRule {
  return {
    id: parseRuleId(id),
    kind: parseKindId(id),
    name: id,
    provider: 'test',
    detector: 'pattern',
    keywords: keywords.map((text) => ({ text, caseSensitive: /[A-Z]/.test(text) })),
    confidence: 'high',
    stage: 'stable',
    specificity: 2,
    locality: 'local',
    context: { left: 160, right: 64 },
    checks: {},
    companions: [],
    identifierOnly: false,
    preview: false,
    knownPublic: [],
    references: [],
    ...more,
  };
}

/** A rule as a configuration adds it. */
export function userRule(id: string, pattern: string, more: Partial<UserRuleSource> = {}): UserRuleSource {
  return {
    origin: { file: 'config.yaml', line: 1 },
    id: parseRuleId(id),
    kind: parseKindId(id),
    name: id,
    pattern,
    secretGroup: 0,
    keywords: [],
    confidence: 'high',
    stopWords: [],
    paths: [],
    required: [],
    silent: false,
    references: [],
    examples: [],
    negatives: [],
    ...more,
  };
}

function detectorRule(
  id: string,
  detector: DetectorId,
  keywords: readonly string[],
  more: Partial<CompiledRule> = {},
): CompiledRule {
  return makeRule(id, keywords, { detector, specificity: 0, ...more });
}

/** A made-up provider: `tst_` and 32 letters and digits. */
export const tokenRule: CompiledRule = makeRule('test-token', ['tst_'], {
  pattern: {
    source: '(?<![A-Za-z0-9_])(tst_[A-Za-z0-9]{32})(?![A-Za-z0-9_])',
    ignoreCase: false,
    minBytes: 36,
    maxBytes: 36,
  },
  preview: true,
});

/** A value without a telling shape behind a made-up provider's name. */
export const namedRule: CompiledRule = makeRule('acme-key', ['acme'], {
  specificity: 1,
  confidence: 'medium',
  checks: { looksRandom: true },
  pattern: {
    source: '[Aa][Cc][Mm][Ee][\\w.\\-]{0,20}["\'\\s:=]{1,6}([0-9a-f]{32})(?![A-Za-z0-9_])',
    ignoreCase: false,
    minBytes: 37,
    maxBytes: 62,
  },
});

export const assignmentRule: CompiledRule = detectorRule('generic-secret', 'assignment', [
  'password',
  'passwd',
  'pwd',
  'passphrase',
  'secret',
  'token',
  'api_key',
  'apikey',
  'api-key',
  'access_key',
  'accesskey',
  'private_key',
  'auth',
  'credential',
  'pass',
]);

export const connectionRule: CompiledRule = detectorRule(
  'connection-string',
  'connection-string',
  ['://', 'password=', 'pwd=', 'accountkey=', 'sharedaccesskey='],
  { specificity: 1 },
);

export const jwtRule: CompiledRule = detectorRule('jwt', 'jwt', ['eyJ'], {
  specificity: 2,
  confidence: 'medium',
});
export const headerRule: CompiledRule = detectorRule(
  'http-auth',
  'basic-header',
  ['basic ', 'bearer ', 'curl -u', '--user'],
  {
    specificity: 1,
  },
);
export const dockerRule: CompiledRule = detectorRule('docker-auth', 'docker-auth', ['"auth"'], {
  specificity: 1,
});

export function ruleSetOf(...rules: readonly CompiledRule[]): RuleSet {
  return { digest: '0'.repeat(64), rules };
}

export const allTestRules: RuleSet = ruleSetOf(
  tokenRule,
  namedRule,
  assignmentRule,
  connectionRule,
  jwtRule,
  headerRule,
  dockerRule,
);
