/**
 * A value that another tool reported, as a scan would have seen it: the engine reads the text round it, else the value
 * alone, else the value under a name that says it is one. What the engine knows nothing of is a secret all the same, since
 * a tool that looked at the file said so: its literal value.
 */
import { fingerprintOf } from '../identity/fingerprint.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import { sipKeyOf } from '../identity/siphash.js';
import { anchorOf } from '../identity/sweep.js';
import { type Finding, lengthClassOf } from '../model/finding.js';
import { parseKindId, parseRuleId } from '../model/ids.js';
import type { SecretValue } from '../model/secret-value.js';
import type { Analyzer } from './analysis.js';
import { isWeak, strengthBits } from './strength.js';

/** Rule of values that only another tool calls a secret. */
export const reportedRule = 'reported';
const reportedKind = parseKindId('generic-secret-code');

/** Longest value and longest context that are read; whatever is longer is no credential. */
const mostBytes = 64 * 1024;

export interface ReportedValue {
  readonly values: readonly SecretValue[];
  readonly context?: SecretValue | undefined;
}

/** Findings of one row, each secret once; none when there is nothing to go by. */
export function findingsOfReported(
  { values, context }: ReportedValue,
  analyzer: Analyzer,
  keys: IdentityKeys,
): readonly Finding[] {
  const literals = values
    .map((value) => value.reveal())
    .filter((bytes) => bytes.length > 0 && bytes.length <= mostBytes);
  const around = context?.reveal().subarray(0, mostBytes);
  if (literals.length === 0) return around === undefined ? [] : distinct(read(analyzer, around));
  const inContext =
    around === undefined ? [] : literals.flatMap((literal) => within(analyzer, around, literal));
  if (inContext.length > 0) return distinct(inContext);
  const alone = literals.flatMap((literal) => read(analyzer, literal));
  if (alone.length > 0) return distinct(alone);
  const named = literals.flatMap((literal) => {
    const text = Buffer.concat([Buffer.from('secret_key = "'), literal, Buffer.from('"\n')]);
    return within(analyzer, text, literal).map((finding): Finding => {
      const { slot: _, ...own } = finding;
      return own;
    });
  });
  if (named.length > 0) return distinct(named);
  // The second form of a value adds an id to it or decodes it; of what nobody recognises the first is the value.
  return literals.slice(0, 1).map((literal) => bareFinding(literal, keys));
}

function read(analyzer: Analyzer, bytes: Buffer): readonly Finding[] {
  return analyzer.analyze({ bytes, chain: [], collectTags: false }).findings;
}

/** What the engine finds in the text that shares bytes with the value. */
function within(analyzer: Analyzer, text: Buffer, literal: Buffer): readonly Finding[] {
  const start = text.indexOf(literal);
  if (start < 0) return [];
  const end = start + literal.length;
  return read(analyzer, text).filter(({ span }) => span.start < end && start < span.end);
}

function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [finding.fingerprint, finding])).values()];
}

function bareFinding(value: Buffer, keys: IdentityKeys): Finding {
  const bits = strengthBits(value);
  const weak = isWeak(bits);
  const anchor = weak ? undefined : anchorOf(sipKeyOf(keys.sweep), value);
  return {
    kind: reportedKind,
    rule: parseRuleId(reportedRule),
    fingerprint: fingerprintOf(keys.fingerprint, value),
    aliases: [],
    confidence: 'medium',
    reasons: [],
    spelling: ['plain'],
    view: 'raw',
    span: { start: 0, end: value.length },
    exact: false,
    position: { line: 1, column: 1, endLine: 1, endColumn: 1 },
    chain: [],
    lengthClass: lengthClassOf(value.length),
    strengthBits: bits,
    weak,
    attributes: [],
    relations: [],
    ...(anchor === undefined ? {} : { anchor }),
  };
}
